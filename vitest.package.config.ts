import { defineConfig } from 'vitest/config';

/** The tests on the packed package, as somebody installs it. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
