/** Fits what translation units cost: a curve over what is seen of the source, and a factor for each directory. */
import {
  type CostModel,
  curveSeconds,
  DirectoryIndex,
  plainUnitSeconds,
  type SourceCurve,
} from '../../src/estimate/model.ts';
import { type MeasuredUnit, sum } from './measurements.ts';

/** A measured unit, with its seconds reduced to a config that has no effect switched on. */
export interface PlainUnit extends MeasuredUnit {
  readonly plain: number;
}

interface UnitFit {
  readonly curve: SourceCurve;
  readonly directories: Record<string, [factor: number, typicalBytes: number, versions: number]>;
}

const DEEPEST = 2;
const EXPONENTS = [0.5, 0.55, 0.6, 0.65, 0.7];
const SHRINKAGES = [1, 2, 4, 8, 16];
const FOLDS = 10;
const ROUNDS = 6;
/** Seconds of measured time that the parent's share of symbol versions counts for. */
const VERSIONS_SHRINKAGE = 8;

/** Directories of a path from the root ('') down. */
function directoriesOf(unit: string): string[] {
  const parts = unit.split('/').slice(0, -1);
  return [...Array(Math.min(parts.length, DEEPEST) + 1).keys()].map((depth) => parts.slice(0, depth).join('/'));
}

/** Least squares, weighted so that a large unit's larger scatter doesn't rule. */
function fitCurve(units: readonly PlainUnit[], exponent: number): SourceCurve {
  const rows = units.map(({ facts }) => [
    1,
    (facts.bytes / 1024) ** exponent,
    facts.includes,
    facts.tracePoints ? 1 : 0,
  ]);
  let solution = [0.4, 0.05, 0.01, 0.8];
  for (let round = 0; round < ROUNDS; round++) {
    const weights = rows.map((row) => Math.max(0.1, sum(row.map((x, i) => x * solution[i]!))) ** -1.5);
    const matrix = solution.map((_, i) => [
      ...solution.map((_, j) => sum(rows.map((row, at) => weights[at]! * row[i]! * row[j]!))),
      sum(rows.map((row, at) => weights[at]! * row[i]! * units[at]!.plain)),
    ]);
    solution = solve(matrix);
  }
  const [base = 0, scale = 0, include = 0, tracePoints = 0] = solution;
  return { base, scale, exponent, include, tracePoints };
}

/** Gauss's elimination; the right side is the last column. */
function solve(matrix: number[][]): number[] {
  for (const [i, row] of matrix.entries()) {
    const pivot = row[i]!;
    for (const [j, other] of matrix.entries()) {
      if (j === i) continue;
      const share = other[i]! / pivot;
      for (let k = i; k < other.length; k++) other[k]! -= share * row[k]!;
    }
  }
  return matrix.map((row, i) => row.at(-1)! / row[i]!);
}

/**
 * Ratio of measured to predicted sums in each directory, drawn to the parent's as far as the predicted sum is small.
 * Sums rather than single ratios keep totals unbiased, which is what the model is for.
 * @param shrinkage seconds of predicted time that the parent's factor counts for
 */
function fitUnits(units: readonly PlainUnit[], exponent: number, shrinkage: number): UnitFit {
  const curve = fitCurve(units, exponent);
  const onCurve = (unit: PlainUnit): number => curveSeconds(curve, unit.facts);
  const groups = new Map<string, PlainUnit[]>();
  for (const unit of units) {
    for (const directory of directoriesOf(unit.unit)) {
      const group = groups.get(directory);
      if (group) group.push(unit);
      else groups.set(directory, [unit]);
    }
  }
  const directories: UnitFit['directories'] = {};
  for (const directory of [...groups.keys()].sort(
    (a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1),
  )) {
    const group = groups.get(directory)!;
    const bytes = sum(group.map((unit) => unit.facts.bytes));
    const measured = sum(group.map((unit) => unit.plain));
    const versions = sum(group.map((unit) => unit.versions));
    if (directory === '') {
      directories[''] = [measured / sum(group.map(onCurve)), bytes / group.length, versions / measured];
      continue;
    }
    const [factor, typical, share] = directories[directory.slice(0, Math.max(0, directory.lastIndexOf('/')))]!;
    const expected = sum(group.map(onCurve)) * factor;
    directories[directory] = [
      (factor * (measured + shrinkage)) / (expected + shrinkage),
      (bytes + shrinkage * typical) / (group.length + shrinkage),
      (versions + VERSIONS_SHRINKAGE * share) / (measured + VERSIONS_SHRINKAGE),
    ];
  }
  return { curve, directories };
}

/** Of the fits that the grid allows, the one that predicts units best that it hasn't seen. */
export function bestUnitFit(units: readonly PlainUnit[]): UnitFit & { error: CrossValidation; shrinkage: number } {
  let best: { exponent: number; shrinkage: number; error: CrossValidation } | null = null;
  for (const exponent of EXPONENTS) {
    for (const shrinkage of SHRINKAGES) {
      const error = crossValidate(units, exponent, shrinkage);
      if (!best || error.rootMeanSquare < best.error.rootMeanSquare) best = { exponent, shrinkage, error };
    }
  }
  const { exponent, shrinkage, error } = best!;
  return { ...fitUnits(units, exponent, shrinkage), error, shrinkage };
}

interface CrossValidation {
  /** Sum of absolute errors by sum of measured seconds. */
  readonly meanAbsolute: number;
  /** Root mean square error of a unit, by the mean. */
  readonly rootMeanSquare: number;
  /** Standard deviation of predicted by measured total over the folds. */
  readonly totals: number;
}

function crossValidate(units: readonly PlainUnit[], exponent: number, shrinkage: number): CrossValidation {
  let absolute = 0;
  let square = 0;
  const ratios: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const fit = fitUnits(
      units.filter((_, index) => index % FOLDS !== fold),
      exponent,
      shrinkage,
    );
    const predict = predictor(fit);
    const left = units.filter((_, index) => index % FOLDS === fold);
    const predicted = left.map(predict);
    absolute += sum(left.map((unit, index) => Math.abs(predicted[index]! - unit.plain)));
    square += sum(left.map((unit, index) => (predicted[index]! - unit.plain) ** 2));
    ratios.push(sum(predicted) / sum(left.map((unit) => unit.plain)));
  }
  const total = sum(units.map((unit) => unit.plain));
  const mean = sum(ratios) / FOLDS;
  return {
    meanAbsolute: absolute / total,
    rootMeanSquare: Math.sqrt(square / units.length) / (total / units.length),
    totals: Math.sqrt(sum(ratios.map((ratio) => (ratio - mean) ** 2)) / (FOLDS - 1)),
  };
}

/** The shipped code's own arithmetic over a fit. */
function predictor(fit: UnitFit): (unit: PlainUnit) => number {
  const model = { curves: { c: fit.curve }, directories: fit.directories } as unknown as CostModel;
  const index = new DirectoryIndex(model);
  return (unit) => plainUnitSeconds(model, unit.facts, index.of(unit.unit));
}

/** Rounded for the source file, without directories that say what their parent says. */
export function prunedDirectories({ directories }: UnitFit): UnitFit['directories'] {
  const kept: UnitFit['directories'] = {};
  const nearest = (directory: string): readonly [number, number, number] | undefined => {
    for (let at = directory; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      if (kept[at]) return kept[at];
      if (at === '') return undefined;
    }
  };
  for (const [directory, [factor, bytes, versions]] of Object.entries(directories)) {
    const above = nearest(directory);
    const rounded: [number, number, number] = [
      Number(factor.toFixed(2)),
      Math.round(bytes / 100) * 100,
      Number(versions.toFixed(2)),
    ];
    const same =
      above &&
      Math.abs(rounded[0] / above[0] - 1) < 0.04 &&
      Math.abs(Math.log(rounded[1] / above[1])) < 0.4 &&
      Math.abs(rounded[2] - above[2]) < 0.02;
    if (!same) kept[directory] = rounded;
  }
  return kept;
}
