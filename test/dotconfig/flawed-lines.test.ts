import { expect, it } from 'vitest';
import { flawedLines } from '../../src/dotconfig/scan.ts';

const MARK = '\u00ef\u00bb\u00bf';

it('are those with blanks around "="', () => {
  const text = 'CONFIG_A = y\nCONFIG_B=y\nCONFIG_C= "a = b"\r\nCONFIG_D\t=17\nCONFIG_E="a = b"\n# CONFIG_F = y\n';
  expect(flawedLines(text)).toEqual([
    { flaw: 'blanks', line: 1, text: 'CONFIG_A = y', meant: { name: 'A', value: 'y' } },
    { flaw: 'blanks', line: 3, text: 'CONFIG_C= "a = b"', meant: { name: 'C', value: '"a = b"' } },
    { flaw: 'blanks', line: 4, text: 'CONFIG_D\t=17', meant: { name: 'D', value: '17' } },
  ]);
  expect(flawedLines('BR2_A = y\nCONFIG_B = y\n', 'BR2_')).toMatchObject([{ line: 1, meant: { name: 'A' } }]);
});

it('are the first one behind a byte order mark', () => {
  const first = (line: string): unknown => flawedLines(`${MARK}${line}\nCONFIG_B=y\n`);
  expect(first('CONFIG_A=m')).toEqual([
    { flaw: 'mark', line: 1, text: 'CONFIG_A=m', meant: { name: 'A', value: 'm' } },
  ]);
  expect(first('# CONFIG_A is not set')).toMatchObject([{ flaw: 'mark', meant: { name: 'A', value: 'n' } }]);
  expect(first('# a comment')).toEqual([{ flaw: 'mark', line: 1, text: '# a comment', meant: null }]);
  expect(flawedLines(`CONFIG_A=y\n${MARK}CONFIG_B=y\n`)).toEqual([]);
});
