/** What V8 has compiled is kept between runs; whatever becomes of it, runs say the same. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { REPOSITORY, type Run, run } from './run.ts';

const EXAMPLE = join(REPOSITORY, 'fixtures/example');
const TREE = ['-C', join(EXAMPLE, 'tree'), '-c', join(EXAMPLE, 'config')];
const TRIM = ['trim', ...TREE, '-l', join(EXAMPLE, 'lsmod.txt'), '-o', '-', '--json'];
const CONF = ['conf', 'olddefconfig', ...TREE, '-o', '-'];

let env: { XDG_CACHE_HOME: string };
beforeEach(() => {
  env = { XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), 'kconfig-trim-')) };
});

const inCache = (name: string): string => join(env.XDG_CACHE_HOME, 'kconfig-trim', name);
/** The entries of code, by path, and what tells whether they were written again. */
function entries(): ReadonlyMap<string, bigint> {
  try {
    const names = readdirSync(inCache('')).filter((name) => /^code-[0-9a-f]{8}[.]bin$/.test(name));
    return new Map(names.map((name) => [inCache(name), statSync(inCache(name), { bigint: true }).ino]));
  } catch {
    return new Map();
  }
}
const entry = (): string => [...entries().keys()][0]!;

/** A run; it has to say what one without anything kept says. */
function same(args: readonly string[], right: Run): void {
  expect(run(args, { env })).toEqual(right);
}

describe('compiled code', () => {
  it.each([
    // The base is kept by the second run only.
    ['trim', TRIM, 2],
    ['conf', CONF, 1],
  ])('is kept by the first run of %s, by the first that found all else, and then no more', (_, args, unsettled) => {
    const right = run([...args, '--no-cache'], { env });
    expect(right.stdout).toContain('CONFIG_');
    expect(entries().size).toBe(0);
    same(args, right);
    const first = entries();
    expect(first.size).toBe(1);
    for (let i = 1; i < unsettled; i++) {
      same(args, right);
      expect(entries()).toEqual(first);
    }
    same(args, right);
    const settled = entries();
    expect([...settled.keys()]).toEqual([...first.keys()]);
    expect(settled).not.toEqual(first);
    for (let i = 0; i < 2; i++) {
      same(args, right);
      // V8 has taken it, then.
      expect(entries()).toEqual(settled);
    }
  });

  it('is kept for each command', () => {
    run(CONF, { env });
    run(['why', 'SND', ...TREE], { env });
    expect(entries().size).toBe(2);
  });

  it('is not kept where a run only says what it can do, or fails', () => {
    for (const args of [['--version'], ['--help'], ['trim', '-C', '/nowhere'], ['conf', 'no-target', ...TREE]]) {
      run(args, { env });
    }
    expect(entries().size).toBe(0);
  });

  it('is not kept of a program that runs from source', () => {
    const right = run(CONF, { env: { XDG_CACHE_HOME: '/dev/null/cache' } });
    const args = ['--import', 'tsx', 'src/cli/main.ts', ...CONF];
    const said = execFileSync(process.execPath, args, {
      cwd: REPOSITORY,
      env: { ...process.env, ...env, ARCH: 'x86' },
      encoding: 'latin1',
    });
    expect(said).toBe(right.stdout);
    expect(entries().size).toBe(0);
  });

  it('is no hindrance to what no run before has called', () => {
    const packed = join(env.XDG_CACHE_HOME, 'config.zst');
    execFileSync('zstd', ['-q', join(EXAMPLE, 'config'), '-o', packed]);
    for (let i = 0; i < 2; i++) run(CONF, { env });
    const args = ['conf', 'olddefconfig', '-C', join(EXAMPLE, 'tree'), '-c', packed, '-o', '-'];
    same(args, run(CONF, { env }));
  });

  it('is of a file that V8 can hold at one byte a char', () => {
    expect(readFileSync(join(REPOSITORY, 'dist/commands.cjs')).every((byte) => byte < 0x80)).toBe(true);
  });
});

describe('compiled code is made anew', () => {
  const SPOILINGS: Readonly<Record<string, (path: string) => void>> = {
    'that is empty': (path) => writeFileSync(path, ''),
    'that was cut': (path) => truncateSync(path, statSync(path).size - 100),
    'that was filled up with zeros': (path) => {
      const { size } = statSync(path);
      truncateSync(path, size >> 1);
      truncateSync(path, size);
    },
    'in which a bit has changed': (path) => {
      const bytes = readFileSync(path);
      bytes[bytes.length >> 1]! ^= 4;
      writeFileSync(path, bytes);
    },
    'that is text': (path) => writeFileSync(path, 'text'),
    'that others can write to': (path) => chmodSync(path, 0o622),
  };

  it.each(Object.keys(SPOILINGS))('%s', (name) => {
    const right = run([...CONF, '--no-cache'], { env });
    run(CONF, { env });
    run(CONF, { env });
    const intact = entries();
    SPOILINGS[name]!(entry());
    same(CONF, right);
    const fresh = entries();
    expect([...fresh.keys()]).toEqual([...intact.keys()]);
    expect(fresh).not.toEqual(intact);
    same(CONF, right);
    expect(entries()).toEqual(fresh);
  });

  it('for V8 with other flags', () => {
    run(CONF, { env });
    const right = run([...CONF, '--no-cache'], { env });
    const others = { ...env, NODE_OPTIONS: '--stack-trace-limit=12' };
    expect(run(CONF, { env: others })).toEqual(right);
    expect(entries().size).toBe(2);
  });
});

it('compiled code is the same to several runs at once', async () => {
  const right = run([...CONF, '--no-cache'], { env });
  const started = Array.from(
    { length: 4 },
    () =>
      new Promise<string>((done) => {
        const child = spawn(process.execPath, [join(REPOSITORY, 'bin/kconfig-trim.js'), ...CONF], {
          env: { PATH: process.env['PATH'], HOME: '/', ARCH: 'x86', ...env },
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        let text = '';
        child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
          text += chunk;
        });
        child.on('close', () => done(text));
      }),
  );
  expect(new Set(await Promise.all(started))).toEqual(new Set([right.stdout]));
  expect(entries().size).toBe(1);
  expect(readdirSync(inCache('')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  for (let i = 0; i < 2; i++) same(CONF, right);
  const settled = entries();
  same(CONF, right);
  expect(entries()).toEqual(settled);
});
