import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { inOneLine, REPOSITORY, run } from './run.ts';

const example = join(REPOSITORY, 'fixtures/example');
const tree = join(example, 'tree');
const config = join(example, 'config');
const lsmod = join(example, 'lsmod.txt');

interface Json {
  readonly schema: string;
  readonly basis: { readonly source: string; readonly jobs: number; readonly uncertainty: number };
  readonly configs: readonly {
    readonly source: string;
    readonly objects: number;
    readonly modules: number;
    readonly cpuSeconds: number;
    readonly wallSeconds: number;
  }[];
  readonly savedFraction: number | null;
  readonly spenders: Record<
    'directories' | 'symbols' | 'settings',
    readonly { name: string; objects: number; share: number }[]
  >;
  readonly actual: { readonly objects: number; readonly complete: boolean; readonly against: unknown } | null;
}

let scratch: string;
let trimmed: string;
beforeAll(async () => {
  scratch = temporaryFolder();
  trimmed = join(scratch, 'trimmed');
  expect((await run(['-C', tree, '-c', config, '-l', lsmod, '-o', trimmed, '-q', '--no-exec'])).status).toBe(0);
});

const estimate = async (args: readonly string[], env: Record<string, string> = {}, place = tree): Promise<Json> => {
  const { status, stdout, stderr } = await run(['estimate', '-C', place, '--json', ...args], { env });
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Json;
};

describe('estimate', () => {
  it('tells what one config costs', async () => {
    const { schema, configs, basis, savedFraction, actual } = await estimate(['--no-exec', config]);
    const objects = (await run(['objects', '-C', tree, '-c', config, '--no-exec'])).stdout.trimEnd().split('\n');
    expect(schema).toBe('kconfig-trim/estimate-1');
    expect(configs).toMatchObject([{ source: config, objects: objects.length }]);
    expect(configs[0]!.cpuSeconds).toBeGreaterThan(20);
    expect(configs[0]!.wallSeconds).toBeLessThanOrEqual(configs[0]!.cpuSeconds);
    expect(basis.source).toBe('reference-machine');
    expect(savedFraction).toBeNull();
    expect(actual).toBeNull();
  });

  it('prints errors only with -q, and writes the file that is named', async () => {
    const quiet = ['estimate', '-C', tree, '--no-exec', '-q', config];
    expect(await run(quiet)).toEqual({ status: 0, stdout: '', stderr: '' });
    const file = join(scratch, 'estimate');
    expect(await run([...quiet, '-o', file])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(file, 'utf8')).toContain('CPU time');
  });

  it('compares two, as the report of the trim between them does', async () => {
    const { configs, savedFraction } = await estimate(['--no-exec', config, trimmed]);
    const report = await run(['-C', tree, '-c', config, '-l', lsmod, '--dry-run', '--json', '--no-exec']);
    const { estimate: own } = JSON.parse(report.stdout) as {
      estimate: Record<'before' | 'after', { objects: number; cpuSeconds: number }> & { savedFraction: number };
    };
    expect(configs.map(({ objects, cpuSeconds }) => ({ objects, cpuSeconds }))).toEqual([own.before, own.after]);
    expect(savedFraction).toBeCloseTo(own.savedFraction, 3);
    expect(savedFraction).toBeGreaterThan(0);
  });

  it('takes the config of --config, and the one in the tree', async () => {
    const own = (await estimate(['--no-exec', config])).configs[0]!.cpuSeconds;
    expect((await estimate(['--no-exec', '-c', config])).configs[0]!.cpuSeconds).toBe(own);
    const copy = join(scratch, 'tree');
    cpSync(tree, copy, { recursive: true });
    cpSync(config, join(copy, '.config'));
    expect((await estimate(['--no-exec'], {}, copy)).configs[0]!.cpuSeconds).toBe(own);
  });

  it('names spenders that turning off saves just that', async () => {
    const { spenders, configs } = await estimate(['--no-exec', config]);
    const [dearest] = spenders.symbols;
    const without = join(scratch, 'without');
    const off = readFileSync(config, 'latin1').replace(
      new RegExp(`^CONFIG_${dearest!.name}=.*$`, 'm'),
      `# CONFIG_${dearest!.name} is not set`,
    );
    writeFileSync(without, off, 'latin1');
    const { configs: compared } = await estimate(['--no-exec', config, without]);
    expect(compared[0]!.objects - compared[1]!.objects).toBe(dearest!.objects);
    const saved = 1 - compared[1]!.cpuSeconds / configs[0]!.cpuSeconds;
    expect(Math.abs(saved - dearest!.share)).toBeLessThan(0.03);
  });

  it("tells in a trim's report what setting makes dear what is left, and leaves it on", async () => {
    const copy = join(scratch, 'debug');
    cpSync(tree, copy, { recursive: true });
    appendFileSync(join(copy, 'Kconfig'), '\nconfig DEBUG_INFO\n\tbool "debug information"\n');
    const base = join(scratch, 'debug-config');
    writeFileSync(base, `${readFileSync(config, 'latin1')}CONFIG_DEBUG_INFO=y\n`, 'latin1');
    const report = await run(['-C', copy, '-c', base, '-l', lsmod, '-o', '-', '--no-exec']);
    expect(report.status).toBe(0);
    expect(report.stderr).toMatch(/^of that {4}DEBUG_INFO 1\d % \(kconfig-trim estimate/m);
    expect(report.stdout).toContain('\nCONFIG_DEBUG_INFO=y\n');
    expect((await run(['-C', tree, '-c', config, '-l', lsmod, '--dry-run', '--no-exec'])).stdout).not.toContain(
      'of that',
    );
  });

  it('scales by a build that was timed', async () => {
    const { configs, basis } = await estimate(['--reference', '1h30m', '-j', '8', config, trimmed]);
    expect(configs[0]!.wallSeconds).toBe(5_400);
    expect(configs[1]!.wallSeconds).toBeLessThan(5_400);
    expect(basis).toMatchObject({ source: 'timed', jobs: 8 });
  });

  it('prints a report', async () => {
    const { status, stdout } = await run(['estimate', '-C', tree, '--no-exec', config, trimmed]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^CPU time .* objects, .* vmlinux and image$/m);
    expect(stdout).toMatch(/^build {6}about .* with make -j\d+, \S+ \d+ %$/m);
    expect(stdout).toMatch(/^compared {3}the second saves about .* %/m);
    expect(stdout).toContain('suggestions, nothing is changed');
    expect(inOneLine(stdout)).toContain(
      'note: times are those of the reference machine; without --no-exec this one is measured',
    );
    expect(stdout.match(/^compared/gm)).toHaveLength(1);
  });

  it.each([
    [['--reference', 'soon', config], "--reference 'soon' is not a time"],
    [['-j', '0', config], "--jobs '0' is not a number"],
    [['-j', '4x', config], "--jobs '4x' is not a number"],
    [[config, config, config], 'two configs at most'],
    [['no-such-file'], 'no-such-file'],
  ])('refuses %j', async (args, message) => {
    expect(await run(['estimate', '-C', tree, '--no-exec', ...args])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });
});

describe("this machine's speed", () => {
  /** A compiler that takes a while and counts how often it is started. */
  function compiler(directory: string): Record<string, string> {
    mkdirSync(directory, { recursive: true });
    const gcc = join(directory, 'gcc');
    const log = join(directory, 'log');
    writeFileSync(
      gcc,
      `#!/bin/sh\ncase "$*" in\n*--version*) echo 'gcc (Test) 12.2.0';;\n*ffreestanding*) echo run >>${log}; cat >/dev/null; i=0\nwhile [ $i -lt 60000 ]; do i=$((i + 1)); done;;\nesac\n`,
      { mode: 0o755 },
    );
    writeFileSync(log, '');
    return { PATH: `${directory}:${process.env['PATH']}`, XDG_CACHE_HOME: join(directory, 'cache') };
  }
  const runs = (directory: string): number => readFileSync(join(directory, 'log'), 'latin1').split('\n').length - 1;

  it('is measured once and cached', async () => {
    const directory = join(scratch, 'kept');
    const env = compiler(directory);
    const first = await estimate([config], env);
    expect(first.basis.source).toBe('self');
    expect(runs(directory)).toBe(2);
    expect(await estimate([config], env)).toEqual(first);
    expect(runs(directory)).toBe(2);
  });

  it('is measured with a line on standard error where no terminal shows progress, unless -q is given', async () => {
    const args = ['estimate', '-C', tree, config];
    const stderr = async (name: string, ...more: string[]): Promise<string> =>
      (await run([...args, ...more], { env: compiler(join(scratch, name)) })).stderr;
    const line = "kconfig-trim: measuring the compiler's speed, which takes some seconds\n";
    expect(await stderr('said')).toBe(line);
    expect(runs(join(scratch, 'said'))).toBe(2);
    const cached = { PATH: `${join(scratch, 'said')}:${process.env['PATH']}` };
    const env = { ...cached, XDG_CACHE_HOME: join(scratch, 'said/cache') };
    expect((await run(args, { env })).stderr).toBe('');
    expect(await stderr('quiet', '-q')).toBe('');
    expect(runs(join(scratch, 'quiet'))).toBe(2);
  });

  it('serves a trim where it is known, and is not measured for one', async () => {
    const directory = join(scratch, 'trim');
    const env = compiler(directory);
    const trim = async (): Promise<string> =>
      (await run(['-C', tree, '-c', config, '-l', lsmod, '--dry-run'], { env })).stdout;
    expect(await trim()).toMatch(/\(reference machine\)\nbuild {6}kconfig-trim estimate measures this machine, once$/m);
    expect(runs(directory)).toBe(0);
    const { configs } = await estimate([config, trimmed], env);
    expect(configs).toHaveLength(2);
    expect(await trim()).toMatch(/\(this machine\)\nbuild {6}about .* with make -j\d+, \S+ \d+ %$/m);
    expect(runs(directory)).toBe(2);
  });

  it('is measured again where the entry is damaged, or nothing may be cached', async () => {
    const directory = join(scratch, 'damaged');
    const env = compiler(directory);
    await estimate([config], env);
    const cache = join(directory, 'cache/kconfig-trim');
    const [entry] = readdirSync(cache);
    writeFileSync(join(cache, entry!), '{"identity": 1');
    expect((await estimate([config], env)).basis.source).toBe('self');
    expect(runs(directory)).toBe(4);
    await estimate(['--no-cache', config], env);
    expect(runs(directory)).toBe(6);
  });

  it('is not asked for with --no-exec', async () => {
    const directory = join(scratch, 'no-exec');
    const env = compiler(directory);
    expect((await estimate(['--no-exec', config], env)).basis.source).toBe('reference-machine');
    expect(runs(directory)).toBe(0);
  });
});

describe('a build directory', () => {
  /** What a build leaves, as far as times go: one object a second, from a start. */
  function build(name: string, units: readonly string[], secondsEach: number): string {
    const directory = join(scratch, name);
    let at = 1_700_000_000;
    for (const path of ['include/config/auto.conf', ...units, 'vmlinux']) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '');
      utimesSync(file, at, at);
      at += secondsEach;
    }
    cpSync(config, join(directory, '.config'));
    return directory;
  }
  const units = async (): Promise<string[]> =>
    (await run(['objects', '-C', tree, '-c', config, '--no-exec'])).stdout.trimEnd().split('\n');

  it('is held against the prediction', async () => {
    const objdir = build('built', await units(), 2);
    const { actual, configs } = await estimate(['--no-exec', '-O', objdir]);
    expect(configs[0]!.source).toBe(join(objdir, '.config'));
    expect(actual).toMatchObject({ complete: true, against: { actualSeconds: 2 * ((await units()).length + 1) } });
    const { stdout } = await run(['estimate', '-C', tree, '--no-exec', '-O', objdir]);
    expect(stdout).toMatch(/^built here .* objects are there; .* on the clock/m);
    expect(stdout).toMatch(/^predicted {2}.* with make -j\d+: \d+ % (?:more|less)/m);
  });

  it('is no measure for all where the last make wrote a part', async () => {
    const objdir = build('part', (await units()).slice(0, 5), 1);
    expect((await estimate(['--no-exec', '-O', objdir])).actual).toMatchObject({ complete: false, against: null });
    expect((await run(['estimate', '-C', tree, '--no-exec', '-O', objdir])).stdout).toMatch(/no\s+measure\s+for\s+all/);
  });
});
