import { defineConfig, mergeConfig } from 'vitest/config';
import { builtProgram } from './vitest.config.ts';

/** The page of --html in a real browser: Debian's chromium, or the one that CHROMIUM names. */
export default mergeConfig(builtProgram, defineConfig({ test: { include: ['test/browser/**/*.test.ts'] } }));
