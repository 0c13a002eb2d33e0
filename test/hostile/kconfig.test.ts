import { describe, expect, it } from 'vitest';
import { formatDotConfig } from '../../src/dotconfig/write.ts';
import { configure, NEW, OLD, parseText, symbol } from '../helpers/kconfig.ts';
import { doubling, lines, said } from './hostile-input.ts';

const A = 'config A\n\tdef_bool ';

describe('Kconfig', () => {
  const kconfig = (text: string, files: Record<string, string> = {}): string =>
    said(() => formatDotConfig(configure(parseText(text, { files }))));

  it.each<[string, string, string | RegExp]>([
    [
      'variables that double at once',
      doubling(':=', 60),
      /^Kconfig:\d+:1: error: macros expand to more than 16777216 /,
    ],
    [
      'variables that double late',
      `${doubling('=', 60)}${A}$(a60)\n`,
      /^Kconfig:63:11: error: macros expand to more than/,
    ],
    [
      'nothing, doubled',
      `${doubling('=', 60).replace('= x', '=')}${A}$(a60)\n`,
      /^Kconfig:63:11: error: macros expand/,
    ],
    [
      'a variable that appends itself',
      `A := x\n${'A += $(A)\n'.repeat(60)}`,
      /^Kconfig:\d+:1: error: macros expand to more/,
    ],
    ['a variable that names itself', `a = $(a)\n${A}$(a)\n`, /^Kconfig:3:11: error: Recursive variable 'a' references/],
    [
      'a function that calls itself',
      `f = $(f,1)\n${A}$(f,1)\n`,
      /^Kconfig:3:11: error: too deep recursive expansion of 'f'/,
    ],
    ['functions that call each other', `f = $(g,1)\ng = $(f,1)\n${A}$(f,1)\n`, /^Kconfig:4:\d+: error: .*nested/],
    [
      'references in references',
      `${A}${'$(a'.repeat(3000)}${')'.repeat(3000)}\n`,
      /^Kconfig:2:11: error: .*nested deeper/,
    ],
    [
      'references around references',
      `${'$(info,'.repeat(20_000)}x${')'.repeat(20_000)}\n`,
      /^Kconfig:1:1: error: macros expand to more than 16777216 /,
    ],
    [
      'parentheses',
      `${A}${'('.repeat(10_000)}y\n`,
      'Kconfig:2:267: error: expression with more than 1000 operands, or nested deeper than 256',
    ],
    ['negations', `${A}${'!'.repeat(10_000)}y\n`, /^Kconfig:2:267: error: expression with more than/],
    [
      'operands',
      `${A}y${' && y'.repeat(100_000)}\n`,
      /^Kconfig:2:5008: error: expression with more than 1000 operands/,
    ],
    [
      'comparisons of one symbol, each with all others',
      `config B\n\ttristate "b"\n${A}B=X${lines(3900, (i) => ` || B=X${i}`)}\n`,
      /^Kconfig:4:\d+: error: expression with more than 1000 operands/,
    ],
    [
      'conditions, each with all others, for each entry below them',
      `menu "m"\n${lines(900, (i) => `\tdepends on X${i}\n`)}` +
        `${lines(1000, (i) => `config A${i}\n\tbool "a"\n\tdepends on A${i - 1} || Z\n`)}endmenu\n`,
      'kconfig-trim: error: conditions with thousands of operands that contain each other; no kernel tree has them',
    ],
    [
      'entries of a choice',
      `choice\n\tprompt "c"\n${lines(20_000, (i) => `config A${i}\n\tbool "a"\n`)}endchoice\n`,
      /^Kconfig:\d+:\d+: error: choice with more than 1000 entries/,
    ],
    ['warnings', `${'%'.repeat(20_000)}\n`, 'Kconfig:1:1: error: more than 10000 warnings; this is no Kconfig'],
    ['menus', 'menu "a"\n'.repeat(10_000), 'Kconfig:202:1: error: menus, ifs and choices nested deeper than 200'],
    ['ifs', 'if y\n'.repeat(10_000), /^Kconfig:201:\d: error: menus, ifs and choices nested deeper than 200/],
    [
      'a chain of symbols',
      lines(30_000, (i) => `config A${i}\n\tdef_bool A${i + 1}\n`),
      'kconfig-trim: error: thousands of symbols depend on each other in one chain, or one has thousands of conditions; no kernel tree does',
    ],
    [
      'a chain of ranges',
      lines(20_000, (i) => `config A${i}\n\tint "a"\n\tdefault 3\n\trange 1 A${i + 1}\n`),
      'kconfig-trim: error: thousands of symbols depend on each other in one chain, or one has thousands of conditions; no kernel tree does',
    ],
    [
      'a circle of ranges',
      lines(20_000, (i) => `config A${i}\n\tint "a"\n\tdefault 3\n\trange 1 A${(i + 1) % 20_000}\n`),
      'kconfig-trim: error: thousands of symbols depend on each other in one chain, or one has thousands of conditions; no kernel tree does',
    ],
    [
      'symbols that are selected against their dependencies',
      lines(270_000, (i) => `config A${i}\n\tbool\n\tdepends on N\nconfig S${i}\n\tdef_bool y\n\tselect A${i}\n`),
      /^Kconfig:\d+:\d+: error: more than 100000 definitions of symbols; no kernel tree has them/,
    ],
    [
      'an endless string',
      `config A\n\tbool "${'a'.repeat(2_000_000)}`,
      /^Kconfig:2:\d+: error: syntax error: expected the end of the line|^nothing/,
    ],
    [
      'UTF-16',
      Buffer.from('config A\n\tbool "a"\n', 'utf16le').toString('latin1'),
      'Kconfig:1:1: error: unknown statement "c"',
    ],
    [
      'an unclosed macro on an endless line',
      `${A}$(${'a'.repeat(1_000_000)}\n`,
      /^Kconfig:2:11: error: unterminated reference/,
    ],
  ])('%s', (_, text, expected) => {
    const found = kconfig(text);
    if (typeof expected === 'string') expect(found).toBe(expected);
    else expect(found).toMatch(expected);
  });

  it.each([OLD, NEW])('conditions that nest, each compared with all others', (dialect) => {
    const nested = `${lines(120, (i) => `(X${i} && (Y${i} || `)}B${'))'.repeat(120)}`;
    const text = lines(500, (j) => `config A${j}\n\tbool "a"\n\tdepends on A${j - 1} || ${nested}\n`);
    expect(said(() => parseText(text, { dialect }))).toBe(
      'kconfig-trim: error: conditions with thousands of operands that contain each other; no kernel tree has them',
    );
  });

  it.each([OLD, NEW])('a chain of ranges the other way round', (dialect) => {
    const text = `config A0\n\tint "a"\n\tdefault 5\n${lines(20_000, (i) => `config A${i + 1}\n\tint "a"\n\tdefault 3\n\trange 1 A${i}\n`)}`;
    expect(formatDotConfig(configure(parseText(text, { dialect })))).toContain('\nCONFIG_A20000=3\n');
  });

  it('a string of quotes and backslashes', () => {
    const text = 'config S\n\tstring "s"\n';
    const value = `"${'\\"\\\\'.repeat(1_500_000)}"`;
    expect(formatDotConfig(configure(parseText(text), `CONFIG_S=${value}\n`))).toContain(`\nCONFIG_S=${value}\n`);
  });

  it('reads a symbol that is defined over and over', () => {
    const parsed = parseText(lines(20_000, () => 'config A\n\tbool\n\tdefault y\n'));
    expect(symbol(parsed, 'A').nodes).toHaveLength(20_000);
    expect(formatDotConfig(configure(parsed))).toContain('\nCONFIG_A=y\n');
  });

  it('files', () => {
    expect(kconfig('source "Kconfig"\n')).toBe('Kconfig:1:1: error: Kconfig includes itself');
    expect(kconfig('source "a"\n', { a: '\nsource "b"\n', b: 'source "a"\n' })).toBe('b:1:1: error: a includes itself');
    const chain = (times: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, `source "f${i + 1}"\n`.repeat(times)]));
    expect(kconfig('source "f0"\n', chain(1))).toBe('f199:1:1: error: files included too deeply, at f200');
    const wide = { ...chain(2), f60: '' };
    expect(kconfig('source "f0"\n', wide)).toMatch(/^f\d+:2:1: error: more than 50000 files or 268435456 characters/);
  });

  it.each([
    ['CRLF', 'config A\r\n\tbool "a"\r\n\tdefault y\r\n'],
    ['NUL', 'config A\0\n\tbool\0 "a"\n\tdefault y\n'],
    ['a byte order mark', '\xef\xbb\xbfconfig A\n\tbool "a"\n\tdefault y\n'],
  ])('%s is read as conf does: what it does not know is passed over with a warning', (_, text) => {
    const parsed = parseText(text);
    expect(formatDotConfig(configure(parsed))).toContain('CONFIG_A=y\n');
    expect(parsed.diagnostics.length).toBeGreaterThan(0);
  });
});
