import { expect, it } from 'vitest';
import { KeptCode } from '../../src/cache/kept-code.ts';
import { MemoryCache } from '../helpers/memory-cache.ts';

const CODE = Uint8Array.from({ length: 300 }, (_, index) => (index * 7) & 255);

function written(isSettled = false): { cache: MemoryCache; name: string; entry: Uint8Array } {
  const cache = new MemoryCache();
  new KeptCode(cache, ['trim', 1]).write({ bytes: CODE, isSettled });
  const [[name, entry] = ['', CODE]] = cache.entries;
  return { cache, name, entry };
}

it.each([true, false])('gives code back as it was written, settled: %s', (isSettled) => {
  const { cache, name } = written(isSettled);
  expect(name).toMatch(/^code-[0-9a-f]{8}[.]bin$/);
  expect(new KeptCode(cache, ['trim', 1]).read()).toEqual({ bytes: Buffer.from(CODE), isSettled });
});

it('has none of anything else', () => {
  const { cache, entry } = written();
  const other = new KeptCode(cache, ['trim', 2]);
  expect(other.read()).toBeNull();
  // Even where it has come to its place.
  other.write({ bytes: CODE, isSettled: true });
  for (const name of cache.entries.keys()) cache.entries.set(name, entry);
  expect(other.read()).toBeNull();
});

it('takes no entry in which a single byte has changed', () => {
  const { cache, name, entry } = written();
  const kept = new KeptCode(cache, ['trim', 1]);
  for (let at = 0; at < entry.length; at++) {
    const damaged = Buffer.from(entry);
    damaged[at]! ^= 1 << (at & 7);
    cache.entries.set(name, damaged);
    expect(kept.read()).toBeNull();
  }
});

it('takes no entry that was cut, or has grown', () => {
  const { cache, name, entry } = written();
  const kept = new KeptCode(cache, ['trim', 1]);
  for (let length = 0; length < entry.length; length++) {
    cache.entries.set(name, entry.subarray(0, length));
    expect(kept.read()).toBeNull();
  }
  cache.entries.set(name, Buffer.concat([entry, Buffer.alloc(1)]));
  expect(kept.read()).toBeNull();
});
