import { describe, expect, test } from 'vitest';
import { byteStringToTerminal, jsonText, stripControlCharacters } from '../../src/report/plain-text.ts';

describe('stripControlCharacters', () => {
  test.each([
    ['a colour', '\u001b[31mred\u001b[0m', '[31mred[0m'],
    ['a window title', '\u001b]0;owned\u0007x', ']0;ownedx'],
    ['an eight-bit sequence', 'a\u009b2Jb', 'a2Jb'],
    ['a carriage return that would hide the line', 'bad\rgood', 'badgood'],
    ['backspaces and NUL', 'a\b\bb\u0000\u007f', 'ab'],
    ['reordering', 'abc\u202egnp.exe\u2066x', 'abcgnp.exex'],
    ['hidden characters', 'a\u200bb\u200dc\ufeffd\u{e0041}e\u2028f', 'abcdef'],
    ['half a character', 'a\ud800b', 'ab'],
  ])('%s', (_, from, to) => {
    expect(stripControlCharacters(from)).toBe(to);
  });

  test('ordinary text stays, lines and tabs too', () => {
    const text = 'CONFIG_A="ä ü € 漢字 😀"\n\tdepends on B\n';
    expect(stripControlCharacters(text)).toBe(text);
  });
});

describe('byteStringToTerminal', () => {
  test('UTF-8 is shown as such, though its bytes are among the C1 controls', () => {
    expect(byteStringToTerminal(Buffer.from('“ä”').toString('latin1'))).toBe('“ä”');
  });
  test('words of ours and names from the command line stay what they are beside it', () => {
    expect(byteStringToTerminal('…/müller/漢字: \xe2\x82\xac')).toBe('…/müller/漢字: €');
  });
  test('what is not UTF-8 is Latin-1, but no control', () => {
    expect(byteStringToTerminal('gr\xfcn')).toBe('grün');
    expect(byteStringToTerminal('a\x9b2Jb')).toBe('a2Jb');
    expect(byteStringToTerminal('\xc2\x9b2J')).toBe('2J');
  });
});

describe('jsonText', () => {
  test('holds every character, and a terminal acts on none', () => {
    const value = { name: 'a\u001b[2J\u009b2J\u202e\u{e0041}\ud800"\\', list: [1, 'ä'] };
    for (const indent of [true, false]) {
      const text = jsonText(value, indent);
      expect(JSON.parse(text)).toEqual(value);
      expect(stripControlCharacters(text)).toBe(text);
    }
  });
});
