import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { packingOf, unpack } from '../../src/machine/decompress/decompress.ts';
import { DecompressError } from '../../src/machine/decompress/output.ts';
import { unpackXz } from '../../src/machine/decompress/xz.ts';
import fc from '../helpers/fast-check.ts';
import { branchBytes, KINDS } from './branch-bytes.ts';

const FIXTURES = new URL('../../fixtures/packed/', import.meta.url);
const LIMIT = 1024 * 1024;

function fixture(name: string): Buffer {
  return readFileSync(new URL(name, FIXTURES));
}

describe('xz filters', () => {
  test.each(KINDS)('%s', (kind) => {
    const packed = fixture(`filters/${kind}.xz`);
    expect(Buffer.compare(unpackXz(packed, LIMIT), branchBytes(kind))).toBe(0);
  });

  test('one that is not read says so', async () => {
    await expect(unpack('xz', fixture('filters/ia64.xz'), LIMIT)).rejects.toMatchObject({
      name: 'DecompressError',
      kind: 'unsupported',
    });
  });
});

describe('limits', () => {
  test.each(['image.gz', 'image.x86.xz', 'image.ultra.zst', 'image.lz4', 'image.lzma'])('%s', async (name) => {
    const bytes = fixture(name);
    const packing = packingOf(bytes)!;
    const whole = await unpack(packing, bytes, LIMIT);
    expect(await unpack(packing, bytes, whole.length)).toHaveLength(whole.length);
    await expect(unpack(packing, bytes, whole.length - 1)).rejects.toMatchObject({ kind: 'too-large' });
    // Being told to leave alone what follows is no leave to stop early.
    await expect(unpack(packing, bytes, whole.length - 1, true)).rejects.toMatchObject({ kind: 'too-large' });
  });
});

describe('damaged input', () => {
  const names = ['config.gz', 'config.x86.xz', 'filters/arm.xz', 'config.zst', 'config.lz4', 'config.lzma'];
  test.each(names)('%s: any byte may be wrong, and the rest missing', async (name) => {
    const bytes = fixture(name);
    const packing = packingOf(bytes)!;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: bytes.length }),
        async (changes, length) => {
          const damaged = Buffer.from(bytes);
          for (const [at, value] of changes) damaged[at] = value;
          try {
            expect((await unpack(packing, damaged.subarray(0, length), LIMIT)).length).toBeLessThanOrEqual(LIMIT);
          } catch (error) {
            if (!(error instanceof DecompressError)) throw error;
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
