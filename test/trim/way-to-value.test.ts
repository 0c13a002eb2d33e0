import { describe, expect, it } from 'vitest';
import { isUnasked } from '../../src/trim/as-written.ts';
import { AppliedRequests } from '../../src/trim/requests.ts';
import type { RequestReport, Violation } from '../../src/trim/types.ts';
import type { Configuration } from '../../src/values/configuration.ts';
import { configure, MODULES, NEW, OLD, parseText, values } from '../helpers/kconfig.ts';

const KCONFIG = `${MODULES}
choice
	prompt "Frequency"

config HZ_100
	bool "100"

config HZ_250
	bool "250"

config HZ_300
	bool "300"

endchoice

config HZ
	int
	default 100 if HZ_100
	default 250 if HZ_250
	default 300 if HZ_300

config DEEP
	bool "deep"

config DEEPER
	bool "deeper"
	depends on DEEP

config LEVELS
	int
	default 5 if DEEP
	default 4

config SUFFIX
	string "suffix"

config NAME
	string
	default SUFFIX if DEEPER
	default "plain"

config LIMIT_DEFAULT
	int
	default 64

config LIMIT
	int "limit"
	default LIMIT_DEFAULT

config HIDDEN
	int "hidden"
	depends on DEEPER
	range 1 9

config FOLLOWS
	def_bool DEEP

config PROBED
	int
	default $(shell,version)

config ALWAYS
	def_bool y

config CHOSEN
	bool

config CHOOSER
	bool "chooser"
	select CHOSEN
`;
const CONFIG = 'CONFIG_HZ_250=y\nCONFIG_DEEP=y\nCONFIG_CHOOSER=y\n';

interface Applied {
  readonly config: Configuration;
  readonly report: RequestReport;
  readonly violations: readonly Violation[];
}

function ask(symbol: string, value: string, dialect = NEW): Applied {
  const kconfig = parseText(KCONFIG, { dialect, shell: () => null });
  for (const each of kconfig.symbols.all) if (isUnasked(each)) each.answer = '0';
  const config = configure(kconfig, CONFIG);
  const applied = AppliedRequests.apply([{ symbol, value, source: '--set', isNamed: true }], config, []);
  const [report] = applied.reports(config) as [RequestReport];
  return { config, report, violations: applied.violations(config, { readText: () => KCONFIG }) };
}

describe('a value that no prompt sets', () => {
  it.each([
    ['6.1', OLD],
    ['6.12', NEW],
  ])('is had by the choice that decides over it: the language of %s', (_, dialect) => {
    const { config, report, violations } = ask('HZ', '300', dialect);
    expect(values(config, 'HZ', 'HZ_250', 'HZ_300')).toBe('HZ=300 HZ_250=n HZ_300=y');
    expect(report).toMatchObject({ from: '250', to: '300', holds: true });
    expect(report.needs).toContainEqual({ symbol: 'HZ_300', value: 'y' });
    expect(violations).toEqual([]);
  });

  it.each([
    ['LEVELS', '4', 'DEEP=n'],
    ['NAME', 'mine', 'DEEPER=y SUFFIX=mine'],
    ['FOLLOWS', 'n', 'DEEP=n'],
  ])('is had by what its default needs: %s=%s', (name, value, needs) => {
    const { config, report } = ask(name, value);
    expect(report.holds).toBe(true);
    expect(values(config, ...needs.split(' ').map((need) => need.split('=')[0]!))).toBe(needs);
    expect(report.needs.map((need) => `${need.symbol}=${need.value}`)).toEqual(
      expect.arrayContaining(needs.split(' ')),
    );
  });

  it('is had by a prompt that can be seen then', () => {
    expect(ask('HIDDEN', '7').report).toMatchObject({ holds: true, needs: [{ symbol: 'DEEPER', value: 'y' }] });
  });

  it.each([
    [
      'HZ',
      '299',
      '299 was asked for (--set), it is 250: by default 250 if HZ_250; no prompt sets it; by its defaults it is one of 100, 250, 300',
    ],
    [
      'LIMIT_DEFAULT',
      '3',
      '3 was asked for (--set), it is 64: by default 64; no prompt sets it; by its defaults it is one of 64; which can be set and has it by default: LIMIT',
    ],
    ['PROBED', '3', '3 was asked for (--set), it is 0: by default $(shell,version); no prompt sets it'],
    ['ALWAYS', 'n', 'n was asked for (--set), it is y: by default y; no prompt sets it'],
    ['CHOSEN', 'n', 'n was asked for (--set), it is y: selected by CHOOSER'],
  ])('is named with what it can be where it cannot be had: %s=%s', (name, value, note) => {
    const { config, violations } = ask(name, value);
    expect(violations).toMatchObject([{ promise: 'G9', name, note, blockers: [] }]);
    // Nothing was tried that stayed.
    expect(values(config, 'HZ_250', 'DEEP', 'CHOOSER')).toBe('HZ_250=y DEEP=y CHOOSER=y');
  });
});
