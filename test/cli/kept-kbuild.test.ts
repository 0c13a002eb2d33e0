/** The command line answers the same with and without what earlier runs have kept. */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { TOO_YOUNG_MS } from '../../src/cache/fingerprint.ts';
import { copyExample, REPOSITORY, run } from './run.ts';

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  trim: ['-c', 'config', '-l', 'lsmod.txt', '-C', 'tree', '-o', '-', '--json'],
  map: ['map', '-c', 'config', '-C', 'tree', '--json'],
  objects: ['objects', '-c', 'config', '-C', 'tree'],
  why: ['why', 'EXT_FS', '-c', 'config', '-C', 'tree', '--json'],
};

let example: string;
let cache: string;

beforeAll(async () => {
  example = copyExample();
  // What changed just before a run is not kept.
  await new Promise((resolve) => setTimeout(resolve, TOO_YOUNG_MS + 200));
});
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'kconfig-trim-'));
});
afterEach(() => rmSync(cache, { recursive: true }));
afterAll(() => rmSync(example, { recursive: true }));

const cached = (args: readonly string[], env: Record<string, string> = {}) =>
  run([...args, '--no-exec'], { cwd: example, env: { XDG_CACHE_HOME: cache, ...env } });
const fresh = (args: readonly string[], env: Record<string, string> = {}) =>
  run([...args, '--no-exec', '--no-cache'], { cwd: example, env });

/** The entries of the cache of one kind. */
function entries(): string[] {
  const directory = join(cache, 'kconfig-trim');
  return readdirSync(directory)
    .filter((name) => name.startsWith('kbuild-'))
    .map((name) => join(directory, name));
}

it.each(Object.entries(COMMANDS))('%s: the same bytes with an empty and with a full cache', (_, args) => {
  const expected = fresh(args);
  expect(cached(args)).toEqual(expected);
  expect(entries()).toHaveLength(1);
  expect(cached(args)).toEqual(expected);
});

it('is of use to every command, whichever kept it', () => {
  cached(COMMANDS['objects']!);
  const [path] = entries();
  const before = readFileSync(path!);
  expect(cached(COMMANDS['trim']!)).toEqual(fresh(COMMANDS['trim']!));
  expect(entries()).toEqual([path]);
  expect(readFileSync(path!)).toEqual(before);
});

it('sees other variables, and damage', () => {
  for (const ARCH of ['x86', 'i386', 'x86']) {
    expect(cached(COMMANDS['map']!, { ARCH })).toEqual(fresh(COMMANDS['map']!, { ARCH }));
  }
  for (const path of entries()) writeFileSync(path, readFileSync(path).fill(7, 200, 220));
  expect(cached(COMMANDS['objects']!)).toEqual(fresh(COMMANDS['objects']!));
});

it('is not confused by several runs at once', async () => {
  const expected = fresh(COMMANDS['objects']!).stdout;
  const one = (): Promise<string> =>
    new Promise((resolve) => {
      const started = spawn(
        process.execPath,
        [join(REPOSITORY, 'bin/kconfig-trim.js'), ...COMMANDS['objects']!, '--no-exec'],
        {
          cwd: example,
          env: { PATH: process.env['PATH'], ARCH: 'x86', XDG_CACHE_HOME: cache },
        },
      );
      let text = '';
      started.stdout.setEncoding('latin1').on('data', (chunk) => {
        text += chunk;
      });
      started.on('close', () => resolve(text));
    });
  expect(await Promise.all([one(), one(), one()])).toEqual([expected, expected, expected]);
  expect(cached(COMMANDS['objects']!).stdout).toBe(expected);
});

it('sees a touched Makefile and one that lists more', () => {
  const makefile = join(example, 'tree/Makefile');
  cached(COMMANDS['map']!);
  utimesSync(makefile, 1, 1);
  expect(cached(COMMANDS['map']!)).toEqual(fresh(COMMANDS['map']!));
  appendFileSync(join(example, 'tree/drivers/Makefile'), 'obj-m += added_by_hand.o\n');
  const found = cached(['map', 'added_by_hand', '-c', 'config', '-C', 'tree']);
  expect(found.stdout).toContain('drivers/added_by_hand');
});
