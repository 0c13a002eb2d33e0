import { describe, expect, it } from 'vitest';
import { compareValues, strtoll } from '../../src/values/compare.ts';

describe('comparisons', () => {
  it.each([
    ['10', 'int', '9', 'unknown', 1],
    ['0x10', 'hex', '16', 'unknown', 0],
    ['0xffffffffffffffff', 'hex', '-1', 'int', 0],
    ['abc', 'string', 'abd', 'string', -1],
    ['10', 'string', '9', 'string', -1],
    ['10', 'string', '9', 'unknown', 1],
    ['y', 'bool', 'm', 'tristate', 1],
    ['n', 'tristate', 'UNDEFINED', 'unknown', 1],
    ['010', 'unknown', '8', 'unknown', 0],
    ['', 'int', '0', 'int', -1],
    ['99999999999999999999', 'int', '1', 'int', 1],
  ] as const)('%s (%s) against %s (%s): %i', (left, leftType, right, rightType, order) => {
    expect(Math.sign(compareValues(left, leftType, right, rightType))).toBe(order);
  });

  it('numbers are read as C reads them', () => {
    expect(strtoll('12abc', 10)).toBe(12n);
    expect(strtoll('0x1f', 16)).toBe(31n);
    expect(strtoll('nothing', 10)).toBe(0n);
    expect(strtoll(`${'0'.repeat(100_000)}17`, 10)).toBe(17n);
    expect(strtoll('9'.repeat(10_000_000), 10)).toBe(2n ** 63n - 1n);
    expect(strtoll(`-${'7'.repeat(10_000_000)}`, 0)).toBe(-(2n ** 63n));
    expect(strtoll(`0${'7'.repeat(100)}`, 0)).toBe(2n ** 63n - 1n);
    expect(strtoll('0xffffffffffffffff', 16)).toBe(2n ** 63n - 1n);
  });
});
