/** `--fast` on real kernels: the kernel's conf agrees with what was written, no module is lost, each change is said. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { readListingFile } from '../../src/machine/listing.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { changedSymbols } from '../../src/trim/changed.ts';
import { describeKernels } from './describe-kernels.ts';
import { LISTINGS } from './real-listings.ts';
import { random, sampleSeed } from './sampling.ts';
import { readTrimBase, trimTo } from './trim-engine.ts';
import { olddefconfig, X86 } from './trim-judge.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
const SAMPLED = 2;

describeKernels('settings that only cost build time', (kernels) => {
  for (const kernel of kernels) {
    const config = kernel.configs.find((path) => path.includes('none_amd64'));
    const base = config === undefined ? null : readTrimBase(kernel, X86, readFileSync(config, 'latin1'));
    const listings = FULL ? LISTINGS : random(sampleSeed()).pick(LISTINGS, SAMPLED);
    it.runIf(base).each(listings.map((path) => [kernel.version, basename(path), path]))('%s: %s', (_, __, path) => {
      const names = readListingFile(new NodeFileSystem(), path, true).modules.map(({ name }) => name);
      const result = trimTo(base!, names, { fast: true });
      const { symbols } = base!.kconfig;
      const on = (name: string): boolean => result.config.tristate(symbols.find(name)!) !== 0;
      expect(result.violations).toEqual([]);
      expect(['DEBUG_INFO', 'DEBUG_INFO_BTF', 'MODVERSIONS'].filter(on)).toEqual([]);
      expect(['KALLSYMS', 'KALLSYMS_ALL', 'PRINTK', 'UNWINDER_ORC'].filter((name) => !on(name))).toEqual([]);
      expect(olddefconfig(kernel, result.text) === result.text, 'conf --olddefconfig changes nothing').toBe(true);
      const paths = (each: typeof result.build): string[] => each.modules.map((module) => module.path);
      expect(paths(result.build)).toEqual(paths(result.plain!.build));
      const said = new Set(result.settings!.steps.flatMap(({ changes }) => changes.map(({ symbol }) => symbol)));
      const changed = changedSymbols(result.plain!.config, result.config).map(({ name }) => name!);
      expect(changed.filter((name) => !said.has(name))).toEqual([]);
    });
  }
});
