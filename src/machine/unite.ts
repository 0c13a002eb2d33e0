import type { Listing } from './listing.ts';

/** A module that at least one of several listings names. */
export interface UnitedModule {
  readonly name: string;
  /** Loaded modules that use this one, by any of the listings. */
  readonly usedBy: readonly string[];
  /** The listings that name it, in the order they were given. */
  readonly sources: readonly { readonly source: string; readonly line: number }[];
}

/** The union of several listings: every module once, in the order in which they first come. */
export function uniteListings(listings: readonly Listing[]): UnitedModule[] {
  const found = new Map<string, { usedBy: Set<string>; sources: { source: string; line: number }[] }>();
  for (const listing of listings) {
    for (const { name, usedBy, line } of listing.modules) {
      const entry = found.get(name) ?? { usedBy: new Set<string>(), sources: [] };
      found.set(name, entry);
      entry.sources.push({ source: listing.source, line });
      for (const user of usedBy) entry.usedBy.add(user);
    }
  }
  return [...found].map(([name, { usedBy, sources }]) => ({ name, usedBy: [...usedBy], sources }));
}
