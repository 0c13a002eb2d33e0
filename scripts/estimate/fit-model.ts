/** Fits the cost model to the measurements in data/. */
import type { CostModel, ModuleCost } from '../../src/estimate/model.ts';
import { fitEffects } from './fit-effects.ts';
import { fitKernel } from './fit-kernel.ts';
import { bestUnitFit, type PlainUnit, prunedDirectories } from './fit-units.ts';
import { CALIBRATION_SECONDS, dataFile, loadFactors, readRows, readUnits, sum } from './measurements.ts';
import { isForFit } from './sampling.ts';

/** make and shell for one unit and one module; data/README.md tells from which builds. */
const UNIT_OVERHEAD = 0.03;
const MODULE_OVERHEAD = 0.05;
/** No Rust unit was measured (no bindgen at hand): a round figure for crates, from few to many seconds. */
const RUST = { base: 3, scale: 0, exponent: 1, include: 0, tracePoints: 0 };
/** Of whole configs: about the largest deviation found on the units that are not in the fit (test/estimate). */
const TOTAL_RESIDUAL = 0.06;

/** The effects that units.csv and modules.csv were measured with. */
const FIT_CONFIG = new Set(['DEBUG_INFO']);

/**
 * The model that the measurements give; the same at every call.
 * @param log takes a line of the fit's report
 */
export function fitModel(log: (line: string) => void): CostModel {
  const fitted = readUnits('units.csv').filter(({ unit }) => isForFit(unit));
  const effects = fitEffects(readUnits('effects.csv'), log);
  const effect = effects.reduce(
    (factor, { symbol, with: other, factor: own }) =>
      FIT_CONFIG.has(symbol) && other === undefined ? factor * own : factor,
    1,
  );
  const plain: PlainUnit[] = fitted
    .filter(({ facts }) => facts.bytes >= 0)
    .map((unit) => ({ ...unit, plain: (unit.seconds - unit.versions) / effect }));
  const c = plain.filter(({ facts }) => facts.kind === 'c');
  const best = bestUnitFit(c);
  const { exponent } = best.curve;
  log(
    `${c.length} C units: ${JSON.stringify(best.curve)}, shrinkage ${best.shrinkage} s; cross-validated: unit ` +
      `${percent(best.error.meanAbsolute)} mean absolute, ${percent(best.error.rootMeanSquare)} root mean square; ` +
      `totals of a tenth ±${percent(best.error.totals)}`,
  );
  const directories = prunedDirectories(best);
  log(`${Object.keys(best.directories).length} directories measured, ${Object.keys(directories).length} kept`);
  const assembly = plain.filter(({ facts }) => facts.kind === 'assembly').map((unit) => unit.plain);
  log(`${assembly.length} assembly units: mean ${(sum(assembly) / assembly.length).toFixed(3)}`);
  return {
    calibrationSeconds: CALIBRATION_SECONDS,
    unitOverhead: UNIT_OVERHEAD,
    curves: {
      c: {
        base: round(best.curve.base),
        scale: round(best.curve.scale),
        exponent,
        include: round(best.curve.include),
        tracePoints: round(best.curve.tracePoints),
      },
      assembly: { base: round(sum(assembly) / assembly.length), scale: 0, exponent: 1, include: 0, tracePoints: 0 },
      rust: RUST,
    },
    directories,
    effects,
    module: fitModules(effect, log),
    kernel: fitKernel(readRows(dataFile('builds.csv')), log),
    residual: { total: TOTAL_RESIDUAL, unit: round(best.error.rootMeanSquare) },
  };
}

function fitModules(effectOfBase: number, log: (line: string) => void): ModuleCost {
  const rows = readRows(dataFile('modules.csv'));
  const load = loadFactors(
    rows.map((row) => Number(row['reference'])),
    CALIBRATION_SECONDS.gcc,
  );
  const mean = (name: string): number => sum(rows.map((row, at) => Number(row[name]) / load[at]!)) / rows.length;
  const modC = mean('modc');
  log(`module: .mod.c ${modC.toFixed(3)}, links ${mean('link').toFixed(3)}, BTF ${mean('btf').toFixed(3)}`);
  return {
    modC: Number((modC / effectOfBase).toFixed(3)),
    link: Number((mean('link') + MODULE_OVERHEAD).toFixed(3)),
    btf: Number(mean('btf').toFixed(3)),
  };
}

const round = (value: number): number => Number(value.toFixed(4));
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The source file that holds a model. */
export function modelSource(model: CostModel): string {
  const text = JSON.stringify(model, null, 2)
    .replace(/"([A-Za-z_]\w*)":/g, '$1:')
    .replaceAll('"', "'")
    .replace(/\[\s+([\d.]+),\s+([\d.]+),\s+([\d.]+)\s+\]/g, '[$1, $2, $3]');
  return (
    "import type { CostModel } from './model.ts';\n\n" +
    `/** The fitted model: written by scripts/estimate/fit.ts. */\nexport const COST_MODEL: CostModel = ${text};\n`
  );
}
