import { appendFileSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { TOO_YOUNG_MS } from '../../src/cache/fingerprint.ts';
import { copyExample, run, runsAtOnce } from '../cli/run.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

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
  // What changed just before a run is not cached.
  await new Promise((resolve) => setTimeout(resolve, TOO_YOUNG_MS + 200));
});
beforeEach(() => {
  cache = temporaryFolder();
});

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

it.each(Object.entries(COMMANDS))('%s: the same bytes with an empty and with a full cache', async (_, args) => {
  const expected = await fresh(args);
  expect(await cached(args)).toEqual(expected);
  expect(entries()).toHaveLength(1);
  expect(await cached(args)).toEqual(expected);
});

it('is of use to every command, whichever cached it', async () => {
  await cached(COMMANDS['objects']!);
  const [path] = entries();
  const before = readFileSync(path!);
  expect(await cached(COMMANDS['trim']!)).toEqual(await fresh(COMMANDS['trim']!));
  expect(entries()).toEqual([path]);
  expect(readFileSync(path!)).toEqual(before);
});

it('sees other variables, and damage', async () => {
  for (const ARCH of ['x86', 'i386', 'x86']) {
    expect(await cached(COMMANDS['map']!, { ARCH })).toEqual(await fresh(COMMANDS['map']!, { ARCH }));
  }
  for (const path of entries()) writeFileSync(path, readFileSync(path).fill(7, 200, 220));
  expect(await cached(COMMANDS['objects']!)).toEqual(await fresh(COMMANDS['objects']!));
});

it('is not confused by several runs at once', async () => {
  const expected = (await fresh(COMMANDS['objects']!)).stdout;
  const args = [...COMMANDS['objects']!, '--no-exec'];
  const runs = await runsAtOnce(8, () => args, { cwd: example, env: { XDG_CACHE_HOME: cache } });
  expect(runs.map(({ stdout }) => stdout)).toEqual(Array(8).fill(expected));
  expect((await cached(COMMANDS['objects']!)).stdout).toBe(expected);
});

it('sees a touched Makefile and one that lists more', async () => {
  const makefile = join(example, 'tree/Makefile');
  await cached(COMMANDS['map']!);
  utimesSync(makefile, 1, 1);
  expect(await cached(COMMANDS['map']!)).toEqual(await fresh(COMMANDS['map']!));
  appendFileSync(join(example, 'tree/drivers/Makefile'), 'obj-m += added_by_hand.o\n');
  const found = await cached(['map', 'added_by_hand', '-c', 'config', '-C', 'tree']);
  expect(found.stdout).toContain('drivers/added_by_hand');
});
