import { containsSymbol } from '../../kconfig/expression.ts';
import type { KSymbol } from '../../kconfig/symbol.ts';
import type { GatedUnit } from './unit-gates.ts';

/** What went with one symbol of a group. */
export interface Share {
  readonly units: readonly GatedUnit[];
  /** Itself first. */
  readonly changed: readonly KSymbol[];
}

/**
 * What of all that went with a group belongs to which of its symbols: what depends on it or was selected by it, and the
 * units that these decide on.
 * @param roots the symbols that were turned off, one at least
 * @param changed all that changed
 * @param units all that went
 */
export function shared(
  roots: readonly KSymbol[],
  changed: readonly KSymbol[],
  units: readonly GatedUnit[],
): ReadonlyMap<KSymbol, Share> {
  const rootOf = new Map(roots.map((symbol) => [symbol, symbol]));
  let left = changed.filter((symbol) => !rootOf.has(symbol));
  for (let before = -1; left.length !== before; ) {
    before = left.length;
    left = left.filter((symbol) => {
      const near = [...rootOf].find(([known]) => isTied(symbol, known));
      if (near) rootOf.set(symbol, near[1]);
      return !near;
    });
  }
  for (const symbol of left) rootOf.set(symbol, roots[0]!);
  const byName = new Map([...rootOf].map(([symbol, root]) => [symbol.name, root]));
  const shares = new Map(roots.map((root) => [root, { units: [] as GatedUnit[], changed: [root] }]));
  for (const [symbol, root] of rootOf) if (symbol !== root) shares.get(root)!.changed.push(symbol);
  for (const unit of units) {
    const owner = unit.owners.find((name) => byName.has(name)) ?? roots[0]!.name;
    shares.get(byName.get(owner)!)!.units.push(unit);
  }
  return shares;
}

/** Whether one symbol can be on because of the other. */
function isTied(symbol: KSymbol, other: KSymbol): boolean {
  return (
    containsSymbol(symbol.directDependency, other) ||
    containsSymbol(symbol.reverseDependency, other) ||
    symbol.properties.some(({ condition, value }) => containsSymbol(condition, other) || containsSymbol(value, other))
  );
}
