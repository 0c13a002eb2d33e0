import type { BuildCost } from '../estimate/types.ts';

const MB = 1e6;

/**
 * Bytes of one translation unit with all that a build makes of it, and of one module, measured on builds of 6.12 for x86
 * (596 MB for 2,615 objects, 16 MB for 100 modules); with debug information by the "around 5 Gigabyte" of a trimmed config
 * in Documentation/admin-guide/verify-bugs-and-bisect-regressions.rst.
 */
const UNIT_BYTES = { plain: 0.23 * MB, debug: 1.5 * MB };
const MODULE_BYTES = { plain: 0.16 * MB, debug: 1.6 * MB };
/** A kernel, its System.map and its initramfs; the kernel and the map are about 15 MB of it. */
const BOOT_BYTES = 100 * MB;

/** A place that has to take something. */
export interface Need {
  readonly path: string;
  /** What takes it, with the verb. */
  readonly what: string;
  readonly bytes: number;
}

/**
 * The room that a bisection needs: for its build directory once, for kernels and modules with each that is installed.
 * @param cost of the config
 * @param hasDebugInfo whether it has DEBUG_INFO
 */
export function spaceNeeds(
  { objects, modules }: Pick<BuildCost, 'objects' | 'modules'>,
  hasDebugInfo: boolean,
  objtree: string,
): Need[] {
  const kind = hasDebugInfo ? 'debug' : 'plain';
  return [
    { path: objtree, what: 'a build takes', bytes: objects * UNIT_BYTES[kind] },
    { path: '/boot', what: 'a kernel takes', bytes: BOOT_BYTES },
    { path: '/lib/modules', what: 'its modules take', bytes: modules * MODULE_BYTES[kind] },
  ];
}

/**
 * The needs that are not met, in words.
 * @param freeBytes what a person may still write there; null where that is not known
 */
export function spaceNotes(needs: readonly Need[], freeBytes: (path: string) => number | null): string[] {
  return needs.flatMap(({ path, what, bytes }) => {
    const free = freeBytes(path);
    if (free === null || free >= bytes) return [];
    return [`${path} has ${sizeText(free)} left, and ${what} about ${sizeText(bytes)}`];
  });
}

function sizeText(bytes: number): string {
  return bytes < 1000 * MB ? `${Math.round(bytes / MB)} MB` : `${(bytes / 1000 / MB).toFixed(1)} GB`;
}
