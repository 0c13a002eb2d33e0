/**
 * Trims to sets of modules that nobody chose: random ones, closed over the distribution's modules.dep; single modules
 * at the end of long chains of dependencies; and other architectures. `KCONFIG_TRIM_FULL=1` tries 200 sets and 50 single
 * modules in all, otherwise a sample of the day.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeKernels } from './describe-kernels.ts';
import { makeConfig } from './kbuild-configs.ts';
import { closure, imageDependencies } from './module-sets.ts';
import { expectPromises, readJudgedBase } from './promises.ts';
import { random, sampleSeed } from './sampling.ts';
import { trimTo } from './trim-engine.ts';
import { folded } from './trim-judge.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
const SETS = FULL ? 100 : 2;
/** Sets of one test: each test has half an hour, on a slow machine too. */
const SETS_EACH = Math.min(SETS, 10);
/** Modules of a set before it is closed; together with what they need some 20 to 200. */
const LEAST = 8;
const MOST = 110;
const SINGLES_EACH = FULL ? 4 : 1;

/** Where chains of dependencies are long. */
const DEEP: readonly RegExp[] = [
  /^drivers\/usb\/gadget\/function\//,
  /^sound\/soc\/codecs\//,
  /^sound\/soc\/sof\//,
  /^drivers\/gpu\/drm\//,
  /^drivers\/media\//,
  /iscsi/,
  /^drivers\/infiniband\//,
  /^drivers\/iio\/(trigger|adc|imu)\//,
];

const OTHERS: readonly { arch: string; target: string }[] = [
  { arch: 'arm64', target: 'defconfig' },
  { arch: 'powerpc', target: 'defconfig' },
  { arch: 'riscv', target: 'defconfig' },
  { arch: 's390', target: 'defconfig' },
  { arch: 'arm64', target: 'allmodconfig' },
  { arch: 'riscv', target: 'allmodconfig' },
];

describeKernels('a trim to a set of modules', (found) => {
  const seed = sampleSeed();
  const draw = random(seed);
  const newest = found.at(-1)!;

  for (const kernel of found) {
    for (let first = 0; first < SETS; first += SETS_EACH) {
      it(`keeps random sets ${first + 1} to ${first + SETS_EACH} on ${kernel.version} (seed ${seed})`, () => {
        const base = readJudgedBase(kernel, readFileSync(kernel.configs[0]!, 'latin1'));
        const dependencies = imageDependencies(kernel);
        expect(dependencies.size).toBeGreaterThan(4000);
        for (let i = first; i < first + SETS_EACH; i++) {
          const names = closure(dependencies, draw.pick([...dependencies.keys()], LEAST + draw.below(MOST - LEAST)));
          expectPromises(base, trimTo(base, names, { lean: i % 2 === 1 }), names);
        }
      });
    }

    it(`keeps single modules with long chains on ${kernel.version} (seed ${seed})`, () => {
      const base = readJudgedBase(kernel, readFileSync(kernel.configs[0]!, 'latin1'));
      for (const family of FULL ? DEEP : draw.pick(DEEP, 4)) {
        const members = [...base.build.modules].filter((path) => family.test(path));
        expect(members.length, String(family)).toBeGreaterThan(1);
        for (const path of draw.pick(members, SINGLES_EACH)) {
          const names = new Set([folded(path)]);
          expectPromises(base, trimTo(base, names), names);
        }
      }
    });
  }

  for (const { arch, target } of FULL ? OTHERS : draw.pick(OTHERS.slice(0, 4), 1)) {
    it(`keeps a random set of ${arch} ${target} on ${newest.version} (seed ${seed})`, () => {
      const base = readJudgedBase(newest, makeConfig(newest, arch, target), { arch });
      for (let i = 0; i < (FULL ? 5 : 1); i++) {
        const names = new Set(draw.pick([...base.build.modules], 5 + draw.below(60)).map(folded));
        expectPromises(base, trimTo(base, names), names);
      }
    });
  }
});
