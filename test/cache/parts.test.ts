import { describe, expect, it } from 'vitest';
import { joinParts, splitParts } from '../../src/cache/parts.ts';

describe('two parts of an entry', () => {
  it.each([0, 1, 3, 4, 9])('come back as they were where the first has %i bytes', (length) => {
    const first = Uint8Array.from({ length }, (_, i) => i);
    const second = Uint8Array.of(7, 8, 9);
    const [one, two] = splitParts(Buffer.concat(joinParts(first, second)));
    expect([...one]).toEqual([...first]);
    expect([...two]).toEqual([...second]);
    expect((two.byteOffset - one.byteOffset) % 4).toBe(0);
  });

  it('are none where bytes are missing', () => {
    const joined = Buffer.concat(joinParts(new Uint8Array(8), new Uint8Array(0)));
    expect(() => splitParts(joined.subarray(0, 8))).toThrow(RangeError);
    expect(() => splitParts(joined.subarray(0, 2))).toThrow(RangeError);
  });
});
