/**
 * What happens to a test where the kernels are missing: on a person's machine it is skipped with a message, in CI it
 * fails.
 */
import { describe, it } from 'vitest';
import { KERNELS, type Kernel, kernels } from './kernels.ts';

/** `describe` for tests that need the kernels: skipped with a message where there are none, failing in CI. */
export function describeKernels(name: string, body: (found: readonly Kernel[]) => void): void {
  const found = kernels();
  if (found.length > 0) {
    describe(name, () => body(found));
  } else if (process.env['CI']) {
    describe(name, () => {
      it('has kernels to run on', () => {
        throw new Error(`no kernels in ${KERNELS}; run npm run setup:kernel before the tests`);
      });
    });
  } else {
    // biome-ignore lint/suspicious/noConsole: a skipped judge must be seen
    console.warn(`SKIPPED "${name}": no kernels in ${KERNELS}; npm run setup:kernel brings them`);
    describe.skip(name, () => body([]));
  }
}
