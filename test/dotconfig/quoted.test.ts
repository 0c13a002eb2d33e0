import { expect, it } from 'vitest';
import { quoted, unquoted } from '../../src/dotconfig/quoted.ts';

it.each([
  ['', '""'],
  ['plain é', '"plain é"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['\\\\"', '"\\\\\\\\\\""'],
])('%j is %s', (value, text) => {
  expect(quoted(value)).toBe(text);
  expect(unquoted(text)).toBe(value);
});

it('a backslash takes the meaning from any char, and what follows the end does not count', () => {
  expect(unquoted('"\\a\\\\b" rest')).toBe('a\\b');
  expect(unquoted('"open')).toBeNull();
  expect(unquoted('"open\\"')).toBeNull();
});
