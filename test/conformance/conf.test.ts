/**
 * The engine against the kernel's own conf: whole files, byte for byte. What is run here is a sample that changes
 * with the day (KCONFIG_TRIM_SEED repeats one; KCONFIG_TRIM_FULL=1 runs everything).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Arch, type ConfRun, runConf } from './conf-judge.ts';
import { describeKernels } from './describe-kernels.ts';
import { confText, runEngine } from './engine.ts';
import type { Kernel } from './kernels.ts';
import { damage, random, sampleSeed } from './sampling.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
/** Architectures and damaged inputs that one run samples on each kernel. */
const SAMPLED_ARCHES = 4;
const SAMPLED_DEFCONFIGS = 3;
const DAMAGED = FULL ? 150 : 12;

const ALL_TARGETS = ['allnoconfig', 'allyesconfig', 'allmodconfig', 'alldefconfig'];

function arches(kernel: Kernel): Arch[] {
  const folders = readdirSync(join(kernel.tree, 'arch'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(kernel.tree, 'arch', entry.name)).includes('Kconfig'))
    .map(({ name }) => name);
  return folders.map((arch) => (arch === 'um' ? { arch, subarch: 'x86_64' } : { arch }));
}

function defconfigs(kernel: Kernel, arch: Arch): string[] {
  const folder = join(kernel.tree, 'arch', arch.arch, 'configs');
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('_defconfig') || name === 'defconfig')
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** conf and the engine on one question; only the first lines of a difference are shown. */
function compare(run: ConfRun): void {
  const judged = confText(runConf(run), run.target);
  const ours = runEngine(run).text;
  if (ours === judged) return;
  const left = judged.split('\n');
  const right = ours.split('\n');
  const at = left.findIndex((line, i) => line !== right[i]);
  expect(right.slice(at, at + 8), `${run.target} from line ${at + 1}`).toEqual(left.slice(at, at + 8));
}

describeKernels('the engine answers as conf', (found) => {
  const seed = sampleSeed();
  for (const kernel of found) {
    const draw = random(seed);
    const all = arches(kernel);
    const chosen = FULL ? all : draw.pick(all, SAMPLED_ARCHES);
    for (const arch of chosen) {
      it(`${kernel.version} ${arch.arch}: the targets without input (seed ${seed})`, () => {
        for (const target of ALL_TARGETS) compare({ kernel, arch, target, answers: 'yes' });
      });
      const files = defconfigs(kernel, arch);
      it(`${kernel.version} ${arch.arch}: defconfigs and savedefconfig (seed ${seed})`, () => {
        for (const file of FULL ? files : draw.pick(files, SAMPLED_DEFCONFIGS)) {
          const defconfig = readFileSync(file, 'latin1');
          const run: ConfRun = { kernel, arch, target: 'defconfig', defconfig, answers: 'yes' };
          compare(run);
          const config = runConf(run).config ?? '';
          compare({ kernel, arch, target: 'savedefconfig', config, answers: 'yes' });
        }
      });
    }
    it(`${kernel.version}: damaged configs (seed ${seed})`, () => {
      const others = found.flatMap(({ configs }) => configs);
      for (let i = 0; i < DAMAGED; i++) {
        const text = readFileSync(others[i % others.length]!, 'latin1');
        const config = damage(text, draw);
        const run: ConfRun = { kernel, arch: { arch: 'x86' }, target: 'olddefconfig', config, answers: 'yes' };
        compare(run);
        if (i % 3 === 0) compare({ ...run, target: 'listnewconfig' });
      }
    });
    it(`${kernel.version}: the rewriting targets on the distribution's config`, () => {
      const config = readFileSync(kernel.configs[0]!, 'latin1');
      for (const target of [
        'olddefconfig',
        'listnewconfig',
        'savedefconfig',
        'yes2modconfig',
        'mod2yesconfig',
        'mod2noconfig',
      ]) {
        compare({ kernel, arch: { arch: 'x86' }, target, config, answers: 'real' });
      }
    });
  }
});
