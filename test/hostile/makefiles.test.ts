import { describe, expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { confEnvironment } from '../../src/toolchain/environment.ts';
import { memoryFs } from '../helpers/memory-fs.ts';
import { doubling, said } from './hostile-input.ts';

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
    ['many statements', 'obj-y += a.o\n'.repeat(1_000_000), /:40001: error: more than 40000 statements/],
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
