import type { KSymbol } from './symbol.ts';

const FNV_START = 2166136261;
const FNV_PRIME = 0x01000193;

/** The hash of a symbol's name (`symbol.c:strhash`, 32-bit FNV); chars are signed in C. A choice without a name has 0. */
function nameHash(name: string | null): number {
  if (name === null) return 0;
  let hash = FNV_START;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ ((name.charCodeAt(i) << 24) >> 24), FNV_PRIME);
  return hash >>> 0;
}

/**
 * Symbols in the order of conf's hash table (`for_all_symbols`): bucket by bucket, and within a bucket those that were
 * mentioned last come first.
 * @param symbols in the order of first mention
 * @param buckets how many the table has (`SYMBOL_HASHSIZE`)
 */
export function inHashOrder(symbols: readonly KSymbol[], buckets: number): KSymbol[] {
  const bucketOf = new Map(symbols.map((symbol) => [symbol, nameHash(symbol.name) % buckets]));
  return [...symbols].sort((a, b) => bucketOf.get(a)! - bucketOf.get(b)! || b.id - a.id);
}
