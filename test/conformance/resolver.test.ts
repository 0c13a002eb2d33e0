/**
 * What a trim promises beyond keeping modules, tried on real kernels: that nothing more can go, that --enable and
 * --builtin do what they say. `KCONFIG_TRIM_FULL=1` tries every symbol of five listings and both kernels.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readDotConfig } from '../../src/dotconfig/read.ts';
import { evaluateCondition } from '../../src/kbuild/index.ts';
import { findFeatures } from '../../src/trim/features.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import type { TrimResult } from '../../src/trim/types.ts';
import { Configuration } from '../../src/values/configuration.ts';
import { describeKernels } from './describe-kernels.ts';
import type { JudgedBuild } from './kbuild-make-judge.ts';
import { type Kernel, REPOSITORY } from './kernels.ts';
import { random, sampleSeed } from './sampling.ts';
import { readTrimBase, type TrimBase, trimTo } from './trim-engine.ts';
import { judgeText, loadedNames, olddefconfig } from './trim-judge.ts';

const SHARED = resolve(REPOSITORY, '../shared/lsmod');
const LISTINGS = existsSync(SHARED) ? SHARED : join(REPOSITORY, 'fixtures/listings');
const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
const X86 = { arch: 'x86' };

const listings = readdirSync(LISTINGS)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => join(LISTINGS, name));

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
  return findFeatures(entries, base.kbuild, base.config, lean.config).map(({ symbol }) => symbol.name!);
}

/** Whether make builds a module, or its objects into the kernel: lists of built-ins name a composite's members. */
function isBuilt(base: TrimBase, build: JudgedBuild, path: string): boolean {
  const members = base.kbuild.modules.byPath(path)?.objects ?? [];
  return (
    build.modules.has(path) ||
    build.builtin.has(`${path}.o`) ||
    members.some((member) => build.builtin.has(member.path))
  );
}

describeKernels('the resolver', (found) => {
  const seed = sampleSeed();
  const newest = found.at(-1)!;
  const draw = random(seed);
  const baseOf = (kernel: Kernel): TrimBase => {
    const text = readFileSync(kernel.configs[0]!, 'latin1');
    return readTrimBase(kernel, X86, text);
  };

  for (const kernel of FULL ? found : [newest]) {
    for (const listing of draw.pick(listings, FULL ? 5 : 1)) {
      it(`leaves nothing that could go: ${kernel.version} ${listing.slice(LISTINGS.length + 1)} (seed ${seed})`, () => {
        const base = baseOf(kernel);
        const names = loadedNames(listing);
        const result = trimTo(base, names);
        expect(result.violations).toEqual([]);
        const features = featuresOf(base, result, names);
        const candidates = result.kept.filter(({ reason }) => reason !== 'loaded');
        const needless: string[] = [];
        for (const { symbol } of FULL ? candidates : draw.pick(candidates, 15)) {
          const text = olddefconfig(kernel, without(result.text, symbol));
          const isStillOn = new RegExp(`^CONFIG_${symbol}=`, 'm').test(text);
          if (!isStillOn && lostIn(base, result, text, features).length === 0) needless.push(symbol);
        }
        expect(needless).toEqual([]);
      });
    }
  }

  it(`--enable builds every module of the longest listing that ${newest.version} has, from x86_64_defconfig`, () => {
    const defconfig = readFileSync(join(newest.tree, 'arch/x86/configs/x86_64_defconfig'), 'latin1');
    const base = readTrimBase(newest, X86, olddefconfig(newest, defconfig));
    const [names] = listings.map(loadedNames).sort((a, b) => b.size - a.size);
    const result = trimTo(base, names!, { enable: true });
    expect(result.violations).toEqual([]);
    const judged = judgeText(newest, result.text);
    expect(judged.config === result.text, 'conf --olddefconfig changes nothing').toBe(true);
    const inTree = result.loaded.filter(({ path }) => path !== null);
    expect(inTree.length).toBeGreaterThan(50);
    const missing = inTree
      .filter(({ path }) => !isBuilt(base, judged.build, path!))
      .map(({ name, status, note }) => `${name} (${status}: ${note})`);
    expect(missing).toEqual([]);
  });

  it(`--builtin leaves only modules that it names (${newest.version}, seed ${seed})`, () => {
    const base = baseOf(newest);
    const [listing] = draw.pick(listings, 1);
    const names = loadedNames(listing!);
    const result = trimTo(base, names, { builtin: true });
    expect(result.violations).toEqual([]);
    const judged = judgeText(newest, result.text);
    expect(judged.config === result.text, 'conf --olddefconfig changes nothing').toBe(true);
    const modular = [...result.text.matchAll(/^CONFIG_(\w+)=m$/gm)].map(([, name]) => name!).sort();
    expect(result.notBuiltin).toEqual(modular);
    const lost = result.loaded.filter(({ path, status }) => status === 'kept' && !isBuilt(base, judged.build, path!));
    expect(lost).toEqual([]);
  });
});
