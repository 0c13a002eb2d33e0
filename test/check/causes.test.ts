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

  it('is one message for all that comes from it, before the others, with an example', () => {
    const all = withCauses(results('ALONE', 'FAR', 'BOTH', 'NEAR'), config, links);
    const messages = checkMessages(all[0]!, false, causedErrors(all));
    expect(messages.map(({ text }) => text)).toEqual([
      'CORE=n: 3 errors come from it: BOTH, NEAR, FAR',
      'ALONE=: olddefconfig makes it none',
    ]);
    const [example, why] = messages[0]!.details;
    expect(example).toMatchObject({ text: 'BOTH=: olddefconfig makes it none' });
    expect(why!.text).toContain('CORE is n');
    expect(checkMessages(all[0]!, true)).toHaveLength(4);
  });

  it('is first where somebody can do something about it', () => {
    const many = withCauses(results('NEAR', 'FAR', 'BOTH', 'LIB'), config, links);
    const found = allFindings(many);
    const other = { symbol: 'OTHER', value: 'n', at: null };
    const remedy = { changes: [{ symbol: 'OTHER', value: 'y' }], loses: [] };
    const some = ['A', 'B', 'C'].map((name) => ({
      name,
      findings: [{ ...found[0]!, subject: { kind: 'symbol', name } as const, cause: other, remedy }],
    }));
    const groups = causedErrors([...many, { name: 'against', source: 'old', cases: some }]);
    expect(groups.map(({ cause, errors }) => `${cause.symbol} ${errors.length}`)).toEqual(['OTHER 3', 'CORE 4']);
  });

  it('is none of what nothing but its own value keeps off', () => {
    expect(allFindings(withCauses(results('CORE'), config, links))[0]!.cause).toBeNull();
  });
});
