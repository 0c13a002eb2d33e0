import { type CostModel, DirectoryIndex, effectFactors, plainUnitSeconds } from './model.ts';
import { COST_MODEL } from './model-data.ts';
import type { BuildEstimate, BuildInput, Calibration } from './types.ts';

/** The reference machine itself. */
export const REFERENCE_CALIBRATION: Calibration = { factor: 1, uncertainty: 0.35, source: 'none' };

/** Standard deviations on either side that hold nine of ten cases. */
const NINETY_PERCENT = 1.645;

/**
 * What a build from nothing costs.
 * @param input what is built, with which config, from which sources
 * @param model the fitted model; another one only in tests and fits
 */
export function estimateBuild(input: BuildInput, model: CostModel = COST_MODEL): BuildEstimate {
  const { units, config, sizes, calibration = REFERENCE_CALIBRATION } = input;
  const effects = effectFactors(model, config);
  const directories = new DirectoryIndex(model);
  const unitSeconds = new Float64Array(units.length);
  let unitTotal = 0;
  for (const [index, unit] of units.entries()) {
    const plain = plainUnitSeconds(model, sizes.of(unit), directories.of(unit));
    const seconds = (plain * effects.units + model.unitOverhead) * calibration.factor;
    unitSeconds[index] = seconds;
    unitTotal += seconds;
  }
  const modules = input.modules * model.module * effects.modules * calibration.factor;
  const kernel = (model.kernel.base + model.kernel.perUnit * units.length) * effects.kernel * calibration.factor;
  const cpuSeconds = unitTotal + modules + kernel;
  const spread = NINETY_PERCENT * relativeError(model, units.length, calibration);
  return {
    objects: units.length,
    modules: input.modules,
    cpuSeconds,
    low: cpuSeconds / (1 + spread),
    high: cpuSeconds * (1 + spread),
    parts: { units: unitTotal, modules, kernel },
    unitSeconds,
  };
}

/** Errors of units average out, those of the model as a whole and of the calibration don't. */
function relativeError(model: CostModel, units: number, calibration: Calibration): number {
  return Math.hypot(model.residual.total, model.residual.unit / Math.sqrt(Math.max(1, units)), calibration.uncertainty);
}

/**
 * Time on the clock with `make -j`.
 * @param cpuSeconds as estimated
 * @param jobs as given to make, 1 or more
 * @param cores processors that the machine has; jobs beyond them gain nothing
 * @param serialSeconds CPU seconds that don't run in parallel (the last links of vmlinux)
 */
export function wallSeconds(cpuSeconds: number, jobs: number, cores: number = jobs, serialSeconds = 0): number {
  const parallel = Math.max(1, Math.min(jobs, cores));
  const serial = Math.min(serialSeconds, cpuSeconds);
  return serial + (cpuSeconds - serial) / parallel;
}
