import type { CostModel } from './model.ts';

/** The fitted model. Provisional: from some 150 units. */
export const COST_MODEL: CostModel = {
  calibrationSeconds: { gcc: 0.75, clang: 0.8 },
  unitOverhead: 0.04,
  curves: {
    c: { base: 0.18, scale: 0.055, exponent: 0.6 },
    assembly: { base: 0.08, scale: 0.001, exponent: 1 },
    rust: { base: 1.5, scale: 0.01, exponent: 1 },
  },
  directories: {
    '': [1, 20_000],
    drivers: [0.95, 22_000],
    net: [1.3, 20_000],
    fs: [1.1, 20_000],
    sound: [0.75, 22_000],
    lib: [0.6, 12_000],
  },
  effects: [
    { symbol: 'DEBUG_INFO', factor: 1.5 },
    { symbol: 'CC_OPTIMIZE_FOR_SIZE', factor: 0.95 },
    { symbol: 'KASAN', factor: 1.4 },
  ],
  module: { modC: 0.22, link: 0.08, btf: 0.14 },
  kernel: {
    prepare: 15,
    link: { base: 5, perUnit: 0.008 },
    debug: { base: 2, perUnit: 0.004 },
    btf: { base: 12, perUnit: 0.012 },
  },
  residual: { total: 0.12, unit: 0.6 },
};
