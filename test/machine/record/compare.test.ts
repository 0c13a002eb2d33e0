import { describe, expect, test } from 'vitest';
import { AliasTable } from '../../../src/machine/record/aliases.ts';
import { compareRecords, type RecordComparison } from '../../../src/machine/record/compare.ts';
import { KernelModules } from '../../../src/machine/record/kernel-modules.ts';
import { parseRecord } from '../../../src/machine/record/read.ts';
import { memoryFs } from '../../helpers/memory-fs.ts';
import { recordText } from '../../helpers/record-text.ts';

const NIC = 'pci:v00008086d000015A2';
const CARD = 'pci:v00008086d00009CA0';
const DOCK = 'usb:v17EFp3062';

const BEFORE = [
  `device pci e1000e ${NIC} 1`,
  `device pci snd_hda_intel ${CARD} 1`,
  `device usb cdc_ncm ${DOCK} 1`,
  'driver pci e1000e e1000e 1',
  'driver pci snd_hda_intel snd_hda_intel 1',
  'driver pci unused unused 0',
  'driver platform thermal - 1',
  'driver usb cdc_ncm cdc_ncm 1',
  'module cdc_ncm 0',
  'module e1000e 0',
  'module nvidia 3',
  'module snd_hda_intel 1',
  'out-of-tree nvidia',
];

/** What the new kernel has. */
const FILES = {
  modules: ['kernel/sound/pci/hda/snd-hda-intel.ko.xz: kernel/sound/soundcore.ko.xz', 'kernel/fs/fat/vfat.ko:'],
  builtin: ['kernel/net/ipv4/tcp.ko', 'kernel/fs/nls/nls_utf8.ko'],
  aliases: ['alias fs-vfat vfat', 'alias rtnl-link-veth veth', 'alias md-raid1 raid1', 'alias devname:fuse fuse'],
};

function compare(
  before: readonly string[],
  after: readonly string[],
  files: Partial<typeof FILES> = {},
): RecordComparison {
  const record = (lines: readonly string[]) => parseRecord(recordText(...lines), 'x').record;
  const { modules, builtin, aliases } = { ...FILES, ...files };
  const fs = memoryFs({
    '/lib/modules/6.12/modules.dep': modules.join('\n'),
    '/lib/modules/6.12/modules.builtin': builtin.join('\n'),
    '/lib/modules/6.12/modules.alias': aliases.join('\n'),
  });
  return compareRecords({
    before: record(before),
    after: record(['source aliases 1', 'source lsm 1', 'source links 1', 'source qdiscs 1', ...after]),
    modules: new KernelModules(fs, '6.12'),
    aliases: new AliasTable(fs, '6.12'),
    symbolsOf: (_, name, module) => [(module ?? name).toUpperCase()],
  });
}

const texts = (list: RecordComparison['missing']): string[] =>
  list.map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`);

test('the same machine: nothing is missing', () => {
  const { missing, absent, compared } = compare(BEFORE, BEFORE);
  expect([...missing, ...absent]).toEqual([]);
  expect(compared).toBe(8);
});

describe('drivers and modules', () => {
  test('hardware that is there and that nothing drives is missing, with its symbols', () => {
    const after = [
      `device pci - ${NIC} 1`,
      `device pci snd_hda_intel ${CARD} 1`,
      'driver pci snd_hda_intel snd_hda_intel 1',
    ];
    const { missing } = compare(BEFORE, [...after, 'module snd_hda_intel 1']);
    expect(texts(missing)).toEqual([
      'driver pci e1000e: undriven',
      'driver platform thermal: unknown-here',
      'driver usb cdc_ncm: unknown-here',
      'module cdc_ncm: unknown-here',
      'module e1000e: unknown-here',
      'module nvidia: unknown-here',
    ]);
    expect(missing.find(({ name }) => name === 'e1000e')?.symbols).toEqual(['E1000E']);
    expect(missing.find(({ name }) => name === 'nvidia')?.outOfTree).toBe(true);
  });

  test('a dock that is not plugged in is not missing where this kernel has its module', () => {
    const modules = ['kernel/drivers/net/usb/cdc_ncm.ko:'];
    const after = BEFORE.filter((line) => !line.includes('cdc_ncm'));
    const { missing, absent } = compare(BEFORE, after, { modules });
    expect(missing).toEqual([]);
    expect(texts(absent)).toEqual(['driver usb cdc_ncm: no-device', 'module cdc_ncm: not-loaded']);
  });

  test('another driver has the device', () => {
    const after = BEFORE.map((line) =>
      line.replace('pci e1000e e1000e 1', 'pci igc igc 1').replace('pci e1000e', 'pci igc'),
    );
    const { missing, absent } = compare(BEFORE, after);
    expect(missing).toEqual([]);
    expect(texts(absent)).toEqual(['driver pci e1000e: other-driver']);
  });

  test('a module that is built in now is there', () => {
    const after = BEFORE.filter((line) => !line.startsWith('module e1000e')).map((line) =>
      line.replace('pci e1000e e1000e', 'pci e1000e -'),
    );
    const { missing, absent } = compare(BEFORE, after, {
      builtin: ['kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko'],
    });
    expect([...missing, ...absent]).toEqual([]);
    expect(texts(compare(BEFORE, [...after, 'builtin e1000e']).missing)).toEqual([]);
  });
});

describe('sound cards', () => {
  const sound = 'sound HDA-Intel snd_hda_intel 1';
  test('the driver is there, the card is not', () => {
    expect(texts(compare([...BEFORE, sound], BEFORE).missing)).toEqual(['sound HDA-Intel: without-card']);
  });
  test('a headset that is not plugged in', () => {
    const headset = [
      'driver usb snd-usb-audio snd_usb_audio 1',
      'device usb snd-usb-audio usb:v1 1',
      'sound USB-Audio snd_usb_audio 1',
    ];
    const found = compare(headset, ['module snd_usb_audio 0']);
    expect(found.missing).toEqual([]);
    expect(texts(found.absent)).toEqual(['driver usb snd-usb-audio: no-device', 'sound USB-Audio: no-device']);
  });
});

const CASES: readonly [name: string, before: string[], after: string[], missing: string[], absent: string[]][] = [
  [
    'file systems',
    ['fs vfat fstab', 'fs xfs mounted', 'fs btrfs registered', 'fs ext4 mounted'],
    ['fs ext4 registered', 'fs xfs fstab'],
    ['fs xfs: unknown-here'],
    [],
  ],
  ['character sets', ['nls cp437', 'nls utf8'], [], ['nls cp437: unknown-here'], []],
  [
    'links',
    ['link veth 2', 'link macvlan 1', 'link wlan 1', 'link bridge 1'],
    ['link bridge 1'],
    ['link macvlan: unknown-here'],
    ['link veth: not-used'],
  ],
  [
    'queues',
    ['qdisc fq_codel used', 'qdisc cake used', 'qdisc mq used'],
    ['qdisc fq_codel default'],
    ['qdisc cake: unknown-here'],
    [],
  ],
  [
    'controllers',
    ['cgroup memory enabled', 'cgroup memory delegated', 'cgroup cpu enabled'],
    ['cgroup cpu enabled'],
    ['cgroup memory: inactive'],
    [],
  ],
  ['security modules', ['lsm landlock', 'lsm yama'], ['lsm yama'], ['lsm landlock: inactive'], []],
  ['one that enforces', ['lsm apparmor', 'policy apparmor 3', 'source apparmor 1'], [], ['lsm apparmor: inactive'], []],
  ['one whose policy nobody saw', ['lsm apparmor'], [], ['lsm apparmor: inactive'], []],
  [
    'idle ones',
    ['lsm apparmor', 'lsm tomoyo', 'source apparmor 1'],
    [],
    [],
    ['lsm apparmor: idle', 'lsm tomoyo: idle'],
  ],
  ['swap', ['swap zram', 'swap fstab'], ['swap fstab'], ['swap zram: inactive'], []],
  ['another kind of swap', ['swap zram'], ['swap file'], [], []],
  ['RAID', ['raid raid1 1', 'raid raid5 1'], [], ['raid raid5: unknown-here'], ['raid raid1: not-used']],
  [
    'targets that only root sees',
    ['target crypt 1', 'target linear 3'],
    ['source dmtable 0'],
    [],
    ['target crypt: cannot-tell'],
  ],
  [
    'clocks',
    ['clocksource hpet available', 'cpufreq driver intel_pstate', 'cpufreq governor powersave', 'cpuidle driver none'],
    [],
    ['clocksource hpet: inactive', 'cpufreq intel_pstate: inactive'],
    [],
  ],
  [
    'consoles',
    ['console tty0 active', 'console ttyS0 active', 'console ttyS0 parameter'],
    [],
    ['console tty0: inactive'],
    [],
  ],
  [
    'classes',
    ['class thermal 3', 'class backlight 0', 'class hwmon 2'],
    ['class hwmon 0'],
    ['class thermal: inactive'],
    ['class hwmon: no-device'],
  ],
  ['devices', ['misc fuse', 'misc hpet'], [], ['misc hpet: inactive'], ['misc fuse: not-used']],
];

test.each(CASES)('%s', (_, before, after, missing, absent) => {
  const found = compare(before, after);
  expect(texts(found.missing)).toEqual(missing);
  expect(texts(found.absent)).toEqual(absent);
});

test('security modules that cannot be seen are not said to be missing', () => {
  const found = compareRecords({
    before: parseRecord(recordText('lsm apparmor'), 'x').record,
    after: parseRecord(recordText('source lsm 0'), 'x').record,
    modules: new KernelModules(memoryFs({}), null),
    aliases: new AliasTable(memoryFs({}), null),
    symbolsOf: () => [],
  });
  expect(texts(found.absent)).toEqual(['lsm apparmor: cannot-tell']);
});

test('a class that a module may bring which is not loaded: nobody can tell', () => {
  const { missing, absent } = compare(['class video4linux 1', 'module vfat 0'], []);
  expect(missing).toEqual([]);
  expect(texts(absent)).toEqual(['class video4linux: cannot-tell', 'module vfat: not-loaded']);
});
