import { defineConfig } from 'vitest/config';

/** The built program as a process: how it ends, whatever is wrong or happens to it, and what a terminal gets. */
export default defineConfig({
  test: {
    include: ['test/program/**/*.test.ts'],
    globalSetup: ['test/helpers/built-program.ts'],
    maxWorkers: 3,
    // For what never ends: a busy machine must not fail a test.
    testTimeout: 600_000,
    hookTimeout: 300_000,
  },
});
