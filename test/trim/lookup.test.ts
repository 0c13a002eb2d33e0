/** A configuration as Kbuild files see it. */
import { expect, it } from 'vitest';
import { kbuildDomain, kbuildLookup } from '../../src/trim/lookup.ts';
import { configure, MODULES, parseText } from '../helpers/kconfig.ts';

const KCONFIG = `${MODULES}
config ON
	bool "on"

config MODULE
	tristate "module"

config OFF
	bool "off"

config TEXT
	string "text"

config NUMBER
	int "number"
	default 3

config HIDDEN
	int "hidden"
	depends on NOWHERE
	default 3
`;

it("says the same by symbols' numbers as by their names", () => {
  const kconfig = parseText(KCONFIG);
  const config = configure(kconfig, 'CONFIG_MODULES=y\nCONFIG_ON=y\nCONFIG_MODULE=m\nCONFIG_TEXT="a b"\n');
  const lookup = kbuildLookup(config);
  const domain = kbuildDomain(kconfig);
  const names = ['ON', 'MODULE', 'OFF', 'TEXT', 'NUMBER', 'HIDDEN', 'NOWHERE'];
  const byName = names.map((name) => lookup(name));
  expect(byName).toEqual(['y', 'm', undefined, 'a b', '3', undefined, undefined]);
  expect(names.map((name) => lookup.numbered!.valueAt(domain.numbered!.numberOf(name)!))).toEqual(byName);
  expect(domain.numbered!.numberOf('UNHEARD_OF')).toBeUndefined();
  expect(lookup.numbered!.checksum).toBe(domain.numbered!.checksum);
  // Numbers of one tree are none of another where a symbol has another number or type.
  for (const [line, other] of [
    ['bool "on"', 'tristate "on"'],
    ['config OFF', 'config AWAY'],
    ['\tmodules\n', ''],
  ] as const) {
    expect(KCONFIG).toContain(line);
    const { numbered } = kbuildDomain(parseText(KCONFIG.replace(line, other)));
    expect(numbered!.checksum, line).not.toBe(domain.numbered!.checksum);
  }
});
