/**
 * `build` with real trees, make and compiler: parts of a kernel, in build directories of their own. Which units the
 * sample has is the day's choice (`KCONFIG_TRIM_SEED`).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type BuildJson, buildJson } from '../cli/build-tree.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { describeKernels } from './describe-kernels.ts';
import { makeConfig } from './kbuild-configs.ts';
import { type Kernel, REPOSITORY } from './kernels.ts';
import { sampleSeed } from './sampling.ts';

/** Units that are really compiled. */
const SAMPLE = 16;

describeKernels('build', (kernels) => {
  const scratch = temporaryFolder();
  const began = new Date();
  const seed = sampleSeed();

  /** A build directory with a config. */
  function objtreeOf(kernel: Kernel, target: string): string {
    const objtree = join(scratch, `${kernel.version}-${target}`);
    mkdirSync(objtree, { recursive: true });
    writeFileSync(join(objtree, '.config'), makeConfig(kernel, 'x86', target), 'latin1');
    return objtree;
  }

  function build(kernel: Kernel, objtree: string, args: readonly string[]): BuildJson & { status: number | null } {
    const bin = join(REPOSITORY, 'bin/kconfig-trim.js');
    const done = spawnSync(
      process.execPath,
      [bin, 'build', '--tree', kernel.tree, '--objtree', objtree, '--arch', 'x86', '--json', '-j2', ...args],
      { encoding: 'latin1', env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: scratch }, maxBuffer: 1 << 26 },
    );
    if (done.status === 2) throw new Error(done.stderr);
    return { status: done.status, ...buildJson({ status: done.status, stdout: done.stdout, stderr: done.stderr }) };
  }

  for (const kernel of kernels) {
    it(`${kernel.version}: a directory is built; one unit that fails is explained`, () => {
      const objtree = objtreeOf(kernel, 'allnoconfig');
      const built = build(kernel, objtree, ['lib/math/']);
      expect(built).toMatchObject({ status: 0, outcome: 'built', failure: null });
      expect(built.units.predicted).toBeGreaterThan(3);
      expect(built.units).toMatchObject({ compiled: built.units.predicted, present: 0, missing: [], unpredicted: [] });

      const failed = build(kernel, objtree, ['lib/math/', 'CFLAGS_gcd.o=-include no-such-header.h']);
      expect(failed).toMatchObject({ status: 1, outcome: 'failed', units: { compiled: 0 } });
      expect(failed.failure).toMatchObject({
        message: expect.stringContaining('no-such-header.h: No such file or directory'),
        target: 'lib/math/gcd.o',
        command: expect.stringMatching(
          /^gcc .* -include no-such-header\.h .* -o lib\/math\/gcd\.o .*lib\/math\/gcd\.c/,
        ),
        listedAt: { file: 'lib/math/Makefile', line: expect.any(Number) },
        failsAlone: true,
        others: [],
      });
      expect(readFileSync(failed.log, 'latin1')).toContain('*** ');
    });
  }

  const newest = kernels.at(-1)!;
  it(`${newest?.version}: a sample of x86's defconfig is what make compiles (seed ${seed})`, () => {
    const objtree = objtreeOf(newest, 'defconfig');
    const args = ['--units', String(SAMPLE), '--seed', String(seed)];
    const sampled = build(newest, objtree, args);
    expect(sampled).toMatchObject({ status: 0, outcome: 'built', failure: null, sample: { seed } });
    expect(sampled.units.predicted).toBeGreaterThanOrEqual(SAMPLE);
    expect(sampled.units).toMatchObject({
      compiled: sampled.units.predicted,
      present: 0,
      missing: [],
      unpredicted: [],
    });
    // The same once more has nothing left to do.
    expect(build(newest, objtree, args).units).toMatchObject({ compiled: 0, present: sampled.units.predicted });
  });

  it('leaves the trees as they are', () => {
    for (const { tree } of kernels) {
      const found = spawnSync('find', [tree, '-type', 'f', '-newermt', began.toISOString()], { encoding: 'utf8' });
      expect(found.stdout).toBe('');
    }
  });
});
