import type { FileSystem } from '../platform/platform.ts';

/** Linux counts processor time for programs in hundredths of a second, whatever its own clock is (`USER_HZ`). */
const TICKS_PER_SECOND = 100;

/**
 * CPU seconds (user and system) of the programs that this process has waited for, with all that these waited for; null
 * where the system doesn't tell.
 */
export function childCpuSeconds(fs: FileSystem): number | null {
  const text = fs.readText('/proc/self/stat');
  // The name, second in the line, may hold anything, blanks and brackets too.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  const ticks = Number(fields[13]) + Number(fields[14]);
  return Number.isNaN(ticks) ? null : ticks / TICKS_PER_SECOND;
}
