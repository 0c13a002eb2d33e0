import type { Kconfig } from '../kconfig/kconfig.ts';
import type { Marks } from './cost.ts';

/** What decides between ways that cost the same. */
export interface Ties {
  /** How many of the symbols, by their ids, were off before. */
  newcomers(symbols: readonly number[]): number;
}

/** Where nothing was before. */
export const NO_TIES: Ties = { newcomers: () => 0 };

/**
 * Of ways that cost the same the one with fewer symbols that were off before.
 * @param previous names of the symbols that were on before; null where that is not known
 */
export function tiesBy({ symbols }: Kconfig, previous: ReadonlySet<string> | null): Ties {
  if (previous === null) return NO_TIES;
  const wasOn: Marks = new Uint8Array(symbols.all.length);
  for (const { id, name } of symbols.all) if (name !== null && previous.has(name)) wasOn[id] = 1;
  return { newcomers: (ids) => ids.reduce((count, id) => count + 1 - wasOn[id]!, 0) };
}
