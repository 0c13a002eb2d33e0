/** Random Kconfig trees over the whole language: files, messages and loops are those of the kernel's conf. */
import { afterAll, describe, expect, it } from 'vitest';
import { describeKernels } from './describe-kernels.ts';
import { type BatchFigures, compareCases, describeCase, dialectOf, sampleCases, shrink } from './random-trees.ts';
import { sampleSeed } from './sampling.ts';

const BATCH = 100;
const BATCHES = process.env['KCONFIG_TRIM_FULL'] === '1' ? 100 : 2;
/** Seconds for making a failing case small. */
const SHRINKING = 20;

describeKernels('random trees', (kernels) => {
  const seed = sampleSeed();
  const done: Record<string, number> = {};
  const count = (version: string, figures: BatchFigures): void => {
    for (const [what, n] of Object.entries(figures)) done[`${version} ${what}`] = (done[`${version} ${what}`] ?? 0) + n;
  };
  afterAll(() => {
    process.stdout.write(`random trees (seed ${seed}): ${JSON.stringify(done)}\n`);
  });

  describe.each(kernels)('$version', (kernel) => {
    const dialect = dialectOf(kernel);
    for (let batch = 0; batch < BATCHES; batch++) {
      // Batches of neighbouring days have different seeds.
      const batchSeed = seed * 1000 + batch;
      it(`batch ${batch} (seed ${batchSeed}) is answered as conf answers`, () => {
        const { mismatches, figures } = compareCases(kernel, dialect, sampleCases(dialect, batchSeed, BATCH));
        count(kernel.version, figures);
        const [first] = mismatches;
        if (first) expect.fail(describeCase(shrink(kernel, dialect, batchSeed, first.index, SHRINKING)));
        expect(figures.answers).toBeGreaterThan(BATCH * 2);
        expect(figures.messages).toBeGreaterThan(BATCH);
        expect(figures.loops).toBeGreaterThan(0);
      });
    }
  });
});
