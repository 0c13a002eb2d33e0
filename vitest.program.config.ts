import { defineConfig, mergeConfig } from 'vitest/config';
import { builtProgram } from './vitest.config.ts';

/** The program and those that it starts: compilers, make, shells; how it ends, and what a terminal gets. */
export default mergeConfig(
  builtProgram,
  defineConfig({ test: { include: ['test/program/**/*.test.ts'], testTimeout: 600_000 } }),
);
