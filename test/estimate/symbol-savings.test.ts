/** What goes with a symbol, on a small tree: objects of modules, of vmlinux, and of all that needs it. */
import { describe, expect, it } from 'vitest';
import { estimateBuild } from '../../src/estimate/estimate.ts';
import { dearestSymbols } from '../../src/estimate/symbol-savings.ts';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { Sources } from '../../src/sources/sources.ts';
import { kbuildDomain, kbuildLookup } from '../../src/trim/lookup.ts';
import { configure, MODULES, parseText } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const KCONFIG = `${MODULES}
config CORE
	tristate "core"

config DRIVER
	tristate "driver"
	depends on CORE
	select HELPER

config DRIVER_DEBUG
	bool "debug of the driver"
	depends on DRIVER

config OTHER
	tristate "another driver"
	depends on CORE

config FORCED
	tristate "selected, has a prompt"

config HOLDER
	tristate "selects it"
	select FORCED

config HELPER
	tristate

config ALWAYS
	def_bool y
`;

const fs = memoryFs({
  '/tree/Makefile': '',
  '/tree/Kbuild': 'obj-y += d/\n',
  '/tree/kernel/Makefile': '',
  '/tree/d/Makefile': [
    'obj-$(CONFIG_CORE) += core.o',
    'obj-$(CONFIG_DRIVER) += driver.o',
    'driver-y := main.o',
    'driver-$(CONFIG_DRIVER_DEBUG) += debug.o',
    'obj-$(CONFIG_OTHER) += other.o',
    'obj-$(CONFIG_FORCED) += forced.o',
    'obj-$(CONFIG_HOLDER) += holder.o',
    'obj-$(CONFIG_HELPER) += helper.o',
    'obj-$(CONFIG_ALWAYS) += always.o',
    '',
  ].join('\n'),
});
const kconfig = parseText(KCONFIG);
const kbuild = KbuildTree.load({ fs, tree: '/tree', srcarch: 'x86', domain: kbuildDomain(kconfig) });

/** Symbol → objects that go with it and how many modules, as text. */
function savings(text: string): Record<string, string> {
  const config = configure(kconfig, text);
  const build = kbuild.build(kbuildLookup(config));
  const estimate = estimateBuild({
    units: build.units,
    modules: build.modules.length,
    config: kbuildLookup(config),
    sources: new Sources(fs, '/tree'),
  });
  const gone = [...dearestSymbols(config, kbuild, build, estimate)];
  expect(kbuild.build(kbuildLookup(config))).toEqual(build);
  return Object.fromEntries(
    gone.map(([name, { units, modules }]) => [
      name,
      `${modules}: ${[...units].map((unit) => unit.replace(/^d\/(.*)\.\w$/, '$1')).join(' ')}`,
    ]),
  );
}

describe('the dearest symbols', () => {
  it('take with them what depends on them and what only they select', () => {
    const found = savings('CONFIG_CORE=m\nCONFIG_DRIVER=m\nCONFIG_DRIVER_DEBUG=y\nCONFIG_OTHER=m\n');
    expect(found).toEqual({
      CORE: '4: core debug helper main other',
      DRIVER: '2: debug helper main',
      OTHER: '1: other',
    });
  });

  it('are found inside vmlinux, too', () => {
    const found = savings('CONFIG_CORE=y\nCONFIG_DRIVER=y\nCONFIG_OTHER=m\n');
    expect(found).toEqual({ CORE: '1: core helper main other', DRIVER: '0: helper main', OTHER: '1: other' });
  });

  it('leave out what another selects, what has no prompt, and what is off', () => {
    expect(savings('CONFIG_HOLDER=m\nCONFIG_FORCED=m\n')).toEqual({ HOLDER: '1: holder' });
    expect(savings('')).toEqual({});
  });
});
