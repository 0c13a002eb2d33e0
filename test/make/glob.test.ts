import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../../src/make/glob.ts';

describe('matchesGlob', () => {
  it.each([
    ['*.o', 'a.o', true],
    ['*.o', 'a.oo', false],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbYbZ', false],
    ['?x', 'ax', true],
    ['?x', 'x', false],
    ['[ab]c', 'bc', true],
    ['[!ab]c', 'bc', false],
    ['[a-c]*', 'cx', true],
    ['[c-a]', 'b', false],
    ['[]]', ']', true],
    ['[x', '[x', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['*', '', true],
    ['', 'a', false],
    ['a.b', 'axb', false],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(matchesGlob(pattern, name)).toBe(expected);
  });

  it('does not try every way to share a name out among stars', () => {
    expect(matchesGlob(`${'*a'.repeat(500)}b`, 'a'.repeat(5000))).toBe(false);
  });
});
