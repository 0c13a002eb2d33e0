import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';

/** What tests of the program need, in `npm test` and elsewhere: it is built, and `run` in test/cli/run.ts has its commands. */
export const builtProgram = defineConfig({
  define: { KCONFIG_TRIM_COMMANDS: JSON.stringify(pathToFileURL(resolve('dist/commands.js')).href) },
  test: {
    globalSetup: ['test/helpers/built-program.ts'],
    server: { deps: { external: [/\/dist\//] } },
    // Many tests wait for programs that they start.
    maxWorkers: availableParallelism() + 1,
    // For what never ends: a busy machine must not fail a test.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});

/** The tests that need nothing but the repository; the others have a configuration each (test/README.md). */
export default mergeConfig(
  builtProgram,
  defineConfig({
    test: {
      include: ['test/**/*.test.ts'],
      exclude: [
        ...configDefaults.exclude,
        ...['boot', 'browser', 'conformance', 'faults', 'package', 'program'].map((suite) => `test/${suite}/**`),
      ],
    },
  }),
);
