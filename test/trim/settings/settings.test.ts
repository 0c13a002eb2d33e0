/** `--fast`, `--debug-info` and `--no-debug-info`: settings that cost build time and nothing that runs (DESIGN: G9). */
import { describe, expect, it } from 'vitest';
import { KbuildTree } from '../../../src/kbuild/index.ts';
import { parseRecord } from '../../../src/machine/record/read.ts';
import { settingsRows } from '../../../src/report/settings-text.ts';
import { renderText } from '../../../src/report/styled-text.ts';
import { whyReport } from '../../../src/report/why-text.ts';
import { trim } from '../../../src/trim/trim.ts';
import type { TrimRequest } from '../../../src/trim/types.ts';
import { Explainer } from '../../../src/trim/why.ts';
import { configure, MODULES, NEW, OLD, parseText } from '../../helpers/kconfig.ts';
import { memoryFs } from '../../helpers/memory-fs.ts';
import { recordText } from '../../helpers/record-text.ts';

const KCONFIG = `${MODULES}
config DEBUG_INFO
	bool

choice
	prompt "Debug information"

config DEBUG_INFO_NONE
	bool "Disable debug information"

config DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT
	bool "Rely on the toolchain's implicit default DWARF version"
	select DEBUG_INFO

config DEBUG_INFO_DWARF5
	bool "DWARF 5"
	select DEBUG_INFO

endchoice

config DEBUG_INFO_BTF
	bool "BTF"
	depends on DEBUG_INFO

config SCHED_CLASS_EXT
	bool "sched_ext"
	depends on DEBUG_INFO_BTF

config MODVERSIONS
	bool "versions"

config RUST
	bool "rust"
	depends on !MODVERSIONS
	default y

config MODULE_SIG
	bool "signatures"

config LOCKDOWN
	bool "lockdown"
	select MODULE_SIG

config UBSAN
	bool "undefined behaviour"

config WERROR
	bool "warnings are errors"

config PPC_DISABLE_WERROR
	bool "no warnings as errors"

config CARD
	tristate "card"

config CARD_WERROR
	bool "warnings of card are errors"
	depends on CARD

config CARD_BTF
	bool "card with BTF"
	depends on CARD && DEBUG_INFO_BTF
`;

const TREE: Record<string, string> = {
  Makefile: '',
  'kernel/Makefile': '',
  'scripts/Kbuild.include': '',
  'scripts/Makefile.compiler': '',
  Kbuild: 'obj-$(CONFIG_CARD) += card.o\ncard-y := main.o\ncard-$(CONFIG_CARD_BTF) += btf.o\n',
};

const ON = ['DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT', 'DEBUG_INFO_BTF', 'MODVERSIONS', 'MODULE_SIG', 'UBSAN', 'WERROR'];

interface Case extends Partial<TrimRequest> {
  readonly on?: readonly string[];
  readonly facts?: readonly string[];
  readonly dialect?: typeof NEW;
}

function run({ on = [], facts, dialect = NEW, ...request }: Case) {
  const fs = memoryFs(Object.fromEntries(Object.entries(TREE).map(([path, text]) => [`/tree/${path}`, text])));
  const kbuild = KbuildTree.load({ fs, tree: '/tree', srcarch: 'x86' });
  const text = [...ON, 'CARD_WERROR', 'PPC_DISABLE_WERROR', ...on].map((name) => `CONFIG_${name}=y\n`).join('');
  const kconfig = parseText(KCONFIG, { dialect });
  const base = configure(kconfig, `CONFIG_MODULES=y\nCONFIG_CARD=m\n# CONFIG_RUST is not set\n${text}`);
  const record = facts ? parseRecord(recordText(...facts), 'record').record : null;
  const loaded = [{ name: 'card', origin: 'in-tree' as const }];
  const result = trim({
    kbuild,
    base,
    loaded,
    keep: [],
    lean: false,
    enable: false,
    builtin: false,
    record,
    ...request,
  });
  const isOn = (name: string): boolean => result.config.tristate(kconfig.symbols.find(name)!) !== 0;
  const went = result.settings?.steps.map(({ symbol }) => symbol);
  return { result, base, kbuild, isOn, went, lines: new Set(result.text.split('\n')) };
}

describe.each([
  ['6.12', NEW],
  ['6.1', OLD],
])('settings that only cost build time, choices as in %s', (_, dialect) => {
  it('stay where nothing of them is asked', () => {
    const { result, isOn } = run({ dialect });
    expect(result.settings).toBeNull();
    expect(isOn('DEBUG_INFO')).toBe(true);
  });

  it('go with --fast: the choice says that there is no debug information', () => {
    const { result, isOn, went, lines } = run({ dialect, fast: true });
    expect(went).toEqual(['DEBUG_INFO_BTF', 'DEBUG_INFO', 'MODVERSIONS', 'MODULE_SIG', 'WERROR', 'CARD_WERROR']);
    expect(result.violations).toEqual([]);
    expect(lines).toContain('CONFIG_DEBUG_INFO_NONE=y');
    expect(isOn('DEBUG_INFO')).toBe(false);
    // What changes the code that runs stays, and nothing comes in their place.
    expect(['UBSAN', 'PPC_DISABLE_WERROR', 'CARD', 'RUST'].map(isOn)).toEqual([true, true, true, false]);
  });

  it('go without debug information alone', () => {
    const { result, base, kbuild, went, isOn } = run({ dialect, debugInfo: false });
    expect(went).toEqual(['DEBUG_INFO']);
    expect(new Explainer({ base, kbuild, trimmed: result }).answer('DEBUG_INFO')).toMatchObject([
      { trimmed: { beyond: { option: '--no-debug-info', isGone: true } } },
    ]);
    expect(isOn('MODVERSIONS')).toBe(true);
    expect(isOn('DEBUG_INFO_BTF')).toBe(false);
  });

  it('go, but for debug information', () => {
    const { went, isOn } = run({ dialect, fast: true, debugInfo: true });
    expect(went).toEqual(['MODVERSIONS', 'MODULE_SIG', 'WERROR', 'CARD_WERROR']);
    expect(isOn('DEBUG_INFO_BTF')).toBe(true);
  });
});

describe('every symbol that a setting changes', () => {
  it('is reported, with the reason', () => {
    const { result } = run({ fast: true, on: ['SCHED_CLASS_EXT'] });
    const [btf, debug] = result.settings!.steps;
    expect(btf).toEqual({
      symbol: 'DEBUG_INFO_BTF',
      others: ['SCHED_CLASS_EXT'],
      changes: [
        { symbol: 'DEBUG_INFO_BTF', from: 'y', to: 'n', because: 'costs build time only' },
        { symbol: 'SCHED_CLASS_EXT', from: 'y', to: 'n', because: 'its dependencies do not hold any more' },
      ],
    });
    const chosen = { from: 'n', to: 'y', because: 'by the choice Debug information' };
    expect(debug!.changes).toContainEqual({ symbol: 'DEBUG_INFO_NONE', ...chosen });
    const before = new Set(
      result
        .plain!.config.kconfig.symbols.all.filter(
          (each) => result.plain!.config.text(each) !== result.config.text(each),
        )
        .map(({ name }) => name),
    );
    const said = new Set(result.settings!.steps.flatMap(({ changes }) => changes.map(({ symbol }) => symbol)));
    expect([...before].filter((name) => !said.has(name!))).toEqual([]);
  });

  it('is named in the report with what it saves and what a person gives up', () => {
    const { result } = run({ fast: true, on: ['SCHED_CLASS_EXT'] });
    const rows = settingsRows(result.settings, [{ objects: 0, cpuSeconds: 12 }], false);
    expect(rows[0]).toBe('6 settings that only cost build time went, saving 12 s of CPU time:');
    expect(rows[1]).toBe(
      'DEBUG_INFO_BTF (12 s) with SCHED_CLASS_EXT gives up: bpftrace, BPF CO-RE and sched_ext do not work',
    );
    expect(rows.at(-1)).toContain('without a record nobody knows');
    expect(settingsRows(result.settings, [], true).at(-1)).not.toContain('without a record');
    expect(settingsRows(run({}).result.settings, [], false)).toEqual([]);
    expect(settingsRows(run({ debugInfo: false, on: [] }).result.settings, [], false)[0]).toContain(
      '1 setting that only costs',
    );
  });
});

describe('a setting stays', () => {
  it.each([
    [['lockdown integrity'], 'the record says lockdown integrity'],
    [['lockdown none', 'secureboot yes'], 'the record says secureboot yes'],
  ])('where the machine loads signed modules only: %j', (facts, because) => {
    const { result, isOn } = run({ fast: true, facts: ['module card 1', ...facts] });
    expect(isOn('MODULE_SIG')).toBe(true);
    expect(result.settings!.held).toEqual([{ symbol: 'MODULE_SIG', because, isFinding: false }]);
    expect(result.violations).toEqual([]);
    expect(settingsRows(result.settings, [], true).at(-1)).toBe(`MODULE_SIG stays: ${because} (--fast leaves it then)`);
  });

  it('but not where the record says that it does not', () => {
    const { isOn } = run({ fast: true, facts: ['module card 1', 'lockdown none', 'secureboot no'] });
    expect(isOn('MODULE_SIG')).toBe(false);
  });

  it('where something that stays selects it: signatures go only where nothing stands in the way', () => {
    const { result, base, kbuild } = run({ fast: true, on: ['LOCKDOWN'] });
    const held = { symbol: 'MODULE_SIG', because: 'LOCKDOWN selects it', isFinding: false };
    expect(result.settings!.held).toEqual([held]);
    expect(settingsRows(result.settings, [], true).at(-1)).toBe(
      'MODULE_SIG stays: LOCKDOWN selects it (--fast leaves it then)',
    );
    const answers = new Explainer({ base, kbuild, trimmed: result }).answer('MODULE_SIG');
    const report = {
      name: 'MODULE_SIG',
      tree: { version: '6.12', arch: 'x86' },
      config: '.config',
      listings: [],
      loaded: new Set<string>(),
      answers,
    };
    const text = renderText(whyReport(report, { verbose: false }), false);
    expect(text).toMatch(/^ {2}trim +stays y: LOCKDOWN selects it$/m);
    expect(text).not.toContain('leaves what is built in alone');
    expect(result.violations).toEqual([]);
  });

  it('where a feature of a loaded module would go: that is a finding', () => {
    const { result, isOn } = run({ fast: true, on: ['CARD_BTF'] });
    expect(isOn('CARD_BTF')).toBe(true);
    const because = 'the feature CARD_BTF needs it';
    expect(result.settings!.held.map(({ symbol }) => symbol)).toEqual(['DEBUG_INFO_BTF', 'DEBUG_INFO']);
    expect(result.violations).toEqual(
      ['DEBUG_INFO_BTF', 'DEBUG_INFO'].map((name) => ({
        promise: 'G9',
        name,
        note: `stays on: ${because}`,
        at: null,
        blockers: [],
      })),
    );
  });

  it('where it was asked for', () => {
    const { result, isOn } = run({ fast: true, keep: ['MODVERSIONS'] });
    expect(isOn('MODVERSIONS')).toBe(true);
    const held = { symbol: 'MODVERSIONS', because: '--keep MODVERSIONS needs it', isFinding: false };
    expect(result.settings!.held).toEqual([held]);
    expect(result.violations).toEqual([]);
  });
});
