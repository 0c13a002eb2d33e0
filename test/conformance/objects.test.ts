/**
 * `objects` against the kernel's own build: what is listed must be what make has compiled, and nothing else. A sampled
 * run takes x86's defconfig and the day's random configs of other architectures; `KCONFIG_TRIM_FULL=1` takes Debian's
 * configs, defconfigs and many random ones.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { runConf } from './conf-judge.ts';
import { describeKernels } from './describe-kernels.ts';
import { judgeUnits, toolchainVariables } from './kbuild-build-judge.ts';
import { makeConfig } from './kbuild-configs.ts';
import { type Kernel, REPOSITORY } from './kernels.ts';
import { random, sampleSeed } from './sampling.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
/** Architectures whose build comes to its end with the stand-in. */
const ARCHES = ['alpha', 'arc', 'arm', 'arm64', 'mips', 'powerpc', 'riscv', 's390', 'sh', 'x86'];
/** Random configs for each kernel and architecture in a full run. */
const RANDOM_CONFIGS = 3;

/** What the build compiles and `objects` leaves out, with the reason. */
const LEFT_OUT: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^scripts\/mod\/empty\.o$/, 'shows modpost what an object of the architecture looks like; goes into nothing'],
  [/^lib\/test_fortify\/.*\.log\.o$/, 'tries that a compile fails or warns (make prints TEST); goes into nothing'],
];

/** What the built program lists for a config. */
function runObjects(kernel: Kernel, arch: string, config: string): Set<string> {
  const scratch = temporaryFolder();
  writeFileSync(join(scratch, 'config'), config, 'latin1');
  const bin = join(REPOSITORY, 'bin/kconfig-trim.js');
  const args = ['objects', '--tree', kernel.tree, '--arch', arch, '--config', join(scratch, 'config')];
  const done = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'latin1',
    maxBuffer: 1 << 26,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: scratch, ...toolchainVariables(arch) },
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return new Set(done.stdout.trimEnd().split('\n'));
}

/** Holds the list against the build. */
function expectSame(kernel: Kernel, arch: string, config: string): void {
  const { config: settled, compiled } = judgeUnits(kernel, arch, config);
  const listed = runObjects(kernel, arch, settled);
  const wanted = [...compiled].filter((unit) => !LEFT_OUT.some(([pattern]) => pattern.test(unit)));
  expect({
    missing: wanted.filter((unit) => !listed.has(unit)).sort(),
    extra: [...listed].filter((unit) => !compiled.has(unit)).sort(),
  }).toEqual({ missing: [], extra: [] });
  expect(wanted.length).toBeGreaterThan(300);
}

/** A random config with few symbols on, so that many can be tried. */
function sparseConfig(kernel: Kernel, arch: string, seed: number): string {
  const env = { KCONFIG_SEED: String(seed), KCONFIG_PROBABILITY: '8' };
  const { config, stderr } = runConf({ kernel, arch: { arch }, target: 'randconfig', answers: 'real', env });
  if (config === null) throw new Error(`conf --randconfig for ${arch}: ${stderr}`);
  return config;
}

describeKernels('objects', (kernels) => {
  const seed = sampleSeed();
  const newest = kernels.at(-1)!;
  const draw = random(seed);

  for (const kernel of kernels) {
    for (const arch of FULL ? ARCHES : draw.pick(ARCHES, 1)) {
      for (let i = 0; i < (FULL ? RANDOM_CONFIGS : 1); i++) {
        it(`${kernel.version}: a random config of ${arch} (seed ${seed + i})`, () => {
          expectSame(kernel, arch, sparseConfig(kernel, arch, seed + i));
        });
      }
      if (!FULL) continue;
      it(`${kernel.version}: the defconfig of ${arch}`, () => {
        expectSame(kernel, arch, makeConfig(kernel, arch, 'defconfig'));
      });
    }
    for (const path of FULL ? kernel.configs : []) {
      it(`${kernel.version}: Debian's ${basename(path)}`, () => {
        expectSame(kernel, 'x86', readFileSync(path, 'latin1'));
      });
    }
  }

  it.skipIf(FULL)(`${newest?.version}: the defconfig of x86`, () => {
    expectSame(newest, 'x86', makeConfig(newest, 'x86', 'defconfig'));
  });
});
