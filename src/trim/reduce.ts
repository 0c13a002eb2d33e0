import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';
import { dependencyGraph } from '../values/dependency-graph.ts';
import type { Costs, Marks } from './cost.ts';
import { kbuildLookup } from './lookup.ts';
import type { Obstacle, Reduction } from './reduction.ts';
import type { RequirementSet } from './requirements.ts';
import { settlingChanges } from './settle.ts';
import { findSupport } from './support.ts';
import { NO_TIES, type Ties } from './ties.ts';
import { type Changes, Trials } from './trials.ts';
import type { TrimBase } from './trim-base.ts';

/** Passes over what is left; each but the last turned something off. Three are many on a real kernel. */
const MAX_PASSES = 40;

/**
 * Turns off, in a configuration, every module that no requirement needs. What no requirement depends on, by the form of
 * dependencies, goes in one step. Then each symbol that is left is tried with the exact engine, and taken back when
 * something required would be lost: what remains is irreducible by construction. Expensive symbols are tried first: of
 * several ways to satisfy a requirement the cheapest is the one that is left.
 */
export class Reducer {
  /** What is left on; changed by `reduce`. */
  readonly config: Configuration;
  readonly #base: Configuration;
  readonly #costs: Costs;
  readonly #ties: Ties;
  readonly #modular: readonly KSymbol[];
  readonly #lookup;
  readonly #trials: Trials;
  /** The symbols that are on and should go if they can. */
  readonly #left: Set<KSymbol>;
  #isBegun = false;

  constructor(base: TrimBase, ties: Ties = NO_TIES) {
    this.#base = base.config;
    this.#costs = base.costs;
    this.#ties = ties;
    this.#modular = base.modular;
    this.config = base.config.clone();
    this.#lookup = kbuildLookup(this.config);
    this.#trials = new Trials(this.config);
    this.#left = new Set(base.modular);
  }

  /**
   * Reduces to what is required. May be called again with more requirements: then what these need comes back, and
   * everything else stays off.
   */
  reduce(requirements: RequirementSet): Reduction {
    const needed = this.#neededBy(requirements);
    this.#begin(requirements, needed);
    for (let pass = 0; ; pass++) {
      // As the file will say: then a selector of what is on by the file's own word can go.
      this.#do(settlingChanges(this.config), false);
      const obstacles: Obstacle[] = [];
      let isDone = true;
      for (const symbol of this.#dearestFirst([...this.#left], needed)) {
        if (!this.#isOpen(symbol)) continue;
        const obstacle =
          this.#certain(symbol, requirements) ?? this.#trials.known(symbol) ?? this.#tryOff(symbol, requirements);
        if (obstacle) obstacles.push(obstacle);
        else isDone = false;
      }
      if (isDone || pass === MAX_PASSES) return { obstacles, forced: this.#forced(obstacles) };
    }
  }

  /** What must be on in any case, as far as the form of requirements and dependencies tells. */
  #neededBy(requirements: RequirementSet): Marks {
    const named = requirements.all.flatMap((requirement) => requirement.needed.map(({ id }) => id));
    const needed = new Uint8Array(this.#base.kconfig.symbols.all.length);
    for (const id of this.#costs.closure(named)) needed[id] = 1;
    return needed;
  }

  /** Turns off at once what no requirement depends on; where that was wrong, as much of it as they allow. */
  #begin(requirements: RequirementSet, needed: Marks): void {
    const isLeft = (symbol: KSymbol): boolean => this.#isBegun && this.#left.has(symbol);
    const support = findSupport(requirements.all, this.#base, this.#costs, this.#ties);
    const off = this.#modular.filter((symbol) => !support?.has(symbol) && !isLeft(symbol));
    if (support) {
      this.#do(this.#isBegun ? this.#changesTo(off) : new Map(off.map((symbol) => [symbol, 0])), true);
      this.#isBegun = true;
      if (requirements.areMet(this.config, this.#lookup)) return;
    }
    this.#isBegun = true;
    this.#do(this.#changesTo([]), false);
    this.#turnOff(this.#dearestFirst(off, needed), requirements);
  }

  /** Changes to the base's user values, but for some symbols that are off. */
  #changesTo(off: readonly KSymbol[]): Changes {
    const changes = new Map<KSymbol, UserValue | null>();
    const isOff = new Set(off);
    for (const symbol of this.#base.kconfig.symbols.all) {
      if (symbol.isChoice || symbol.constant !== null) continue;
      const wanted = isOff.has(symbol) ? 0 : this.#base.userValue(symbol);
      if (this.config.userValue(symbol) !== wanted) changes.set(symbol, wanted);
    }
    return changes;
  }

  /** Symbols in the order of attempts: the dearest first, then what was off before, then what reads others. */
  #dearestFirst(symbols: readonly KSymbol[], needed: Marks): KSymbol[] {
    const { unitOf } = dependencyGraph(this.#base.kconfig);
    const cost = new Map(symbols.map((symbol) => [symbol, this.#costs.of(this.#costs.closure([symbol.id]), needed)]));
    const isNew = new Map(symbols.map((symbol) => [symbol, this.#ties.newcomers([symbol.id])]));
    return [...symbols].sort(
      (a, b) =>
        cost.get(b)! - cost.get(a)! ||
        isNew.get(b)! - isNew.get(a)! ||
        unitOf[b.id]! - unitOf[a.id]! ||
        (a.name! < b.name! ? -1 : 1),
    );
  }

  /**
   * Whether a symbol should go if it can: a module, also one that was built in and became a module with something that
   * went, and what the base has off and something that went has brought.
   */
  #isLeft(symbol: KSymbol): boolean {
    if (symbol.constant !== null || symbol.isChoice || (symbol.type !== 'tristate' && symbol.type !== 'bool')) {
      return false;
    }
    const value = this.config.tristate(symbol);
    if (value !== 2) return value === 1 && symbol.type === 'tristate';
    const before = this.#base.tristate(symbol);
    return !symbol.choice && (before === 0 || (before === 1 && symbol.type === 'tristate'));
  }

  /** Turns symbols off, or as many of them as requirements allow. */
  #turnOff(symbols: readonly KSymbol[], requirements: RequirementSet): void {
    const open = symbols.filter((symbol) => this.#isOpen(symbol));
    if (open.length === 0) return;
    const changed = this.#run(new Map(open.map((symbol) => [symbol, 0])));
    if (!requirements.isBroken(this.config, this.#lookup, changed)) {
      this.#keep(changed);
      return;
    }
    this.#trials.takeBack();
    if (open.length === 1) return;
    const half = open.length >> 1;
    this.#turnOff(open.slice(0, half), requirements);
    this.#turnOff(open.slice(half), requirements);
  }

  /**
   * The obstacle that turning an open symbol off would certainly meet, where nobody asks what else it would meet. What
   * a symbol by itself reads does not depend on it, so it would be off; members of a choice read each other.
   */
  #certain(symbol: KSymbol, requirements: RequirementSet): Obstacle | null {
    const requirement = symbol.choice || symbol.isChoice ? undefined : requirements.decidedBy(symbol);
    return requirement ? { symbol, breaks: [requirement], changes: [] } : null;
  }

  /** Turns one symbol off, or says what stands in the way. */
  #tryOff(symbol: KSymbol, requirements: RequirementSet): Obstacle | null {
    const changed = this.#run(new Map([[symbol, 0]]));
    const breaks = requirements.broken(this.config, this.#lookup, changed);
    if (breaks.length === 0) {
      this.#keep(changed);
      return null;
    }
    const obstacle = { symbol, breaks, changes: changed.filter((other) => other !== symbol) };
    this.#trials.refuse(obstacle);
    return obstacle;
  }

  /** Whether a user's `n` would count: the symbol is on, visible, and nothing selects it. */
  #isOpen(symbol: KSymbol): boolean {
    const { config } = this;
    return config.tristate(symbol) !== 0 && config.visibility(symbol) > 0 && config.reverseDependency(symbol) === 0;
  }

  #run(changes: Changes): readonly KSymbol[] {
    return this.#trials.run(changes, (symbol) => this.#appeared(symbol));
  }

  #keep(changed: readonly KSymbol[]): void {
    this.#trials.keep();
    this.#note(changed);
  }

  /** @param clean whether what appears is turned off */
  #do(changes: Changes, clean: boolean): void {
    this.#note(this.#trials.do(changes, (symbol) => clean && this.#appeared(symbol)));
  }

  #note(changed: readonly KSymbol[]): void {
    for (const symbol of changed) {
      if (this.#isLeft(symbol)) this.#left.add(symbol);
      else this.#left.delete(symbol);
    }
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

  #forced(obstacles: readonly Obstacle[]): KSymbol[] {
    const needed = new Set(obstacles.map((obstacle) => obstacle.symbol));
    return [...this.#left].filter(
      (symbol) => symbol.type === 'tristate' && this.config.tristate(symbol) === 1 && !needed.has(symbol),
    );
  }
}
