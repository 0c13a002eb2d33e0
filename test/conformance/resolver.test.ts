/**
 * What a trim promises beyond keeping modules, tried on real kernels: that nothing more can go, that --enable and
 * --builtin do what they say. `KCONFIG_TRIM_FULL=1` tries every symbol of five listings and both kernels.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { readDotConfig } from '../../src/dotconfig/read.ts';
import { dotConfigValues } from '../../src/dotconfig/scan.ts';
import { formatDotConfig } from '../../src/dotconfig/write.ts';
import { evaluateCondition } from '../../src/kbuild/index.ts';
import { findFeatures } from '../../src/trim/features.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import type { TrimResult } from '../../src/trim/types.ts';
import { wholeKernelConditions } from '../../src/trim/whole-kernel.ts';
import { Configuration } from '../../src/values/configuration.ts';
import { describeKernels } from './describe-kernels.ts';
import { makeConfig } from './kbuild-configs.ts';
import { judgeBuild } from './kbuild-make-judge.ts';
import type { Kernel } from './kernels.ts';
import { isBuilt } from './promises.ts';
import { LISTINGS } from './real-listings.ts';
import { random, sampleSeed } from './sampling.ts';
import { readTrimBase, type TrimBase, trimTo } from './trim-engine.ts';
import { judgeText, loadedNames, olddefconfig, X86 } from './trim-judge.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
/** Symbols of a result that are tried off. */
const SAMPLED = 8;
const ARM64 = { arch: 'arm64' };
/** Modules of other machines, and of other times. */
const OLD_AND_FOREIGN = [
  ...[
    'twofish_i586',
    'lima',
    'i2c_bcm2835',
    'i915',
    'kvm_intel',
    'snd_hda_intel',
    'acpi_cpufreq',
    'mxs_dcp',
    'ipw2200',
  ],
  ...['pata_legacy', 'isdnhdlc', 'powernow_k8', 'mtk_cmdq', 'snd_soc_skl', 'xc5000', 'sa1100_wdt'],
];
/** A config text with one symbol off. */
const without = (text: string, symbol: string): string =>
  text.replace(new RegExp(`^CONFIG_${symbol}=.*$`, 'm'), `# CONFIG_${symbol} is not set`);

/** The loaded modules and the features that a config lost against a trim's result. */
function lostIn(base: TrimBase, result: TrimResult, text: string, features: readonly string[]): string[] {
  const config = new Configuration(base.kconfig);
  readDotConfig(config, text, { file: 'tried' });
  const lookup = kbuildLookup(config);
  const lost: string[] = [];
  for (const { name, status, path } of result.loaded) {
    const entry = status === 'kept' && path !== null ? base.kbuild.modules.byPath(path) : undefined;
    if (!entry) continue;
    const isModule = evaluateCondition(entry.whenModule, lookup) && evaluateCondition(entry.whenLinked, lookup);
    if (!isModule && !evaluateCondition(entry.whenBuiltin, lookup)) lost.push(name);
  }
  for (const name of features) if (config.tristate(base.kconfig.symbols.find(name)!) !== 2) lost.push(name);
  return lost;
}

/** The features (G4) of the loaded modules. */
function featuresOf(base: TrimBase, result: TrimResult, names: ReadonlySet<string>): string[] {
  const entries = result.loaded.flatMap(({ status, path }) => {
    const entry = status === 'kept' && path !== null ? base.kbuild.modules.byPath(path) : undefined;
    return entry ? [entry] : [];
  });
  const lean = trimTo(base, names, { lean: true });
  return findFeatures(entries, base.config, lean.config).map(({ symbol }) => symbol.name!);
}

const longest = (listings: readonly string[]): string =>
  [...listings].sort((a, b) => loadedNames(b).size - loadedNames(a).size)[0]!;

describeKernels('the resolver', (found) => {
  const seed = sampleSeed();
  const newest = found.at(-1)!;
  const draw = random(seed);
  const baseOf = (kernel: Kernel): TrimBase => {
    const text = readFileSync(kernel.configs[0]!, 'latin1');
    return readTrimBase(kernel, X86, text);
  };

  it(`--enable of old and foreign names leaves what decides over the whole kernel: arm64 ${newest.version}`, () => {
    const defconfig = readFileSync(join(newest.tree, 'arch/arm64/configs/defconfig'), 'latin1');
    const base = readTrimBase(newest, ARM64, olddefconfig(newest, defconfig, ARM64));
    const result = trimTo(base, OLD_AND_FOREIGN, { enable: true });
    expect(result.violations).toEqual([]);
    const fixed = [...wholeKernelConditions(base.kconfig)];
    expect(fixed.map(({ name }) => name)).toEqual(expect.arrayContaining(['64BIT', 'COMPILE_TEST', 'CPU_BIG_ENDIAN']));
    expect(fixed.filter((symbol) => base.config.text(symbol) !== result.config.text(symbol))).toEqual([]);
    // Every symbol that is on now, or has another text, and is no loaded module's own.
    const own = new Set(result.loaded.flatMap(({ symbols }) => symbols));
    const before = dotConfigValues(formatDotConfig(base.config));
    const gained = [...dotConfigValues(result.text)].filter(([name, value]) => {
      const old = before.get(name) ?? 'n';
      return value !== old && value !== 'n' && !(old === 'y' && value === 'm') && !own.has(name);
    });
    const said = new Set(result.changed.map(({ symbol }) => symbol));
    expect(gained.filter(([name]) => !said.has(name))).toEqual([]);
    expect(olddefconfig(newest, result.text, ARM64) === result.text, 'conf --olddefconfig changes nothing').toBe(true);
  });

  for (const kernel of FULL ? found : [newest]) {
    for (const listing of draw.pick(LISTINGS, FULL ? 5 : 1)) {
      it(`leaves nothing that could go: ${kernel.version} ${basename(listing)} (seed ${seed})`, () => {
        const base = baseOf(kernel);
        const names = loadedNames(listing);
        const result = trimTo(base, names);
        expect(result.violations).toEqual([]);
        const features = featuresOf(base, result, names);
        const candidates = result.kept.filter(({ reason }) => reason !== 'loaded');
        const needless: string[] = [];
        for (const { symbol } of FULL ? candidates : draw.pick(candidates, SAMPLED)) {
          const text = olddefconfig(kernel, without(result.text, symbol));
          const isStillOn = new RegExp(`^CONFIG_${symbol}=`, 'm').test(text);
          if (!isStillOn && lostIn(base, result, text, features).length === 0) needless.push(symbol);
        }
        expect(needless).toEqual([]);
      });
    }
  }

  for (const kernel of FULL ? found : [newest]) {
    let possible: ReadonlySet<string> | null = null;
    /** What can be turned on at all: of the rest not even allmodconfig builds anything (other processors', BROKEN). */
    const canBe = (path: string): boolean => {
      possible ??= judgeBuild(kernel.tree, 'x86', makeConfig(kernel, 'x86', 'allmodconfig')).modules;
      return possible.has(path);
    };
    for (const listing of FULL ? LISTINGS : [longest(LISTINGS)]) {
      it(`--enable builds every module of ${basename(listing)} that ${kernel.version} has, from x86_64_defconfig`, () => {
        const defconfig = readFileSync(join(kernel.tree, 'arch/x86/configs/x86_64_defconfig'), 'latin1');
        const base = readTrimBase(kernel, X86, olddefconfig(kernel, defconfig));
        const result = trimTo(base, loadedNames(listing), { enable: true });
        expect(result.violations).toEqual([]);
        const judged = judgeText(kernel, result.text);
        expect(judged.config === result.text, 'conf --olddefconfig changes nothing').toBe(true);
        const inTree = result.loaded.filter(({ path }) => path !== null);
        expect(inTree.length).toBeGreaterThan(0);
        // allmodconfig is a build for testing, which no way on makes of a config.
        const missing = inTree.filter(
          ({ path, note }) => !isBuilt(base, judged.build, path!) && canBe(path!) && !note.includes('without changing'),
        );
        expect(missing.map(({ name, status, note }) => `${name} (${status}: ${note})`)).toEqual([]);
      });
    }
  }

  for (const kernel of FULL ? found : [newest]) {
    for (const listing of draw.pick(LISTINGS, FULL ? LISTINGS.length : 1)) {
      it(`--builtin leaves only modules that it names: ${kernel.version} ${basename(listing)} (seed ${seed})`, () => {
        const base = baseOf(kernel);
        const result = trimTo(base, loadedNames(listing), { builtin: true });
        expect(result.violations).toEqual([]);
        const judged = judgeText(kernel, result.text);
        expect(judged.config === result.text, 'conf --olddefconfig changes nothing').toBe(true);
        const modular = [...result.text.matchAll(/^CONFIG_(\w+)=m$/gm)].map(([, name]) => name!).sort();
        expect(result.notBuiltin).toEqual(modular);
        const kept = result.loaded.filter(({ status }) => status === 'kept');
        expect(kept.filter(({ path }) => !isBuilt(base, judged.build, path!))).toEqual([]);
      });
    }
  }
});
