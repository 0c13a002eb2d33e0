/**
 * The configs of a bisection from one real kernel to another: the full config is brought there by the kernel's conf and
 * trimmed anew. Beside it a config that was trimmed at home and carried by `make olddefconfig`, as most scripts do.
 * `KCONFIG_TRIM_FULL=1` tries every listing, and prints the table of docs/bisect.md.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeKernels } from './describe-kernels.ts';
import type { Kernel } from './kernels.ts';
import { expectPromises, type JudgedBase, lostModules, readJudgedBase } from './promises.ts';
import { LISTINGS } from './real-listings.ts';
import { random, sampleSeed } from './sampling.ts';
import { trimTo } from './trim-engine.ts';
import { judgeText, loadedNames, modulesNamed } from './trim-judge.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
const SAMPLED = 2;

describeKernels('the configs of a bisection', (kernels) => {
  const [oldest, newest] = [kernels[0]!, kernels.at(-1)!];
  const listings = FULL ? LISTINGS : random(sampleSeed()).pick(LISTINGS, SAMPLED);
  const rows: string[] = [];
  afterAll(() => {
    if (FULL)
      process.stdout.write(`${['| listing | from, to | carried | ours | there and back |', ...rows].join('\n')}\n`);
  });

  const ways: readonly (readonly [Kernel, Kernel])[] = [
    [newest, oldest],
    [oldest, newest],
  ];
  describe.skipIf(oldest === newest).each(ways)('from $version to $version', (home, there) => {
    const configOf = (kernel: Kernel): string | undefined =>
      kernel.configs.find((path) => path.includes('none_amd64')) ?? kernel.configs[0];
    const full = readFileSync(configOf(home)!, 'latin1');
    let bases: { readonly home: JudgedBase; readonly there: JudgedBase } | null = null;

    it.each(listings.map((path) => [basename(path), path]))('%s', (name, path) => {
      bases ??= { home: readJudgedBase(home, full), there: readJudgedBase(there, full) };
      const names = loadedNames(path);
      expectPromises(bases.there, trimTo(bases.there, names), names);
      expectPromises(bases.there, trimTo(bases.there, names, { lean: true }), names);
      expect(trimTo(bases.there, names, { fast: true }).violations).toEqual([]);
      if (!FULL) return;
      const needed = modulesNamed(bases.there.build, names);
      const trimmed = trimTo(bases.home, names).text;
      const carried = judgeText(there, trimmed);
      const back = judgeText(home, carried.config);
      const lost = lostModules(needed, carried.build).length;
      const lostAtHome = lostModules(modulesNamed(bases.home.build, names), back.build).length;
      rows.push(`| ${name} | ${home.version}, ${there.version} | ${lost} | 0 | ${lostAtHome} |`);
    });
  });
});
