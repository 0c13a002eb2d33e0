import { type Expr, OP, operands, type Tristate } from '../kconfig/expression.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';

/** User values that reach a goal, and how much they bring in. */
export interface Plan {
  readonly changes: ReadonlyMap<KSymbol, UserValue>;
  readonly cost: number;
}

/** What a symbol costs that has to be turned on; to build a built-in as a module, or to turn one off, is a last resort. */
const COST_ON = 1;
const COST_LOWER = 100;
const COST_OFF = 1000;
/** Symbols on the way from a goal to what it needs. */
const MAX_DEPTH = 24;

/**
 * Finds the cheapest user values under which an expression holds, from the form of the dependencies and the present
 * values. A plan is a proposal: what it really does the engine has to show.
 */
export class Planner {
  readonly config: Configuration;
  readonly nothing: Plan = { changes: new Map(), cost: 0 };
  readonly #known = new Map<string, Plan | null>();
  readonly #open = new Set<KSymbol>();

  constructor(config: Configuration) {
    this.config = config;
  }

  /** Two plans as one; null where one is missing or they want different values. */
  both(a: Plan | null, b: Plan | null): Plan | null {
    if (!a || !b) return null;
    if (a.changes.size === 0) return b;
    if (b.changes.size === 0) return a;
    const changes = new Map(a.changes);
    let cost = a.cost;
    for (const [symbol, value] of b.changes) {
      const other = changes.get(symbol);
      if (other === undefined) cost += value === 0 ? COST_OFF : COST_ON;
      else if ((other === 0) !== (value === 0)) return null;
      changes.set(symbol, other !== undefined && other > value ? other : value);
    }
    return { changes, cost };
  }

  cheaper(a: Plan | null, b: Plan | null): Plan | null {
    if (!a || !b) return a ?? b;
    return b.cost < a.cost ? b : a;
  }

  /** A way for the symbol to be at least `wanted`. */
  on(symbol: KSymbol, wanted: Tristate): Plan | null {
    const { config } = this;
    if (config.tristate(symbol) >= wanted) return this.nothing;
    if (symbol.constant !== null || symbol.type === 'unknown' || symbol.isChoice) return null;
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return null;
    const least: Tristate = symbol.type === 'bool' ? 2 : wanted;
    const key = `${symbol.id}:${least}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#open.has(symbol) || this.#open.size > MAX_DEPTH) return null;
    this.#open.add(symbol);
    const plan = this.#byPrompt(symbol, least) ?? this.#bySelectOrDefault(symbol, least);
    this.#open.delete(symbol);
    // Inside a loop of symbols the answer depends on where the search came from.
    if (plan || this.#open.size === 0) this.#known.set(key, plan);
    return plan;
  }

  /** A way for the symbol to be `n`. */
  off(symbol: KSymbol): Plan | null {
    const { config } = this;
    if (config.tristate(symbol) === 0) return this.nothing;
    if (symbol.constant !== null || config.visibility(symbol) === 0 || config.reverseDependency(symbol) !== 0)
      return null;
    return symbol.choice ? null : { changes: new Map([[symbol, 0 as const]]), cost: COST_OFF };
  }

  /** A way for the expression to be at least `wanted`. */
  reach(e: Expr | null, wanted: Tristate): Plan | null {
    if (!e || this.config.evaluate(e) >= wanted) return this.nothing;
    switch (e.op) {
      case OP.and:
        return this.both(this.reach(e.left, wanted), this.reach(e.right, wanted));
      case OP.or: {
        let best: Plan | null = null;
        for (const operand of operands(e, OP.or)) best = this.cheaper(best, this.reach(operand, wanted));
        return best;
      }
      case OP.not:
        return this.#negation(e.left!, wanted);
      case OP.symbol:
        return this.on(e.sym!, wanted);
      case OP.equal:
        return this.#equals(e.sym!, e.sym2!);
      case OP.unequal:
        return e.sym2!.constant === 0 ? this.on(e.sym!, 1) : null;
      default:
        return null;
    }
  }

  /** A way for the negation of an expression to be at least `wanted`: `!m` is `m`. */
  #negation(e: Expr, wanted: Tristate): Plan | null {
    if (e.op === OP.symbol) return this.cheaper(wanted === 1 ? this.#asModule(e.sym!) : null, this.off(e.sym!));
    if (e.op === OP.and) return this.cheaper(this.#negation(e.left!, wanted), this.#negation(e.right!, wanted));
    if (e.op === OP.or) return this.both(this.#negation(e.left!, wanted), this.#negation(e.right!, wanted));
    if (e.op === OP.unequal) return this.#equals(e.sym!, e.sym2!);
    return null;
  }

  /** A way for a symbol that is `y` to be `m`. */
  #asModule(symbol: KSymbol): Plan | null {
    const { config } = this;
    const isFree = config.visibility(symbol) > 0 && config.reverseDependency(symbol) < 2 && !symbol.choice;
    if (symbol.type !== 'tristate' || symbol.constant !== null || !isFree) return null;
    return { changes: new Map([[symbol, 1 as const]]), cost: COST_LOWER };
  }

  #equals(symbol: KSymbol, value: KSymbol): Plan | null {
    if (value.constant === 2) return this.on(symbol, 2);
    if (value.constant === 0) return this.off(symbol);
    return null;
  }

  #byPrompt(symbol: KSymbol, wanted: Tristate): Plan | null {
    let best: Plan | null = null;
    for (const property of symbol.properties) {
      if (property.text === null) continue;
      // A bool is visible as soon as its prompt is at least `m`.
      const visible = this.reach(property.visible, symbol.type === 'bool' ? 1 : wanted);
      const self: Plan = { changes: new Map([[symbol, wanted]]), cost: COST_ON };
      best = this.cheaper(best, this.both(visible, self));
    }
    return best;
  }

  #bySelectOrDefault(symbol: KSymbol, wanted: Tristate): Plan | null {
    const least: Tristate = symbol.type === 'bool' ? 1 : wanted;
    let best: Plan | null = null;
    if (symbol.reverseDependency) {
      for (const term of operands(symbol.reverseDependency, OP.or)) best = this.cheaper(best, this.reach(term, least));
    }
    for (const property of symbol.properties) {
      if (property.kind !== 'default') continue;
      best = this.cheaper(best, this.both(this.reach(property.visible, least), this.reach(property.value, least)));
    }
    return best;
  }
}
