import type { CostModel } from './model.ts';

/** The fitted model. Provisional: from some 150 units. */
export const COST_MODEL: CostModel = {
  calibrationSeconds: { gcc: 0.8, clang: 0.85 },
  unitOverhead: 0.06,
  curves: {
    c: { base: 0.36, perKilobyte: 0.0065 },
    assembly: { base: 0.08, perKilobyte: 0.001 },
    rust: { base: 1.5, perKilobyte: 0.01 },
  },
  directories: new Map([
    ['', { factor: 1, typicalBytes: 20_000 }],
    ['drivers', { factor: 0.95, typicalBytes: 22_000 }],
    ['net', { factor: 1.3, typicalBytes: 20_000 }],
    ['fs', { factor: 1.1, typicalBytes: 20_000 }],
    ['sound', { factor: 0.65, typicalBytes: 22_000 }],
    ['lib', { factor: 0.6, typicalBytes: 12_000 }],
  ]),
  effects: [
    { symbol: 'DEBUG_INFO', units: 1.5, modules: 1.5, kernel: 2 },
    { symbol: 'DEBUG_INFO_BTF', units: 1, modules: 2, kernel: 2 },
    { symbol: 'CC_OPTIMIZE_FOR_SIZE', units: 0.95, modules: 1, kernel: 1 },
    { symbol: 'KASAN', units: 1.4, modules: 1, kernel: 1.2 },
  ],
  module: 0.25,
  kernel: { base: 60, perUnit: 0.01 },
  residual: { total: 0.12, unit: 0.6 },
};
