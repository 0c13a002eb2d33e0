/**
 * Holds the model against units that are not in its fit: for every config a simple random sample of them, measured with
 * the config's own flags (data/README.md).
 */
import { type CostModel, configFactors, DirectoryIndex, unitSeconds } from '../../src/estimate/model.ts';
import {
  CALIBRATION_SECONDS,
  dataFile,
  loadFactors,
  type MeasuredUnit,
  readRows,
  readSources,
  readUnits,
  sum,
} from './measurements.ts';
import { isForFit } from './sampling.ts';

/** Samples of another architecture and of another kernel version: nothing of theirs is in the fit. */
const OTHER_TREES = new Set(['arm64', 'linux-6.1']);

/** One unit of a sample, in CPU seconds on the reference machine; make's own share is on neither side. */
interface SampledUnit {
  readonly unit: string;
  readonly measured: number;
  readonly predicted: number;
}

/** A config's sample. */
export interface SampledConfig {
  readonly tag: string;
  readonly what: string;
  /** Of the same tree and architecture as the fit. */
  readonly isFamiliar: boolean;
  /** Units that the config builds, as counted in the build that recorded their commands. */
  readonly units: number;
  readonly sample: readonly SampledUnit[];
}

/** A figure with its standard error. */
export interface Measured {
  readonly value: number;
  readonly error: number;
}

/** @returns the configs in the order of configs.csv, the full one first */
export function sampledConfigs(model: CostModel): SampledConfig[] {
  const holdout = [...readUnits('holdout.csv'), ...readUnits('holdout-6.1.csv', 'sources-6.1.csv')];
  const directories = new DirectoryIndex(model);
  return readRows(dataFile('configs.csv')).map(({ tag = '', units, on = '', what = '' }) => {
    const symbols = on.split(' ');
    const factors = configFactors(model, (symbol) => (symbols.includes(symbol) ? 'y' : undefined));
    const predict = ({ unit, facts }: MeasuredUnit): number => unitSeconds(model, facts, directories.of(unit), factors);
    const sample = holdout
      .filter((unit) => unit.tag === tag && !isForFit(unit.unit))
      .map((unit) => ({ unit: unit.unit, measured: unit.seconds, predicted: predict(unit) }));
    return { tag, what, isFamiliar: !OTHER_TREES.has(tag), units: Number(units), sample };
  });
}

/** What a real build of one config compiled, with make running two jobs on the busy machine. */
export interface BuiltUnits {
  readonly units: number;
  /** CPU seconds of the compiler alone, by top directory, on the reference machine. */
  readonly byDirectory: ReadonlyMap<string, { readonly measured: number; readonly predicted: number }>;
  readonly measured: number;
  readonly predicted: number;
}

/** built-units.csv against the model; the units of the fit are left out. */
export function builtUnits(model: CostModel): BuiltUnits {
  const rows = readRows(dataFile('built-units.csv')).filter((row) => !isForFit(row['unit']!));
  const load = loadFactors(
    rows.map((row) => Number(row['reference'])),
    CALIBRATION_SECONDS.gcc,
  );
  const sources = readSources('built-sources.csv');
  const directories = new DirectoryIndex(model);
  // The symbol versions are made by a second run, which was not timed.
  const factors = configFactors(model, (symbol) => (symbol === 'DEBUG_INFO' ? 'y' : undefined));
  const byDirectory = new Map<string, { measured: number; predicted: number }>();
  for (const [index, row] of rows.entries()) {
    const unit = row['unit']!;
    const facts = sources.get(row['source']!) ?? { kind: 'c', bytes: -1, includes: 0, tracePoints: false };
    const directory = unit.slice(0, unit.indexOf('/'));
    const total = byDirectory.get(directory) ?? { measured: 0, predicted: 0 };
    byDirectory.set(directory, total);
    total.measured += Number(row['seconds']) / load[index]!;
    total.predicted += unitSeconds(model, facts, directories.of(unit), factors);
  }
  const totals = [...byDirectory.values()];
  return {
    units: rows.length,
    byDirectory,
    measured: sum(totals.map(({ measured }) => measured)),
    predicted: sum(totals.map(({ predicted }) => predicted)),
  };
}

/**
 * A config's compile time as measured: the mean of its sample times its number of units. Unbiased, as the sample is a
 * simple random one.
 */
export function measuredTotal({ units, sample }: SampledConfig): Measured {
  const { value, error } = meanOf(sample.map(({ measured }) => measured));
  return { value: value * units, error: error * units };
}

/**
 * The same with less scatter: what the model says of all units of the config, corrected by the mean difference in the
 * sample. Unbiased whatever the model is worth, as the sample is not in its fit (a difference estimator).
 * @param predictedTotal the model's sum over all units, in seconds as above
 */
export function assistedTotal({ units, sample }: SampledConfig, predictedTotal: number): Measured {
  const { value, error } = meanOf(sample.map(({ measured, predicted }) => measured - predicted));
  return { value: predictedTotal + value * units, error: error * units };
}

/** Predicted by measured, over the sample. */
export function agreement({ sample }: SampledConfig): Measured {
  const measured = sum(sample.map((unit) => unit.measured));
  const value = sum(sample.map((unit) => unit.predicted)) / measured;
  const { error } = meanOf(sample.map((unit) => unit.predicted - value * unit.measured));
  return { value, error: (error * sample.length) / measured };
}

/**
 * Predicted by measured, for the ratio of two configs' totals (1: the saving is predicted as it was measured). The
 * standard error takes into account that the samples have units in common (delete-a-unit jackknife).
 */
export function ratioAgreement(after: SampledConfig, before: SampledConfig): Measured {
  const totals = (sample: readonly SampledUnit[]): [number, number] => [
    sum(sample.map((unit) => unit.predicted)),
    sum(sample.map((unit) => unit.measured)),
  ];
  const [afterPredicted, afterMeasured] = totals(after.sample);
  const [beforePredicted, beforeMeasured] = totals(before.sample);
  const value = afterPredicted / afterMeasured / (beforePredicted / beforeMeasured);
  const inAfter = new Map(after.sample.map((unit) => [unit.unit, unit]));
  const inBefore = new Map(before.sample.map((unit) => [unit.unit, unit]));
  const names = [...new Set([...inAfter.keys(), ...inBefore.keys()])];
  const without = names.map((name) => {
    const [a, b] = [inAfter.get(name), inBefore.get(name)];
    const top = (afterPredicted - (a?.predicted ?? 0)) / (afterMeasured - (a?.measured ?? 0));
    return top / ((beforePredicted - (b?.predicted ?? 0)) / (beforeMeasured - (b?.measured ?? 0)));
  });
  const mean = sum(without) / names.length;
  const variance = (sum(without.map((other) => (other - mean) ** 2)) * (names.length - 1)) / names.length;
  return { value, error: Math.sqrt(variance) };
}

function meanOf(numbers: readonly number[]): Measured {
  const value = sum(numbers) / numbers.length;
  const spread = sum(numbers.map((number) => (number - value) ** 2)) / (numbers.length - 1);
  return { value, error: Math.sqrt(spread / numbers.length) };
}
