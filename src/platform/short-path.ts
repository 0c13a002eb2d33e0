import { relative } from 'node:path';

/**
 * A path as a person would give it: relative where it is below the working directory.
 * @param path absolute
 */
export function shortPath(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short.startsWith('..') ? path : short;
}
