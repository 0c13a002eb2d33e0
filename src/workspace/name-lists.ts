/** The names that a kernel tree has, as a list of their own: what completes command lines cannot wait for the tree. */
import { CacheEntry } from '../cache/cache-entry.ts';
import type { CacheStore } from '../platform/platform.ts';
import { srcarchOf } from '../toolchain/kernel-tree.ts';

/** Kinds of names that a tree has. */
export type NameKind = 'symbols' | 'modules';

/** A tree for an architecture. */
export interface NamePlace {
  /** Absolute. */
  readonly tree: string;
  /** As make's ARCH; undefined or empty for this machine's. */
  readonly arch: string | undefined;
}

/** The names that the last run found that read the tree; none where there was none. */
export function cachedNames(store: CacheStore, kind: NameKind, place: NamePlace): readonly string[] {
  const content = entryOf(store, kind, place).open()?.content;
  return content ? Buffer.from(content).toString('latin1').split('\n') : [];
}

/** Trees and architectures whose names are cached: other entries are far larger. */
const MAX_LISTS = 60;

/**
 * Stores the names of a tree for `cachedNames`. As long as no run was for this machine's own architecture, the names of
 * another one complete a line that names none.
 * @param names gives Latin-1 byte strings without line ends
 */
export function cacheNames(store: CacheStore, kind: NameKind, place: NamePlace, names: () => Iterable<string>): void {
  write(entryOf(store, kind, place), names);
  requireNames(entryOf(store, kind, unnamed(place)), names);
}

/** As `cacheNames`, of a tree that is as it was: what is there counts as used, and what is not, or damaged, is stored. */
export function restoreNames(store: CacheStore, kind: NameKind, place: NamePlace, names: () => Iterable<string>): void {
  requireNames(entryOf(store, kind, place), names);
  if (srcarchOf(place.arch ?? '') !== '') requireNames(entryOf(store, kind, unnamed(place)), names);
}

function requireNames(entry: CacheEntry, names: () => Iterable<string>): void {
  if (entry.open() === null) write(entry, names);
  else entry.use();
}

function write(entry: CacheEntry, names: () => Iterable<string>): void {
  entry.write([Buffer.from([...new Set(names())].join('\n'), 'latin1')], null);
}

const unnamed = (place: NamePlace): NamePlace => ({ ...place, arch: undefined });

function entryOf(store: CacheStore, kind: NameKind, { tree, arch = '' }: NamePlace): CacheEntry {
  const place = JSON.stringify([tree, srcarchOf(arch)]);
  return new CacheEntry(store, { kind: `names-of-${kind}`, place, circumstances: '' }, MAX_LISTS);
}
