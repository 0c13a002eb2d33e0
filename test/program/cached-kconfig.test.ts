import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { TOO_YOUNG_MS } from '../../src/cache/fingerprint.ts';
import { copyExample, REPOSITORY, type Run, run, runsAtOnce } from '../cli/run.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const scratch = (): string => temporaryFolder();
const entries = (cache: string): string[] => {
  try {
    return readdirSync(join(cache, 'kconfig-trim')).filter((name) => /^kconfig-[0-9a-f]{16}[.]bin$/.test(name));
  } catch {
    return [];
  }
};

const EXAMPLE = join(REPOSITORY, 'fixtures/example');
const INPUT = ['-C', join(EXAMPLE, 'tree'), '-c', join(EXAMPLE, 'config')];
const LISTING = ['-l', join(EXAMPLE, 'lsmod.txt')];
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  trim: ['trim', ...INPUT, ...LISTING, '-o', '-', '--json'],
  conf: ['conf', 'olddefconfig', ...INPUT, '-o', '-'],
  'conf without programs': ['conf', 'olddefconfig', ...INPUT, '-o', '-', '--no-exec'],
  why: ['why', 'SND', ...INPUT, '--json'],
  check: ['check', ...INPUT, ...LISTING, '--json'],
};

describe('a Kconfig tree that is cached', () => {
  it.each(Object.keys(COMMANDS))('changes nothing: %s', async (name) => {
    const env = { XDG_CACHE_HOME: scratch() };
    const args = COMMANDS[name]!;
    const right = await run([...args, '--no-cache'], { env });
    expect(entries(env.XDG_CACHE_HOME)).toEqual([]);
    expect(await run(args, { env })).toEqual(right);
    expect(entries(env.XDG_CACHE_HOME)).toHaveLength(1);
    const before = readFileSync(join(env.XDG_CACHE_HOME, 'kconfig-trim', entries(env.XDG_CACHE_HOME)[0]!));
    expect(await run(args, { env })).toEqual(right);
    expect(readFileSync(join(env.XDG_CACHE_HOME, 'kconfig-trim', entries(env.XDG_CACHE_HOME)[0]!))).toEqual(before);
  });
});

describe('a Kconfig tree that is cached is', () => {
  let example: string;
  let tree: string;
  let env: { XDG_CACHE_HOME: string; PATH: string };
  const configure = (...args: string[]): Promise<Run> =>
    run(['conf', 'alldefconfig', '-C', tree, '-o', '-', ...args], { env: { ...env } });
  const entry = (): string => join(env.XDG_CACHE_HOME, 'kconfig-trim', entries(env.XDG_CACHE_HOME)[0]!);

  /** A compiler that says which one it is. */
  function makeCompiler(version: string): void {
    writeFileSync(join(example, 'bin/gcc'), `#!/bin/sh\necho "Fake gcc ${version}"\n`);
    chmodSync(join(example, 'bin/gcc'), 0o755);
  }

  beforeAll(async () => {
    example = copyExample();
    tree = join(example, 'tree');
    mkdirSync(join(example, 'bin'));
    makeCompiler('12');
    env = { PATH: `${join(example, 'bin')}:/usr/local/bin:/usr/bin:/bin`, XDG_CACHE_HOME: join(example, 'cache') };
    appendFileSync(
      join(tree, 'lib/Kconfig'),
      '$(info,read by $(MODE))\nconfig VERSION\n\tstring\n\tdefault "$(shell,$(CC) --version) $(shell,test -e note && cat note)"\n',
    );
    // Younger files might change once more without a trace.
    await setTimeout(TOO_YOUNG_MS + 100);
    await configure();
    expect(entries(env.XDG_CACHE_HOME)).toHaveLength(1);
  });

  it('read with its messages', async () => {
    expect((await configure()).stderr).toContain('read by \n');
    expect(await configure()).toEqual(await configure('--no-cache'));
  });

  it('not taken where a variable that the files read is another', async () => {
    const said = await run(['conf', 'alldefconfig', '-C', tree, '-o', '-'], { env: { ...env, MODE: 'me' } });
    expect(said.stderr).toContain('read by me\n');
    expect((await configure()).stderr).toContain('read by \n');
  });

  it('not taken where the toolchain says something else, found out late or at once', async () => {
    makeCompiler('13');
    expect((await configure()).stdout).toContain('CONFIG_VERSION="Fake gcc 13 "\n');
    writeFileSync(join(tree, 'note'), 'noted');
    expect((await configure()).stdout).toContain('CONFIG_VERSION="Fake gcc 13 noted"\n');
    expect(await configure()).toEqual(await configure('--no-cache'));
  });

  it('not taken where it is damaged', async () => {
    const right = await configure();
    const bytes = readFileSync(entry());
    const flipped = Buffer.from(bytes);
    flipped[bytes.length - 9]! ^= 1;
    for (const damaged of [Buffer.alloc(0), bytes.subarray(0, -100), flipped, Buffer.alloc(bytes.length), 'text']) {
      writeFileSync(entry(), damaged);
      expect(await configure()).toEqual(right);
    }
  });

  it('the same to several runs at once', async () => {
    const right = await configure('--no-cache');
    writeFileSync(entry(), '');
    const runs = await runsAtOnce(8, () => ['conf', 'alldefconfig', '-C', tree, '-o', '-'], { env });
    expect(runs).toEqual(Array(8).fill(right));
    expect(await configure()).toEqual(right);
  });

  it('not taken where a file has changed', async () => {
    appendFileSync(join(tree, 'fs/Kconfig'), 'config FRESH\n\tdef_bool y\n');
    expect((await configure()).stdout).toContain('CONFIG_FRESH=y\n');
    expect(await configure()).toEqual(await configure('--no-cache'));
  });
});
