/**
 * Kbuild on real kernels: the image package's module list, and GNU make on the kernel's own Kbuild files.
 * `KCONFIG_TRIM_FULL=1` takes every architecture and config instead of the day's sample.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { conditionSymbols, KbuildTree, moduleName } from '../../src/kbuild/index.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { configValues } from './config-values.ts';
import { describeKernels } from './describe-kernels.ts';
import { type JudgedConfig, judgedConfigs, trimmedConfigs } from './kbuild-configs.ts';
import { judgeBuild } from './kbuild-make-judge.ts';
import type { Kernel } from './kernels.ts';
import { random, sampleSeed } from './sampling.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
/** Configs of each kernel in a sampled run, trimmed ones aside. */
const SAMPLED = 2;
/** Trimmed configs of each kernel in a full run. */
const TRIMMED = 10;

const trees = new Map<string, KbuildTree>();

/** The tree of a kernel for an architecture, loaded once. */
function treeOf(kernel: Kernel, srcarch: string): KbuildTree {
  const key = `${kernel.version}/${srcarch}`;
  let tree = trees.get(key);
  if (tree === undefined) {
    tree = KbuildTree.load({ fs: new NodeFileSystem(), tree: kernel.tree, srcarch });
    trees.set(key, tree);
  }
  return tree;
}

/** Paths of the modules in Debian's image package. */
function imageModules(kernel: Kernel): string[] {
  return readFileSync(join(kernel.image, 'modules.list'), 'latin1').split('\n').filter(Boolean);
}

function onlyIn(left: Iterable<string>, right: ReadonlySet<string>): string[] {
  return [...left].filter((each) => !right.has(each)).sort();
}

/** Symmetric difference, so that a failure shows both sides. */
function difference(got: ReadonlySet<string>, want: ReadonlySet<string>) {
  return { missing: onlyIn(want, got), extra: onlyIn(got, want) };
}

const NONE = { missing: [], extra: [] };

/** Holds modules, their objects and those of vmlinux against make's. */
function expectAsMake(kernel: Kernel, config: JudgedConfig): void {
  const text = config.read();
  const judged = judgeBuild(kernel.tree, config.arch, text);
  const values = configValues(text);
  const built = treeOf(kernel, config.arch).build((symbol) => values.get(symbol));
  const modules = new Set(built.modules.map((module) => module.path));
  const members = new Set(built.modules.flatMap((module) => [...module.objects]));
  expect(difference(modules, judged.modules)).toEqual(NONE);
  expect(difference(members, judged.modular)).toEqual(NONE);
  expect(difference(new Set(built.builtin), judged.builtin)).toEqual(NONE);
}

describeKernels('Kbuild on real kernels', (kernels) => {
  const seed = sampleSeed();
  const draw = random(seed);

  for (const kernel of kernels) {
    it(`${kernel.version}: the image's config builds just the image's modules`, () => {
      const values = configValues(readFileSync(join(kernel.image, 'config'), 'latin1'));
      const built = treeOf(kernel, 'x86').build((symbol) => values.get(symbol));
      const want = new Set(imageModules(kernel));
      expect(want.size).toBeGreaterThan(4000);
      expect(difference(new Set(built.modules.map((module) => module.path)), want)).toEqual(NONE);
    });

    it(`${kernel.version}: the index maps every module of the image, and its deciding symbols decide`, () => {
      const values = configValues(readFileSync(join(kernel.image, 'config'), 'latin1'));
      const tree = treeOf(kernel, 'x86');
      const wrong: string[] = [];
      for (const path of imageModules(kernel)) {
        const entry = tree.modules.byPath(path);
        if (entry === undefined || !tree.modules.byName(moduleName(path)).includes(entry)) {
          wrong.push(`${path}: not in the index`);
          continue;
        }
        const off = new Set(entry.decidingSymbols);
        const holds = tree.holds(entry.whenModule, (symbol) => values.get(symbol));
        const without = tree.holds(entry.whenModule, (symbol) => (off.has(symbol) ? undefined : values.get(symbol)));
        if (!holds || without || off.size === 0) wrong.push(`${path}: ${entry.decidingSymbols.join(' ')}`);
        if (conditionSymbols(entry.whenModule).length === 0) wrong.push(`${path}: no condition`);
      }
      expect(wrong).toEqual([]);
    });

    const made = judgedConfigs(kernel);
    const trimmed = trimmedConfigs(kernel, seed, FULL ? TRIMMED : 1);
    for (const config of [...(FULL ? made : draw.pick(made, SAMPLED)), ...trimmed]) {
      it(`${kernel.version} ${config.name}: as GNU make on the kernel's Kbuild files (seed ${seed})`, () => {
        expectAsMake(kernel, config);
      });
    }
  }
});
