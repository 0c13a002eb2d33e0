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

/**
 * Stores the names of a tree for `cachedNames`. As long as no run was for this machine's own architecture, the names of
 * another one complete a line that names none.
 * @param names Latin-1 byte strings without line ends
 */
export function cacheNames(store: CacheStore, kind: NameKind, place: NamePlace, names: Iterable<string>): void {
  const content = Buffer.from([...new Set(names)].join('\n'), 'latin1');
  entryOf(store, kind, place).write([content], null);
  const unnamed = entryOf(store, kind, { ...place, arch: undefined });
  if (unnamed.open() === null) unnamed.write([content], null);
}

function entryOf(store: CacheStore, kind: NameKind, { tree, arch = '' }: NamePlace): CacheEntry {
  const place = JSON.stringify([tree, srcarchOf(arch)]);
  return new CacheEntry(store, { kind: `names-of-${kind}`, place, circumstances: '' });
}
