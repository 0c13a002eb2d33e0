import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { opened, sealed } from '../../src/cache/sealed.ts';
import { loadCode } from '../../src/cli/load-code.ts';
import { MemoryCache } from '../helpers/memory-cache.ts';

let scratch: string;
let file: URL;
let cache: MemoryCache;

const write = (answer: number): void => writeFileSync(file, `exports.answer = () => ${answer};`);

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'kconfig-trim-'));
  file = pathToFileURL(join(scratch, 'code.cjs'));
  cache = new MemoryCache();
  write(1);
});
afterEach(() => {
  rmSync(scratch, { recursive: true });
  vi.unstubAllEnvs();
});

/** A run. @returns what the code says, and whether something was kept in the end */
function run({
  isSettled = true,
  use = 'trim',
  at = cache as MemoryCache | null,
} = {}): [number, 'kept' | 'as it was'] {
  const before = new Map(cache.entries);
  const code = loadCode<{ answer(): number }>(file, at, use);
  const answer = code.exports.answer();
  code.keep(isSettled);
  const isSame = [...cache.entries].every(([name, entry]) => before.get(name) === entry);
  return [answer, isSame ? 'as it was' : 'kept'];
}

/** Replaces the one entry. */
function spoil(change: (entry: Buffer) => Uint8Array): void {
  for (const [name, entry] of cache.entries) cache.entries.set(name, change(Buffer.from(entry)));
}

it('keeps what the first run compiled, once more what the first settled one did, and then no more', () => {
  expect(run({ isSettled: false })).toEqual([1, 'kept']);
  expect(run({ isSettled: false })).toEqual([1, 'as it was']);
  expect(run()).toEqual([1, 'kept']);
  expect(run()).toEqual([1, 'as it was']);
  expect(run({ isSettled: false })).toEqual([1, 'as it was']);
  expect(cache.entries.size).toBe(1);
});

it('does without a cache', () => {
  expect(run({ at: null })).toEqual([1, 'as it was']);
  expect(cache.entries.size).toBe(0);
});

it('has a form for each use', () => {
  run();
  expect(run({ use: 'why' })).toEqual([1, 'kept']);
  expect(run()).toEqual([1, 'as it was']);
});

it('does not run what was compiled of another file, though it has the same length', () => {
  run();
  write(2);
  expect(run()).toEqual([2, 'kept']);
  write(1);
  expect(run()).toEqual([1, 'as it was']);
});

it('keeps what other versions and settings of V8 compiled apart', () => {
  run();
  const { versions } = process;
  try {
    Object.defineProperty(process, 'versions', { value: { ...versions, v8: '1.2.3' }, configurable: true });
    expect(run()).toEqual([1, 'kept']);
  } finally {
    Object.defineProperty(process, 'versions', { value: versions, configurable: true });
  }
  expect(run()).toEqual([1, 'as it was']);
  vi.stubEnv('NODE_OPTIONS', '--no-opt');
  expect(run()).toEqual([1, 'kept']);
});

it('keeps anew what V8 rejects: that of another version, say, which has come to our name', () => {
  run();
  // V8 remembers files of this process by their names.
  file = pathToFileURL(join(scratch, 'again.cjs'));
  write(1);
  spoil((entry) => {
    const { heading, content } = opened(entry)!;
    return Buffer.concat(sealed(heading, [Buffer.from(content).fill(0, 0, 16)]));
  });
  expect(run()).toEqual([1, 'kept']);
  expect(run()).toEqual([1, 'as it was']);
});

it.each<[string, (entry: Buffer) => Uint8Array]>([
  ['is empty', () => new Uint8Array()],
  ['was cut', (entry) => entry.subarray(0, entry.length >> 1)],
  ['has lost its end', (entry) => entry.fill(0, entry.length - 64)],
  ['has changed in its code', (entry) => entry.fill(7, entry.length - 80, entry.length - 70)],
  ['has changed in its heading', (entry) => entry.fill('x', 12, 20)],
  ['is text of others', () => Buffer.from('something else, longer than a heading')],
  ['has a sum, but no heading', () => Buffer.concat(sealed(null, []))],
])('keeps anew what %s', (_, change) => {
  run();
  spoil(change);
  expect(run()).toEqual([1, 'kept']);
  expect(run()).toEqual([1, 'as it was']);
});

it('hides that it cannot keep', () => {
  cache.writeBytes = () => {
    throw new Error('no');
  };
  expect(run()).toEqual([1, 'as it was']);
});
