import type { KSymbol } from './symbol.ts';
import type { SymbolTable } from './symbol-table.ts';
import { KIND, type ValueTables } from './tables.ts';

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

/**
 * Whether ranges bound each other, so that values depend on which symbol is calculated first: conf does not refuse a
 * circle of ranges as it does one of dependencies. No kernel has one so far.
 */
export function haveCircularRanges(symbols: SymbolTable, tables: ValueTables): boolean {
  const bounds = new Map<KSymbol, readonly KSymbol[]>();
  for (const symbol of symbols.all) {
    const ranges = tables.kind.subarray(tables.firstProperty[symbol.id], tables.firstProperty[symbol.id + 1]);
    if (ranges.includes(KIND.range)) bounds.set(symbol, boundsOf(symbol));
  }
  // What no other bounds is in no circle; taken away, it frees its own bounds.
  const users = new Map<KSymbol, number>();
  for (const bound of [...bounds.values()].flat()) users.set(bound, (users.get(bound) ?? 0) + 1);
  const free = [...bounds.keys()].filter((symbol) => !users.has(symbol));
  for (const symbol of free) {
    for (const bound of bounds.get(symbol)!) {
      const left = users.get(bound)! - 1;
      users.set(bound, left);
      if (left === 0 && bounds.has(bound)) free.push(bound);
    }
  }
  return free.length < bounds.size;
}

/** The bounds of a symbol's ranges that are symbols rather than numbers. */
function boundsOf({ properties }: KSymbol): KSymbol[] {
  return properties
    .filter(({ kind }) => kind === 'range')
    .flatMap(({ low, high }) => [low!, high!])
    .filter(({ type }) => type === 'int' || type === 'hex');
}
