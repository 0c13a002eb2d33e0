import type { ModuleEntry } from '../kbuild/index.ts';
import { containsSymbol, operands } from '../kconfig/expression.ts';
import { type KSymbol, OP } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import type { Obstacle, Reduction } from './reduction.ts';
import type { KeepReason, KeptSymbol } from './types.ts';

/** Names that a kept symbol's report lists. */
const MAX_FOR = 5;

/**
 * Says of every modular symbol that is left why it is: what was lost when it was tried without.
 * @param loaded the loaded modules that the base builds
 */
export function explainKept(reduction: Reduction, loaded: readonly ModuleEntry[], config: Configuration): KeptSymbol[] {
  const owners = new Map<string, Set<string>>();
  for (const entry of loaded) {
    for (const symbol of entry.decidingSymbols) {
      const names = owners.get(symbol);
      if (names) names.add(entry.name);
      else owners.set(symbol, new Set([entry.name]));
    }
  }
  const kept: KeptSymbol[] = [];
  for (const obstacle of reduction.obstacles) {
    const { symbol } = obstacle;
    const own = owners.get(symbol.name!);
    const names = own ? [...own] : obstacle.breaks.map((requirement) => requirement.name);
    kept.push({
      symbol: symbol.name!,
      value: config.text(symbol),
      reason: own ? 'loaded' : reasonOf(obstacle),
      for: [...new Set(names)].sort().slice(0, MAX_FOR),
    });
  }
  for (const symbol of reduction.forced) {
    const own = owners.get(symbol.name!);
    kept.push({
      symbol: symbol.name!,
      value: config.text(symbol),
      reason: own ? 'loaded' : 'forced',
      for: (own ? [...own].sort() : selectors(symbol, config)).slice(0, MAX_FOR),
    });
  }
  return kept.sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

/** The symbols whose `select` keeps a symbol on, sorted; without any it is on by a default of its own. */
function selectors(symbol: KSymbol, config: Configuration): string[] {
  const found = new Set<string>();
  for (const term of symbol.reverseDependency ? operands(symbol.reverseDependency, OP.or) : []) {
    if (config.evaluate(term) === 0) continue;
    // finalise.ts writes a term as `selector && condition`.
    const [selector] = operands(term, OP.and);
    if (selector?.op === OP.symbol) found.add(selector.sym!.name!);
  }
  return [...found].sort();
}

function reasonOf(obstacle: Obstacle): KeepReason {
  const kinds = new Set(obstacle.breaks.map((requirement) => requirement.kind));
  if (!kinds.has('loaded')) return kinds.has('feature') ? 'feature' : 'keep';
  const selects = obstacle.changes.some(
    (changed) =>
      containsSymbol(changed.reverseDependency, obstacle.symbol) &&
      !containsSymbol(changed.directDependency, obstacle.symbol),
  );
  return selects ? 'selector' : 'dependency';
}
