/** The committed model, its measurements and its error: data and scripts are in scripts/estimate. */
import { beforeAll, describe, expect, it } from 'vitest';
import { EFFECT_RATIOS, variantRatio } from '../../scripts/estimate/fit-effects.ts';
import { fitModel } from '../../scripts/estimate/fit-model.ts';
import { readUnits } from '../../scripts/estimate/measurements.ts';
import { isForFit } from '../../scripts/estimate/sampling.ts';
import {
  agreement,
  builtUnits,
  measuredTotal,
  ratioAgreement,
  sampledConfigs,
} from '../../scripts/estimate/validate.ts';
import { configFactors } from '../../src/estimate/model.ts';
import { COST_MODEL } from '../../src/estimate/model-data.ts';

it('is what the measurements give', () => {
  expect(COST_MODEL).toEqual(fitModel(() => undefined));
});

describe('on units that are not in the fit', () => {
  const all = sampledConfigs(COST_MODEL);
  const configs = all.filter(({ isFamiliar }) => isFamiliar);
  const others = all.filter(({ isFamiliar }) => !isFamiliar);
  const [full] = configs;

  it('has five configs, each with a sample large enough to tell', () => {
    expect(configs.map(({ tag }) => tag)).toEqual(['full', 'cloud', 'victus', 'mlx', 'qemu']);
    for (const config of configs) {
      expect(config.sample.length, config.tag).toBeGreaterThanOrEqual(200);
      expect(config.sample.every(({ unit }) => !isForFit(unit))).toBe(true);
      expect(agreement(config).error, `standard error for ${config.tag}`).toBeLessThan(0.035);
    }
  });

  it.each(configs)('predicts the compile time of $tag within 10 %', (config) => {
    const { value } = agreement(config);
    expect(Math.abs(value - 1)).toBeLessThan(0.1);
  });

  it.each(configs.slice(1))('predicts the ratio of $tag to the full config within 10 %', (config) => {
    const { value, error } = ratioAgreement(config, full!);
    expect(Math.abs(value - 1)).toBeLessThan(0.1);
    // A deviation of several standard errors would be a bias, small as it may be.
    expect(Math.abs(value - 1) / error).toBeLessThan(3);
  });

  it('has another architecture and another kernel version, with nothing of theirs in the fit', () => {
    expect(others.map(({ tag }) => tag)).toEqual(['arm64', 'linux-6.1']);
    for (const { sample } of others) expect(sample.length).toBeGreaterThan(100);
  });

  it.each(others)('predicts the compile time of $tag within 20 %', (config) => {
    const { value } = agreement(config);
    expect(Math.abs(value - 1)).toBeLessThan(0.2);
  });

  it('predicts what a real build of a trimmed config spent in the compiler within 20 %', () => {
    const { units, predicted, measured } = builtUnits(COST_MODEL);
    expect(units).toBeGreaterThan(800);
    expect(Math.abs(predicted / measured - 1)).toBeLessThan(0.2);
  });

  it('measures what a person who builds Debian kernels expects: hours for all, well under one for a trimmed one', () => {
    const hours = configs.map((config) => measuredTotal(config).value / 3600);
    expect(hours[0]).toBeGreaterThan(3);
    expect(hours.at(-1)).toBeLessThan(1);
  });
});

describe('what the config changes', () => {
  const units = readUnits('effects.csv');
  const config =
    (...on: string[]) =>
    (symbol: string) =>
      on.includes(symbol) ? 'y' : undefined;
  const factor = (...on: string[]): number => configFactors(COST_MODEL, config(...on)).compile;
  let predicted: Record<keyof typeof EFFECT_RATIOS, number>;

  beforeAll(() => {
    const clang = factor('CC_IS_CLANG');
    predicted = {
      debug: factor('DEBUG_INFO'),
      clang,
      clangDebug: factor('CC_IS_CLANG', 'DEBUG_INFO') / clang,
      size: factor('CC_OPTIMIZE_FOR_SIZE'),
      kasan: factor('KASAN', 'KASAN_GENERIC'),
      kasanInline: factor('KASAN', 'KASAN_GENERIC', 'KASAN_INLINE'),
      kcov: factor('KCOV_INSTRUMENT_ALL'),
      ubsan: factor('UBSAN'),
      thinLto: factor('LTO_CLANG'),
    };
  });

  it.each(Object.entries(EFFECT_RATIOS))('%s: as on units that are not in its fit', (name, [variant, base]) => {
    const check = variantRatio(units, variant, base, 'holdout');
    expect(check.units).toBeGreaterThanOrEqual(4);
    const own = predicted[name as keyof typeof EFFECT_RATIOS];
    expect(Math.abs(own / check.ratio - 1)).toBeLessThan(Math.max(0.1, 3 * check.error));
    // Where the measurement says clearly which way it goes, the model says the same.
    if (Math.abs(check.ratio - 1) > 3 * check.error) expect(Math.sign(own - 1)).toBe(Math.sign(check.ratio - 1));
  });
});
