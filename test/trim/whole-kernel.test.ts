/** What decides over the whole kernel stays as it is, whatever a way on would gain. */
import { describe, expect, it } from 'vitest';
import { Packer, Unpacker } from '../../src/cache/packed.ts';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { readSnapshot } from '../../src/kconfig/snapshot-tree.ts';
import { renderText } from '../../src/report/styled-text.ts';
import { trimJson } from '../../src/report/trim-json.ts';
import { type TrimReport, trimReport } from '../../src/report/trim-report.ts';
import { trim } from '../../src/trim/trim.ts';
import type { TrimResult } from '../../src/trim/types.ts';
import { wayToSymbol } from '../../src/trim/way-on.ts';
import { packWholeKernel, unpackWholeKernel, wholeKernelConditions } from '../../src/trim/whole-kernel.ts';
import { Explainer } from '../../src/trim/why.ts';
import type { ModuleAnswer } from '../../src/trim/why-types.ts';
import { AREA_FILES, AREA_KCONFIG, AREA_MAKEFILE } from '../helpers/area-tree.ts';
import { configure, parseText, symbol } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const kconfig = parseText(AREA_KCONFIG, { files: { ...AREA_FILES } });
const kbuild = KbuildTree.load({
  fs: memoryFs({
    '/tree/Kconfig': AREA_KCONFIG,
    '/tree/Makefile': '',
    '/tree/scripts/Kbuild.include': '',
    '/tree/scripts/Makefile.compiler': '',
    '/tree/arch/x86/Makefile': '',
    '/tree/Kbuild': 'obj-y += drivers/\n',
    '/tree/drivers/Makefile': AREA_MAKEFILE,
  }),
  tree: '/tree',
  srcarch: 'x86',
});
const base = configure(kconfig, 'CONFIG_MODULES=y\nCONFIG_64BIT=y\nCONFIG_PAGES_4K=y\nCONFIG_OLD=y\nCONFIG_BUS=m\n');

function enable(...names: string[]): TrimResult {
  const loaded = names.map((name) => ({ name, origin: 'unknown' as const }));
  return trim({ kbuild, base, loaded, keep: [], lean: false, enable: true, builtin: false });
}

const reportOf = (result: TrimResult): TrimReport => {
  const cost = { objects: 1, cpuSeconds: 1, wallSeconds: 1, units: 1 } as unknown as TrimReport['estimate']['before'];
  const basis = { source: 'reference-machine', jobs: 1 } as unknown as TrimReport['estimate']['basis'];
  return {
    tree: { version: '6.12', arch: 'x86' },
    base: { source: '.config', unknown: [], lack: null },
    listings: [],
    hasRecord: false,
    result,
    keys: [],
    estimate: {
      before: cost,
      after: cost,
      basis,
      settings: [],
      settingSteps: [],
      scale: 1,
      more: { fastSeconds: 0, deepSeconds: 0 },
    },
    written: null,
    page: null,
    isPrinted: false,
    changed: false,
    backup: null,
    makeWords: [],
    isRefused: false,
    isForMake: true,
    findings: [],
    warnings: [],
    listingWarnings: [],
  };
};

describe('conditions of the whole kernel', () => {
  it('go by how much of the tree they decide, or are an architecture’s choice', () => {
    const names = [...wholeKernelConditions(kconfig)].map(({ name }) => name).sort();
    expect(names).toEqual(['64BIT', 'COMPILE_TEST', 'MODULES', 'PAGES_4K', 'PAGES_64K']);
  });

  it('are those of the tree when they come from the cache', () => {
    const packer = new Packer();
    packWholeKernel(kconfig, packer);
    const again = readSnapshot(kconfig.snapshot, () => null);
    unpackWholeKernel(again, new Unpacker(packer.bytes()));
    const idsOf = (tree: typeof again): number[] => [...wholeKernelConditions(tree)].map(({ id }) => id);
    expect(idsOf(again)).toEqual(idsOf(kconfig));
    expect([...wholeKernelConditions(again)].every((each) => again.symbols.all.includes(each))).toBe(true);
  });
});

describe('--enable', () => {
  it.each([
    ['chip_l', 'COMPILE_TEST'],
    ['narrow_a', '64BIT'],
    ['sneaky', 'COMPILE_TEST'],
    ['big_pages', 'PAGES_64K'],
    ['new', null],
  ])('leaves %s off (what decides over the kernel: %s)', (name, condition) => {
    const result = enable(name);
    expect(result.loaded).toMatchObject([{ name, status: 'off', enable: 'impossible' }]);
    if (condition) expect(result.loaded[0]!.note).toContain(`without changing ${condition}`);
    expect(result.changed).toEqual([]);
    expect(result.text).toContain('CONFIG_64BIT=y\nCONFIG_PAGES_4K=y\n');
    expect(result.text).toMatch(/^CONFIG_OLD=y$/m);
    expect(result.text).toMatch(/^# CONFIG_COMPILE_TEST is not set$/m);
  });

  it('turns the platform on, not the build for testing, and says all that it changed', () => {
    const result = enable('chip_a', 'gadget', 'bus_a');
    expect(result.loaded).toMatchObject([
      { name: 'bus_a', status: 'kept', enable: 'done' },
      { name: 'chip_a', status: 'kept', enable: 'done' },
      { name: 'gadget', status: 'kept', enable: 'done' },
    ]);
    expect(result.text).toMatch(/^# CONFIG_COMPILE_TEST is not set$/m);
    const changed = [
      { symbol: 'ARCH_CHIP', from: 'n', to: 'y', because: 'for chip_a' },
      { symbol: 'HELPER', from: 'n', to: 'm', because: 'selected by GADGET' },
      { symbol: 'PLATFORMS', from: 'n', to: 'y', because: 'for chip_a' },
      { symbol: 'SPEED', from: '', to: '5', because: 'its default is 5' },
    ];
    expect(result.changed).toEqual(changed);
    expect(trimJson(reportOf(result))['changed']).toEqual(changed);
  });

  it('is counted apart in the report: what was turned on, and what could not be and why', () => {
    const text = renderText(
      trimReport(reportOf(enable('chip_a', 'chip_l', 'bus')), { verbose: false, screen: null }),
      false,
    );
    expect(text).toContain('100 % more\n');
    expect(text).toContain('kept       the one loaded module that the base config builds\n');
    expect(text).toContain('1 turned on, off in the base config:\n             chip_a\n');
    expect(text).toContain('1 off in the base config, no way on was found:\n             chip_l: nothing was found');
    expect(text).toContain('changed    3 symbols for what was turned on:\n             ARCH_CHIP n -> y: for chip_a');
    expect(text).toContain('             SPEED=5: its default is 5\n');
  });
});

describe('a remedy', () => {
  it('of a module crosses none of them, and says so', () => {
    const [answer] = new Explainer({ base, kbuild, trimmed: null }).answer('narrow_a') as ModuleAnswer[];
    expect(answer).toMatchObject({ remedy: null });
    expect(answer!.hindrances.map(({ kind, symbol: name }) => `${kind} ${name}`)).toEqual(['whole-kernel 64BIT']);
    const [old] = new Explainer({ base, kbuild, trimmed: null }).answer('new') as ModuleAnswer[];
    expect(old!.hindrances.map(({ kind, symbol: name }) => `${kind} ${name}`)).toEqual(['built-in OLD']);
  });

  it('of a symbol leaves one alone that would follow, unless the config asks for it', () => {
    const init =
      'config WRAP\n\tbool "wrap"\n\nconfig COMPILE_TEST\n\tbool "for testing"\n\tdefault y\n\tdepends on WRAP\n\n' +
      'config 64BIT\n\tbool "64 bits"\n\nconfig LEAF\n\ttristate "leaf"\n\tdepends on WRAP\n\n';
    const wrapped = parseText(AREA_KCONFIG, { files: { ...AREA_FILES, 'init/Kconfig': init } });
    const leaf = symbol(wrapped, 'LEAF');
    const plain = configure(wrapped, 'CONFIG_MODULES=y\n');
    expect(wayToSymbol(plain.clone(), leaf, 1)).toMatchObject({ way: null, moved: [{ name: 'COMPILE_TEST' }] });
    const { hindrances } = new Explainer({ base: plain, kbuild, trimmed: null }).symbol(leaf);
    expect(hindrances.map(({ kind, symbol: name }) => `${kind} ${name}`)).toEqual(['whole-kernel COMPILE_TEST']);
    const asking = configure(wrapped, 'CONFIG_MODULES=y\nCONFIG_COMPILE_TEST=y\n');
    expect([...(wayToSymbol(asking, leaf, 1).way ?? [])].map(([each]) => each.name)).toEqual(['WRAP', 'LEAF']);
  });

  it('of a symbol changes none but itself', () => {
    const scratch = base.clone();
    const way = (name: string) =>
      [...(wayToSymbol(scratch, symbol(kconfig, name), 1).way ?? [])].map(([each]) => each.name);
    expect(way('COMPILE_TEST')).toEqual(['COMPILE_TEST']);
    expect(way('PAGES_64K').sort()).toEqual(['PAGES_4K', 'PAGES_64K']);
    expect(way('CHIP_L')).toEqual([]);
    expect(way('CHIP_A').sort()).toEqual(['ARCH_CHIP', 'CHIP_A', 'PLATFORMS']);
    // A built-in that a person may well turn off for the symbol that was asked for.
    expect(way('NEW').sort()).toEqual(['NEW', 'OLD']);
  });
});
