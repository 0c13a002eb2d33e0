import { forEachSymbol, formatExpr, operands } from '../kconfig/expression.ts';
import { type Expr, type KSymbol, type Location, OP, type Property } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { isUnasked, type KconfigText } from './as-written.ts';
import { dependencyClauses, promptClauses } from './clauses.ts';
import { heirsOf } from './heirs.ts';
import { Planner } from './plan.ts';
import type { SymbolLinks } from './symbol-links.ts';
import type { WaySearch } from './way-on.ts';
import type { Hindrance } from './why-types.ts';

/** Symbols on the way from what cannot be on to what is to blame. */
const MAX_STEPS = 40;

/** What is known of a search that found nothing. */
export interface Failure {
  /** For the text of lines: a `$(…)` in one asks the toolchain. */
  readonly tree: KconfigText;
  readonly search: Pick<WaySearch, 'moved' | 'isGivenUp'>;
  /** Whether the symbol itself was asked for, not a module that it builds. */
  readonly isGoal: boolean;
}

/**
 * Why nothing was found that turns symbols on: what their dependencies come down to and no user can change, or no way
 * does; and where the search ended.
 */
export function hindrances(
  symbols: readonly KSymbol[],
  config: Configuration,
  links: SymbolLinks,
  failure: Failure,
): readonly Hindrance[] {
  const found = new Map<string, Hindrance>();
  for (const symbol of symbols) {
    for (const each of new NoWay(config, links, failure, symbol).explain()) {
      found.set(`${each.kind} ${each.symbol} ${each.condition}`, each);
    }
  }
  return [...found.values()];
}

class NoWay {
  readonly #config: Configuration;
  readonly #links: SymbolLinks;
  readonly #tree: KconfigText;
  readonly #planner: Planner;
  readonly #seen = new Set<KSymbol>();
  readonly #found = new Map<string, Hindrance>();
  readonly #search: Failure['search'];
  readonly #symbol: KSymbol;

  constructor(config: Configuration, links: SymbolLinks, { tree, search, isGoal }: Failure, symbol: KSymbol) {
    this.#config = config;
    this.#links = links;
    this.#tree = tree;
    this.#search = search;
    this.#symbol = symbol;
    this.#planner = new Planner(config, 'prompt', isGoal ? symbol : null);
  }

  explain(): readonly Hindrance[] {
    const symbol = this.#symbol;
    this.#off(symbol);
    for (const moved of this.#search.moved) this.#add('whole-kernel', moved, moved.nodes[0]?.at ?? null);
    const [node] = symbol.nodes;
    if (this.#search.isGivenUp || this.#planner.isGivenUp || this.#seen.size > MAX_STEPS) {
      // What was not searched to its end is no contradiction.
      for (const [key, { kind }] of this.#found) if (kind === 'contradiction') this.#found.delete(key);
      if (this.#found.size === 0) this.#add('given-up', null, null);
    } else if (this.#found.size === 0 && node && symbol.directDependency) {
      this.#add('contradiction', symbol, node.at, formatExpr(symbol.directDependency));
    }
    return [...this.#found.values()];
  }

  #add(kind: Hindrance['kind'], symbol: KSymbol | null, at: Location | null, condition = ''): void {
    const name = symbol === null ? '' : (symbol.name ?? 'choice');
    this.#found.set(`${kind} ${name} ${condition}`, { kind, symbol: name, condition, at: at && { ...at, column: 0 } });
  }

  /** A symbol that is off and should be on. */
  #off(symbol: KSymbol, usedAt: Location | null = null): void {
    if (this.#seen.has(symbol) || this.#seen.size > MAX_STEPS) return;
    this.#seen.add(symbol);
    const prompts = symbol.properties.filter(({ text }) => text !== null);
    const [node] = symbol.nodes;
    if (isUnasked(symbol)) this.#add('unasked', symbol, usedAt);
    else if (symbol.transitional) this.#add('transitional', symbol, node?.at ?? null, this.#heirs(symbol));
    else if (!node) this.#add('undefined', symbol, null);
    else if (this.#planner.isFixed(symbol)) this.#add('whole-kernel', symbol, node.at);
    else if (prompts.length === 0) this.#notTurnedOn(symbol, node.at);
    else for (const prompt of prompts) this.#hiddenPrompt(symbol, prompt);
  }

  #heirs(symbol: KSymbol): string {
    return heirsOf(symbol, this.#config.kconfig)
      .map(({ name }) => name)
      .join(', ');
  }

  /** A symbol without a prompt. */
  #notTurnedOn(symbol: KSymbol, at: Location): void {
    const selectors = this.#links.properties(symbol, 'select').map(({ node }) => node.symbol!);
    const defaults = symbol.properties.filter(({ kind }) => kind === 'default');
    const probed = defaults.find((property) => this.#asksToolchain(property.at));
    const unasked = probed && usedSymbols(probed).find(isUnasked);
    if (unasked) this.#add('unasked', unasked, probed.at);
    else if (probed) this.#add('toolchain', symbol, probed.at);
    else if (selectors.length === 0 && defaults.every(({ value }) => value?.sym?.constant === 0)) {
      this.#add('never', symbol, defaults[0]?.at ?? at);
    } else {
      for (const { visible, value } of defaults) {
        this.#unreachable(visible, symbol, at);
        if (value?.sym?.constant !== 0) this.#unreachable(value, symbol, at);
      }
      if (selectors.every((selector) => this.#planner.on(selector, 1) === null)) {
        for (const selector of selectors) this.#off(selector);
      }
    }
  }

  #hiddenPrompt(symbol: KSymbol, prompt: Property): void {
    const clauses = [...dependencyClauses(prompt.node), ...promptClauses(prompt)];
    const before = this.#found.size;
    for (const { condition, at } of clauses) this.#unreachable(condition, symbol, at);
    if (this.#found.size > before || this.#planner.reach(prompt.visible, 1) !== null) return;
    this.#add('contradiction', symbol, prompt.node.at, formatExpr(prompt.visible));
  }

  /** A condition that nothing can fulfil; one that something can is passed over. */
  #unreachable(e: Expr | null, of: KSymbol, at: Location): void {
    if (!e || this.#planner.reach(e, 1) !== null) return;
    if (e.op === OP.and || e.op === OP.or) {
      for (const operand of operands(e, e.op)) this.#unreachable(operand, of, at);
    } else if (e.op === OP.symbol && e.sym!.constant !== null) {
      this.#add(this.#asksToolchain(at) ? 'toolchain' : 'never', of, at);
    } else if (e.op === OP.symbol) {
      this.#off(e.sym!, at);
    } else {
      const symbol = e.op === OP.not ? e.left!.sym : e.sym;
      if (e.op === OP.not && symbol && this.#config.tristate(symbol) !== 0) this.#add(this.#whyOn(symbol), symbol, at);
      else this.#add('contradiction', of, at, formatExpr(e));
    }
  }

  /** Why a symbol that would have to be off is on. */
  #whyOn(symbol: KSymbol): Hindrance['kind'] {
    if (this.#planner.isFixed(symbol)) return 'whole-kernel';
    const isFree = this.#config.visibility(symbol) !== 0 && this.#config.reverseDependency(symbol) === 0;
    return isFree ? 'built-in' : 'forced';
  }

  #asksToolchain({ file, line }: Location): boolean {
    const text = this.#tree.readText(file)?.split('\n')[line - 1];
    return text?.includes('$(') ?? false;
  }
}

/** The symbols that a default and its condition are made of. */
function usedSymbols({ value, visible }: Property): KSymbol[] {
  const found: KSymbol[] = [];
  for (const e of [value, visible]) forEachSymbol(e, (symbol) => found.push(symbol));
  return found;
}
