/** `--deep`: built-ins go by what the machine shows of them (DESIGN: G8), on a small tree. */
import { describe, expect, it } from 'vitest';
import { KbuildTree } from '../../../src/kbuild/index.ts';
import { parseRecord } from '../../../src/machine/record/read.ts';
import { deepRows } from '../../../src/report/deep-text.ts';
import { ALL, USUAL } from '../../../src/report/report-detail.ts';
import { renderText } from '../../../src/report/styled-text.ts';
import { floorText, whyReport } from '../../../src/report/why-text.ts';
import { trim } from '../../../src/trim/trim.ts';
import type { TrimRequest } from '../../../src/trim/types.ts';
import { Explainer } from '../../../src/trim/why.ts';
import type { WhyAnswer } from '../../../src/trim/why-types.ts';
import { configure, MODULES, parseText } from '../../helpers/kconfig.ts';
import { memoryFs } from '../../helpers/memory-fs.ts';
import { recordText } from '../../helpers/record-text.ts';

const KCONFIG = `${MODULES}
config MINIX_FS
	bool "minix"

config EXT_FS
	bool "ext"

config CARD
	tristate "card"
	select CARD_LIB

config CARD_LIB
	tristate

config CARD_WAKE
	bool "wakes the machine"
	depends on CARD && SPI

config SPI
	bool "spi"

config SPI_DEV
	bool "device files of spi"
	depends on SPI

config PIN
	bool "pins"

config PIN_A
	bool "pins of chip A"
	select PIN

config PIN_B
	bool "pins of chip B"
	depends on PIN

config TRACE
	bool "trace"

config TRACE_SIZE
	int "size"
	depends on TRACE
	default 7

config SUM
	bool "sum"

config SECRET
	bool "a file system that nobody mounts"

choice
	prompt "the default"

config DEFAULT_MINIX
	bool "minix"
	depends on MINIX_FS

config DEFAULT_TRACE
	bool "trace"
	depends on TRACE

config DEFAULT_NONE
	bool "none"

endchoice

config LIMIT
	int "limit"
	default 8 if MINIX_FS
	default 4

config SPEED
	bool "only an option of the code that stays"

config REGULATOR
	bool "regulators"

config SIGNALFD
	bool

config LIB_USER
	bool "the only one that selects what is on the floor"
	select SIGNALFD

config EPOLL
	bool "epoll"

config AUTOFS_FS
	tristate "autofs"

config CLASSIFIER
	bool "a kind of thing that no record shows"

config SNAPSHOT
	bool "a device file, and code that shows itself nowhere"

config HARDEN
	bool "an option of what stays, which asks for minix"
	depends on !MINIX_FS || EXT_FS
`;

const driver = (type: string, name: string): string => `struct ${type} d = { .driver = { .name = "${name}" } };`;
const SOURCES: Readonly<Record<string, string>> = {
  'fs/minix.c': 'struct file_system_type t = { .name = "minix" };',
  'fs/ext.c': 'struct file_system_type t = { .name = "ext" };',
  'fs/autofs.c': 'struct file_system_type t = { .name = "autofs" };',
  'd/card.c': driver('pci_driver', 'card'),
  'd/card_lib.c': '',
  'd/spi.c': 'struct bus_type b = { .name = "spi" };',
  'd/spi_dev.c': driver('spi_driver', 'spidev'),
  'd/pin.c': '',
  'd/pin_a.c': driver('platform_driver', 'pin-a'),
  'd/pin_b.c': driver('platform_driver', 'pin-b'),
  'd/trace.c': '',
  'd/secret.c': 'struct file_system_type t = { .name = "secret" }; int f(void) { return kern_mount(&t); }',
  'd/sum.c': 'struct shash_alg a = { .base = { .cra_name = "sum", .cra_driver_name = "sum-generic" } };',
  'd/lib_user.c': '',
  'd/epoll.c': 'struct file_system_type t = { .name = "epollfs" };',
  'd/buses.c': 'struct bus_type p = { .name = "platform" };',
  'd/snapshot.c': 'struct miscdevice m = { .name = "snapshot" };',
  'd/snapshot_lib.c': '',
  'd/classifier.c': 'struct tcf_proto_ops t = { .kind = "kind" };',
  'drivers/regulator/core.c': 'struct class c = { .name = "regulator" };',
};

const LINES: readonly (readonly [path: string, symbol: string])[] = [
  ['fs/minix', 'MINIX_FS'],
  ['fs/ext', 'EXT_FS'],
  ['fs/autofs', 'AUTOFS_FS'],
  ['d/card', 'CARD'],
  ['d/card_lib', 'CARD_LIB'],
  ['d/spi', 'SPI'],
  ['d/spi_dev', 'SPI_DEV'],
  ['d/pin', 'PIN'],
  ['d/pin_a', 'PIN_A'],
  ['d/pin_b', 'PIN_B'],
  ['d/trace', 'TRACE'],
  ['d/sum', 'SUM'],
  ['d/secret', 'SECRET'],
  ['d/epoll', 'EPOLL'],
  ['d/lib_user', 'LIB_USER'],
  ['d/snapshot', 'SNAPSHOT'],
  ['d/snapshot_lib', 'SNAPSHOT'],
  ['d/classifier', 'CLASSIFIER'],
  ['drivers/regulator/core', 'REGULATOR'],
];

/** Built whatever the configuration. */
const ALWAYS = 'obj-y += buses.o\n';
const DIRECTORIES = ['fs', 'd', 'drivers/regulator'];
const TREE: Record<string, string> = {
  Makefile: '',
  'kernel/Makefile': '',
  'scripts/Kbuild.include': '',
  'scripts/Makefile.compiler': '',
  Kbuild: DIRECTORIES.map((directory) => `obj-y += ${directory}/\n`).join(''),
  ...Object.fromEntries(
    DIRECTORIES.map((directory) => [
      `${directory}/Makefile`,
      LINES.filter(([path]) => path.slice(0, path.lastIndexOf('/')) === directory)
        .map(([path, symbol]) => `obj-$(CONFIG_${symbol}) += ${path.slice(path.lastIndexOf('/') + 1)}.o\n`)
        .join('') + (directory === 'd' ? ALWAYS : ''),
    ]),
  ),
  ...SOURCES,
};

const ON = [
  'SUM',
  'MINIX_FS',
  'EXT_FS',
  'SPI',
  'SPI_DEV',
  'PIN_A',
  'PIN_B',
  'TRACE',
  'SPEED',
  'REGULATOR',
  'EPOLL',
].concat(['CLASSIFIER']);
/** A record of a machine: what it has of each kind. */
const MACHINE = [
  'bus pci 3',
  'bus platform 9',
  'class net 1',
  'driver pci card card 1',
  'fs ext mounted',
  'module card 0',
];

/** What each record of a machine has. */
const HEAD = ['kernel 6.12.0 x86_64', 'source aliases 1'];

interface Case extends Partial<TrimRequest> {
  readonly on?: readonly string[];
  /** Null for a listing alone. */
  readonly facts?: readonly string[] | null;
  readonly text?: string;
}

function run({ on = [], facts = MACHINE, text = 'CONFIG_LIMIT=8\n', deep = 'evidence', ...request }: Case = {}) {
  const fs = memoryFs(Object.fromEntries(Object.entries(TREE).map(([path, content]) => [`/tree/${path}`, content])));
  const kbuild = KbuildTree.load({ fs, tree: '/tree', srcarch: 'x86' });
  const kconfig = parseText(KCONFIG);
  const values = [...ON, ...on].map((name) => `CONFIG_${name}=y\n`).join('');
  const base = configure(kconfig, `CONFIG_MODULES=y\nCONFIG_CARD=m\nCONFIG_AUTOFS_FS=m\n${values}${text}`);
  const record = facts && parseRecord(recordText(...HEAD, ...facts), 'record').record;
  const loaded = [{ name: 'card', origin: 'in-tree' as const }];
  const options = { keep: [], lean: false, enable: false, builtin: false, record, deep, ...request };
  const result = trim({ kbuild, base, loaded, ...options });
  const report = result.deep;
  const departures = new Map(report?.departures.map((each) => [each.symbol, each]));
  const held = new Map(report?.stays.map(({ symbol, by }) => [symbol, by]));
  const isOn = (name: string): boolean => result.config.tristate(kconfig.symbols.find(name)!) !== 0;
  return { result, departures, held, isOn, went: [...departures.keys()].sort(), kbuild, base };
}

describe('a deep trim with a record', () => {
  it('turns off what announces itself and is not used, and names the line', () => {
    const { result, went, departures, isOn } = run({ facts: [...MACHINE, 'driver platform pin-a - 0'] });
    expect(result.violations).toEqual([]);
    expect(went).toEqual(['MINIX_FS', 'PIN', 'PIN_A', 'PIN_B', 'REGULATOR', 'SPI', 'SPI_DEV', 'SUM']);
    expect(departures.get('PIN_A')).toMatchObject({ kind: 'unused', evidence: 'driver platform pin-a - 0' });
    expect(departures.get('MINIX_FS')).toMatchObject({ from: 'y', to: 'n', evidence: 'no line fs minix' });
    expect(departures.get('MINIX_FS')!.units.map(({ path }) => path)).toEqual(['fs/minix.o']);
    expect(['EXT_FS', 'CARD', 'CARD_LIB'].map(isOn)).toEqual([true, true, true]);
  });

  it('turns off what announces nothing only where all that used it is gone', () => {
    const { departures, isOn } = run();
    expect(departures.get('PIN')).toMatchObject({
      kind: 'infrastructure',
      evidence: 'only what is gone used it: PIN_A, PIN_B',
    });
    expect(isOn('TRACE')).toBe(true);
    const used = run({ facts: [...MACHINE, 'driver platform pin-b - 1'] });
    expect(used.isOn('PIN')).toBe(true);
    expect(used.isOn('PIN_A')).toBe(false);
  });

  it('finds what a fact means that no source registers under that name', () => {
    const facts = [...MACHINE, 'class trace 1', 'crypto hmac(sum) hmac(sum-generic) - 3'];
    expect(run({ deep: 'bold', facts }).isOn('TRACE')).toBe(true);
    expect(run({ facts }).isOn('SUM')).toBe(true);
    expect(run().isOn('SUM')).toBe(false);
  });

  it('takes no file system for unused that nobody could see', () => {
    const { isOn, departures } = run({ on: ['SECRET'] });
    expect(departures.get('SECRET')).toBeUndefined();
    expect(isOn('SECRET')).toBe(true);
  });

  it('lets a choice take another member only for what is shown not to be used', () => {
    const chosen = run({ on: ['DEFAULT_MINIX'], deep: 'bold', keep: ['CLASSIFIER'] });
    expect(chosen.isOn('MINIX_FS')).toBe(false);
    // What stays has the others tried one by one, and the choice falls on this one: nobody has set it.
    expect(chosen.isOn('TRACE')).toBe(false);
    const { isOn, held } = run({ on: ['DEFAULT_TRACE'], deep: 'bold' });
    expect(isOn('TRACE')).toBe(true);
    expect(held.get('TRACE')).toMatch(/^DEFAULT_\w+ would change$/);
  });

  it('leaves alone what saves no unit', () => {
    expect(run().isOn('SPEED')).toBe(true);
    expect(run({ deep: 'bold' }).isOn('SPEED')).toBe(true);
  });

  it('keeps a device file that the record has, with --deep=bold as well: record --compare would miss it', () => {
    for (const deep of ['evidence', 'bold'] as const) {
      const { isOn, held } = run({ deep, on: ['SNAPSHOT'], facts: [...MACHINE, 'misc snapshot'] });
      expect(isOn('SNAPSHOT')).toBe(true);
      expect(held.get('SNAPSHOT')).toBe('misc snapshot: somebody may open it');
      const { departures } = run({ deep, on: ['SNAPSHOT'], facts: [...MACHINE, 'misc fuse'] });
      expect(departures.get('SNAPSHOT')).toMatchObject({ evidence: 'no line misc snapshot' });
    }
  });

  it('leaves what shows itself in no record to --deep=bold', () => {
    expect(run().isOn('CLASSIFIER')).toBe(true);
    const { isOn, departures } = run({ deep: 'bold' });
    expect(['TRACE', 'CLASSIFIER'].map(isOn)).toEqual([false, false]);
    expect(departures.get('TRACE')).toMatchObject({ kind: 'silent', evidence: 'announces itself nowhere' });
  });

  it('keeps the floor, and says what it holds', () => {
    const { isOn, held } = run({ deep: 'bold' });
    expect(isOn('EPOLL')).toBe(true);
    expect(held.get('EPOLL')).toBe('floor: systemd README: required');
  });

  it('names what a trial would take from the floor', () => {
    const { held } = run({ deep: 'bold', on: ['LIB_USER'] });
    expect(held.get('LIB_USER')).toBe('SIGNALFD would go, floor: systemd README: required');
  });

  it('keeps modules that init asks for', () => {
    expect(run().isOn('AUTOFS_FS')).toBe(false);
    const { isOn, result } = run({ facts: [...MACHINE, 'init systemd 257'] });
    expect(isOn('AUTOFS_FS')).toBe(true);
    expect(result.kept).toContainEqual({ symbol: 'AUTOFS_FS', value: 'm', reason: 'floor', for: ['AUTOFS_FS'] });
  });

  it('keeps what features of kept modules, --keep and other settings need', () => {
    const feature = run({ on: ['CARD_WAKE'] });
    expect(feature.isOn('SPI')).toBe(true);
    expect(feature.held.get('SPI')).toBe('the feature CARD_WAKE needs it');
    expect(run({ keep: ['MINIX_FS'] }).isOn('MINIX_FS')).toBe(true);
    // A number that a person set stays; one that only a default gave would change.
    expect(run({ text: 'CONFIG_LIMIT=5\n' }).isOn('MINIX_FS')).toBe(false);
    const number = run({ text: '' });
    expect(number.isOn('MINIX_FS')).toBe(true);
    expect(number.held.get('MINIX_FS')).toBe('LIMIT would change');
  });

  it('says of every symbol that changed why', () => {
    const { result } = run({ deep: 'bold' });
    const said = new Set(result.deep!.departures.flatMap(({ changes }) => changes.map(({ symbol }) => symbol)));
    const { config } = result.plain!;
    const changed = config.kconfig.symbols.all.filter((each) => config.text(each) !== result.config.text(each));
    expect(changed.filter(({ name }) => name !== null && !said.has(name))).toEqual([]);
    const size = { symbol: 'TRACE_SIZE', from: '7', to: '', because: 'goes with TRACE' };
    expect(result.deep!.departures.flatMap(({ changes }) => changes)).toContainEqual(size);
  });
});

describe('a deep trim with a listing alone', () => {
  it('turns off only what a PC cannot have unseen, and says that a record would allow more', () => {
    const { went, result, departures } = run({ facts: null });
    expect(went).toEqual(['REGULATOR']);
    expect(departures.get('REGULATOR')!.evidence).toMatch(/^drivers\/regulator: /);
    expect(deepRows(result.deep, 1, USUAL).at(-1)).toContain('a record of the machine would allow more');
    expect(deepRows(run().result.deep, 1, USUAL).join('\n')).not.toContain('would allow more');
  });

  it('and with a record that says no more than a listing', () => {
    expect(run({ facts: ['module card 0'] }).went).toEqual(['REGULATOR']);
  });

  it('keeps with --deep=bold what announces itself: nobody knows whether it is used', () => {
    const { isOn } = run({ facts: null, deep: 'bold' });
    expect(['MINIX_FS', 'SPI', 'PIN_A', 'TRACE'].map(isOn)).toEqual([true, true, true, false]);
  });
});

describe('a deep trim by name', () => {
  const builtIn = (request: Case) =>
    run({
      facts: null,
      loaded: [],
      byName: true,
      text: 'CONFIG_LIMIT=8\nCONFIG_CARD=y\nCONFIG_AUTOFS_FS=n\n',
      ...request,
    });

  it('takes for unused what is neither named nor needed', () => {
    const { isOn, departures, result } = builtIn({ keep: ['PIN_A'] });
    expect(result.violations).toEqual([]);
    expect(['PIN_A', 'PIN', 'EPOLL', 'TRACE'].map(isOn)).toEqual([true, true, true, true]);
    expect(['PIN_B', 'MINIX_FS', 'SPI', 'SPI_DEV'].map(isOn)).toEqual([false, false, false, false]);
    expect(departures.get('MINIX_FS')).toMatchObject({ kind: 'unused', evidence: 'not named: fs minix' });
    expect(departures.get('SPI_DEV')).toMatchObject({ evidence: 'not named: driver spi spidev' });
    expect(deepRows(result.deep, 1, USUAL).at(-1)).toContain('the base sets no modules');
  });

  it('goes by a record where there is one', () => {
    const { departures } = builtIn({ keep: ['PIN_A'], facts: MACHINE });
    expect(departures.get('MINIX_FS')!.evidence).toBe('no line fs minix');
  });
});

describe('the hint of a plain trim', () => {
  it('names about what a deep trim would take', () => {
    const { result } = run({ deep: null, hints: true, facts: [...MACHINE, 'fs ext mounted', 'fs vfat fstab'] });
    expect(result.idle).toContain('fs/minix.o');
    expect(result.idle).not.toContain('fs/ext.o');
    expect(run({ deep: null, hints: true, facts: null }).result.idle).toEqual(['drivers/regulator/core.o']);
    expect(run({ hints: true }).result.idle).toEqual([]);
    expect(run({ deep: null }).result.idle).toEqual([]);
  });

  it('names what it would build for the floor', () => {
    const facts = [...MACHINE, 'init systemd 257'];
    expect(run({ deep: null, hints: true, facts }).result.pinned).toEqual(['fs/autofs.o']);
    expect(run({ deep: null, hints: true }).result.pinned).toEqual([]);
    expect(run({ hints: true, facts }).result.pinned).toEqual([]);
  });
});

/** What `why` prints of these answers. */
function answered(name: string, answers: readonly WhyAnswer[]): string {
  const tree = { version: '6.12', arch: 'x86' };
  const report = { name, tree, config: '.config', listings: [], loaded: new Set<string>(), answers };
  return renderText(whyReport(report, { verbose: false }), false);
}

describe('why', () => {
  it('tells the evidence of what went, what went with it, and what holds the rest', () => {
    const { result, kbuild, base } = run();
    const explainer = new Explainer({ base, kbuild, trimmed: result });
    const text = (name: string): string => answered(name, explainer.answer(name));
    expect(text('MINIX_FS')).toMatch(/^ {2}trim +--deep turns it off: no line fs minix$/m);
    expect(text('EPOLL')).toMatch(/^ {2}deep +stays: floor: systemd README: required$/m);
    expect(text('EXT_FS')).toMatch(/^ {2}deep +stays: fs ext mounted$/m);
    expect(text('TRACE')).toMatch(/^ {2}deep +stays: announces itself nowhere/m);
    expect(text('SPEED')).not.toMatch(/^ {2}deep/m);
  });

  it.each([
    ['bold', 'TRACE', '--deep=bold turns it off: '],
    ['bold', 'MINIX_FS', '--deep=bold turns it off: no line fs minix'],
    ['evidence', 'MINIX_FS', '--deep turns it off: no line fs minix'],
  ] as const)('names the option of a %s trim as it was typed, for %s', (deep, name, words) => {
    const { result, kbuild, base } = run({ deep });
    const answers = new Explainer({ base, kbuild, trimmed: result }).answer(name);
    expect(answered(name, answers)).toContain(`  trim      ${words}`);
  });

  it('tells of a module that only the floor keeps who asks for it', () => {
    const { result, kbuild, base } = run({ facts: [...MACHINE, 'init systemd 257'] });
    const [answer] = new Explainer({ base, kbuild, trimmed: result }).answer('AUTOFS_FS');
    expect(answer).toMatchObject({
      trimmed: { reason: { reason: 'floor', evidence: ['systemd README: strongly recommended'] } },
    });
    const report = {
      name: 'AUTOFS_FS',
      tree: { version: '6.12', arch: 'x86' },
      config: '.config',
      listings: [],
      loaded: new Set<string>(),
    };
    const text = renderText(whyReport({ ...report, answers: [answer!] }, { verbose: false }), false);
    expect(text).toMatch(/^ {2}trim +stays m: floor: systemd README: strongly recommended$/m);
    expect(floorText('LIB', { for: ['AUTOFS_FS'], evidence: ['who'] })).toBe('floor for AUTOFS_FS: who');
  });
});

describe('the report of a deep trim', () => {
  it('says what went by kind, the dearest, and what stayed', () => {
    const rows = deepRows(run().result.deep, 1, USUAL);
    expect(rows[0]).toMatch(/^8 built-ins that nothing uses went: 8 objects, 2 s of CPU time$/);
    expect(rows).toContainEqual(expect.stringMatching(/^file systems: 1 object, /));
    expect(rows).toContainEqual(expect.stringMatching(/^ {2}MINIX_FS \(1 object, .*\): no line fs minix$/));
    expect(rows).toContainEqual(expect.stringMatching(/^1 symbol stayed though unused/));
    expect(deepRows(null, 1, USUAL)).toEqual([]);
    const [more] = deepRows(run().result.deep, 1, USUAL, ['AUTOFS_FS', 'TUN']).slice(-1);
    expect(more).toBe('2 symbols of modules that only --deep keeps, for the floor (docs/deep.md): AUTOFS_FS, TUN');
    expect(deepRows(run({ deep: 'bold' }).result.deep, 1, ALL)[0]).toContain('that nothing shows a use of');
  });
});
