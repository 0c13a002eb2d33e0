/**
 * `conf merge` against merge_config.sh and conf: stacks of the trees' own fragments, byte for byte, and the same values that
 * do not hold. A sample that changes with the day runs here (KCONFIG_TRIM_SEED, KCONFIG_TRIM_FULL=1 as for conf.test.ts).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkMerged } from '../../src/check/merged.ts';
import { allFindings } from '../../src/check/types.ts';
import { mergeFragments, type Redefinition } from '../../src/dotconfig/merge.ts';
import { runTarget } from '../../src/dotconfig/targets.ts';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { kbuildDomain } from '../../src/trim/lookup.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { describeKernels } from './describe-kernels.ts';
import { engineTree } from './engine.ts';
import type { Kernel } from './kernels.ts';
import { judgeMerge, mergedOnly, mergeRun, type NotHeld, type Stack } from './merge-judge.ts';
import { damage, random, sampleSeed } from './sampling.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
const SAMPLED = 3;
/** Stacks of damaged files, which need no conf. */
const DAMAGED = FULL ? 60 : 8;

/** Architecture, then files: names are those of make; a path is one below arch/ARCH/configs. */
const STACKS: readonly string[] = [
  'x86 x86_64_defconfig kvm_guest.config',
  'x86 x86_64_defconfig kvm_guest.config xen.config',
  'x86 x86_64_defconfig hardening.config',
  'x86 x86_64_defconfig debug.config x86_debug.config',
  'x86 x86_64_defconfig tiny.config',
  'x86 i386_defconfig tiny.config',
  'x86 x86_64_defconfig rust.config',
  'x86 x86_64_defconfig nopm.config',
  'x86 i386_defconfig debug.config nopm.config kvm_guest.config',
  'x86 tiny-base.config tiny.config',
  'x86 DISTRIBUTION kvm_guest.config debug.config',
  'x86 DISTRIBUTION hardening.config rust.config nopm.config',
  'x86 tiny-base.config DISTRIBUTION',
  'x86 x86_64_defconfig android-base.config android-recommended.config',
  'arm64 defconfig virt.config',
  'arm64 defconfig hardening.config debug.config',
  'arm64 defconfig virt.config xen.config kvm_guest.config nopm.config',
  'arm64 tiny-base.config virt.config',
  'arm multi_v7_defconfig lpae.config',
  'arm multi_v7_defconfig dram_0x00000000.config hardening.config debug.config',
  'arm imx_v6_v7_defconfig dram_0xd0000000.config dram_0xc0000000.config',
  'powerpc ppc64_defconfig le.config',
  'powerpc ppc64_defconfig le.config guest.config kvm_guest.config',
  'powerpc ppc64_defconfig be.config security.config disable-werror.config debug.config',
  'powerpc mpc85xx_base.config 85xx-32bit.config 85xx-smp.config 85xx-hw.config fsl-emb-nonhw.config',
  'powerpc corenet_base.config 85xx-64bit.config 85xx-smp.config altivec.config 85xx-hw.config fsl-emb-nonhw.config dpaa.config',
  'powerpc mpc86xx_base.config 86xx-hw.config fsl-emb-nonhw.config',
  'powerpc book3s_32.config 32-bit.config hardening.config',
  'powerpc powernv_defconfig be.config rust.config',
  'riscv defconfig 32-bit.config',
  'riscv defconfig 64-bit.config kvm_guest.config debug.config',
  's390 defconfig btf.config kasan.config',
  's390 zfcpdump_defconfig compat.config hardening.config',
  'mips generic_defconfig generic/32r2.config generic/eb.config generic/board-sead-3.config',
  'mips generic_defconfig generic/64r6.config generic/el.config generic/board-boston.config generic/board-virt.config',
];

/** The stack's files; null where this kernel lacks one. */
function stackOf(kernel: Kernel, words: string): Stack | null {
  const [arch, ...names] = words.split(' ') as [string, ...string[]];
  const files = names.flatMap((name) => {
    if (name === 'DISTRIBUTION') return [kernel.configs[0]!];
    const places = ['kernel/configs', `arch/${arch}/configs`].map((folder) => join(kernel.tree, folder, name));
    const found = places.filter((path) => existsSync(path));
    return found.length > 0 ? found : [''];
  });
  return files.includes('') ? null : { kernel, arch: { arch }, files };
}

const readFiles = (files: readonly string[]) =>
  files.map((file) => ({ source: file, text: readFileSync(file, 'latin1') }));

/** What a line says of the value, whatever its form: `n` where a symbol has none, or the one that says it is off. */
function valueIn(lines: string, name: string): string {
  let value = 'n';
  for (const line of lines.split('\n')) {
    if (line.startsWith(`${name}=`)) value = line.slice(name.length + 1);
    else if (line === `# ${name} is not set`) value = 'n';
  }
  return value === '""' ? 'n' : value;
}

/** merge_config.sh compares lines: of a symbol that is off and has none it says that it is not off. */
const isText = ({ name, requested, actual }: NotHeld): boolean => valueIn(requested, name) === valueIn(actual, name);

/** It says that a value is redefined, too, where the same value is given by other lines, such as one more comment. */
const isSaidAgain = ({ name, before, after, kind }: Redefinition): boolean =>
  kind === 'redundant' &&
  before.join('\n') !== after.join('\n') &&
  valueIn(before.join('\n'), name) === valueIn(after.join('\n'), name);

/** Names, sorted, without one for each of the others: a symbol may be redefined by several files. */
function without(names: readonly string[], others: readonly string[]): string[] {
  const left = [...names];
  for (const other of others) {
    const at = left.indexOf(other);
    if (at >= 0) left.splice(at, 1);
  }
  return left.sort();
}

const fs = new NodeFileSystem();
const done = { stacks: 0, notHeld: 0, textOnly: 0 };

function compare(stack: Stack): void {
  const judged = judgeMerge(stack);
  const fragments = readFiles(stack.files);
  const merged = mergeFragments(fragments, { builtin: stack.options?.includes('-y') ?? false });
  expect(merged.text).toBe(judged.merged);
  const names = (wanted: string) => merged.redefined.filter(({ kind }) => kind === wanted).map(({ name }) => name);
  const same = merged.redefined.filter(isSaidAgain).map(({ name }) => name);
  expect(names('overridden').sort()).toEqual(without(judged.redefined, same));
  expect(without(names('redundant'), same)).toEqual([...judged.redundant].sort());
  const run = mergeRun(stack, merged.text);
  const kconfig = engineTree(run);
  const answer = runTarget(kconfig, run.target as 'alldefconfig', merged.text, { file: '.config' });
  expect(answer.text).toBe(judged.config);
  const { arch } = stack.arch;
  const results = checkMerged({
    fragments,
    merged,
    config: answer.config,
    prefix: 'CONFIG_',
    fs,
    tree: stack.kernel.tree,
    srcarch: arch,
    kbuild: () =>
      KbuildTree.load({
        fs,
        tree: stack.kernel.tree,
        srcarch: arch,
        variables: { ARCH: arch },
        domain: kbuildDomain(kconfig),
      }),
  });
  // What no user can set is a note where conf wrote the file.
  const errors = allFindings(results).filter(
    ({ severity, code }) => severity === 'error' || code === 'request-follows',
  );
  const ours = new Set(errors.map(({ subject }) => `CONFIG_${subject.name}`));
  const theirs = new Set(judged.notHeld.filter((each) => !isText(each)).map(({ name }) => name));
  expect([...ours].sort()).toEqual([...theirs].sort());
  // Each says why.
  const silent = errors.filter(
    ({ code, blockers, setBy, hindrances, args }) =>
      code.startsWith('request-') &&
      code !== 'request-unknown' &&
      !blockers.length &&
      !setBy &&
      !hindrances.length &&
      !Object.keys(args).length,
  );
  expect(silent.map(({ subject }) => subject.name)).toEqual([]);
  done.stacks++;
  done.notHeld += theirs.size;
  done.textOnly += judged.notHeld.length - theirs.size;
}

describeKernels('conf merge answers as merge_config.sh and conf', (found) => {
  const seed = sampleSeed();
  const draw = random(seed);
  afterAll(() => {
    process.stdout.write(
      `compared with merge_config.sh (seed ${seed}${FULL ? ', everything' : ''}): ${done.stacks} stacks, ` +
        `${done.notHeld} values that do not hold, ${done.textOnly} that differ in their text alone\n`,
    );
  });
  for (const kernel of found) {
    const stacks = STACKS.flatMap((words) => {
      const stack = stackOf(kernel, words);
      return stack ? [{ words, stack }] : [];
    });
    // merge_config.sh starts some programs for each line of a base, which are thousands of a distribution's.
    const plain = stacks.filter(({ words }) => !words.includes('DISTRIBUTION'));
    for (const { words, stack } of FULL ? stacks : draw.pick(plain, SAMPLED)) {
      const [extra] = draw.pick([[], [], ['-n'], ['-y']], 1);
      const options = FULL ? [] : extra!;
      it(`${kernel.version} ${words} ${options.join(' ')} (seed ${seed})`, () => compare({ ...stack, options }));
      if (!FULL) continue;
      for (const option of ['-n', '-y']) {
        it(`${kernel.version} ${words} ${option}`, () => compare({ ...stack, options: [option] }));
      }
    }
    it(`${kernel.version}: damaged files are merged to the same bytes (seed ${seed})`, () => {
      const folder = temporaryFolder();
      for (let left = DAMAGED; left > 0; left--) {
        const [{ stack }] = draw.pick(plain, 1) as [(typeof plain)[number]];
        const files = stack.files.map((file, index) => {
          const path = join(folder, `${left}-${index}-${basename(file)}`);
          writeFileSync(path, damage(readFileSync(file, 'latin1'), draw), 'latin1');
          return path;
        });
        const ours = mergeFragments(readFiles(files)).text;
        expect(ours).toBe(mergedOnly({ ...stack, files }));
      }
    });
  }
});
