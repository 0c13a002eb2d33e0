import { operands } from '../kconfig/expression.ts';
import { type Expr, type KSymbol, OP, type Tristate } from '../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';
import { NO_TIES, type Ties } from './ties.ts';
import { wholeKernelConditions } from './whole-kernel.ts';

/** User values that reach a goal, and how much they bring in. */
export interface Plan {
  readonly changes: ReadonlyMap<KSymbol, UserValue>;
  readonly cost: number;
}

/**
 * Gives symbols their values, and makes choice members that become `y` the chosen ones.
 * @param config changed in place
 * @returns takes it back
 */
export function applyChanges(config: Configuration, changes: ReadonlyMap<KSymbol, UserValue>): () => void {
  const before = new Map<KSymbol, UserValue | null>();
  const preferences: (() => void)[] = [];
  for (const [symbol, value] of changes) {
    before.set(symbol, config.userValue(symbol));
    if (symbol.choice && value === 2) preferences.push(config.preferInChoice(symbol));
  }
  config.apply(changes);
  return () => {
    for (const restore of preferences.reverse()) restore();
    config.apply(before);
  };
}

/**
 * What a symbol costs that has to be turned on, or to be `y` where `m` would do for another part. To build a built-in
 * as a module, or to turn one off, is a last resort.
 */
const COST_ON = 1;
const COST_LOWER = 100;
const COST_OFF = 1000;
const TRISTATES: readonly Tristate[] = [1, 2, 0];
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
  readonly #lowering = new Set<KSymbol>();
  readonly #first: 'prompt' | 'select';
  readonly #goal: KSymbol | null;
  readonly #ties: Ties;
  /** What stays as it is, whatever it would gain. */
  readonly #fixed: ReadonlySet<KSymbol>;
  readonly #crossed = new Set<KSymbol>();
  #isGivenUp = false;

  /**
   * @param first what turns a symbol on that could be by a user or by a `select`; the other is tried if it cannot
   * @param goal the symbol that was asked for by its name, null for a module: it may be a condition of the whole kernel
   * @param ties decides between plans that cost the same
   */
  constructor(
    config: Configuration,
    first: 'prompt' | 'select' = 'prompt',
    goal: KSymbol | null = null,
    ties = NO_TIES,
  ) {
    this.config = config;
    this.#first = first;
    this.#goal = goal;
    this.#ties = ties;
    this.#fixed = wholeKernelConditions(config.kconfig);
  }

  /** Whether a symbol is a condition of the whole kernel, which no way crosses for the sake of something else. */
  isFixed(symbol: KSymbol): boolean {
    if (symbol === this.#goal || !this.#fixed.has(symbol)) return false;
    this.#crossed.add(symbol);
    return true;
  }

  /** The conditions of the whole kernel that a way might have crossed so far. */
  get crossed(): readonly KSymbol[] {
    return [...this.#crossed];
  }

  /** Whether a way may have been missed since what it needs goes too deep. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
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
      else if (other !== value) cost += COST_ON;
      changes.set(symbol, other !== undefined && other > value ? other : value);
    }
    return { changes, cost };
  }

  cheaper(a: Plan | null, b: Plan | null): Plan | null {
    if (!a || !b) return a ?? b;
    return (b.cost - a.cost || this.#newcomers(b) - this.#newcomers(a)) < 0 ? b : a;
  }

  #newcomers({ changes }: Plan): number {
    return this.#ties.newcomers([...changes].flatMap(([{ id }, value]) => (value === 0 ? [] : [id])));
  }

  /** A way for the symbol to be at least `wanted`. */
  on(symbol: KSymbol, wanted: Tristate): Plan | null {
    const { config } = this;
    if (config.tristate(symbol) >= wanted) return this.nothing;
    if (symbol.constant !== null || symbol.type === 'unknown' || symbol.isChoice) return null;
    if ((symbol.type !== 'bool' && symbol.type !== 'tristate') || this.isFixed(symbol)) return null;
    const least: Tristate = symbol.type === 'bool' ? 2 : wanted;
    const key = `${symbol.id}:${least}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#isGivenUp ||= this.#open.size > MAX_DEPTH;
    if (this.#open.has(symbol) || this.#open.size > MAX_DEPTH) return null;
    this.#open.add(symbol);
    const plan =
      this.#first === 'prompt'
        ? (this.#byPrompt(symbol, least) ?? this.#bySelectOrDefault(symbol, least))
        : (this.#bySelectOrDefault(symbol, least) ?? this.#byPrompt(symbol, least));
    this.#open.delete(symbol);
    // Inside a loop of symbols the answer depends on where the search came from.
    if (plan || this.#open.size === 0) this.#known.set(key, plan);
    return plan;
  }

  /** A way for the symbol to be `n`. For the sake of a module no built-in is turned off: they are not touched. */
  off(symbol: KSymbol): Plan | null {
    const { config } = this;
    if (config.tristate(symbol) === 0) return this.nothing;
    if (symbol.constant !== null || this.isFixed(symbol)) return null;
    if (config.visibility(symbol) === 0 || config.reverseDependency(symbol) !== 0) return null;
    if (config.tristate(symbol) === 2 && this.#goal === null) return null;
    if (symbol.choice) return this.#anotherMember(symbol, symbol.choice.choiceMembers);
    return { changes: new Map([[symbol, 0 as const]]), cost: COST_OFF };
  }

  #anotherMember(symbol: KSymbol, members: readonly KSymbol[]): Plan | null {
    const [other] = members.filter((member) => member !== symbol && this.config.visibility(member) !== 0);
    return other ? this.#choose(other, 2, COST_OFF) : null;
  }

  /**
   * A symbol's own value; for a choice member also that the chosen one is no longer: in a file the last one counts.
   * For the sake of a module a choice stays as it is.
   */
  #choose(symbol: KSymbol, value: Tristate, cost: number): Plan | null {
    const changes = new Map<KSymbol, UserValue>([[symbol, value]]);
    const chosen = symbol.choice?.choiceMembers.find((member) => this.config.tristate(member) === 2);
    if (chosen && chosen !== symbol) {
      if (this.#goal === null) return null;
      changes.set(chosen, 0);
    }
    return { changes, cost };
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
      case OP.unequal:
        return this.#compare(e.sym!, e.sym2!, e.op === OP.equal);
      default:
        return null;
    }
  }

  /** A way for the negation of an expression to be at least `wanted`: `!m` is `m`. */
  #negation(e: Expr, wanted: Tristate): Plan | null {
    if (2 - this.config.evaluate(e) >= wanted) return this.nothing;
    if (e.op === OP.symbol) return this.cheaper(wanted === 1 ? this.#asModule(e.sym!) : null, this.off(e.sym!));
    if (e.op === OP.and) return this.cheaper(this.#negation(e.left!, wanted), this.#negation(e.right!, wanted));
    if (e.op === OP.or) return this.both(this.#negation(e.left!, wanted), this.#negation(e.right!, wanted));
    if (e.op === OP.not) return this.reach(e.left, wanted);
    const isComparison = e.op === OP.equal || e.op === OP.unequal;
    return isComparison ? this.#compare(e.sym!, e.sym2!, e.op === OP.unequal) : null;
  }

  /** A way for a symbol that is `y` to be `m`; what selects it as `y` has to become `m` as well. */
  #asModule(symbol: KSymbol): Plan | null {
    const { config } = this;
    const isFree = symbol.type === 'tristate' && symbol.constant === null && !symbol.choice;
    if (!isFree || config.visibility(symbol) === 0 || this.#lowering.has(symbol)) return null;
    let plan: Plan | null = { changes: new Map([[symbol, 1 as const]]), cost: COST_LOWER };
    if (!symbol.reverseDependency) return plan;
    this.#lowering.add(symbol);
    for (const term of operands(symbol.reverseDependency, OP.or)) {
      if (config.evaluate(term) === 2) plan = this.both(plan, this.#termAsModule(term));
    }
    this.#lowering.delete(symbol);
    return plan;
  }

  /** A way for a selector with its condition, which is `y`, to be `m`: any of its operands will do. */
  #termAsModule(term: Expr): Plan | null {
    let best: Plan | null = null;
    for (const operand of operands(term, OP.and)) {
      if (operand.op === OP.symbol) best = this.cheaper(best, this.#asModule(operand.sym!));
    }
    return best;
  }

  /** A way for two tristates to have the same value, or not to. */
  #compare(a: KSymbol, b: KSymbol, same: boolean): Plan | null {
    if (a === b) return same ? this.nothing : null;
    let best: Plan | null = null;
    for (const left of TRISTATES) {
      for (const right of TRISTATES) {
        if ((left === right) !== same) continue;
        best = this.cheaper(best, this.both(this.exactly(a, left), this.exactly(b, right)));
      }
    }
    return best;
  }

  /** A way for the symbol to have just this value. */
  exactly(symbol: KSymbol, value: Tristate): Plan | null {
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return null;
    const now = this.config.tristate(symbol);
    if (now === value) return this.nothing;
    if (symbol.constant !== null) return null;
    if (now < value) return symbol.type === 'bool' && value === 1 ? null : this.on(symbol, value);
    return value === 0 ? this.off(symbol) : this.#asModule(symbol);
  }

  #byPrompt(symbol: KSymbol, wanted: Tristate): Plan | null {
    let best: Plan | null = null;
    for (const property of symbol.properties) {
      if (property.text === null) continue;
      // A bool is visible as soon as its prompt is at least `m`.
      const visible = this.reach(property.visible, symbol.type === 'bool' ? 1 : wanted);
      best = this.cheaper(best, this.both(visible, this.#choose(symbol, wanted, COST_ON)));
    }
    return best;
  }

  #bySelectOrDefault(symbol: KSymbol, wanted: Tristate): Plan | null {
    const least: Tristate = symbol.type === 'bool' ? 1 : wanted;
    let best: Plan | null = null;
    if (symbol.reverseDependency) {
      for (const term of operands(symbol.reverseDependency, OP.or)) best = this.cheaper(best, this.reach(term, least));
    }
    if (symbol.implied) {
      const allowed = this.reach(symbol.directDependency, least);
      for (const term of operands(symbol.implied, OP.or)) {
        best = this.cheaper(best, this.both(allowed, this.reach(term, least)));
      }
    }
    for (const property of symbol.properties) {
      if (property.kind !== 'default') continue;
      best = this.cheaper(best, this.both(this.reach(property.visible, least), this.reach(property.value, least)));
    }
    return best;
  }
}
