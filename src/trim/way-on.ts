import { type Buildable, isModuleBuilt } from '../kbuild/index.ts';
import type { KSymbol, Tristate } from '../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';
import { kbuildLookup } from './lookup.ts';
import { applyChanges, type Plan, Planner } from './plan.ts';
import { planBuild } from './plan-build.ts';
import { wholeKernelConditions } from './whole-kernel.ts';

/** User values that turn something on. */
export type WayOn = ReadonlyMap<KSymbol, UserValue>;

/** Rounds of planning and looking: each may show a dependency that the one before could not see. */
const MAX_ROUNDS = 6;

/**
 * The cheapest way to build one of the modules, tried out and found to work; null where none was found. It crosses no
 * condition of the whole kernel, and turns no built-in off.
 * @param config the same afterwards as before
 * @param kept what has to be built then, too
 */
export function wayToModule(
  config: Configuration,
  entries: readonly Buildable[],
  kept: readonly Buildable[] = [],
): WayOn | null {
  const lookup = kbuildLookup(config);
  const isBuilt = (entry: Buildable): boolean => isModuleBuilt(entry, lookup);
  return wayTo({
    config,
    isReached: () => entries.some(isBuilt),
    isAllowed: () => kept.every(isBuilt),
    goal: null,
    plan: (planner) => planBuild(planner, entries),
  });
}

/**
 * The cheapest way for a symbol to be at least `wanted`, tried out and found to work; null where none was found. It
 * crosses no condition of the whole kernel but the symbol itself.
 * @param config the same afterwards as before
 * @param kept what has to be built then, too
 */
export function wayToSymbol(
  config: Configuration,
  symbol: KSymbol,
  wanted: Tristate,
  kept: readonly Buildable[] = [],
): WayOn | null {
  const lookup = kbuildLookup(config);
  return wayTo({
    config,
    isReached: () => config.tristate(symbol) >= wanted,
    isAllowed: () => kept.every((entry) => isModuleBuilt(entry, lookup)),
    goal: symbol,
    plan: (planner) => planner.on(symbol, wanted),
  });
}

/** The conditions of the whole kernel that a way to one of the modules would cross; for when there is no other way. */
export function conditionsCrossed(config: Configuration, entries: readonly Buildable[]): readonly KSymbol[] {
  const planner = new Planner(config);
  planBuild(planner, entries);
  return planner.crossed;
}

interface Search {
  readonly config: Configuration;
  readonly isReached: () => boolean;
  readonly isAllowed: () => boolean;
  /** The symbol that was asked for by its name. */
  readonly goal: KSymbol | null;
  readonly plan: (planner: Planner) => Plan | null;
}

function wayTo(search: Search): WayOn | null {
  const crossesNothing = wholeKernelGuard(search);
  const isAllowed = (): boolean => crossesNothing() && search.isAllowed();
  return wayBy('prompt', { ...search, isAllowed }) ?? wayBy('select', { ...search, isAllowed });
}

/**
 * Whether the conditions of the whole kernel are what they are now: a `select` or a default may move one that no plan
 * names. Where one of them was asked for, others follow it (`X86_32` follows `64BIT`).
 */
function wholeKernelGuard({ config, goal }: Search): () => boolean {
  const fixed = wholeKernelConditions(config.kconfig);
  if (goal && fixed.has(goal)) return () => true;
  const values = [...fixed].map((symbol) => [symbol, config.tristate(symbol)] as const);
  return () => values.every(([symbol, value]) => config.tristate(symbol) === value);
}

function wayBy(first: 'prompt' | 'select', { config, goal, isReached, isAllowed, plan }: Search): WayOn | null {
  const undo: (() => void)[] = [];
  const way = new Map<KSymbol, UserValue>();
  let rounds = 0;
  for (; rounds < MAX_ROUNDS && !isReached(); rounds++) {
    const step = plan(new Planner(config, first, goal));
    if (!step || step.changes.size === 0) break;
    for (const [symbol, value] of step.changes) way.set(symbol, value);
    undo.push(applyChanges(config, step.changes));
  }
  const found = isReached() && isAllowed();
  for (const takeBack of undo.reverse()) takeBack();
  if (!found || (rounds === 1 && way.size === 1)) return found ? way : null;
  return shortest(config, way, rounds > 1, () => isReached() && isAllowed());
}

/** The way without what it does as well without; null where all at once does not do what one after the other did. */
function shortest(
  config: Configuration,
  way: Map<KSymbol, UserValue>,
  isUntried: boolean,
  isReached: () => boolean,
): WayOn | null {
  const works = (changes: ReadonlyMap<KSymbol, UserValue>): boolean => {
    const undo = applyChanges(config, changes);
    const reached = isReached();
    undo();
    return reached;
  };
  if (isUntried && !works(way)) return null;
  for (const symbol of [...way.keys()]) {
    // Of a choice the one that is chosen now has to go, whatever the order of the file.
    if (symbol.choice) continue;
    const less = new Map([...way].filter(([each]) => each !== symbol));
    if (works(less)) way.delete(symbol);
  }
  return way;
}
