import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The tests that need nothing but the repository; the others have a configuration each (test/README.md). */
export default defineConfig({
  // A command line that a test runs in its own process is done by the built commands: see test/cli/run.ts.
  define: { KCONFIG_TRIM_COMMANDS: JSON.stringify(pathToFileURL(resolve('dist/commands.js')).href) },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/boot/**',
      'test/conformance/**',
      'test/package/**',
      'test/program/**',
      'test/faults/**',
      'node_modules/**',
      '.kernels/**',
      '.boot/**',
    ],
    // Builds the program.
    globalSetup: ['test/helpers/built-program.ts'],
    server: { deps: { external: [/\/dist\//] } },
    // Many tests wait for programs that they start.
    maxWorkers: availableParallelism() + 1,
    // For what never ends: a busy machine must not fail a test.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
