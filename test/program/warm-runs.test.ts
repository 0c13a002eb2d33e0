/** A trim says the same with a cold cache, with a warm one, and without any. */
import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { TOO_YOUNG_MS } from '../../src/cache/fingerprint.ts';
import { copyExample, type Run, run } from '../cli/run.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

let example: string;
const inExample = (path: string): string => join(example, path);
/** Younger files might change once more without a trace: nothing that was read from them is cached. */
const grow = (): Promise<void> => setTimeout(TOO_YOUNG_MS + 200);

function makeCompiler(version: string): void {
  writeFileSync(inExample('bin/gcc'), `#!/bin/sh\necho "Fake gcc ${version}"\n`);
  chmodSync(inExample('bin/gcc'), 0o755);
}

beforeAll(async () => {
  example = copyExample();
  mkdirSync(inExample('bin'));
  makeCompiler('12');
  appendFileSync(
    inExample('tree/lib/Kconfig'),
    'config VERSION\n\tstring\n\tdefault "$(shell,$(CC) --version)"\nconfig MODE\n\tstring\n\tdefault "$(MODE)"\n',
  );
  writeFileSync(
    inExample('other'),
    readFileSync(inExample('config'), 'latin1').replace('CONFIG_LOCALVERSION="-distro"', 'CONFIG_LOCALVERSION="-own"'),
  );
  await grow();
});

/** The runs that share a cache. */
class Runs {
  readonly #env = {
    PATH: `${inExample('bin')}:/usr/local/bin:/usr/bin:/bin`,
    XDG_CACHE_HOME: temporaryFolder(),
  };

  trim(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    const all = ['-C', 'tree', '-l', 'lsmod.txt', '-o', '-', '--json', ...args];
    return run(all, { cwd: example, env: { ...this.#env, ...env } });
  }

  /** Runs cold and warm: each time it is what a run without a cache says. */
  async compare(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    const right = await this.trim([...args, '--no-cache'], env);
    expect(right.stderr + right.stdout).toContain('CONFIG_');
    for (let i = 0; i < 2; i++) expect(await this.trim(args, env)).toEqual(right);
    return right;
  }

  /** All entries of the cache. */
  entries(): ReadonlyMap<string, Buffer> {
    const directory = join(this.#env.XDG_CACHE_HOME, 'kconfig-trim');
    return new Map(
      readdirSync(directory)
        .sort()
        .map((name) => [join(directory, name), readFileSync(join(directory, name))]),
    );
  }
}

const OPTIONS = [[], ['--lean'], ['--enable', '--keep', 'EXT_FS'], ['--builtin'], ['--no-exec']];

it.each(OPTIONS.map((args) => [args.join(' '), args] as const))(
  'the same bytes, and nothing written again: %s',
  async (_, args) => {
    const runs = new Runs();
    const all = ['-c', 'config', ...args];
    const right = await runs.compare(all);
    const entries = runs.entries();
    expect(await runs.trim(all)).toEqual(right);
    expect(runs.entries()).toEqual(entries);
  },
);

describe('a warm run follows what has changed', () => {
  let runs: Runs;
  const text = (said: Run): string => said.stdout + said.stderr;

  beforeAll(async () => {
    runs = new Runs();
    await runs.compare(['-c', 'config']);
  }, 120_000);

  it('the config', async () => {
    expect(text(await runs.compare(['-c', 'other']))).toContain('CONFIG_LOCALVERSION="-own"');
    writeFileSync(inExample('edited'), readFileSync(inExample('config')));
    await runs.compare(['-c', 'edited']);
    appendFileSync(inExample('edited'), 'CONFIG_NR_CPUS=64\nCONFIG_NO_SUCH=y\n');
    expect(text(await runs.compare(['-c', 'edited']))).toContain('CONFIG_NR_CPUS=64');
    expect(text(await runs.compare(['-c', 'config']))).toContain('CONFIG_NR_CPUS=256');
  });

  it('answers of the toolchain and variables', async () => {
    expect(text(await runs.compare(['-c', 'config'], { MODE: 'me' }))).toContain('CONFIG_MODE="me"');
    makeCompiler('13');
    expect(text(await runs.compare(['-c', 'config']))).toContain('CONFIG_VERSION="Fake gcc 13"');
    await runs.compare(['-c', 'config', '--no-exec']);
    expect(text(await runs.compare(['-c', 'config']))).toContain('CONFIG_MODE=""');
  });

  it('entries that are damaged', async () => {
    const right = await runs.compare(['-c', 'config']);
    const spoilings: ((bytes: Buffer) => Uint8Array)[] = [
      () => Buffer.alloc(0),
      (bytes) => bytes.subarray(0, -100),
      (bytes) => Buffer.from(bytes).fill(7, bytes.length - 20, bytes.length - 10),
      (bytes) => Buffer.alloc(bytes.length),
    ];
    const intact = runs.entries();
    for (const spoil of spoilings) {
      for (const [path, bytes] of intact) writeFileSync(path, spoil(bytes));
      expect(await runs.trim(['-c', 'config'])).toEqual(right);
    }
  });

  it('a Kconfig file', async () => {
    appendFileSync(inExample('tree/fs/Kconfig'), 'config FRESH\n\tdef_bool y\n');
    expect(text(await runs.compare(['-c', 'config', '--no-exec']))).toContain('CONFIG_FRESH=y');
    await grow();
    expect(text(await runs.compare(['-c', 'config', '--no-exec']))).toContain('CONFIG_FRESH=y');
  });

  it('a Makefile', async () => {
    const base = ({ stderr }: Run) => JSON.parse(stderr).base;
    const before = base(await runs.trim(['-c', 'config', '--no-exec']));
    appendFileSync(inExample('tree/drivers/Makefile'), 'obj-$(CONFIG_MODULES:y=m) += fresh_module.o\n');
    const now = base(await runs.compare(['-c', 'config', '--no-exec']));
    expect(now).toMatchObject({ modules: before.modules + 1, objects: before.objects + 1 });
    await grow();
    expect(base(await runs.compare(['-c', 'config', '--no-exec']))).toEqual(now);
  });
});
