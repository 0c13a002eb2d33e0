import { type KSymbol, ParsedSymbol, type Tristate } from './symbol.ts';

/** All symbols of a tree, by name (`symbol.c:sym_lookup`, `sym_find`). */
export class SymbolTable {
  readonly #all: KSymbol[];
  readonly #byName = new Map<string, KSymbol>();
  readonly #quoted = new Map<string, KSymbol>();
  readonly #choices = new Map<string, KSymbol>();
  readonly no: KSymbol;
  readonly mod: KSymbol;
  readonly yes: KSymbol;
  /** The symbol with `modules`; null until it is parsed, and for trees without one. */
  modules: KSymbol | null = null;

  /** @param known all symbols of a table that was made before, in its order; it is this table's own from now on */
  constructor(known: KSymbol[] = []) {
    this.#all = known;
    for (const symbol of known) this.#name(symbol);
    this.no = this.#byName.get('n') ?? this.#constant('n', 0);
    this.mod = this.#byName.get('m') ?? this.#constant('m', 1);
    this.yes = this.#byName.get('y') ?? this.#constant('y', 2);
  }

  /** Every symbol in the order of first mention; `symbol.id` is the index. */
  get all(): readonly KSymbol[] {
    return this.#all;
  }

  /** The symbol of an unquoted word, made on first mention. */
  lookup(name: string): KSymbol {
    return this.#byName.get(name) ?? this.#enter(new ParsedSymbol(this.#all.length, name));
  }

  /** The constant of a quoted word. */
  constant(name: string): KSymbol {
    if (name === 'n' || name === 'm' || name === 'y') return this.#byName.get(name)!;
    return this.#quoted.get(name) ?? this.#enter(new ParsedSymbol(this.#all.length, name, true));
  }

  /** A new choice; one with a name (old trees) is the same symbol each time. */
  choice(name: string | null): KSymbol {
    const known = name === null ? undefined : this.#choices.get(name);
    return known ?? this.#enter(new ParsedSymbol(this.#all.length, name, false, null, true));
  }

  /** The symbol of that name, defined or only mentioned; undefined when no file mentions it. */
  find(name: string): KSymbol | undefined {
    return this.#byName.get(name);
  }

  /** Puts symbols of this table in the place of others, as if those had been mentioned instead. */
  replace(others: ReadonlyMap<KSymbol, KSymbol>): void {
    const all = new Set(this.#all.map((symbol) => others.get(symbol) ?? symbol));
    this.#all.length = 0;
    for (const symbol of all) (symbol as ParsedSymbol).id = this.#all.push(symbol) - 1;
    for (const { name, quoted } of others.keys()) (quoted ? this.#quoted : this.#byName).delete(name!);
  }

  #constant(name: string, value: Tristate): KSymbol {
    return this.#enter(new ParsedSymbol(this.#all.length, name, false, value));
  }

  #enter(symbol: KSymbol): KSymbol {
    this.#all.push(symbol);
    this.#name(symbol);
    return symbol;
  }

  /** Makes it known by its name. */
  #name(symbol: KSymbol): void {
    const { name } = symbol;
    if (name === null) return;
    if (symbol.isChoice) this.#choices.set(name, symbol);
    else (symbol.quoted ? this.#quoted : this.#byName).set(name, symbol);
  }
}
