import { defineConfig } from 'vitest/config';

/** Machines that QEMU emulates; `npm run setup:boot` brings what they boot. */
export default defineConfig({
  test: {
    include: ['test/boot/**/*.test.ts'],
    globalSetup: ['test/helpers/built-program.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
    // One machine at a time; rehearsals, which are short, two.
    fileParallelism: false,
    maxConcurrency: 2,
  },
});
