import { unpackFacts } from '../sources/packed-facts.ts';
import {
  type ConfigFactors,
  type CostModel,
  configFactors,
  DirectoryIndex,
  type KernelCost,
  type PerUnitCost,
  plainUnitSeconds,
  versionsShare,
} from './model.ts';
import { COST_MODEL } from './model-data.ts';
import type { BuildEstimate, BuildInput, Calibration, ConfigLookup } from './types.ts';

/** The reference machine itself: what is assumed where nothing is known of the machine that builds. */
export const REFERENCE_CALIBRATION: Calibration = { factor: 1, uncertainty: 0.35, source: 'none' };

/** Standard deviations on either side that hold nine of ten cases. */
const NINETY_PERCENT = 1.645;

/** Translation units of an average module (Debian's amd64 config: 11,800 in 4,230). */
const UNITS_PER_MODULE = 2.8;

/**
 * What a build from nothing costs: `make` with the default targets.
 * @param input what is built, with which config, from which sources
 * @param model the fitted model; another one only in tests and fits
 */
export function estimateBuild(input: BuildInput, model: CostModel = COST_MODEL): BuildEstimate {
  const { units, config, sources, calibration = REFERENCE_CALIBRATION } = input;
  const factors = configFactors(model, config);
  const directories = new DirectoryIndex(model);
  const known = sources.packedFacts(units);
  const unitSeconds = new Float64Array(units.length);
  const work = { plain: 0, versions: 0 };
  let unitTotal = 0;
  for (let index = 0; index < units.length; index++) {
    const facts = unpackFacts(known, index);
    const directory = directories.of(units[index]!);
    const plain = plainUnitSeconds(model, facts, directory);
    const versions = plain * versionsShare(facts, directory);
    const own = plain * factors.compile + (factors.versions ? versions : 0);
    const seconds = (own + model.unitOverhead) * calibration.factor;
    unitSeconds[index] = seconds;
    unitTotal += seconds;
    work.plain += plain;
    work.versions += versions;
  }
  const moduleSeconds = secondsOfModule(model, config, factors) * calibration.factor;
  const modules = input.modules * moduleSeconds;
  const kernel = kernelSeconds(model.kernel, input) * calibration.factor;
  const cpuSeconds = unitTotal + modules + kernel;
  const spread = NINETY_PERCENT * relativeError(model, units.length, calibration);
  return {
    objects: units.length,
    modules: input.modules,
    cpuSeconds,
    low: cpuSeconds / (1 + spread),
    high: cpuSeconds * (1 + spread),
    parts: { units: unitTotal, modules, kernel },
    unitWork: work,
    unitSeconds,
    prepareSeconds: model.kernel.prepare * calibration.factor,
    moduleSeconds,
  };
}

/**
 * What another config for the same units, modules and built-in objects would save, in CPU seconds; below zero where it
 * costs more.
 * @param estimate of `input`
 */
export function savedBy(
  input: BuildInput,
  estimate: BuildEstimate,
  config: ConfigLookup,
  model: CostModel = COST_MODEL,
): number {
  const seconds = (lookup: ConfigLookup): number => {
    const factors = configFactors(model, lookup);
    const { plain, versions } = estimate.unitWork;
    const units = plain * factors.compile + (factors.versions ? versions : 0);
    const modules = input.modules * secondsOfModule(model, lookup, factors);
    return units + modules + kernelSeconds(model.kernel, { ...input, config: lookup });
  };
  return (seconds(input.config) - seconds(config)) * (input.calibration ?? REFERENCE_CALIBRATION).factor;
}

function secondsOfModule({ module }: CostModel, config: ConfigLookup, factors: ConfigFactors): number {
  const btf = config('DEBUG_INFO_BTF_MODULES') === 'y' ? module.btf : 0;
  return module.modC * factors.compile + module.link + btf;
}

/** Everything for vmlinux that no unit and no module pays, on the reference machine. */
function kernelSeconds(cost: KernelCost, { units, modules, builtIn, config }: BuildInput): number {
  const linked = builtIn ?? Math.max(units.length * 0.15, units.length - modules * UNITS_PER_MODULE);
  const of = ({ base, perUnit }: PerUnitCost): number => base + perUnit * linked;
  let seconds = cost.prepare + of(cost.link);
  if (config('DEBUG_INFO') === 'y') seconds += of(cost.debug);
  if (config('DEBUG_INFO_BTF') === 'y') seconds += of(cost.btf);
  return seconds;
}

/** What parallel builds do beside dividing the work: waiting, clock rates, disks. Standard deviation, not measured. */
const WALL_RESIDUAL = 0.1;

/**
 * How far the time on the clock may be off, as a share of it (0.25 is ± 25 %), in about nine of ten cases.
 */
export function wallUncertainty({ cpuSeconds, high }: BuildEstimate): number {
  return Math.hypot(high / cpuSeconds - 1, NINETY_PERCENT * WALL_RESIDUAL);
}

/** Errors of units average out, those of the model as a whole and of the calibration don't. */
function relativeError(model: CostModel, units: number, calibration: Calibration): number {
  return Math.hypot(model.residual.total, model.residual.unit / Math.sqrt(Math.max(1, units)), calibration.uncertainty);
}
