/**
 * Trims of real kernels, judged by the kernel's conf (nothing left to change) and by GNU make (nothing lost). The
 * listings are those beside the repository, in a checkout alone those of fixtures/listings.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { describeKernels } from './describe-kernels.ts';
import { type Kernel, REPOSITORY } from './kernels.ts';
import { random, sampleSeed } from './sampling.ts';
import { judge, judgeBase, neededModules, runIncumbent, runOurs, type TrimCase } from './trim-judge.ts';

const SHARED = resolve(REPOSITORY, '../shared/lsmod');
const LISTINGS = existsSync(SHARED) ? SHARED : join(REPOSITORY, 'fixtures/listings');
/** Random module sets on each kernel, and listings on the kernels and configs that are only sampled. */
const RANDOM_SETS = 4;
const SAMPLED_LISTINGS = 2;

const listings = readdirSync(LISTINGS)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => join(LISTINGS, name));

/** Nothing lost, nothing for conf to change; the same bytes again. */
function expectKept(test: TrimCase): void {
  const needed = neededModules(test);
  const first = runOurs(test);
  const judged = judge(test, first.config, needed);
  expect(judged.lost).toEqual([]);
  expect(judged.config === first.config, 'conf --olddefconfig changes nothing').toBe(true);
  expect(first.status).toBe(0);
}

/** Modules and all that modules.dep says they need. */
function closedSet(kernel: Kernel, seed: number, count: number): string[] {
  const lines = readFileSync(join(kernel.image, 'modules.dep'), 'latin1').trim().split('\n');
  const dependencies = new Map(
    lines.map((line) => {
      const [file = '', rest = ''] = line.split(':');
      return [file, rest.trim().split(' ').filter(Boolean)] as const;
    }),
  );
  const chosen = new Set<string>();
  const queue = random(seed).pick([...dependencies.keys()], count);
  for (let file = queue.pop(); file; file = queue.pop()) {
    if (chosen.has(file)) continue;
    chosen.add(file);
    queue.push(...(dependencies.get(file) ?? []));
  }
  return [...chosen]
    .map((file) =>
      file
        .replace(/^.*\//, '')
        .replace(/\.ko.*$/, '')
        .replaceAll('-', '_'),
    )
    .sort();
}

describeKernels('a trim of a real kernel', (found) => {
  const seed = sampleSeed();
  const newest = found.at(-1);

  beforeAll(() => {
    const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: REPOSITORY, encoding: 'utf8' });
    if (built.status !== 0) throw new Error(built.stderr);
  });

  for (const listing of newest ? listings : []) {
    it(`keeps all of ${listing.slice(LISTINGS.length + 1)} on ${newest!.version}`, () => {
      expectKept({ kernel: newest!, config: newest!.configs[0]!, listing });
    });
  }

  for (const kernel of found) {
    for (const config of kernel.configs) {
      if (kernel === newest && config === kernel.configs[0]) continue;
      it(`keeps sampled listings on ${kernel.version} ${config.replace(/^.*config\./, '')} (seed ${seed})`, () => {
        for (const listing of random(seed).pick(listings, SAMPLED_LISTINGS)) expectKept({ kernel, config, listing });
      });
    }
    it(`keeps random sets of modules on ${kernel.version} (seed ${seed})`, () => {
      const scratch = mkdtempSync(join(tmpdir(), 'kconfig-trim-'));
      const config = kernel.configs[0]!;
      for (let i = 0; i < RANDOM_SETS; i++) {
        const names = closedSet(kernel, seed * 100 + i, 10 + i * 15);
        const listing = join(scratch, `set-${i}.txt`);
        writeFileSync(listing, `${names.join('\n')}\n`);
        expectKept({ kernel, config, listing });
      }
    });
  }

  it('builds no more modules than the incumbent with --lean', () => {
    const kernel = newest!;
    const config = kernel.configs[0]!;
    expect(judgeBase(kernel, config).modules.size).toBeGreaterThan(4000);
    for (const listing of random(seed).pick(listings, SAMPLED_LISTINGS)) {
      const test: TrimCase = { kernel, config, listing };
      const needed = neededModules(test);
      const theirs = judge(test, runIncumbent(test), needed);
      const ours = judge(test, runOurs(test, ['--lean']).config, needed);
      expect(ours.lost).toEqual([]);
      if (theirs.lost.length === 0) expect(ours.modules).toBeLessThanOrEqual(theirs.modules);
    }
  });

  it('gives the same bytes for a listing in another order', () => {
    const kernel = newest!;
    const listing = listings[0]!;
    const shuffled = join(mkdtempSync(join(tmpdir(), 'kconfig-trim-')), 'listing.txt');
    const lines = readFileSync(listing, 'latin1').trimEnd().split('\n');
    writeFileSync(shuffled, `${[...lines].reverse().join('\n')}\n`, 'latin1');
    const config = kernel.configs[0]!;
    expect(runOurs({ kernel, config, listing: shuffled }).config).toBe(runOurs({ kernel, config, listing }).config);
  });
});
