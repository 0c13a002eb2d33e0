import type { Tristate } from './expression.ts';
import { KSymbol } from './symbol.ts';

/** All symbols of a tree, by name (`symbol.c:sym_lookup`, `sym_find`). */
export class SymbolTable {
  readonly #all: KSymbol[] = [];
  readonly #byName = new Map<string, KSymbol>();
  readonly #quoted = new Map<string, KSymbol>();
  readonly #choices = new Map<string, KSymbol>();
  readonly no: KSymbol;
  readonly mod: KSymbol;
  readonly yes: KSymbol;
  /** The symbol with `modules`; null until it is parsed, and for trees without one. */
  modules: KSymbol | null = null;

  constructor() {
    this.no = this.#constant('n', 0);
    this.mod = this.#constant('m', 1);
    this.yes = this.#constant('y', 2);
  }

  /** Every symbol in the order of first mention; `symbol.id` is the index. */
  get all(): readonly KSymbol[] {
    return this.#all;
  }

  /** The symbol of an unquoted word, made on first mention. */
  lookup(name: string): KSymbol {
    const known = this.#byName.get(name);
    if (known) return known;
    const symbol = this.#add((id) => new KSymbol(id, name));
    this.#byName.set(name, symbol);
    return symbol;
  }

  /** The constant of a quoted word. */
  constant(name: string): KSymbol {
    if (name === 'n' || name === 'm' || name === 'y') return this.#byName.get(name)!;
    const known = this.#quoted.get(name);
    if (known) return known;
    const symbol = this.#add((id) => new KSymbol(id, name, { quoted: true }));
    this.#quoted.set(name, symbol);
    return symbol;
  }

  /** A new choice; one with a name (old trees) is the same symbol each time. */
  choice(name: string | null): KSymbol {
    const known = name === null ? undefined : this.#choices.get(name);
    if (known) return known;
    const symbol = this.#add((id) => new KSymbol(id, name, { choice: true }));
    if (name !== null) this.#choices.set(name, symbol);
    return symbol;
  }

  /** The symbol of that name, defined or only mentioned; undefined when no file mentions it. */
  find(name: string): KSymbol | undefined {
    return this.#byName.get(name);
  }

  #add(make: (id: number) => KSymbol): KSymbol {
    const symbol = make(this.#all.length);
    this.#all.push(symbol);
    return symbol;
  }

  #constant(name: string, value: Tristate): KSymbol {
    const symbol = this.#add((id) => new KSymbol(id, name, { constant: value }));
    this.#byName.set(name, symbol);
    return symbol;
  }
}
