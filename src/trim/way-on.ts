import { type Buildable, isModuleBuilt } from '../kbuild/index.ts';
import type { KSymbol, Tristate } from '../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';
import { kbuildLookup } from './lookup.ts';
import { applyChanges, type Plan, Planner } from './plan.ts';
import { planBuild } from './plan-build.ts';
import { NO_TIES, type Ties } from './ties.ts';
import { wholeKernelConditions } from './whole-kernel.ts';

/** User values that turn something on. */
export type WayOn = ReadonlyMap<KSymbol, UserValue>;

/** What a search for a way came to. */
export interface WaySearch {
  /** Null where none was found. */
  readonly way: WayOn | null;
  /** Conditions of the whole kernel that would have followed what the way sets: it was dropped for them. */
  readonly moved: readonly KSymbol[];
  /** Whether it ended at a limit, so that there may be a way all the same. */
  readonly isGivenUp: boolean;
}

/** Rounds of planning and looking: each may show a dependency that the one before could not see. */
const MAX_ROUNDS = 6;

/**
 * Searches for the cheapest way to build one of the modules, tried out and found to work. It crosses no condition of the
 * whole kernel, and turns no built-in off.
 * @param config the same afterwards as before
 * @param kept what has to be built then, too
 * @param ties decides between ways that cost the same
 */
export function wayToModule(
  config: Configuration,
  entries: readonly Buildable[],
  kept: readonly Buildable[] = [],
  ties: Ties = NO_TIES,
): WaySearch {
  const lookup = kbuildLookup(config);
  const isBuilt = (entry: Buildable): boolean => isModuleBuilt(entry, lookup);
  return wayTo({
    config,
    isReached: () => entries.some(isBuilt),
    isAllowed: () => kept.every(isBuilt),
    goal: null,
    ties,
    plan: (planner) => planBuild(planner, entries),
  });
}

/**
 * Searches for the cheapest way for a symbol to be at least `wanted`, tried out and found to work. It crosses no condition
 * of the whole kernel but the symbol itself, and those that the config asks for.
 * @param config the same afterwards as before
 * @param kept what has to be built then, too
 */
export function wayToSymbol(
  config: Configuration,
  symbol: KSymbol,
  wanted: Tristate,
  kept: readonly Buildable[] = [],
): WaySearch {
  const lookup = kbuildLookup(config);
  return wayTo({
    config,
    isReached: () => config.tristate(symbol) >= wanted,
    isAllowed: () => kept.every((entry) => isModuleBuilt(entry, lookup)),
    goal: symbol,
    ties: NO_TIES,
    plan: (planner) => planner.on(symbol, wanted),
  });
}

/** The conditions of the whole kernel that a way to one of the modules would cross; for when there is no other way. */
export function conditionsCrossed(config: Configuration, entries: readonly Buildable[]): readonly KSymbol[] {
  const planner = new Planner(config);
  planBuild(planner, entries);
  return planner.crossed;
}

/** What is searched for, and how. */
interface Search {
  readonly config: Configuration;
  readonly isReached: () => boolean;
  readonly isAllowed: () => boolean;
  /** The symbol that was asked for by its name. */
  readonly goal: KSymbol | null;
  readonly ties: Ties;
  readonly plan: (planner: Planner) => Plan | null;
}

/** Searches as its caller says. */
export function wayTo(search: Search): WaySearch {
  return new WayFinder(search).find();
}

class WayFinder {
  readonly #search: Search;
  readonly #before: readonly (readonly [KSymbol, Tristate])[];
  readonly #moved = new Set<KSymbol>();
  #isGivenUp = false;

  constructor(search: Search) {
    const { config, goal } = search;
    this.#search = search;
    const fixed = wholeKernelConditions(config.kconfig);
    // Where one of them was asked for, others follow it (`X86_32` follows `64BIT`).
    const isFree = goal !== null && fixed.has(goal);
    this.#before = isFree ? [] : [...fixed].map((symbol) => [symbol, config.tristate(symbol)] as const);
  }

  find(): WaySearch {
    const way = this.#by('prompt') ?? this.#by('select');
    return way ? { way, moved: [], isGivenUp: false } : { way, moved: [...this.#moved], isGivenUp: this.#isGivenUp };
  }

  #by(first: 'prompt' | 'select'): WayOn | null {
    const { config, goal, ties, isReached, plan } = this.#search;
    const undo: (() => void)[] = [];
    const way = new Map<KSymbol, UserValue>();
    let rounds = 0;
    for (; rounds < MAX_ROUNDS && !isReached(); rounds++) {
      const planner = new Planner(config, first, goal, ties);
      const step = plan(planner);
      const isNew = step && [...step.changes].some(([symbol, value]) => way.get(symbol) !== value);
      if (!isNew) {
        this.#isGivenUp ||= planner.isGivenUp;
        break;
      }
      for (const [symbol, value] of step.changes) way.set(symbol, value);
      undo.push(applyChanges(config, step.changes));
    }
    this.#isGivenUp ||= rounds === MAX_ROUNDS && !isReached();
    const found = this.#isThere();
    for (const takeBack of undo.reverse()) takeBack();
    if (!found || (rounds === 1 && way.size === 1)) return found ? way : null;
    return shortest(config, way, rounds > 1, () => this.#isThere());
  }

  /** Whether the goal is reached and nothing is in its way. */
  #isThere(): boolean {
    const { isReached, isAllowed } = this.#search;
    return isReached() && this.#movesNothing() && isAllowed();
  }

  /**
   * Whether the conditions of the whole kernel are what they were: a `select` or a default may move one that no plan
   * names. With NET comes INET where the config has asked for it all along: that is for whoever asks for a symbol.
   */
  #movesNothing(): boolean {
    const { config, goal } = this.#search;
    const moved = this.#before.filter(([symbol, value]) => {
      const now = config.tristate(symbol);
      return now !== value && (goal === null || now !== config.userValue(symbol));
    });
    for (const [symbol] of moved) this.#moved.add(symbol);
    return moved.length === 0;
  }
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
