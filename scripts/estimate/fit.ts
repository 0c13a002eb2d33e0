/**
 * Fits the cost model to the measurements in data/estimate and writes src/estimate/model-data.ts.
 *
 *   npx tsx scripts/estimate/fit.ts
 *
 * What each file holds and how it was measured is told in src/estimate/README.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigEffect, CostModel } from '../../src/estimate/model.ts';
import { fitKernel } from './fit-kernel.ts';
import { bestUnitFit, type PlainUnit, prunedDirectories } from './fit-units.ts';
import { CALIBRATION_SECONDS, loadFactors, type MeasuredUnit, readRows, readUnits } from './measurements.ts';

const top = join(dirname(fileURLToPath(import.meta.url)), '../..');
const data = (name: string): string => join(top, 'data/estimate', name);

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const log = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Variant, what it is compared with, and the symbol that the ratio is taken for; 'off': the variant is without it. */
const EFFECTS: readonly { symbol: string; variant: string; base: string; off?: boolean }[] = [
  { symbol: 'DEBUG_INFO', variant: 'gcc-no-debug', base: 'gcc', off: true },
  { symbol: 'CC_OPTIMIZE_FOR_SIZE', variant: 'gcc-size', base: 'gcc' },
  { symbol: 'KASAN', variant: 'gcc-kasan', base: 'gcc' },
  { symbol: 'CC_IS_CLANG', variant: 'clang', base: 'gcc' },
  { symbol: 'LTO_CLANG_THIN', variant: 'clang-thinlto', base: 'clang' },
];

function fitEffects(units: readonly MeasuredUnit[]): ConfigEffect[] {
  const byTag = new Map<string, Map<string, MeasuredUnit>>();
  for (const unit of units) {
    const own = byTag.get(unit.tag) ?? new Map<string, MeasuredUnit>();
    byTag.set(unit.tag, own.set(unit.unit, unit));
  }
  return EFFECTS.flatMap(({ symbol, variant, base, off }) => {
    const [ones, others] = [byTag.get(variant), byTag.get(base)];
    if (!ones || !others) return [];
    const pairs = [...ones].flatMap(([name, unit]) => (others.has(name) ? [[unit, others.get(name)!] as const] : []));
    const ratio = sum(pairs.map(([a]) => a.seconds)) / sum(pairs.map(([, b]) => b.seconds));
    const spread = Math.sqrt(
      sum(pairs.map(([a, b]) => (a.seconds - ratio * b.seconds) ** 2)) / (pairs.length - 1) / pairs.length,
    );
    const error = spread / (sum(pairs.map(([, b]) => b.seconds)) / pairs.length);
    log(`${symbol}: ${variant} by ${base} ${ratio.toFixed(3)} ± ${error.toFixed(3)} (${pairs.length} units)`);
    return [{ symbol, factor: Number((off ? 1 / ratio : ratio).toFixed(3)) }];
  });
}

/** Share of the symbol versions in what units cost: the effect of MODVERSIONS. */
function symbolVersions(rows: readonly Record<string, string>[]): ConfigEffect {
  const good = rows.filter((row) => !Number.isNaN(Number(row['compile'])));
  const versions = sum(good.map((row) => Number(row['symversions'])));
  const rest = sum(good.map((row) => Number(row['compile']) + Number(row['objtool']) + Number(row['fixdep'])));
  log(`MODVERSIONS: ${(versions / rest).toFixed(3)} of the rest`);
  return { symbol: 'MODVERSIONS', factor: Number((1 + versions / rest).toFixed(3)) };
}

function fitModules(effectOfBase: number): CostModel['module'] {
  const rows = readRows(data('modules.csv'));
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

/**
 * make and shell for one unit, and with modpost for one module: builds with the stand-in compiler of 2,800 units and 145
 * modules, 4,300 and 400 (CPU time of all but the stand-in).
 */
const UNIT_OVERHEAD = 0.03;
const MODULE_OVERHEAD = 0.05;
/** No Rust unit was measured (no bindgen at hand): a round figure, from few to many seconds for the crates. */
const RUST = { base: 3, scale: 0, exponent: 1 };
/** Of whole configs: the largest deviation found on the units that are not in the fit, see README.md. */
const TOTAL_RESIDUAL = 0.06;

const fitted = readUnits(data('units.csv'));
const effects = [...fitEffects(readUnits(data('effects.csv'))), symbolVersions(readRows(data('units.csv')))];
const configs = JSON.parse(readFileSync(data('configs.json'), 'latin1')) as Record<string, { effects: string[] }>;
const effectOf = (tag: string): number =>
  effects.reduce(
    (factor, { symbol, factor: own }) => (configs[tag]!.effects.includes(symbol) ? factor * own : factor),
    1,
  );
const plain: PlainUnit[] = fitted.map((unit) => ({ ...unit, plain: unit.seconds / effectOf(unit.tag) }));

const c = plain.filter((unit) => unit.kind === 'c');
const assembly = plain.filter((unit) => unit.kind === 'assembly');
const best = bestUnitFit(c);
log(
  `${c.length} C units: exponent ${best.curve.exponent}, shrinkage ${best.shrinkage} s; cross-validated: unit ${(100 * best.error.meanAbsolute).toFixed(1)} % mean absolute, ${(100 * best.error.rootMeanSquare).toFixed(1)} % root mean square; totals of a tenth ±${(100 * best.error.totals).toFixed(1)} %`,
);
const directories = prunedDirectories(best);
log(`${Object.keys(best.directories).length} directories measured, ${Object.keys(directories).length} kept`);
const assemblyMean = sum(assembly.map((unit) => unit.plain)) / assembly.length;
log(`${assembly.length} assembly units: mean ${assemblyMean.toFixed(3)}`);

const model: CostModel = {
  calibrationSeconds: CALIBRATION_SECONDS,
  unitOverhead: UNIT_OVERHEAD,
  curves: {
    c: { base: round(best.curve.base), scale: round(best.curve.scale), exponent: best.curve.exponent },
    assembly: { base: round(assemblyMean), scale: 0, exponent: 1 },
    rust: RUST,
  },
  directories,
  effects,
  module: fitModules(effectOf('full')),
  kernel: fitKernel(readRows(data('builds.csv')), log),
  residual: { total: TOTAL_RESIDUAL, unit: round(best.error.rootMeanSquare) },
};

function round(value: number): number {
  return Number(value.toFixed(4));
}

const lines = JSON.stringify(model, null, 2)
  .replace(/"([A-Za-z_]\w*)":/g, '$1:')
  .replaceAll('"', "'")
  .replace(/\[\s+([\d.]+),\s+([\d.]+)\s+\]/g, '[$1, $2]');
writeFileSync(
  join(top, 'src/estimate/model-data.ts'),
  `import type { CostModel } from './model.ts';\n\n/** The fitted model: written by scripts/estimate/fit.ts from data/estimate. */\nexport const COST_MODEL: CostModel = ${lines};\n`,
);
