import { describe, expect, it } from 'vitest';
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
