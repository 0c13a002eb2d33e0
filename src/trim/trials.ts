import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';
import { type DependencyGraph, dependencyGraph, unitCount } from '../values/dependency-graph.ts';
import type { Obstacle } from './reduction.ts';

/** Changes of user values, null to clear. */
export type Changes = ReadonlyMap<KSymbol, UserValue | null>;

/** A trial in vain, and what it read. */
interface Failure {
  readonly obstacle: Obstacle;
  readonly units: readonly number[];
  /** How many changes had been kept before it. */
  readonly at: number;
}

/**
 * Tries changes of a configuration, and remembers what was tried in vain: as long as nothing changed that a trial has
 * calculated or read, it would come out the same again.
 */
export class Trials {
  readonly #config: Configuration;
  readonly #graph: DependencyGraph;
  readonly #failures = new Map<KSymbol, Failure>();
  /** For each unit of the graph which kept change was the last that it could notice. */
  readonly #noticed: Int32Array;
  #kept = 0;
  #users: KSymbol[] = [];
  #changed: KSymbol[] = [];
  #units: number[] = [];

  constructor(config: Configuration) {
    this.#config = config;
    this.#graph = dependencyGraph(config.kconfig);
    this.#noticed = new Int32Array(unitCount(this.#graph));
  }

  /**
   * Begins a trial, to be kept or refused.
   * @param unwanted tells of a symbol that changed whether it has to be turned off as well
   * @returns the symbols that have another value than before
   */
  run(first: Changes, unwanted: (symbol: KSymbol) => boolean): readonly KSymbol[] {
    this.#clear();
    this.#config.beginTrial();
    return this.#apply(first, unwanted);
  }

  /**
   * Makes changes that are kept in any case.
   * @returns the symbols that have another value than before
   */
  do(changes: Changes, unwanted: (symbol: KSymbol) => boolean): readonly KSymbol[] {
    this.#clear();
    this.#apply(changes, unwanted);
    this.keep();
    return this.#changed;
  }

  #clear(): void {
    this.#users = [];
    this.#changed = [];
    this.#units = [];
  }

  #apply(first: Changes, unwanted: (symbol: KSymbol) => boolean): readonly KSymbol[] {
    const config = this.#config;
    const seen = new Set<KSymbol>();
    for (let changes = first; changes.size > 0; ) {
      for (const symbol of changes.keys()) {
        seen.add(symbol);
        this.#users.push(symbol);
      }
      const step = config.apply(changes, this.#units);
      const more = new Map<KSymbol, UserValue>();
      for (const symbol of step) {
        this.#changed.push(symbol);
        if (!seen.has(symbol) && unwanted(symbol)) more.set(symbol, 0);
      }
      changes = more;
    }
    return this.#changed;
  }

  /** Ends a trial: the changes stay. */
  keep(): void {
    this.#config.keepTrial();
    const { unitOf, start, dependents } = this.#graph;
    const now = ++this.#kept;
    for (const { id } of this.#users) this.#noticed[unitOf[id]!] = now;
    for (const { id } of this.#changed) {
      const unit = unitOf[id]!;
      this.#noticed[unit] = now;
      for (let i = start[unit]!; i < start[unit + 1]!; i++) this.#noticed[dependents[i]!] = now;
    }
  }

  /** Ends a trial: everything is as it was before it. */
  takeBack(): void {
    this.#config.takeTrialBack();
  }

  /** Takes a trial back because of an obstacle, and remembers that. */
  refuse(obstacle: Obstacle): void {
    this.takeBack();
    this.#failures.set(obstacle.symbol, { obstacle, units: this.#units, at: this.#kept });
  }

  /** The obstacle that turning a symbol off met before, if it would meet it again. */
  known(symbol: KSymbol): Obstacle | null {
    const failure = this.#failures.get(symbol);
    if (!failure) return null;
    const { obstacle, units, at } = failure;
    const isSame = (unit: number): boolean => this.#noticed[unit]! <= at;
    const { unitOf } = this.#graph;
    const holds = obstacle.breaks.every(({ symbols }) => symbols.every(({ id }) => isSame(unitOf[id]!)));
    return holds && units.every(isSame) ? obstacle : null;
  }
}
