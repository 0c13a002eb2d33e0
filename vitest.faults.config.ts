import { defineConfig } from 'vitest/config';

/** Kills, full disks, read-only places and runs at the same time, on the built program. Needs root for its mounts. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.test.ts'],
    globalSetup: ['test/helpers/built-program.ts'],
    testTimeout: 1_200_000,
    hookTimeout: 120_000,
    // One after the other: what is timed is to be timed alike.
    fileParallelism: false,
  },
});
