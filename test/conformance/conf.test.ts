/**
 * The engine against the kernel's own conf: whole files, byte for byte, and the same set of warnings. What is run here
 * is a sample that changes with the day (KCONFIG_TRIM_SEED repeats one; KCONFIG_TRIM_FULL=1 runs everything).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { messageSet } from '../helpers/conf-messages.ts';
import { type Arch, type ConfRun, runConf } from './conf-judge.ts';
import { type DamagedInput, damagedInputs } from './damaged-inputs.ts';
import { describeKernels } from './describe-kernels.ts';
import { confText, runEngine } from './engine.ts';
import type { Kernel } from './kernels.ts';
import { random, sampleSeed } from './sampling.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
/** Architectures, defconfigs and damaged inputs that one run samples on each kernel. */
const SAMPLED_ARCHES = 4;
const SAMPLED_DEFCONFIGS = 3;
const SAMPLED_DAMAGED = 12;
/** Damaged inputs of the full run, on each kernel, and of one test. */
const ALL_DAMAGED = 160;
const DAMAGED_TOGETHER = 16;

const ALL_TARGETS = ['allnoconfig', 'allyesconfig', 'allmodconfig', 'alldefconfig'];
const REWRITING_TARGETS = [
  'olddefconfig',
  'listnewconfig',
  'savedefconfig',
  'yes2modconfig',
  'mod2yesconfig',
  'mod2noconfig',
];

/** Every directory under arch/ that has a Kconfig. um takes its processor from SUBARCH, so it is there twice. */
function arches(kernel: Kernel): Arch[] {
  const folders = readdirSync(join(kernel.tree, 'arch'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(kernel.tree, 'arch', entry.name)).includes('Kconfig'))
    .map(({ name }) => name);
  return folders.flatMap((arch) =>
    arch === 'um'
      ? [
          { arch, subarch: 'x86_64' },
          { arch, subarch: 'i386' },
        ]
      : [{ arch }],
  );
}

/** Every shipped defconfig of an architecture, those in folders and the fragments (`*.config`) as well. */
function defconfigs(kernel: Kernel, { arch }: Arch): string[] {
  const folder = join(kernel.tree, 'arch', arch, 'configs');
  const fixed = join(kernel.tree, 'arch', arch, 'defconfig');
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return names
      .filter((name) => /defconfig$|\.config$/.test(basename(name)))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [fixed].filter((path) => readdirSync(join(path, '..')).includes('defconfig'));
  }
}

/** What was compared, for the closing line. */
const done = new Map<string, number>();
let messages = 0;

/** conf and the engine on one question; only the first lines of a difference are shown. */
function compare(run: ConfRun, kind: string): void {
  const result = runConf(run);
  const judged = confText(result, run.target);
  const ours = runEngine(run);
  const count = `${run.kernel.version} ${kind}`;
  done.set(count, (done.get(count) ?? 0) + 1);
  if (ours.text !== judged) {
    const left = judged.split('\n');
    const right = ours.text.split('\n');
    const at = left.findIndex((line, i) => line !== right[i]);
    expect.soft(right.slice(at, at + 8), `${run.target} from line ${at + 1}`).toEqual(left.slice(at, at + 8));
  }
  const [said, saidByUs] = [messageSet(result.stderr), messageSet(ours.warnings)];
  messages += said.length;
  const missing = said.filter((message) => !saidByUs.includes(message)).slice(0, 5);
  const added = saidByUs.filter((message) => !said.includes(message)).slice(0, 5);
  expect.soft({ missing, added }, `messages of ${run.target}`).toEqual({ missing: [], added: [] });
}

function compareDamaged({ kernel, text, target, env }: DamagedInput & { readonly target: string }, kind: string): void {
  const run: ConfRun = { kernel, arch: { arch: 'x86' }, target, config: text, answers: 'yes', ...(env && { env }) };
  compare(run, `${kind}, ${target}`);
}

describeKernels('the engine answers as conf', (found) => {
  const seed = sampleSeed();
  afterAll(() => {
    const lines = [...done].sort().map(([kind, count]) => `  ${count} × ${kind}\n`);
    process.stdout.write(
      `compared with conf (seed ${seed}${FULL ? ', everything' : ''}):\n${lines.join('')}  ${messages} messages\n`,
    );
  });
  for (const kernel of found) {
    const draw = random(seed);
    const all = arches(kernel);
    const chosen = FULL ? all : draw.pick(all, SAMPLED_ARCHES);
    for (const arch of chosen) {
      const title = `${kernel.version} ${arch.arch}${arch.subarch ? ` on ${arch.subarch}` : ''}`;
      it(`${title}: the targets without input (seed ${seed})`, () => {
        for (const target of ALL_TARGETS) compare({ kernel, arch, target, answers: 'yes' }, target);
      });
      const files = FULL ? defconfigs(kernel, arch) : draw.pick(defconfigs(kernel, arch), SAMPLED_DEFCONFIGS);
      for (const file of files) {
        it(`${title}: ${basename(file)} (seed ${seed})`, () => {
          const defconfig = readFileSync(file, 'latin1');
          const run: ConfRun = { kernel, arch, target: 'defconfig', defconfig, answers: 'yes' };
          compare(run, 'defconfig');
          const config = runConf(run).config ?? '';
          compare({ kernel, arch, target: 'savedefconfig', config, answers: 'yes' }, 'savedefconfig');
        });
      }
    }
    const count = FULL ? ALL_DAMAGED : SAMPLED_DAMAGED;
    const damaged = damagedInputs(kernel, found, count, draw);
    for (let done = 0; done < count; done += DAMAGED_TOGETHER) {
      it(`${kernel.version}: damaged configs from ${done + 1} on (seed ${seed})`, () => {
        for (let left = DAMAGED_TOGETHER; left > 0; left--) {
          const { value: input } = damaged.next();
          if (!input) return;
          compareDamaged({ ...input, target: 'olddefconfig' }, input.kind);
          compareDamaged({ ...input, target: 'listnewconfig' }, input.kind);
        }
      });
    }
    it(`${kernel.version}: the rewriting targets on the distribution's config`, () => {
      const config = readFileSync(kernel.configs[0]!, 'latin1');
      for (const target of REWRITING_TARGETS) {
        compare({ kernel, arch: { arch: 'x86' }, target, config, answers: 'real' }, `distribution's config, ${target}`);
      }
    });
  }
});
