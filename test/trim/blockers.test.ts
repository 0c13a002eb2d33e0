import { describe, expect, it } from 'vitest';
import { blockerRows } from '../../src/report/why-text.ts';
import { symbolBlockers } from '../../src/trim/blockers.ts';
import { SymbolLinks } from '../../src/trim/symbol-links.ts';
import { configure, MODULES, parseText, symbol } from '../helpers/kconfig.ts';

const kconfig = parseText(`${MODULES}
config HASH
	tristate

config HERE
	tristate "here"
	select HASH

if ARM64

config ELSEWHERE
	tristate "of another architecture"
	select HASH

endif

config BEHIND
	tristate "needs that"
	depends on ELSEWHERE
	imply HASH

config CONDITION
	tristate "selects it elsewhere"
	select HASH if ARM64

config EITHER
	tristate "not only elsewhere"
	depends on ARM64 || HERE
	select HASH
`);

describe('what could turn a symbol on', () => {
  it('is none of what no config of this architecture has on', () => {
    const config = configure(kconfig, 'CONFIG_MODULES=y\n');
    const found = symbolBlockers(symbol(kconfig, 'HASH'), config, new SymbolLinks(config));
    expect(found.map(({ kind, of }) => `${kind} ${of}`)).toEqual(['select HERE', 'select EITHER']);
  });
});

describe('a comparison that fails', () => {
  const tree = parseText(`${MODULES}
config CC_IS_CLANG
	bool

config TEXT
	string "a text"

config COMPAT_VDSO
	bool "as arm64 has it where CROSS_COMPILE_COMPAT is empty"
	depends on CC_IS_CLANG || "" != ""

config NAMED
	bool "text first"
	depends on "lld" = TEXT

config QUOTED
	bool "quotes in a text"
	depends on TEXT = "a\\"b"
`);
  const rows = (name: string): string[] => {
    const config = configure(tree, 'CONFIG_MODULES=y\n');
    return blockerRows(symbolBlockers(symbol(tree, name), config, new SymbolLinks(config))).map(({ text }) => text);
  };

  it('has its constants in quotes, and what may change is named', () => {
    expect(rows('COMPAT_VDSO')).toEqual(['depends on CC_IS_CLANG || ""!="": CC_IS_CLANG is n, ""!="" does not hold']);
    expect(rows('NAMED')).toEqual(['depends on "lld"=TEXT: "lld"=TEXT fails: TEXT is empty']);
    expect(rows('QUOTED')).toEqual(['depends on TEXT="a\\"b": TEXT="a\\"b" fails: TEXT is empty']);
  });
});
