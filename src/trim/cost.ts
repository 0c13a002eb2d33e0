import type { BuildResult, KbuildTree } from '../kbuild/index.ts';
import { type KSymbol, OP } from '../kconfig/symbol.ts';
import { KIND, SYMBOL_FLAGS, TYPE } from '../kconfig/tables.ts';
import type { Configuration } from '../values/configuration.ts';

/** Translation units come first, then modules: one unit outweighs any number of modules. */
const UNIT_WEIGHT = 2 ** 20;

/** A set of symbols: by id, 1 for those that are in it. */
export type Marks = Uint8Array;

/**
 * What symbols cost, for choosing between ways to keep what is required: the cheaper way is the one with fewer
 * translation units, then with fewer modules. Symbols go by their ids.
 */
export class Costs {
  readonly #base: Configuration;
  readonly #own: Float64Array;
  readonly #needs: (readonly number[] | undefined)[] = [];
  readonly #closures: (readonly number[] | undefined)[] = [];
  /** The last search that came upon a symbol. */
  readonly #seen: Int32Array;
  #searches = 0;

  /** @param build what the base builds */
  constructor(base: Configuration, kbuild: KbuildTree, build: BuildResult) {
    const { symbols } = base.kconfig;
    this.#base = base;
    this.#own = new Float64Array(symbols.all.length);
    this.#seen = new Int32Array(symbols.all.length);
    for (const module of build.modules) {
      const entry = kbuild.modules.entryOf(module);
      for (const name of entry?.decidingSymbols ?? []) {
        const symbol = symbols.find(name);
        if (symbol) this.#own[symbol.id]! += module.objects.length * UNIT_WEIGHT + 1;
      }
    }
  }

  /**
   * What it costs to have symbols on.
   * @param free symbols that are on in any case
   */
  of(symbols: readonly number[], free: Marks): number {
    let total = 0;
    for (let i = 0; i < symbols.length; i++) if (free[symbols[i]!] === 0) total += this.#own[symbols[i]!]!;
    return total;
  }

  /**
   * The symbols and the modular symbols that they cannot do without, as far as the form of dependencies tells; each
   * once.
   */
  closure(symbols: readonly number[]): readonly number[] {
    if (symbols.length !== 1) return this.#search(symbols);
    const only = symbols[0]!;
    let closure = this.#closures[only];
    if (closure === undefined) {
      closure = this.#search(symbols);
      this.#closures[only] = closure;
    }
    return closure;
  }

  #search(symbols: readonly number[]): readonly number[] {
    const seen = this.#seen;
    const search = ++this.#searches;
    const found: number[] = [];
    const add = (id: number): void => {
      if (seen[id] === search) return;
      seen[id] = search;
      found.push(id);
    };
    symbols.forEach(add);
    // Grows while it is gone through.
    for (let i = 0; i < found.length; i++) this.#needsOf(found[i]!).forEach(add);
    return found;
  }

  #needsOf(id: number): readonly number[] {
    let needs = this.#needs[id];
    if (needs === undefined) {
      needs = needsOf(id, this.#base);
      this.#needs[id] = needs;
    }
    return needs;
  }
}

/** The modular symbols that stand alone in a symbol's direct dependency, and those it selects. */
export function directNeeds(symbol: KSymbol, base: Configuration): KSymbol[] {
  return needsOf(symbol.id, base).map((id) => base.kconfig.symbols.all[id]!);
}

function needsOf(id: number, base: Configuration): number[] {
  const { tables, symbols } = base.kconfig;
  const { op, left, right } = tables.expressions;
  const needs: number[] = [];
  const add = (needed: number): void => {
    if (tables.type[needed] !== TYPE.tristate || (tables.flags[needed]! & SYMBOL_FLAGS.constant) !== 0) return;
    if (base.tristate(symbols.all[needed]!) === 1) needs.push(needed);
  };
  const addConjuncts = (number: number): void => {
    if (op[number] === OP.and) {
      addConjuncts(left[number]!);
      addConjuncts(right[number]!);
    } else if (op[number] === OP.symbol) add(left[number]!);
  };
  if (tables.direct[id] !== 0) addConjuncts(tables.direct[id]!);
  for (let property = tables.firstProperty[id]!; property < tables.firstProperty[id + 1]!; property++) {
    if (tables.kind[property] !== KIND.select || base.valueAt(tables.visible[property]!) === 0) continue;
    add(left[tables.value[property]!]!);
  }
  return needs;
}
