import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';
import { dependencyGraph } from '../values/incremental.ts';
import { type Costs, directNeeds } from './cost.ts';
import { kbuildLookup } from './lookup.ts';
import type { Requirement, RequirementSet } from './requirements.ts';
import { settle } from './settle.ts';

/** Symbols that are tried together at first: most of a distribution's modules go without a word. */
const BATCH = 48;
/** Passes over what is left; each but the last turned something off. Three are many on a real kernel. */
const MAX_PASSES = 40;

/** What was tried in vain: turning `symbol` off breaks these requirements. */
export interface Obstacle {
  readonly symbol: KSymbol;
  readonly breaks: readonly Requirement[];
  /** Symbols that would change. */
  readonly changes: readonly KSymbol[];
}

/** What is left after reduction. */
export interface Reduction {
  /** The modular symbols that stay on, each with what it is needed for. */
  readonly obstacles: readonly Obstacle[];
  /** Modular symbols that cannot be turned off: something that stays selects them, or they have no prompt. */
  readonly forced: readonly KSymbol[];
}

/**
 * Turns off, in a configuration, every module that no requirement needs. Each step is tried with the exact engine and
 * taken back when something required would be lost, so what remains is irreducible by construction. Expensive
 * symbols are tried first: of several ways to satisfy a requirement the cheapest is the one that is left.
 * @param config changed in place
 * @param base the values before
 */
export function reduce(
  config: Configuration,
  base: Configuration,
  requirements: RequirementSet,
  costs: Costs,
): Reduction {
  return new Reducer(config, base, requirements, costs).run();
}

class Reducer {
  readonly #config: Configuration;
  readonly #base: Configuration;
  readonly #requirements: RequirementSet;
  readonly #costs: Costs;
  readonly #lookup;

  constructor(config: Configuration, base: Configuration, requirements: RequirementSet, costs: Costs) {
    this.#config = config;
    this.#base = base;
    this.#requirements = requirements;
    this.#costs = costs;
    this.#lookup = kbuildLookup(config);
  }

  run(): Reduction {
    const needed = this.#needed();
    const first = this.#candidates(needed).filter((symbol) => !needed.has(symbol));
    for (let at = 0; at < first.length; at += BATCH) this.#turnOff(first.slice(at, at + BATCH));
    for (let pass = 0; ; pass++) {
      // As the file will say: then a selector of what is on by the file's own word can go.
      settle(this.#config);
      const obstacles: Obstacle[] = [];
      let isDone = true;
      for (const symbol of this.#candidates(needed)) {
        if (!this.#isOpen(symbol)) continue;
        const obstacle = this.#tryOff(symbol);
        if (obstacle) obstacles.push(obstacle);
        else isDone = false;
      }
      if (isDone || pass === MAX_PASSES) return { obstacles, forced: this.#forced(obstacles) };
    }
  }

  /** What must be on in any case, as far as the form of requirements and dependencies tells. Only saves attempts. */
  #needed(): Set<KSymbol> {
    const needed = new Set<KSymbol>();
    const queue = this.#requirements.all.flatMap((requirement) => [...requirement.needed]);
    for (let symbol = queue.pop(); symbol; symbol = queue.pop()) {
      if (needed.has(symbol)) continue;
      needed.add(symbol);
      queue.push(...directNeeds(symbol, this.#base));
    }
    return needed;
  }

  /** The symbols that should go if they can, dearest first; then what reads others before what is read. */
  #candidates(needed: ReadonlySet<KSymbol>): KSymbol[] {
    const { unitOf } = dependencyGraph(this.#base.kconfig);
    const candidates = this.#base.kconfig.symbols.all.filter((symbol) => this.#isCandidate(symbol));
    const cost = new Map(candidates.map((symbol) => [symbol, this.#costs.withDependencies(symbol, needed)]));
    return candidates.sort(
      (a, b) => cost.get(b)! - cost.get(a)! || unitOf[b.id]! - unitOf[a.id]! || (a.name! < b.name! ? -1 : 1),
    );
  }

  /**
   * Whether a symbol that is on should go: a module, also one that was built in and became a module with something that
   * went, and what the base has off and something that went has brought.
   */
  #isCandidate(symbol: KSymbol): boolean {
    if (symbol.constant !== null || symbol.isChoice || (symbol.type !== 'tristate' && symbol.type !== 'bool')) {
      return false;
    }
    const value = this.#config.tristate(symbol);
    const before = this.#base.tristate(symbol);
    if (symbol.type === 'tristate' && value === 1) return true;
    return !symbol.choice && value === 2 && (before === 0 || (before === 1 && symbol.type === 'tristate'));
  }

  /** Turns a batch off, or as much of it as requirements allow. */
  #turnOff(batch: readonly KSymbol[]): void {
    const open = batch.filter((symbol) => this.#isOpen(symbol));
    if (open.length === 0) return;
    const trial = this.#try(open);
    if (!this.#requirements.isBroken(this.#config, this.#lookup, trial.changed)) return;
    this.#revert(trial.undo);
    if (open.length === 1) return;
    const half = open.length >> 1;
    this.#turnOff(open.slice(0, half));
    this.#turnOff(open.slice(half));
  }

  /** Turns one symbol off, or says what stands in the way. */
  #tryOff(symbol: KSymbol): Obstacle | null {
    const trial = this.#try([symbol]);
    const breaks = this.#requirements.broken(this.#config, this.#lookup, trial.changed);
    if (breaks.length === 0) return null;
    const changes = trial.changed.filter((changed) => changed !== symbol);
    this.#revert(trial.undo);
    return { symbol, breaks, changes };
  }

  /** Whether a user's `n` would count: the symbol is on, visible, and nothing selects it. */
  #isOpen(symbol: KSymbol): boolean {
    const config = this.#config;
    return config.tristate(symbol) !== 0 && config.visibility(symbol) > 0 && config.reverseDependency(symbol) === 0;
  }

  #try(symbols: readonly KSymbol[]): { changed: KSymbol[]; undo: Map<KSymbol, UserValue | null> } {
    const config = this.#config;
    const undo = new Map<KSymbol, UserValue | null>();
    const changed: KSymbol[] = [];
    let changes = new Map<KSymbol, UserValue | null>(symbols.map((symbol) => [symbol, 0]));
    while (changes.size > 0) {
      for (const symbol of changes.keys()) undo.set(symbol, config.userValue(symbol));
      const step = config.apply(changes);
      changed.push(...step);
      changes = new Map();
      for (const symbol of step) if (this.#appeared(symbol) && !undo.has(symbol)) changes.set(symbol, 0);
    }
    return { changed, undo };
  }

  /**
   * Whether a symbol that the base has off came on by a default, because what kept it invisible is gone. It stays off:
   * a trim adds nothing.
   */
  #appeared(symbol: KSymbol): boolean {
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return false;
    if (symbol.choice || symbol.isChoice || this.#base.tristate(symbol) !== 0) return false;
    return this.#isOpen(symbol);
  }

  #revert(undo: ReadonlyMap<KSymbol, UserValue | null>): void {
    this.#config.apply(undo);
  }

  #forced(obstacles: readonly Obstacle[]): KSymbol[] {
    const needed = new Set(obstacles.map((obstacle) => obstacle.symbol));
    return this.#base.kconfig.symbols.all.filter(
      (symbol) =>
        symbol.type === 'tristate' &&
        symbol.constant === null &&
        this.#config.tristate(symbol) === 1 &&
        !needed.has(symbol),
    );
  }
}
