import type { Kconfig } from '../kconfig/kconfig.ts';
import { type KSymbol, OP } from '../kconfig/symbol.ts';

/**
 * The symbols that take the value over which an old name has in a .config: those whose default it is.
 * @param old marked `transitional`; none for any other
 */
export function heirsOf(old: KSymbol, { symbols }: Pick<Kconfig, 'symbols'>): KSymbol[] {
  if (!old.transitional) return [];
  return symbols.all.filter((symbol) =>
    symbol.properties.some(({ kind, value }) => kind === 'default' && value?.op === OP.symbol && value.sym === old),
  );
}
