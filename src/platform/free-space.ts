import { statfsSync } from 'node:fs';

/** How many bytes this process may still write to a directory; null where that is not known, or there is none. */
export function freeBytes(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return null;
  }
}
