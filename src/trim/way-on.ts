import type { ModuleEntry } from '../kbuild/index.ts';
import type { Tristate } from '../kconfig/expression.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';
import { cheapestWay } from './enable.ts';
import { isModuleBuilt, kbuildLookup } from './lookup.ts';
import { type Plan, Planner } from './plan.ts';

/** User values that turn something on. */
export type WayOn = ReadonlyMap<KSymbol, UserValue>;

/** Rounds of planning and looking: each may show a dependency that the one before could not see. */
const MAX_ROUNDS = 6;

/**
 * The cheapest way to build one of the modules, tried out and found to work; null where none was found.
 * @param config the same afterwards as before
 */
export function wayToModule(config: Configuration, entries: readonly ModuleEntry[]): WayOn | null {
  const lookup = kbuildLookup(config);
  const isReached = (): boolean => entries.some((entry) => isModuleBuilt(entry, lookup));
  return wayTo(config, isReached, () => cheapestWay(config, entries));
}

/**
 * The cheapest way for a symbol to be at least `wanted`, tried out and found to work; null where none was found.
 * @param config the same afterwards as before
 */
export function wayToSymbol(config: Configuration, symbol: KSymbol, wanted: Tristate): WayOn | null {
  const isReached = (): boolean => config.tristate(symbol) >= wanted;
  return wayTo(config, isReached, () => new Planner(config).on(symbol, wanted));
}

function wayTo(config: Configuration, isReached: () => boolean, plan: () => Plan | null): WayOn | null {
  const undo = new Map<KSymbol, UserValue | null>();
  const way = new Map<KSymbol, UserValue>();
  try {
    for (let round = 0; round < MAX_ROUNDS && !isReached(); round++) {
      const step = plan();
      if (!step || step.changes.size === 0) return null;
      for (const [symbol, value] of step.changes) {
        if (!undo.has(symbol)) undo.set(symbol, config.userValue(symbol));
        way.set(symbol, value);
      }
      config.apply(step.changes);
    }
    return isReached() ? way : null;
  } finally {
    if (undo.size > 0) config.apply(undo);
  }
}
