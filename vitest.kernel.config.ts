import { defineConfig } from 'vitest/config';

/** The tests on real kernel trees; `npm run setup:kernel` brings the trees. */
export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts'],
    // Once: a file that builds takes the program away from those beside it.
    globalSetup: ['test/helpers/built-program.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    maxWorkers: 2,
  },
});
