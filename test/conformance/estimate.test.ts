/**
 * What `estimate` says that turning a symbol off saves: the symbol is turned off in the text of Debian's config, the
 * kernel's own conf works out what follows from that, and what is then built is held against the objects named.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { readDotConfig } from '../../src/dotconfig/read.ts';
import { estimateBuild } from '../../src/estimate/estimate.ts';
import type { Gone } from '../../src/estimate/spenders.ts';
import { dearestSymbols } from '../../src/estimate/symbol-savings.ts';
import type { BuildResult } from '../../src/kbuild/index.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { Sources } from '../../src/sources/sources.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import { Configuration } from '../../src/values/configuration.ts';
import { runConf } from './conf-judge.ts';
import { describeKernels } from './describe-kernels.ts';
import type { Kernel } from './kernels.ts';
import { random, sampleSeed } from './sampling.ts';
import { readTrimBase, type TrimBase } from './trim-engine.ts';

const X86 = { arch: 'x86' };
const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
/** Symbols of each config that conf is asked about. */
const JUDGED = FULL ? 1000 : 3;

function dearest(base: TrimBase, build: BuildResult): [string, Gone][] {
  const lookup = kbuildLookup(base.config);
  const sources = new Sources(new NodeFileSystem(), base.kernel.tree);
  const estimate = estimateBuild({ units: build.units, modules: build.modules.length, config: lookup, sources });
  return [...dearestSymbols(base.config, base.kbuild, build, estimate)];
}

/** What is built after conf has seen the config with one symbol turned off. */
function builtWithout(base: TrimBase, text: string, symbol: string): BuildResult {
  const off = text.replace(new RegExp(`^CONFIG_${symbol}=.*$`, 'm'), `# CONFIG_${symbol} is not set`);
  expect(off).not.toBe(text);
  const judged = runConf({ kernel: base.kernel, arch: X86, target: 'olddefconfig', config: off, answers: 'real' });
  const config = new Configuration(base.kconfig);
  readDotConfig(config, judged.config!, { file: `without ${symbol}` });
  return base.kbuild.build(kbuildLookup(config));
}

/** The kernel's configs for this architecture; of them the day's one where not all are asked for. */
function configsOf(kernel: Kernel): readonly string[] {
  const configs = kernel.configs.filter((path) => /config\.amd64_none_/.test(path));
  return FULL ? configs : random(sampleSeed()).pick(configs, 1);
}

describeKernels('the dearest symbols', (found) => {
  const cases = found.flatMap((kernel) =>
    configsOf(kernel).map((path) => ({ kernel, path, name: `${kernel.version} ${basename(path)}` })),
  );

  it('has configs to judge', () => expect(cases.length).toBeGreaterThan(0));

  it.each(cases)('$name: without one, just the objects named are gone', ({ kernel, path }) => {
    const text = readFileSync(path, 'latin1');
    const base = readTrimBase(kernel, X86, text);
    const build = base.kbuild.build(kbuildLookup(base.config));
    const named = dearest(base, build);
    expect(named.length).toBeGreaterThan(5);
    const seed = sampleSeed();
    for (const [symbol, gone] of random(seed).pick(named, JUDGED)) {
      const after = builtWithout(base, text, symbol);
      const left = new Set(after.units);
      const missing = build.units.filter((unit) => !left.has(unit));
      const where = `${symbol} (KCONFIG_TRIM_SEED=${seed})`;
      expect([...gone.units].sort(), where).toEqual([...missing].sort());
      expect(missing.length, where).toBeGreaterThan(0);
      expect(gone.modules, where).toBe(build.modules.length - after.modules.length);
    }
  });
});
