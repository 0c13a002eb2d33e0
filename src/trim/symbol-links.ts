import { formatExpr, operands } from '../kconfig/expression.ts';
import { type Expr, type KSymbol, OP, type Property } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { isUnasked } from './as-written.ts';
import { dependencyClauses, neededSymbols, needs, opposedSymbols, promptClauses } from './clauses.ts';
import type { Link, LinkKind } from './why-types.ts';

/** A link whose ends are symbols. */
export interface SymbolLink {
  readonly to: KSymbol;
  readonly link: Link;
  /** Where `to` is on by default: all that this takes, of which the link is from one. */
  readonly needed?: readonly KSymbol[];
}

/** Tells how the symbols of a configuration hang together: which need which, and which turn which on. */
export class SymbolLinks {
  readonly #config: Configuration;
  /** `select` and `imply` properties by what they turn on. */
  readonly #turnedOnBy = new Map<KSymbol, Property[]>();
  readonly #possible = new Map<KSymbol, boolean>();
  #defaults: ReadonlyMap<KSymbol, readonly SymbolLink[]> | null = null;
  /** A copy of the configuration for trials. */
  #scratch: Configuration | null = null;

  constructor(config: Configuration) {
    this.#config = config;
    for (const symbol of config.kconfig.symbols.all) {
      for (const property of symbol.properties) {
        if (property.kind !== 'select' && property.kind !== 'imply') continue;
        const target = property.value!.sym!;
        const known = this.#turnedOnBy.get(target);
        if (known) known.push(property);
        else this.#turnedOnBy.set(target, [property]);
      }
    }
  }

  /** The `select`s or `imply`s of a symbol, in the order of the files. */
  properties(target: KSymbol, kind: 'select' | 'imply'): readonly Property[] {
    return (this.#turnedOnBy.get(target) ?? []).filter((property) => property.kind === kind);
  }

  /**
   * Whether any config could have a symbol on; none has what depends on symbols that only other architectures define.
   * Only dependencies count: what cannot be on for another reason may be said to be able to.
   */
  canBeOn(symbol: KSymbol): boolean {
    const known = this.#possible.get(symbol);
    if (known !== undefined) return known;
    // What depends on itself is possible as far as the rest of its dependencies is.
    this.#possible.set(symbol, true);
    // A constant may be what the toolchain answers, and another one would answer otherwise.
    const isAnswer = symbol.constant !== null || isUnasked(symbol);
    const isReachable = symbol.reverseDependency !== null || this.canHold(symbol.directDependency);
    const possible = isAnswer || (symbol.isDefined && isReachable);
    this.#possible.set(symbol, possible);
    return possible;
  }

  /** Whether any config could fulfil a condition, as far as `canBeOn` tells. */
  canHold(e: Expr | null): boolean {
    if (!e) return true;
    if (e.op === OP.and) return this.canHold(e.left) && this.canHold(e.right);
    if (e.op === OP.or) return operands(e, OP.or).some((operand) => this.canHold(operand));
    return e.op !== OP.symbol || this.canBeOn(e.sym!);
  }

  /** Those of them that count now. */
  active(target: KSymbol, kind: 'select' | 'imply'): Property[] {
    return this.properties(target, kind).filter((property) => this.#isActive(property));
  }

  /** Every link from a symbol that is on: what it needs, then what it turns on. */
  from(symbol: KSymbol): SymbolLink[] {
    return [...this.needs(symbol), ...this.turnsOn(symbol)];
  }

  /** What a symbol that is on needs, each thing alone: without it and what goes with it, all else as it is, it would be off. */
  needs(symbol: KSymbol): SymbolLink[] {
    const config = this.#config;
    const found = this.#dependencies(symbol);
    if (symbol.isChoice || symbol.choice) return found;
    if (config.reverseDependency(symbol) !== 0) return [...found, ...this.#selection(symbol, 'select')];
    if (config.visibility(symbol) !== 0) return [...found, ...this.#prompt(symbol)];
    const active = config.activeDefault(symbol);
    if (!active || config.evaluate(active.value) === 0) return [...found, ...this.#selection(symbol, 'imply')];
    return [...found, ...this.#default(symbol, active)];
  }

  /**
   * What a symbol that is on turns on by `select`, by `imply`, or as another's default; also what is on by default
   * wherever the symbol is.
   */
  turnsOn(symbol: KSymbol): SymbolLink[] {
    const config = this.#config;
    const found: SymbolLink[] = [];
    for (const property of symbol.properties) {
      if (property.kind !== 'select' && property.kind !== 'imply') continue;
      const to = property.value!.sym!;
      if (config.tristate(to) === 0 || !this.#isActive(property)) continue;
      if (property.kind === 'imply' && !isFreeOf(to, config)) continue;
      const kind = property.kind === 'select' ? 'selects' : 'implies';
      found.push(this.#link(kind, symbol, to, property.condition, property));
    }
    this.#defaults ??= this.#collectDefaults();
    return [...found, ...(this.#defaults.get(symbol) ?? [])];
  }

  #isActive(property: Property): boolean {
    const { symbol } = property.node;
    return this.#config.tristate(symbol!) !== 0 && this.#config.evaluate(property.visible) !== 0;
  }

  #link(kind: LinkKind, from: KSymbol, to: KSymbol, condition: Expr | null, { at }: Pick<Property, 'at'>): SymbolLink {
    const text = condition ? formatExpr(condition) : '';
    const link = { kind, from: nameOf(from), to: nameOf(to), condition: text, at: { ...at, column: 0 } };
    return { to, link };
  }

  /** The symbols without which, and without all that goes with them, a condition that holds now would not. */
  #needed(e: Expr | null): KSymbol[] {
    return neededSymbols(this.#config, e).filter((symbol) => !this.#holdsWithout(symbol, e));
  }

  /**
   * Whether a condition holds again where what goes with a symbol is off as well: `TLS && TLS_DEVICE || TLS_DEVICE=n`
   * needs TLS as long as TLS_DEVICE is on, and that goes with it.
   */
  #holdsWithout(symbol: KSymbol, e: Expr | null): boolean {
    if (opposedSymbols(this.#config, e).every((each) => each === symbol)) return false;
    this.#scratch ??= this.#config.clone();
    const scratch = this.#scratch;
    scratch.beginTrial();
    scratch.set(symbol, 0);
    const holds = scratch.tristate(symbol) === 0 && scratch.evaluate(e) !== 0;
    scratch.takeTrialBack();
    return holds;
  }

  /** The statements by which a symbol needs others; of several definitions, what all of them need. */
  #dependencies(symbol: KSymbol): SymbolLink[] {
    const config = this.#config;
    const links = new Map<KSymbol, SymbolLink>();
    for (const clause of symbol.nodes.flatMap((node) => dependencyClauses(node))) {
      for (const to of this.#needed(clause.condition)) {
        if (links.has(to) || to === symbol) continue;
        if (symbol.nodes.length > 1 && !needs(config, symbol.directDependency, to)) continue;
        links.set(to, this.#link('depends', symbol, to, clause.condition, clause));
      }
    }
    return [...links.values()];
  }

  /** What all prompts of a symbol need to be seen, where there is just one that is. */
  #prompt(symbol: KSymbol): SymbolLink[] {
    const config = this.#config;
    const seen = symbol.properties.filter(({ text, visible }) => text !== null && config.evaluate(visible) !== 0);
    if (seen.length !== 1 || config.activeDefault(symbol)) return [];
    return promptClauses(seen[0]!).flatMap((clause) =>
      this.#needed(clause.condition).map((to) => this.#link('prompt', symbol, to, clause.condition, clause)),
    );
  }

  /** The selector of a symbol, and the condition of its `select`, where there is just one. */
  #selection(symbol: KSymbol, kind: 'select' | 'imply'): SymbolLink[] {
    const active = this.active(symbol, kind);
    const [only] = active;
    if (!only || active.some((property) => property.node.symbol !== only.node.symbol)) return [];
    const by = kind === 'select' ? 'selected-by' : 'implied-by';
    const links = [this.#link(by, symbol, only.node.symbol!, only.condition, only)];
    if (kind === 'imply' || active.length > 1) return links;
    const needed = this.#needed(only.condition);
    return [...links, ...needed.map((to) => this.#link('select-condition', symbol, to, only.condition, only))];
  }

  #default(symbol: KSymbol, active: Property): SymbolLink[] {
    const needed = [...this.#needed(active.value), ...this.#needed(active.condition)];
    return [...new Set(needed)].map((to) => this.#link('default', symbol, to, active.condition, active));
  }

  /** Symbols that are on by a default alone, by what that default and their dependencies need. */
  #collectDefaults(): ReadonlyMap<KSymbol, readonly SymbolLink[]> {
    const config = this.#config;
    const found = new Map<KSymbol, SymbolLink[]>();
    for (const symbol of config.kconfig.symbols.all) {
      if (symbol.constant !== null || symbol.isChoice || symbol.choice || config.tristate(symbol) === 0) continue;
      if (!isFreeOf(symbol, config)) continue;
      const active = config.activeDefault(symbol);
      if (!active || config.evaluate(active.value) === 0) continue;
      const byDefault = this.#default(symbol, active);
      const dependencies = this.#dependencies(symbol).filter(({ to }) => byDefault.every((each) => each.to !== to));
      const back = [
        ...byDefault.map(({ to }) => this.#link('sets-default', to, symbol, active.condition, active)),
        // Its own line and all of its condition: that of one dependency alone would say that the others do not count.
        ...dependencies.map(({ to }) => this.#link('brings', to, symbol, symbol.directDependency, active)),
      ];
      const needed = [...byDefault, ...dependencies].map(({ to }) => to);
      for (const [i, { link }] of back.entries()) {
        const to = needed[i]!;
        const made = { to: symbol, link, needed };
        const known = found.get(to);
        if (known) known.push(made);
        else found.set(to, [made]);
      }
    }
    return found;
  }
}

/** Whether neither a user nor a `select` can set a symbol's value. */
function isFreeOf(symbol: KSymbol, config: Configuration): boolean {
  if (config.reverseDependency(symbol) !== 0) return false;
  return config.visibility(symbol) === 0 || !config.hasUserValue(symbol);
}

/** A symbol's name; a choice has none, so its prompt. */
export function nameOf(symbol: KSymbol): string {
  return symbol.name ?? symbol.nodes[0]?.prompt?.text ?? 'choice';
}
