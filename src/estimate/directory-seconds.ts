import { plainPath } from '../sources/unit-path.ts';
import type { BuildEstimate } from './types.ts';

/** CPU seconds of what a directory has itself, without the directories below it. */
export type DirectorySeconds = ReadonlyMap<string, number>;

/**
 * Where the time goes: each directory's own files, and what no directory has by name.
 * @param units as they were estimated
 * @returns directories relative to the tree; all together are `estimate.cpuSeconds`
 */
export function directorySeconds(units: readonly string[], estimate: BuildEstimate): DirectorySeconds {
  const sums = new Map<string, number>();
  for (const [index, path] of units.entries()) {
    const unit = plainPath(path);
    const directory = unit.slice(0, Math.max(0, unit.lastIndexOf('/')));
    sums.set(directory, (sums.get(directory) ?? 0) + (estimate.unitSeconds[index] ?? 0));
  }
  sums.set(MODULE_LINKS, estimate.parts.modules);
  sums.set(KERNEL_LINK, estimate.parts.kernel);
  return sums;
}

/** No directory is called so. */
const MODULE_LINKS = "(modules' links)";
const KERNEL_LINK = '(vmlinux and image)';
