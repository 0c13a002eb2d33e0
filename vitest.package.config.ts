import { defineConfig } from 'vitest/config';

/** The tests on the packed package, as somebody installs it. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    globalSetup: ['test/package/nodes.ts'],
    // They pack the same repository.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
