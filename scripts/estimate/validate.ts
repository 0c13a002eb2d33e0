/**
 * Holds the model against units that are not in its fit: for every config a simple random sample of them, measured with
 * the config's own flags (data/README.md).
 */
import { type CostModel, DirectoryIndex, effectFactor, plainUnitSeconds } from '../../src/estimate/model.ts';
import { dataFile, type MeasuredUnit, readRows, readUnits, sum } from './measurements.ts';
import { isForFit } from './sampling.ts';

/** The configs that were measured, and what of them matters to the cost of a unit. */
const MEASURED_WITH: Readonly<Record<string, string>> = { DEBUG_INFO: 'y', MODVERSIONS: 'y' };

/** One unit of a sample, in CPU seconds on the reference machine; make's own share is on neither side. */
interface SampledUnit {
  readonly unit: string;
  readonly measured: number;
  readonly predicted: number;
}

/** A config's sample. */
export interface SampledConfig {
  readonly tag: string;
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
  const rows = readRows(dataFile('configs.csv'));
  const holdout = readUnits('holdout.csv').filter(({ unit }) => !isForFit(unit));
  const effect = effectFactor(model, (symbol) => MEASURED_WITH[symbol]);
  const directories = new DirectoryIndex(model);
  const predict = ({ unit, facts }: MeasuredUnit): number =>
    plainUnitSeconds(model, facts, directories.of(unit)) * effect;
  return rows.map((row) => ({
    tag: row['tag']!,
    units: Number(row['units']),
    sample: holdout
      .filter(({ tag }) => tag === row['tag'])
      .map((unit) => ({ unit: unit.unit, measured: unit.seconds, predicted: predict(unit) })),
  }));
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
