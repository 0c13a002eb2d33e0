import { defineConfig } from 'vitest/config';

/** The tests that need nothing but the repository. Those on real kernels: vitest.kernel.config.ts; on the package: vitest.package.config.ts; on kills and full disks: vitest.faults.config.ts. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/conformance/**', 'test/package/**', 'test/faults/**', 'node_modules/**', '.kernels/**'],
    // Tests of the command line start the built program.
    globalSetup: ['test/cli/run.ts'],
    // For what never ends: a busy machine must not fail a test.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
