import { Speculation } from '../../src/cache/speculation.ts';
import type { Probes } from '../../src/toolchain/probes.ts';

/** Repeats an attempt until the answers of the toolchain are all there and right, and caches them. */
export async function answer<Result>(
  probes: Probes,
  attempt: (ask: (command: string) => string | null) => Result | null,
): Promise<Result> {
  const speculation = new Speculation();
  speculation.assume(probes);
  const result = await speculation.run(
    () => attempt((command) => probes.assume(command)),
    () => undefined,
  );
  await probes.save();
  return result;
}
