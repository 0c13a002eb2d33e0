/**
 * Trims of real kernels to real listings, judged by the kernel's conf, GNU make and the incumbent. A run samples;
 * `KCONFIG_TRIM_FULL=1` tries every listing on every config of every kernel.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { describeKernels } from './describe-kernels.ts';
import { type JudgedBuild, judgeBuild, judgeBuildAnew } from './kbuild-make-judge.ts';
import type { Kernel } from './kernels.ts';
import { expectPromises, isBuilt, type JudgedBase, lostModules, readJudgedBase } from './promises.ts';
import { LISTINGS } from './real-listings.ts';
import { type Random, random, sampleSeed } from './sampling.ts';
import { trimTo } from './trim-engine.ts';
import { folded, judgeText, loadedNames, modulesNamed, olddefconfig, runIncumbent, runOurs } from './trim-judge.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
/** Listings for the kernels and configs that are only sampled. */
const SAMPLED = 2;
const SHUFFLED = 5;

const bases = new Map<string, JudgedBase>();

/** A base config, read once. */
function baseOf(kernel: Kernel, config: string): JudgedBase {
  const known = bases.get(config);
  if (known) return known;
  // One at a time: a tree in memory is some 200 MB.
  bases.clear();
  const base = readJudgedBase(kernel, readFileSync(config, 'latin1'));
  bases.set(config, base);
  return base;
}

/** A listing with its lines in another order, its header where it was. */
function shuffledLines(text: string, draw: Random): string {
  const lines = text.trimEnd().split('\n');
  const from = /^Module\s/.test(lines[0]!) ? 1 : 0;
  for (let i = lines.length - 1; i > from; i--) {
    const other = from + draw.below(i - from + 1);
    [lines[i], lines[other]] = [lines[other]!, lines[i]!];
  }
  return `${lines.join('\n')}\n`;
}

describeKernels('a trim of a real kernel', (found) => {
  const seed = sampleSeed();
  const draw = random(seed);
  const newest = found.at(-1)!;

  for (const kernel of found) {
    for (const config of kernel.configs) {
      const isMain = kernel === newest && config === kernel.configs[0];
      const where = `${kernel.version} ${basename(config)}`;
      const chosen = FULL || isMain ? LISTINGS : draw.pick(LISTINGS, SAMPLED);
      const compared = FULL ? chosen : isMain ? draw.pick(LISTINGS, SAMPLED) : [];

      describe(where, () => {
        for (const listing of chosen) {
          it(`keeps all of ${basename(listing)}, and with --lean`, () => {
            const base = baseOf(kernel, config);
            const names = loadedNames(listing);
            const build = expectPromises(base, trimTo(base, names), names);
            const lean = expectPromises(base, trimTo(base, names, { lean: true }), names);
            expect(lean.modules.size).toBeLessThanOrEqual(build.modules.size);
          });
        }

        for (const listing of compared) {
          it(`builds no more with --lean than the incumbent, of what that one keeps of ${basename(listing)}`, () => {
            const base = baseOf(kernel, config);
            const names = loadedNames(listing);
            const theirs = judgeText(kernel, runIncumbent({ kernel, config, listing }));
            const builtins = trimTo(base, names).loaded.filter(({ status }) => status === 'builtin');
            const lost = [
              ...lostModules(modulesNamed(base.build, names), theirs.build),
              ...builtins.filter(({ path }) => path && !isBuilt(base, theirs.build, path)).map(({ name }) => name),
            ];
            // What the incumbent loses can need selectors; without it the two do the same work.
            for (const path of lost) names.delete(folded(path));
            const ours = judgeBuild(kernel.tree, 'x86', trimTo(base, names, { lean: true }).text);
            expect(lostModules(modulesNamed(base.build, names), ours)).toEqual([]);
            expect(ours.modules.size).toBeLessThanOrEqual(theirs.build.modules.size);
          });
        }
      });
    }
  }

  for (const listing of FULL ? LISTINGS : draw.pick(LISTINGS, SAMPLED)) {
    it(`keeps all of ${basename(listing)} with MODULES off, as two trims do`, () => {
      const base = baseOf(newest, newest.configs[0]!);
      const names = loadedNames(listing);
      const requests = [{ symbol: 'MODULES', value: 'n', source: '--unset', isNamed: true }];
      const result = trimTo(base, names, { requests });
      expect(olddefconfig(newest, result.text) === result.text, 'conf --olddefconfig changes nothing').toBe(true);
      const builtOf = (text: string): JudgedBuild => {
        const build = judgeBuild(newest.tree, 'x86', text);
        expect(build.modules.size).toBe(0);
        return build;
      };
      const needed = modulesNamed(base.build, names);
      const lostOf = (build: JudgedBuild): string[] => needed.filter((path) => !isBuilt(base, build, path));
      // All that can be there without modules: all of the base config, built in.
      const most = builtOf(
        olddefconfig(newest, base.text.replace(/^CONFIG_MODULES=y$/m, '# CONFIG_MODULES is not set')),
      );
      expect(lostOf(builtOf(result.text))).toEqual(lostOf(most));
      // Some can be a module alone, or not be all there otherwise (brcmfmac-wcc).
      const isWhole = (path: string): boolean =>
        base.kbuild.modules.byPath(path)!.objects.every((member) => most.builtin.has(member.path));
      const whole = new Set(needed.filter(isWhole).map(folded));
      expect(whole.size).toBeGreaterThan(needed.length / 2);
      expect(result.violations.filter(({ promise, name }) => promise !== 'G1' || whole.has(name))).toEqual([]);
      const { config } = trimTo(base, names, { builtin: true });
      expect(trimTo({ ...base, config }, names, { requests }).text === result.text, 'two trims do the same').toBe(true);
    });
  }

  it(`writes what the command line writes, for any order of a listing (seed ${seed})`, () => {
    const config = newest.configs[0]!;
    const scratch = temporaryFolder();
    for (const listing of draw.pick(LISTINGS, FULL ? SHUFFLED : 1)) {
      const shuffled = join(scratch, 'shuffled.txt');
      writeFileSync(shuffled, shuffledLines(readFileSync(listing, 'latin1'), draw), 'latin1');
      const written = runOurs({ kernel: newest, config, listing });
      expect(written.status).toBe(0);
      expect(runOurs({ kernel: newest, config, listing: shuffled })).toEqual(written);
      expect(trimTo(baseOf(newest, config), loadedNames(listing)).text === written.config).toBe(true);
    }
  });

  it(`is judged alike by cached reports of make and by a walk of every directory (seed ${seed})`, () => {
    const base = baseOf(newest, newest.configs[0]!);
    for (const listing of draw.pick(LISTINGS, FULL ? LISTINGS.length : 1)) {
      const { text } = trimTo(base, loadedNames(listing));
      expect(judgeBuild(newest.tree, 'x86', text)).toEqual(judgeBuildAnew(newest.tree, 'x86', text));
    }
  });
});
