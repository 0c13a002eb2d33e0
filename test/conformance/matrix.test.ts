/**
 * Every distribution's config, trimmed and judged by conf and GNU make: nothing lost, the result final, the base sound by
 * `check`. A run takes one base and one set of modules, other ones with each seed; `KCONFIG_TRIM_FULL=1` takes all.
 * `npm run matrix` does that and writes the table of docs/matrix.md (KCONFIG_TRIM_MATRIX=FILE); it takes an hour on two cores the
 * first time, as make walks the tree for each trim. A run of the table that was cut off is gone on with where it was, by the next.
 * KCONFIG_TRIM_SETS=1 takes the first set of modules for each base alone.
 */
import { writeFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { describeKernels } from './describe-kernels.ts';
import { type MatrixBase, type MatrixRow, matrixBases, matrixRow, readMatrixBase } from './matrix-cases.ts';
import { rowOnce } from './matrix-rows.ts';
import { line, matrixDocument } from './matrix-table.ts';
import { random, sampleSeed } from './sampling.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
const TABLE = process.env['KCONFIG_TRIM_MATRIX'];
/** Sets of modules for each base. */
const SETS = Number(process.env['KCONFIG_TRIM_SETS'] ?? Number.POSITIVE_INFINITY);
const BASES = 1;
/** The table is the same with each run. */
const TABLE_SEED = 1;

const bases = await matrixBases();

describeKernels('the matrix of configs', (found) => {
  const seed = TABLE === undefined ? sampleSeed() : TABLE_SEED;
  const draw = random(seed);
  const kernel = found.at(-1)!;
  const rows: MatrixRow[] = [];

  const judge = async (base: MatrixBase): Promise<void> => {
    const judged = await readMatrixBase(kernel, base);
    const sets = base.sets(judged, seed);
    for (const set of FULL ? sets.slice(0, SETS) : draw.pick(sets, 1)) {
      const make = (): MatrixRow => matrixRow(base, judged, set);
      const row = TABLE === undefined ? make() : rowOnce(base.name, judged, set, make);
      rows.push(row);
      process.stdout.write(`${line(row)}\n`);
      const { lost, fixpoint, unsound } = row;
      expect.soft({ lost, fixpoint, unsound }, set.name).toEqual({ lost: [], fixpoint: true, unsound: [] });
    }
  };

  for (const base of FULL ? bases : draw.pick(bases, BASES)) {
    it(`${base.name}: nothing is lost, and nothing left to olddefconfig (seed ${seed})`, () => judge(base));
  }
  afterAll(() => {
    if (FULL && TABLE !== undefined) {
      const names = bases.map(({ name }) => name);
      writeFileSync(TABLE, matrixDocument(rows, kernel.version, names));
    }
  });
});
