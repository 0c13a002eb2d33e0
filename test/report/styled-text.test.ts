import { describe, expect, test } from 'vitest';
import { paint, renderText } from '../../src/report/styled-text.ts';

describe('renderText', () => {
  const text = `a ${paint('bold', 'b\u001b[2Jc')} \u001b[31md ${paint('red', '\xe2\x82\xac')}\n`;
  test('has our colours and none of the input', () => {
    expect(renderText(text, true)).toBe('a \u001b[1mb[2Jc\u001b[0m [31md \u001b[31m€\u001b[0m\n');
  });
  test('has none where none is wanted', () => {
    expect(renderText(text, false)).toBe('a b[2Jc [31md €\n');
  });
});
