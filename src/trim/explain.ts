import type { ModuleEntry } from '../kbuild/index.ts';
import { containsSymbol, operands } from '../kconfig/expression.ts';
import { type KSymbol, OP } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import type { Obstacle, Reduction } from './reduction.ts';
import type { KeepReason, KeptSymbol } from './types.ts';

/** Why something stays that no loaded module needs; the first that fits says it. */
const OTHER_REASONS = ['feature', 'keep', 'set', 'record', 'floor'] as const;
/** Names that a kept symbol's report lists. */
const MAX_FOR = 5;

/**
 * Says of every modular symbol that is left why it is: what was lost when it was tried without. Choices are as their
 * members are, and few have a name.
 * @param loaded the loaded modules that the base builds
 * @param recorded what it builds of those that the record adds
 */
export function explainKept(
  reduction: Reduction,
  loaded: readonly ModuleEntry[],
  recorded: readonly ModuleEntry[],
  config: Configuration,
): KeptSymbol[] {
  const owners = ownersOf(loaded);
  const recordedOwners = ownersOf(recorded);
  const kept: KeptSymbol[] = [];
  for (const obstacle of reduction.obstacles) {
    const { symbol } = obstacle;
    if (symbol.isChoice) continue;
    const own = owners.get(symbol.name!);
    const reason = own ? 'loaded' : reasonOf(obstacle);
    const byRecord = reason === 'record' ? recordedOwners.get(symbol.name!) : undefined;
    const names = own ?? byRecord ?? obstacle.breaks.map((requirement) => requirement.name);
    kept.push({
      symbol: symbol.name!,
      value: config.text(symbol),
      reason,
      for: [...new Set(names)].sort().slice(0, MAX_FOR),
    });
  }
  for (const symbol of reduction.forced) {
    if (symbol.isChoice) continue;
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

/** The names of modules by the symbols that decide on them. */
function ownersOf(entries: readonly ModuleEntry[]): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Map<string, Set<string>>();
  for (const entry of entries) {
    for (const symbol of entry.decidingSymbols) {
      const names = owners.get(symbol);
      if (names) names.add(entry.name);
      else owners.set(symbol, new Set([entry.name]));
    }
  }
  return owners;
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
  if (!kinds.has('loaded')) return OTHER_REASONS.find((kind) => kinds.has(kind)) ?? 'keep';
  const selects = obstacle.changes.some(
    (changed) =>
      containsSymbol(changed.reverseDependency, obstacle.symbol) &&
      !containsSymbol(changed.directDependency, obstacle.symbol),
  );
  return selects ? 'selector' : 'dependency';
}
