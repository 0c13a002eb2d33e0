import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { formatDotConfig } from '../../src/dotconfig/write.ts';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { decodeConfigBytes } from '../../src/machine/config-bytes.ts';
import { unpack } from '../../src/machine/decompress/decompress.ts';
import { parseListing } from '../../src/machine/listing.ts';
import { formatDiagnostic } from '../../src/report/diagnostic-text.ts';
import { confEnvironment } from '../../src/toolchain/environment.ts';
import { configure, NEW, OLD, parseText, symbol } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

/** Input that is small and wants much: each ends in one error with its place, in bounded time and memory. */
const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

function said(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return formatDiagnostic(error.diagnostic).split('\n')[0]!;
    throw error;
  }
  return 'nothing';
}

const A = 'config A\n\tdef_bool ';
const doubling = (assign: string, last: number): string =>
  `a0 ${assign} x\n${lines(last, (i) => `a${i + 1} ${assign} $(a${i})$(a${i})\n`)}`;

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

describe('Makefiles', () => {
  const tree = (text: string, files: Record<string, string> = {}) => {
    const all = { Makefile: text, Kconfig: '', 'arch/x86/Makefile': '', 'scripts/kconfig/Makefile': '', ...files };
    return memoryFs(Object.fromEntries(Object.entries(all).map(([path, content]) => [`/t/${path}`, content])));
  };
  const environment = (text: string, files?: Record<string, string>): string =>
    said(() => confEnvironment({ fs: tree(text, files), shell: () => '', tree: '/t', env: {} }));
  const kbuild = (text: string, files?: Record<string, string>): string =>
    said(() => {
      const fs = tree('', { Kbuild: text, ...files });
      return [...KbuildTree.load({ fs, tree: '/t', srcarch: 'x86' }).modules.all()];
    });
  const X = 'export X\nCC := $(X)\nexport CC\nobj-y := $(X)\n';

  it.each<[string, string, RegExp]>([
    [
      'variables that double at once',
      `${doubling(':=', 60)}X := $(a60)\n${X}`,
      /^(?:Kbuild|Makefile):\d+: error: expansions of more than 4194304 /,
    ],
    [
      'variables that double late',
      `${doubling('=', 60)}X = $(a60)\n${X}`,
      /^(?:Kbuild|Makefile):\d+: error: expansions of more than 4194304 /,
    ],
    [
      'a variable that names itself',
      `X = $(X)\n${X}`,
      /^(?:Kbuild|Makefile):\d+: error: files or variables nested deeper than 200/,
    ],
    [
      'a function that calls itself',
      `f = $(call f,1)\nX = $(call f,1)\n${X}`,
      /^(?:Kbuild|Makefile):\d+: error: files or variables nested deeper/,
    ],
    [
      'references in references',
      `X = ${'$(A'.repeat(5000)}${')'.repeat(5000)}\n${X}`,
      /^(?:Kbuild|Makefile):\d+: error: files or variables nested/,
    ],
  ])('%s', (_, text, expected) => {
    expect(environment(text)).toMatch(expected);
    expect(kbuild(text)).toMatch(expected);
  });

  it('files that include themselves or each other', () => {
    const deep = 'error: files or variables nested deeper than 200; one refers to itself';
    expect(environment('include Makefile\n')).toBe(`Makefile:1: ${deep}`);
    expect(kbuild('include Kbuild\n')).toBe(`Kbuild:1: ${deep}`);
    const wide = Object.fromEntries(
      Array.from({ length: 61 }, (_, i) => [`f${i}`, i < 60 ? `include f${i + 1}\n`.repeat(2) : '']),
    );
    expect(environment('include f0\n', wide)).toMatch(/^f\d+:\d: error: expansions of more than/);
    expect(kbuild('include f0\n', wide)).toMatch(/^f\d+:\d: error: expansions of more than/);
  });

  const many = (count: number, text: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => text(i)).join('');
  it.each<[string, string, RegExp]>([
    [
      'calls in calls',
      `${'$(info '.repeat(20_000)}${')'.repeat(20_000)}\n`,
      /:1: error: files or variables nested deeper/,
    ],
    [
      'calls in calls that are none',
      `X := ${'$(info,'.repeat(20_000)}${')'.repeat(20_000)}\n`,
      /:1: error: files or variables nested deeper/,
    ],
    [
      'many patterns over many words',
      `X := $(filter ${many(10_000, (i) => `%a${i} `)},${many(10_000, (i) => `b${i} `)})\n`,
      /:1: error: expansions of more than/,
    ],
    ['many statements', 'obj-y += a.o\n'.repeat(5_000_000), /:40001: error: more than 40000 statements/],
    [
      'a long variable that is changed under a condition over and over',
      'A += x\nifdef CONFIG_A\nA := y\nendif\n'.repeat(12_000),
      /^Kbuild:\d+: error: expansions of more than|^nothing/,
    ],
  ])('%s', (_, text, expected) => {
    expect(environment(text)).toMatch(expected);
    expect(kbuild(text)).toMatch(expected);
  });

  it.each<[string, string, RegExp]>([
    [
      'a million objects in one line',
      `obj-y += ${'a.o '.repeat(1_000_000)}\n`,
      /^Kbuild:1: error: a list of more than 20000/,
    ],
    [
      'many lines of objects',
      many(250_000, (i) => `obj-y += a${i}.o\n`),
      /^Kbuild:40001: error: more than 40000 statements/,
    ],
    [
      'lines of objects within the limit of statements',
      many(30_000, (i) => `obj-y += a${i}.o\n`),
      /^Kbuild:20001: error: a list of more than 20000 objects/,
    ],
    [
      'a composite of many parts',
      `obj-m += m.o\nm-y := ${many(70_000, (i) => `a${i}.o `)}\n`,
      /^Kbuild:2: error: a list of more than 20000 objects/,
    ],
    [
      'objects that a loop makes',
      `X := ${many(300, (i) => `${i} `)}\nobj-y += $(foreach i,$(X),$(addprefix $(i)-,$(X:=.o)))\n`,
      /^Kbuild:2: error: (?:a list of|expansions of) more than/,
    ],
    [
      'loops and calls in each other',
      `${many(6, (i) => `f${i} = $(foreach v${i},1 2 3 4 5 6 7 8 9 10,$(call f${i + 1},$(v${i}),$(word 1,$(1))))\n`)}X := $(call f0,a)\n`,
      /^Kbuild:7: error: expansions of more than 4194304 /,
    ],
  ])('%s', (_, text, expected) => {
    expect(kbuild(text)).toMatch(expected);
  });

  it.each([
    ['one object under many conditions', many(20_000, (i) => `obj-$(CONFIG_A${i}) += a.o\n`)],
    ['many branches', `ifdef CONFIG_A\n${many(20_000, (i) => `else ifdef CONFIG_A${i}\nobj-y += a${i}.o\n`)}endif\n`],
    [
      'a variable that many conditions set',
      `${many(15_000, (i) => `ifdef CONFIG_A${i}\nX := a${i}.o\nendif\n`)}obj-y += $(X)\n`,
    ],
  ])('%s', (_, text) => {
    expect(kbuild(text)).toMatch(/^(?:kconfig-trim|Kbuild:\d+): error: thousands of Makefile lines under thousands/);
  });

  it.each(['X := ', '# '])('a line of half a million, after %j', (start) => {
    const text = `${start}${'a \\\n'.repeat(500_000)}\n`;
    expect([environment(text), kbuild(text)]).toEqual(['nothing', 'nothing']);
  });

  it('directories that enter each other are entered once', () => {
    const files = {
      'd/Makefile': 'obj-y += ../d/ ./e/ ../ x.o\n',
      'd/e/Makefile': 'obj-y += ../e/ e/ ../../d/\nobj-m += m.o\n',
    };
    const built = KbuildTree.load({ fs: tree('', { Kbuild: 'obj-y += d/\n', ...files }), tree: '/t', srcarch: 'x86' });
    expect([...built.modules.all()].map(({ path }) => path)).toEqual(['d/e/m']);
  });

  it('patterns of many stars, and classes that are none', () => {
    const name = 'a'.repeat(200);
    const pattern = `$(wildcard ${'*a'.repeat(100)}b [z-a] [ [!])`;
    expect(environment(`X := ${pattern}\n${X}`, { [name]: '' })).toBe('nothing');
    expect(kbuild(`obj-y := ${pattern}\n`, { [name]: '' })).toBe('nothing');
  });
});

describe('listings', () => {
  it.each([
    ['huge', 'm 1 0\n'.repeat(1_000_000), 'listing-too-large'],
    ['an endless line', 'a'.repeat(3_000_000), 'listing-line-too-long'],
    ['NUL', 'ext4 1 0\n\0\n', 'listing-not-a-listing'],
    ['UTF-16', Buffer.from('ext4 1 0\n', 'utf16le').toString('latin1'), 'listing-not-a-listing'],
  ])('%s', (_, text, code) => {
    try {
      parseListing(text, 'x');
      expect.unreachable();
    } catch (error) {
      expect((error as InputError).diagnostic.code).toBe(code);
    }
  });

  it('of very many names and users', () => {
    expect(
      parseListing(
        lines(150_000, (i) => `m${i} 1 0\n`),
        'x',
      ).modules,
    ).toHaveLength(150_000);
    const users = Array.from({ length: 8000 }, (_, i) => `u${i}`).join(',');
    expect(parseListing(`m 1 0 ${users}\n`.repeat(50), 'x').modules).toHaveLength(8001);
  });
});

describe('packed configs', () => {
  const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));

  it('bombs end at the bound', async () => {
    await expect(unpack('gzip', bomb, 1024 * 1024)).rejects.toMatchObject({ kind: 'too-large' });
  });

  it.each([
    ['zeros', Buffer.alloc(1_000_000), 'config-not-text'],
    ['packed zeros', bomb, 'config-not-text'],
    ['packed twice', gzipSync(gzipSync('CONFIG_A=y\n')), 'config-not-text'],
    ['too much text', gzipSync(Buffer.alloc(17 * 1024 * 1024, 'CONFIG_A=y\n')), 'config-too-large'],
    [
      'marks of packed data without any',
      Buffer.from(`\x7fELF\0${'\x1f\x8b\x08\xfd7zXZ\0'.repeat(20_000)}`, 'latin1'),
      'config-not-embedded',
    ],
    [
      'marks of a config without any',
      Buffer.from(`\x7fELF\0${'IKCFG_ST\x1f\x8b\x08'.repeat(2000)}`, 'latin1'),
      'config-not-embedded',
    ],
  ])('%s', async (_, bytes, code) => {
    await expect(decodeConfigBytes(bytes, 'x')).rejects.toMatchObject({ diagnostic: { code } });
  });
});
