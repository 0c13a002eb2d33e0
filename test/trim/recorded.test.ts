/** A trim with a record: what stays beside the loaded modules, and why. */
import { describe, expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { parseRecord } from '../../src/machine/record/read.ts';
import { recordedRows } from '../../src/report/recorded-text.ts';
import { ALL, USUAL } from '../../src/report/report-detail.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import { asksSources, wholeRecord } from '../../src/trim/recorded.ts';
import { trim } from '../../src/trim/trim.ts';
import { Explainer } from '../../src/trim/why.ts';
import { configure, MODULES, parseText } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';
import { recordText } from '../helpers/record-text.ts';

const KCONFIG = `${MODULES}
config NLS
	tristate

config NLS_437
	tristate "codepage 437"
	depends on NLS

config NLS_ASCII
	tristate "ascii"
	depends on NLS

config NLS_UTF8
	tristate "utf8"
	depends on NLS

config NLS_OTHER
	tristate "other"
	depends on NLS

config NLS_DEFAULT
	string "default"
	depends on NLS
	default "utf8"

config FAT
	tristate
	select NLS

config VFAT
	tristate "vfat"
	select FAT

config FAT_DEFAULT_CODEPAGE
	int "codepage"
	depends on FAT
	default 437

config FAT_DEFAULT_IOCHARSET
	string "charset"
	depends on VFAT
	default "ascii"

config OTHERFS
	tristate "other fs"

config OTHERFS_OLD
	bool "its old format"
	depends on OTHERFS
	default y

config OFFFS
	tristate "off"

config CARD
	tristate "card"

config WATCHDOG
	tristate "watchdog"

config DM
	tristate "dm"

config CRYPT
	tristate "crypt"
	depends on DM

config AES
	tristate "aes"

config AES_HW
	tristate "aes of a card"

config XTS
	tristate "xts"

config RAID1
	tristate "raid1"

config ZRAM
	tristate "zram"
`;

const names = [
  'nls_cp437',
  'nls_ascii',
  'nls_utf8',
  'nls_other',
  'fat',
  'vfat',
  'otherfs',
  'offfs',
  'card',
  'watchdog',
];
const more = ['dm-mod', 'dm-crypt', 'aes', 'aes_hw', 'xts', 'raid1', 'zram'];
const symbols = [
  'NLS_437',
  'NLS_ASCII',
  'NLS_UTF8',
  'NLS_OTHER',
  'FAT',
  'VFAT',
  'OTHERFS',
  'OFFFS',
  'CARD',
  'WATCHDOG',
].concat(['DM', 'CRYPT', 'AES', 'AES_HW', 'XTS', 'RAID1', 'ZRAM']);
const all = [...names, ...more];

const SOURCES: Record<string, string> = {
  'd/nls_cp437.c': 'struct nls_table t = { .charset = "cp437" };',
  'd/nls_ascii.c': 'struct nls_table t = { .charset = "ascii" };',
  'd/nls_utf8.c': 'struct nls_table t = { .charset = "utf8" };',
  'd/nls_other.c': 'struct nls_table t = { .charset = "other" };',
  'd/vfat.c': 'struct file_system_type t = { .name = "vfat" };',
  'd/otherfs.c': 'struct file_system_type t = { .name = "otherfs" };',
  'd/offfs.c': 'struct file_system_type t = { .name = "offfs" };',
  'd/dm-crypt.c': 'struct target_type t = { .name = "crypt" };',
  'd/aes.c': 'struct crypto_alg a = { .cra_name = "aes", .cra_driver_name = "aes-generic" };',
  'd/aes_hw.c': 'struct crypto_alg a = { .cra_name = "aes", .cra_driver_name = "aes-card" };',
  'd/xts.c': 'struct crypto_template t = { .name = "xts" };',
  'd/card.c': 'struct file_system_type t = { .name = "cardfs" };',
  'd/watchdog.c': 'struct acpi_device_id ids[] = {\n{ "ABC0001" },\n{ }\n};\nMODULE_DEVICE_TABLE(acpi, ids);',
  'd/raid1.c':
    'struct md_personality p = { .name = "raid1" };' +
    'struct pci_device_id i[] = { { 0x8086, 0x1234, ~0, ~0 } };\nMODULE_DEVICE_TABLE(pci, i);',
};

const TREE: Record<string, string> = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 12\n',
  'kernel/Makefile': '',
  'scripts/Kbuild.include': '',
  'scripts/Makefile.compiler': '',
  Kbuild: 'obj-y += d/\n',
  'd/Makefile': all.map((name, index) => `obj-$(CONFIG_${symbols[index]}) += ${name}.o\n`).join(''),
  ...SOURCES,
};

const CONFIG = symbols.map((name) => (name === 'OFFFS' ? '' : `CONFIG_${name}=m\n`)).join('');

function run(facts: readonly string[], lean = false, config = CONFIG) {
  const fs = memoryFs(Object.fromEntries(Object.entries(TREE).map(([path, text]) => [`/tree/${path}`, text])));
  const kbuild = KbuildTree.load({ fs, tree: '/tree', srcarch: 'x86' });
  const base = configure(parseText(KCONFIG), `CONFIG_MODULES=y\n${config}`);
  const { record } = parseRecord(recordText('module card 1', ...facts), 'record');
  const loaded = [{ name: 'card', origin: 'in-tree' as const }];
  const options = { keep: [], lean, enable: false, builtin: false };
  const result = trim({ kbuild, base, loaded, ...options, record });
  const plain = trim({ kbuild, base, loaded, ...options });
  return { result, plain, kbuild, base, record, built: result.build.modules.map(({ name }) => name).sort() };
}

describe('a trim with a record', () => {
  it('is what it is with the listing, where the record says nothing more', () => {
    const { result, plain, record } = run([
      'os debian 12',
      'fs vfat registered',
      'driver pci card card 1',
      'class input 0',
    ]);
    expect(result.text).toBe(plain.text);
    expect(result.recorded).toEqual([]);
    expect(plain.recorded).toEqual([]);
    expect(asksSources(record)).toBe(false);
  });

  it('keeps file systems of fstab, and the character sets that they ask for', () => {
    const { built, result } = run(['fs vfat fstab', 'nls other']);
    expect(built).toEqual(['card', 'nls_ascii', 'nls_cp437', 'nls_other', 'nls_utf8', 'vfat'].concat('fat').sort());
    expect(result.recorded).toMatchObject([
      { name: 'nls_ascii', use: 'charset', status: 'kept', evidence: ['FAT_DEFAULT_IOCHARSET=ascii', 'fs vfat fstab'] },
      { name: 'nls_cp437', evidence: ['FAT_DEFAULT_CODEPAGE=437', 'fs vfat fstab'] },
      { name: 'nls_other', evidence: ['nls other'] },
      { name: 'nls_utf8' },
      { name: 'vfat', use: 'file-system', path: 'd/vfat', symbols: ['VFAT'], evidence: ['fs vfat fstab'] },
    ]);
    expect(result.kept.find(({ symbol }) => symbol === 'VFAT')).toMatchObject({ reason: 'record', for: ['vfat'] });
    expect(result.violations).toEqual([]);
  });

  it('keeps modules of drivers that have devices and were built in there, with --lean as well', () => {
    const facts = ['driver pci watchdog - 1', 'driver pci raid1 - 0', 'driver pci offfs - 1', 'driver pci lost - 2'];
    for (const lean of [false, true]) {
      const { built, result, record } = run(facts, lean);
      expect(built).toEqual(['card', 'watchdog']);
      expect(result.recorded).toMatchObject([
        { name: 'watchdog', use: 'driver', status: 'kept', evidence: ['driver pci watchdog -'] },
      ]);
      expect(asksSources(record)).toBe(true);
    }
    const asBuiltIn = run(facts, false, CONFIG.replace('WATCHDOG=m', 'WATCHDOG=y'));
    expect(asBuiltIn.result.recorded).toEqual([]);
  });

  it('keeps hardware whose driver is not loaded, which --lean leaves out', () => {
    const facts = [
      'match watchdog module pci:x',
      'match card module pci:y',
      'match gone module pci:z',
      'match otherfs builtin pci:o',
    ];
    expect(run(facts).built).toEqual(['card', 'watchdog']);
    expect(run(facts).result.recorded).toEqual([
      {
        name: 'watchdog',
        use: 'hardware',
        status: 'kept',
        path: 'd/watchdog',
        symbols: ['WATCHDOG'],
        evidence: ['match watchdog module pci:x'],
      },
    ]);
    expect(run([...facts, 'fs otherfs fstab'], true).built).toEqual(['card', 'otherfs']);
  });

  it('keeps what encrypted volumes, RAID and swap need', () => {
    const { built } = run(['crypttab luks', 'cipher aes-xts-plain64', 'raid raid1 1', 'swap zram']);
    expect(built).toEqual(
      ['aes', 'card', 'dm_crypt', 'dm_mod', 'raid1', 'xts', 'zram']
        .filter((name) => name !== 'dm_mod')
        .concat('dm_mod')
        .sort(),
    );
  });

  it('names what is off, and what nothing registers', () => {
    const { result, plain } = run(['fs offfs fstab', 'fs nofs fstab']);
    expect(result.text).toBe(plain.text);
    expect(result.recorded.map(({ name, status }) => [name, status])).toEqual([
      ['nofs', 'unknown'],
      ['offfs', 'off'],
    ]);
  });

  it('says in its report what stays by the record, and in why with the facts', () => {
    const { result, base, kbuild } = run(['fs otherfs fstab', 'fs nofs fstab', 'match watchdog module pci:x']);
    expect(recordedRows(result, USUAL, 13)).toEqual([
      '2 more modules by what the machine has and uses:',
      'hardware is there, its driver not loaded (--lean leaves it out): watchdog',
      'file systems that are mounted or in fstab: otherfs',
      'not found in the tree: nofs (fs nofs fstab)',
    ]);
    expect(recordedRows(result, ALL, 13)[2]).toBe('  watchdog: match watchdog module pci:x');
    const zram = {
      name: 'zram',
      use: 'swap',
      status: 'kept',
      path: 'zram/zram',
      symbols: ['ZRAM', 'ZRAM_LZ4'],
    } as const;
    const loaded = {
      name: 'zram',
      status: 'kept',
      path: 'zram/zram',
      symbols: ['ZRAM'],
      enable: null,
      note: '',
    } as const;
    const known = { recorded: [{ ...zram, evidence: ['zram lz4'] }], loaded: [loaded] };
    expect(recordedRows(known, USUAL, 13)).toEqual([
      'parts of loaded modules by what the machine has and uses:',
      'swap: ZRAM_LZ4 of zram',
    ]);
    const reason = { reason: 'record', for: ['otherfs'], evidence: ['fs otherfs fstab'] };
    const explainer = new Explainer({ base, kbuild, trimmed: result });
    // Not for its old format, which is built in and depends on it.
    for (const name of ['otherfs', 'OTHERFS']) {
      expect(explainer.answer(name)[0]).toMatchObject({ trimmed: { fate: 'kept', chain: [], reason } });
    }
  });
});

describe('devices without a driver', () => {
  const DEVICES = ['device pci - pci:v00008086d00001234sv0sd0bc0sc0i0 1', 'device acpi - acpi:ABC0001: 1'];

  it('have one by the tables of the tree, where another version ran there', () => {
    const { result } = run(['kernel 6.1.0-1 x86_64', 'source aliases 1', ...DEVICES]);
    expect(result.recorded).toMatchObject([
      {
        name: 'raid1',
        use: 'hardware',
        status: 'kept',
        evidence: ['device pci - pci:v00008086d00001234sv0sd0bc0sc0i0'],
      },
      { name: 'watchdog', use: 'hardware', status: 'kept', evidence: ['device acpi - acpi:ABC0001:'] },
    ]);
    expect(run(['kernel 6.12.3 x86_64', ...DEVICES]).built).toContain('watchdog');
  });

  it('have none where the kernel that ran there would have known it, with --lean, or where something is known', () => {
    expect(run(['kernel 6.12.3 x86_64', 'source aliases 1', ...DEVICES]).result.recorded).toEqual([]);
    expect(run(DEVICES, true).result.recorded).toEqual([]);
    const builtin = CONFIG.replace('CONFIG_WATCHDOG=m', 'CONFIG_WATCHDOG=y');
    expect(run(DEVICES, false, builtin).result.recorded.map(({ name }) => name)).toEqual(['raid1']);
    const known = ['match card module acpi:ABC0001:', 'device acpi - acpi:ABC0001: 1'];
    expect(run(known).result.recorded).toEqual([]);
  });
});

describe('all that a record says of a config', () => {
  it('is what a trim keeps, and drivers with devices, built or not', () => {
    const { record, kbuild, base } = run([
      'driver pci idle - 0',
      'driver pci lost - 1',
      'driver pci outside outside 1',
      'driver pci raid raid1 1',
      'driver pci offfs - 1',
      'fs cardfs mounted',
      'fs otherfs mounted',
      'fs offfs fstab',
      'match offfs module pci:x',
      'match watchdog module pci:y',
      'out-of-tree outside',
    ]);
    // The card's module is loaded, and off: it is no second finding.
    base.apply(new Map([[base.kconfig.symbols.find('CARD')!, 0 as const]]));
    const build = kbuild.build(kbuildLookup(base));
    const found = wholeRecord({ record, config: base, kbuild, build, sources: kbuild.sources() });
    expect(found.map(({ report: { use, name, status } }) => `${use} ${name} ${status}`)).toEqual([
      'driver lost unknown',
      'driver offfs off',
      'driver raid1 kept',
      'file-system offfs off',
      'file-system otherfs kept',
      'hardware offfs off',
      'hardware watchdog kept',
    ]);
  });
});
