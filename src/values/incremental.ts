import type { KSymbol } from '../kconfig/symbol.ts';
import type { Calculator } from './calculator.ts';
import { type DependencyGraph, dependencyGraph, unitCount } from './dependency-graph.ts';

/** Keeps a configuration calculated while user values change: only units whose inputs changed are done again. */
export class IncrementalUpdater {
  readonly #calculator: Calculator;
  readonly #graph: DependencyGraph;
  /** Units to be calculated, a bit each: few of thousands. */
  readonly #pending: Int32Array;

  /** @param calculator that has calculated all: every value is up to date, and stays so between updates */
  constructor(calculator: Calculator) {
    this.#calculator = calculator;
    this.#graph = dependencyGraph(calculator.kconfig);
    this.#pending = new Int32Array((unitCount(this.#graph) >> 5) + 1);
  }

  /**
   * Calculates what depends on symbols whose user values changed.
   * @param visited called with the units that are calculated, in this order
   * @returns the symbols that have another value than before
   */
  update(changed: Iterable<KSymbol>, visited: number[] | null = null): KSymbol[] {
    const { unitOf, start, dependents } = this.#graph;
    const found: KSymbol[] = [];
    const pending = this.#pending;
    let first = pending.length;
    let last = -1;
    const add = (unit: number): void => {
      const word = unit >> 5;
      pending[word]! |= 1 << (unit & 31);
      if (word < first) first = word;
      if (word > last) last = word;
    };
    for (const { id } of changed) add(unitOf[id]!);
    for (let word = first; word <= last; word++) {
      // Readers have larger numbers: they come later, in this word or another.
      for (let bits = pending[word]!; bits !== 0; bits = pending[word]!) {
        const lowest = bits & -bits;
        pending[word]! ^= lowest;
        const unit = (word << 5) + 31 - Math.clz32(lowest);
        visited?.push(unit);
        if (!this.#recalculate(unit, found)) continue;
        for (let i = start[unit]!; i < start[unit + 1]!; i++) add(dependents[i]!);
      }
    }
    return found;
  }

  /** Calculates a unit; whether a value in it changed. Changed symbols are added to `found`. */
  #recalculate(unit: number, found: KSymbol[]): boolean {
    const calculator = this.#calculator;
    const { all } = calculator.kconfig.symbols;
    const { firstMember, members } = this.#graph;
    const first = firstMember[unit]!;
    if (firstMember[unit + 1] === first + 1) {
      const id = members[first]!;
      if (!calculator.recalculate(id)) return false;
      found.push(all[id]!);
      return true;
    }
    const symbols = Array.from(members.subarray(first, firstMember[unit + 1]), (id) => all[id]!);
    const before = symbols.map((symbol) => calculator.text(symbol));
    for (const { id } of symbols) calculator.invalidate(id);
    calculator.modulesOff();
    const count = found.length;
    symbols.forEach((symbol, i) => {
      if (calculator.text(symbol) !== before[i]) found.push(symbol);
    });
    return found.length > count;
  }
}
