/** Paths inside the tree, with `/` alone, and the file name patterns of `$(wildcard)`. */

import { InputError } from '../diagnostics/diagnostic.ts';
import { matchesGlob } from './glob.ts';

/** Paths that a pattern may come to; symbolic links in a circle make them many. */
const MAX_MATCHES = 100_000;

/** What a pattern is matched against. */
export interface DirectoryListing {
  exists(path: string): boolean;
  /** Names in a directory, sorted; null where it is none. */
  list(path: string): readonly string[] | null;
}

/** Joins two paths; an absolute second one stands alone. */
export function joinPath(directory: string, path: string): string {
  if (path.startsWith('/')) return path;
  if (directory === '' || directory === '.') return path;
  return directory.endsWith('/') ? directory + path : `${directory}/${path}`;
}

/** Resolves `.` and `..` and repeated slashes; the tree's root is '.'. */
export function normalizePath(path: string): string {
  // Only a dot or a slash before a slash or at the end can be too much.
  if (!path.includes('./') && !path.includes('//') && !path.endsWith('/') && !path.endsWith('.')) return path;
  if (!/(^|\/)\.{1,2}(\/|$)|\/\/|.\/$/.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  const joined = parts.join('/');
  if (path.startsWith('/')) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

/** The directory of a normal path. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '.' : path.slice(0, slash);
}

/** The files that match a pattern with `*`, `?` and `[…]`, in order of name; the path itself where it has none. */
export function matchWildcard(files: DirectoryListing, pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return files.exists(pattern) ? [pattern] : [];
  const parts = pattern.split('/');
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1;
    if (!/[*?[]/.test(part)) {
      found = found.map((prefix) => prefix + part + (isLast ? '' : '/'));
      if (isLast) found = found.filter((path) => files.exists(path));
      continue;
    }
    found = found.flatMap((prefix) =>
      (files.list(prefix === '' ? '.' : prefix) ?? [])
        .filter((name) => matchesGlob(part, name) && (!name.startsWith('.') || part.startsWith('.')))
        .map((name) => prefix + name + (isLast ? '' : '/')),
    );
    if (found.length > MAX_MATCHES) {
      throw new InputError({ code: 'wildcard-too-many', args: { pattern, limit: MAX_MATCHES } });
    }
  }
  return found;
}
