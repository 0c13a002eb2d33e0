import { describe, expect, it } from 'vitest';
import { withCauses } from '../../src/check/causes.ts';
import { allFindings, type CheckResult, type Finding, finding } from '../../src/check/types.ts';
import { causedErrors, causeText, checkMessages } from '../../src/report/check-messages.ts';
import { symbolBlockers } from '../../src/trim/blockers.ts';
import { setBy } from '../../src/trim/set-by.ts';
import { SymbolLinks } from '../../src/trim/symbol-links.ts';
import { configure, MODULES, parseText, symbol } from '../helpers/kconfig.ts';

const kconfig = parseText(`${MODULES}
config CORE
	tristate "core"

config OTHER
	tristate "other"

config NEAR
	tristate "near"
	depends on CORE

config FAR
	tristate "far"
	depends on NEAR
	select LIB

config BOTH
	tristate "both"
	depends on OTHER && CORE

config LIB
	tristate

config ALONE
	tristate "alone"
	depends on OTHER

config BY_DEFAULT
	def_bool NEAR=m

choice
	prompt "one of these"

config MEMBER_FAR
	bool "far" if FAR

config MEMBER_PLAIN
	bool "plain"

endchoice
`);
const config = configure(kconfig, 'CONFIG_MODULES=y\nCONFIG_MEMBER_FAR=y\n# CONFIG_MEMBER_PLAIN is not set\n');
const links = new SymbolLinks(config);

function off(name: string): Finding {
  const blockers = symbolBlockers(symbol(kconfig, name), config, links);
  return finding({ code: 'value-changed', severity: 'error', subject: { kind: 'symbol', name }, blockers });
}

const results = (...names: string[]): CheckResult[] => [
  { name: 'fixpoint', source: '', cases: names.map((name) => ({ name, findings: [off(name)] })) },
];

describe('the cause of an error', () => {
  it('is the symbol at the end of all conditions that fail, through selects as well', () => {
    const found = allFindings(withCauses(results('NEAR', 'FAR', 'LIB'), config, links));
    expect(found.map(({ cause }) => cause?.symbol)).toEqual(['CORE', 'CORE', 'CORE']);
    expect(found[0]!.cause).toMatchObject({ value: 'n', at: { file: 'Kconfig' } });
  });

  it('is of several the one that explains the most', () => {
    const found = allFindings(withCauses(results('BOTH', 'NEAR', 'FAR', 'ALONE'), config, links));
    expect(found.map(({ cause }) => cause?.symbol)).toEqual(['CORE', 'CORE', 'CORE', 'OTHER']);
  });

  it('is counted where it explains several', () => {
    const all = withCauses(results('BOTH', 'NEAR', 'FAR', 'ALONE'), config, links);
    const groups = causedErrors(all);
    expect(groups.map((group) => causeText(group, all))).toEqual(['CORE=n explains 3 of 4 errors']);
  });

  it('is that of the chosen member of a choice, where another one is on in its place', () => {
    const found = allFindings(withCauses(results('MEMBER_FAR', 'MEMBER_PLAIN'), config, links));
    expect(found.map(({ cause }) => cause?.symbol)).toEqual(['CORE', 'CORE']);
    expect(setBy(symbol(kconfig, 'MEMBER_PLAIN'), config, links).by).toMatchObject([
      { text: 'one of these: MEMBER_FAR cannot be chosen' },
    ]);
  });

  it('is that of a default, where nothing else turns a symbol on', () => {
    expect(allFindings(withCauses(results('BY_DEFAULT'), config, links))[0]!.cause?.symbol).toBe('CORE');
  });

  it('is said below the error that stands for all of it', () => {
    const all = withCauses(results('BOTH', 'NEAR', 'FAR', 'ALONE'), config, links);
    const [first, other] = checkMessages(all[0]!, false, causedErrors(all));
    expect(first!.details.at(-1)!.text).toBe('first of 3 errors that come from CORE=n (-v shows all)');
    expect(other!.details.at(-1)!.text).not.toContain('first of');
    expect(checkMessages(all[0]!, true)[0]!.details.at(-1)!.text).not.toContain('first of');
  });

  it('is none of what nothing but its own value keeps off', () => {
    expect(allFindings(withCauses(results('CORE'), config, links))[0]!.cause).toBeNull();
  });
});
