/**
 * Deep trims of real kernels, judged by the kernel's conf and GNU make: nothing loaded is lost, conf changes nothing, every
 * symbol that differs from the plain trim is explained, a second time nothing more goes, and it saves what it promises. A
 * run samples; `KCONFIG_TRIM_FULL=1` tries every listing on both kernels.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { estimateBuild } from '../../src/estimate/estimate.ts';
import { readListingFile } from '../../src/machine/listing.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { deepJson } from '../../src/report/trim-json.ts';
import { Sources } from '../../src/sources/sources.ts';
import { changedSymbols } from '../../src/trim/changed.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import type { BuiltConfig, DeepScope, TrimResult } from '../../src/trim/types.ts';
import { describeKernels } from './describe-kernels.ts';
import { makeConfig } from './kbuild-configs.ts';
import { judgeBuild } from './kbuild-make-judge.ts';
import { recordOfMachine } from './machine-records.ts';
import { type JudgedBase, lostModules, readJudgedBase } from './promises.ts';
import { LISTINGS } from './real-listings.ts';
import { random, sampleSeed } from './sampling.ts';
import { readTrimBase, trimTo } from './trim-engine.ts';
import { folded, modulesNamed, olddefconfig, X86 } from './trim-judge.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
const SAMPLED = 1;
/** CPU seconds after `--deep --fast` as a share of what `--lean` leaves, with a record of a virtual machine. */
const MOST: Readonly<Record<DeepScope, number>> = { evidence: 0.72, bold: 0.66 };
/** Machines that use little beside what each of them needs. */
const SMALL = /^vm-(?:aws|qemu)/;
const MOST_OF_SMALL: Readonly<Record<DeepScope, number>> = { evidence: 0.65, bold: 0.56 };

describeKernels('deep trims', (kernels) => {
  for (const kernel of kernels) {
    const config = kernel.configs.find((path) => path.includes('none_amd64'));
    const listings = FULL ? LISTINGS : random(sampleSeed()).pick(LISTINGS, SAMPLED);
    let base: JudgedBase | null = null;
    let sources: Sources | null = null;

    it.runIf(config).each(listings.map((path) => [kernel.version, basename(path), path]))('%s: %s', (_, name, path) => {
      base ??= readJudgedBase(kernel, readFileSync(config!, 'latin1'));
      sources ??= new Sources(new NodeFileSystem(), kernel.tree);
      const names = readListingFile(new NodeFileSystem(), path, true).modules.map((module) => module.name);
      const lean = secondsOf(trimTo(base, names, { lean: true, sources }), sources);
      for (const record of [null, recordOfMachine(names)]) {
        for (const deep of ['evidence', 'bold'] as const) {
          const result = trimTo(base, names, { deep, fast: true, record, sources });
          expectDeep(base, result, new Set(names.map(folded)));
          if (record === null) continue;
          const most = SMALL.test(name) ? MOST_OF_SMALL : MOST;
          if (names.length > 0)
            expect(secondsOf(result, sources) / lean, `${deep} of ${name}`).toBeLessThan(most[deep]);
          const again = trimTo({ ...base, config: result.config }, names, { deep, fast: true, record, sources });
          expect(again.deep!.departures.map(({ symbol }) => symbol)).toEqual([]);
          expect(again.text).toBe(result.text);
        }
      }
    });

    it.runIf(FULL || kernel === kernels.at(-1))(`${kernel.version}: a base without modules, by name`, () => {
      const text = makeConfig(kernel, 'x86', 'defconfig').replaceAll('=m\n', '=y\n');
      const keep = ['VIRTIO_NET', 'VIRTIO_BLK', 'EXT4_FS'];
      const small = readTrimBase(kernel, X86, olddefconfig(kernel, text, X86));
      for (const deep of ['evidence', 'bold'] as const) {
        const result = trimTo(small, [], { deep, keep, byName: true });
        expect(result.violations).toEqual([]);
        expect(olddefconfig(kernel, result.text, X86) === result.text, 'conf changes nothing').toBe(true);
        const kept = keep.filter((name) => small.config.text(small.kconfig.symbols.find(name)!) === 'y');
        expect(kept.filter((name) => !result.text.includes(`CONFIG_${name}=y\n`))).toEqual([]);
        // A person who does this by hand gains 16 %.
        expect(result.build.units.length / result.baseBuild.units.length).toBeLessThan(0.84);
      }
    });
  }
});

function secondsOf({ config, build }: BuiltConfig, sources: Sources): number {
  const { units, modules, builtin } = build;
  const lookup = kbuildLookup(config);
  return estimateBuild({ units, modules: modules.length, builtIn: builtin.length, config: lookup, sources }).cpuSeconds;
}

function expectDeep(base: JudgedBase, result: TrimResult, names: ReadonlySet<string>): void {
  const { kernel, arch } = base;
  expect(result.violations).toEqual([]);
  expect(olddefconfig(kernel, result.text, arch) === result.text, 'conf --olddefconfig changes nothing').toBe(true);
  const build = judgeBuild(kernel.tree, arch.arch, result.text);
  expect(lostModules(modulesNamed(base.build, names), build)).toEqual([]);
  // `--json` explains every line of the difference.
  const deep = deepJson(result.deep, 1);
  const settings = result.settings!.steps.flatMap(({ changes }) => changes);
  const said = new Set<unknown>([...deep.map((each) => each['symbol']), ...settings.map(({ symbol }) => symbol)]);
  const changed = changedSymbols(result.plain!.config, result.config).map(({ name }) => name!);
  expect(changed.filter((name) => !said.has(name))).toEqual([]);
  expect(deep.filter((each) => !each['evidence'])).toEqual([]);
  const plain = new Set(result.plain!.build.units);
  expect(result.build.units.filter((unit) => !plain.has(unit))).toEqual([]);
}
