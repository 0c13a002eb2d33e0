/** Fits what the config changes in the cost of every unit, from units compiled in several variants. */
import type { ConfigEffect } from '../../src/estimate/model.ts';
import { type MeasuredUnit, sum } from './measurements.ts';
import { numberOf } from './sampling.ts';

/** Of the units in effects.csv, which are all from the fit's half, half are for the fit of effects, by another number. */
const isForEffects = (object: string): boolean => numberOf(`effects/${object}`) >= 0.5;

/** The ratio of two variants' totals over the units that both have, symbol versions left out. */
export interface VariantRatio {
  readonly ratio: number;
  /** Its standard error. */
  readonly error: number;
  readonly units: number;
}

/**
 * @param units of effects.csv
 * @param half which units count: those for the fit, those for its check, or both
 */
export function variantRatio(
  units: readonly MeasuredUnit[],
  variant: string,
  base: string,
  half: 'fit' | 'holdout' | 'all',
): VariantRatio {
  const bases = new Map(
    units.filter(({ tag }) => tag === base).map((unit) => [unit.unit, unit.seconds - unit.versions]),
  );
  const pairs = units
    .filter(
      ({ tag, unit }) =>
        tag === variant && bases.has(unit) && (half === 'all' || isForEffects(unit) === (half === 'fit')),
    )
    .map(({ unit, seconds, versions }) => [seconds - versions, bases.get(unit)!] as const);
  const total = sum(pairs.map(([, b]) => b));
  const ratio = sum(pairs.map(([a]) => a)) / total;
  const spread = sum(pairs.map(([a, b]) => (a - ratio * b) ** 2)) * (pairs.length / Math.max(1, pairs.length - 1));
  return { ratio, error: Math.sqrt(spread) / total, units: pairs.length };
}

/**
 * Variant by base, for a symbol; `with` is a symbol that has to be on as well, `by` the ratio that is in the model
 * already.
 */
export const EFFECT_RATIOS = {
  debug: ['gcc', 'gcc-no-debug'],
  clang: ['clang-no-debug', 'gcc-no-debug'],
  clangDebug: ['clang', 'clang-no-debug'],
  size: ['gcc-size', 'gcc'],
  kasan: ['gcc-kasan', 'gcc'],
  kasanInline: ['gcc-kasan-inline', 'gcc'],
  kcov: ['gcc-kcov', 'gcc'],
  ubsan: ['gcc-ubsan', 'gcc'],
  thinLto: ['clang-thinlto', 'clang'],
} as const;

/**
 * @param units of effects.csv
 * @param log takes a line of the fit's report
 */
export function fitEffects(units: readonly MeasuredUnit[], log: (line: string) => void): ConfigEffect[] {
  const ratioOf = (name: keyof typeof EFFECT_RATIOS): number => {
    const [variant, base] = EFFECT_RATIOS[name];
    const fit = variantRatio(units, variant, base, 'fit');
    const check = variantRatio(units, variant, base, 'holdout');
    log(
      `${variant} by ${base}: ${fit.ratio.toFixed(3)} ± ${fit.error.toFixed(3)} (${fit.units} units), ` +
        `on others ${check.ratio.toFixed(3)} ± ${check.error.toFixed(3)} (${check.units})`,
    );
    return fit.ratio;
  };
  const debug = ratioOf('debug');
  const kasan = ratioOf('kasan');
  // Too few units to divide; the check is the sample of arm64, whose defconfig has it.
  const reduced = variantRatio(units, 'gcc-debug-reduced', 'gcc', 'all').ratio;
  return [
    { symbol: 'DEBUG_INFO', factor: debug },
    { symbol: 'CC_IS_CLANG', factor: ratioOf('clang') },
    { symbol: 'DEBUG_INFO', with: 'CC_IS_CLANG', factor: ratioOf('clangDebug') / debug },
    { symbol: 'CC_OPTIMIZE_FOR_SIZE', factor: ratioOf('size') },
    { symbol: 'DEBUG_INFO', with: 'DEBUG_INFO_REDUCED', factor: reduced },
    { symbol: 'KASAN_GENERIC', factor: kasan },
    { symbol: 'KASAN_GENERIC', with: 'KASAN_INLINE', factor: ratioOf('kasanInline') / kasan },
    { symbol: 'KCOV_INSTRUMENT_ALL', factor: ratioOf('kcov') },
    { symbol: 'UBSAN', factor: ratioOf('ubsan') },
    // Full LTO was not measured; the linker's work on it is of the same kind.
    { symbol: 'LTO_CLANG', factor: ratioOf('thinLto') },
  ].map((effect) => ({ ...effect, factor: Number(effect.factor.toFixed(3)) }));
}
