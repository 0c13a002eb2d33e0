import { relative, resolve } from 'node:path';

/** Where a build runs. */
export interface BuildPlaces {
  /** The source tree, absolute, links resolved. */
  readonly tree: string;
  /** Where make and the compiler run, absolute, links resolved; the tree itself without `O=`. */
  readonly objtree: string;
}

/**
 * A path as make or a compiler prints it, relative to the tree or, for what is made there, to the build directory;
 * absolute where it is in neither.
 */
export function treePath(path: string, { tree, objtree }: BuildPlaces): string {
  const absolute = resolve(objtree, path);
  for (const top of absolute.startsWith(`${objtree}/`) && objtree.length > tree.length
    ? [objtree, tree]
    : [tree, objtree]) {
    if (absolute.startsWith(`${top}/`)) return relative(top, absolute);
  }
  return absolute;
}

/** The object that is made from a source, by the kernel's naming; other paths stay. */
export function objectOf(source: string): string {
  return source.replace(/\.(?:c|S|s|rs)$/, '.o');
}
