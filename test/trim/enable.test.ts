/** `--enable`: loaded modules that the base has off are turned on, and nothing else is lost by it. */
import { describe, expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { trim } from '../../src/trim/trim.ts';
import type { TrimResult } from '../../src/trim/types.ts';
import { configure, MODULES, parseText } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const TREE: Record<string, string> = {
  '/tree/Makefile': '',
  '/tree/scripts/Kbuild.include': '',
  '/tree/scripts/Makefile.compiler': '',
  '/tree/arch/x86/Makefile': '',
  '/tree/Kbuild': 'obj-y += drivers/\n',
};

type Words = readonly string[];

/** Trims with --enable. */
function enable(kconfig: string, makefiles: Record<string, string>, config: string, ...loaded: string[]): TrimResult {
  return enableAfter(null, kconfig, makefiles, config, loaded);
}

/** @param previous names of symbols that were on before */
function enableAfter(
  previous: Words | null,
  kconfig: string,
  makefiles: Record<string, string>,
  config: string,
  loaded: Words,
): TrimResult {
  const parsed = parseText(`${MODULES}${kconfig}`);
  const inTree = Object.fromEntries(Object.entries(makefiles).map(([path, text]) => [`/tree/${path}/Makefile`, text]));
  return trim({
    kbuild: KbuildTree.load({ fs: memoryFs({ ...TREE, ...inTree }), tree: '/tree', srcarch: 'x86' }),
    base: configure(parsed, `CONFIG_MODULES=y\n${config}`),
    loaded: loaded.map((name) => ({ name, origin: 'unknown' })),
    keep: [],
    lean: false,
    enable: true,
    previous: previous && new Set(previous),
    builtin: false,
  });
}

const statuses = (result: TrimResult): Record<string, string> =>
  Object.fromEntries(result.loaded.map(({ name, status }) => [name, status]));
const set = (result: TrimResult): string[] =>
  result.text.split('\n').filter((line) => line.startsWith('CONFIG_') && !line.startsWith('CONFIG_MODULES'));

describe('--enable', () => {
  it('takes the value that one part of a condition asks for in all others', () => {
    const kconfig = 'config SOFT\n\ttristate "soft"\n\nconfig WIFI\n\ttristate "wifi"\n';
    const makefiles = {
      drivers: 'obj-$(CONFIG_WIFI) += wireless/\nobj-$(CONFIG_SOFT) += wireless/\n',
      'drivers/wireless': 'obj-$(CONFIG_WIFI) += wifi/\nobj-$(CONFIG_SOFT) += wifi/\n',
      'drivers/wireless/wifi': 'obj-$(CONFIG_WIFI) += wifi.o\nifeq ($(CONFIG_WIFI),m)\nobj-m += vendor/\nendif\n',
      'drivers/wireless/wifi/vendor': 'obj-m += wifi-vendor.o\n',
    };
    const result = enable(kconfig, makefiles, '', 'wifi_vendor');
    expect(statuses(result)).toEqual({ wifi_vendor: 'kept' });
    expect(set(result)).toEqual(['CONFIG_WIFI=m']);
  });

  it('turns on as modules what can be modules, behind `if X != n` as well', () => {
    const kconfig =
      'config ISDN\n\ttristate "isdn"\n\nif ISDN != n\n\nconfig CARD\n\ttristate "card"\n\tdepends on ISDN\n\tselect LINE\n\nconfig LINE\n\ttristate\n\nendif\n';
    const result = enable(kconfig, { drivers: 'obj-$(CONFIG_LINE) += line.o\n' }, '', 'line');
    expect(set(result)).toEqual(['CONFIG_ISDN=m', 'CONFIG_CARD=m', 'CONFIG_LINE=m']);
  });

  it('builds a built-in as a module, and what selects it, where that makes room; both stay', () => {
    const kconfig = `config BUTTON
	tristate "button"

config GRAPHICS
	tristate "graphics"
	select BUTTON

config TINY
	tristate "tiny"
	depends on !BUTTON
`;
    const drivers = [
      'obj-$(CONFIG_BUTTON) += button.o',
      'obj-$(CONFIG_GRAPHICS) += graphics.o',
      'obj-$(CONFIG_TINY) += tiny.o',
      '',
    ].join('\n');
    const result = enable(kconfig, { drivers }, 'CONFIG_GRAPHICS=y\n', 'tiny');
    expect(statuses(result)).toEqual({ tiny: 'kept' });
    expect(set(result)).toEqual(['CONFIG_BUTTON=m', 'CONFIG_GRAPHICS=m', 'CONFIG_TINY=m']);
    expect(result.violations).toEqual([]);
  });

  it.each(['ONE', 'OTHER'])('takes the way that was taken before, of two that cost the same (%s)', (way) => {
    const symbols = ['ONE', 'OTHER'].map((name) => `config ${name}\n\ttristate "${name}"\n`).join('\n');
    const kconfig = `${symbols}\nconfig USER\n\ttristate "user"\n\tdepends on ONE || OTHER\n`;
    const drivers = ['one', 'other', 'user']
      .map((name) => `obj-$(CONFIG_${name.toUpperCase()}) += ${name}.o\n`)
      .join('');
    const result = enableAfter([way], kconfig, { drivers }, '', ['user']);
    expect(set(result)).toEqual([`CONFIG_${way}=m`, 'CONFIG_USER=m']);
  });

  it('leaves a module off whose turning on would take away a loaded one', () => {
    const kconfig = 'config OLD\n\tbool "old"\n\nconfig NEW\n\ttristate "new"\n\tdepends on !OLD\n';
    const drivers = 'obj-$(CONFIG_OLD) += old.o\nobj-$(CONFIG_NEW) += new.o\n';
    const result = enable(kconfig, { drivers }, 'CONFIG_OLD=y\n', 'new', 'old');
    expect(statuses(result)).toMatchObject({ new: 'off' });
    expect(set(result)).toEqual(['CONFIG_OLD=y']);
  });
});
