import { type Condition, evaluateCondition } from '../kbuild/index.ts';
import { type Expr, OP, operands, type Tristate } from '../kconfig/expression.ts';
import type { KSymbol, Property } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { dependencyGraph } from '../values/incremental.ts';
import type { Costs } from './cost.ts';
import { kbuildLookup } from './lookup.ts';
import type { Requirement } from './requirements.ts';

/**
 * Symbols that are enough for requirements to hold as they do in a base config, whatever else is turned off: those that
 * the requirements name, and for each of them what its value comes from. Of several ways the cheapest counts. It goes by
 * the form of dependencies, so it is a guess that the engine has to confirm.
 * @returns null where there are so many ways that to weigh them would take longer than to do without
 */
export function findSupport(
  requirements: readonly Requirement[],
  base: Configuration,
  costs: Costs,
): ReadonlySet<KSymbol> | null {
  const find = (lookedAt: number): ReadonlySet<KSymbol> | null => {
    const support = new Support(base, costs, lookedAt);
    for (const requirement of requirements) support.require(requirement);
    return support.find();
  };
  // Neither is always the better: one does not see what bools bring, the other leaves out what is still open.
  const first = find(1);
  const second = first && find(LOOKED_AT);
  if (!first || !second) return first;
  const cost = (found: ReadonlySet<KSymbol>): number => costs.of(costs.closure([...found]), new Set());
  return cost(second) < cost(first) ? second : first;
}

/** One of several ways for something to hold. */
interface Way {
  /** Adds what it needs. */
  readonly add: () => void;
  /** The symbols that it needs and that are not found yet. */
  readonly missing: () => readonly KSymbol[];
}

interface OpenWay {
  readonly add: () => void;
  /** One symbol or more. */
  readonly missing: readonly KSymbol[];
}

const NOTHING: readonly KSymbol[] = [];
const NONE: readonly number[] = [];
/** Ways that are followed to their end. */
const LOOKED_AT = 12;
/** Symbols that weighing looks at, in some 0.1 s; for a laptop on a distribution's config they are 5,000. */
const MAX_WEIGHED = 1_000_000;

class Support {
  readonly #base: Configuration;
  readonly #costs: Costs;
  readonly #lookup;
  readonly #found = new Set<KSymbol>();
  /** The same in the order in which it was found. */
  readonly #order: KSymbol[] = [];
  readonly #unitOf;
  readonly #lookedAt: number;
  readonly #queue: KSymbol[] = [];
  /** What holds in several ways: decided when all is known that is certain. */
  #undecided: (readonly Way[])[] = [];
  #weighed = 0;

  /** @param lookedAt how many ways are followed to their end, of those that look cheapest */
  constructor(base: Configuration, costs: Costs, lookedAt: number) {
    this.#lookedAt = lookedAt;
    this.#base = base;
    this.#costs = costs;
    this.#lookup = kbuildLookup(base);
    this.#unitOf = dependencyGraph(base.kconfig).unitOf;
  }

  require({ needed, ways }: Requirement): void {
    for (const symbol of needed) this.#add(symbol);
    const held = ways.filter((way) => way.every((condition) => evaluateCondition(condition, this.#lookup)));
    this.#anyOf(held.map((way) => this.#conditionsWay(way)));
  }

  find(): ReadonlySet<KSymbol> | null {
    this.#follow();
    for (let open = this.#open(); open.length > 0; open = this.#open()) {
      this.#take(this.#best(open));
      if (this.#weighed > MAX_WEIGHED) return null;
    }
    return this.#found;
  }

  #take({ add, missing }: OpenWay): void {
    add();
    // Where a way has ways of its own inside, `add` leaves these open.
    for (const symbol of missing) this.#add(symbol);
    this.#follow();
  }

  /** What does not hold yet, by what is missing in each of its ways. */
  #open(): (readonly OpenWay[])[] {
    const open: (readonly OpenWay[])[] = [];
    const undecided: (readonly Way[])[] = [];
    for (const ways of this.#undecided) {
      const all = ways.map((way) => ({ add: way.add, missing: way.missing() }));
      if (all.some(({ missing }) => missing.length === 0)) continue;
      open.push(all);
      undecided.push(ways);
    }
    this.#undecided = undecided;
    return open;
  }

  /** The way that costs least for each thing that holds with it. */
  #best(open: readonly (readonly OpenWay[])[]): OpenWay {
    const servedBy = new Map<KSymbol, Set<number>>();
    open.forEach((ways, i) => {
      for (const { missing } of ways) {
        if (missing.length > 1) continue;
        const served = servedBy.get(missing[0]!);
        if (served) served.add(i);
        else servedBy.set(missing[0]!, new Set([i]));
      }
    });
    const weighed: { way: OpenWay; served: number; cost: number }[] = [];
    for (const { way, items } of differentWays(open)) {
      const served = new Set(items);
      const closure = this.#costs.closure(way.missing);
      this.#weighed += closure.size;
      for (const symbol of closure) for (const other of servedBy.get(symbol) ?? NONE) served.add(other);
      weighed.push({ way, served: served.size, cost: this.#costs.of(closure, this.#found) / served.size });
    }
    weighed.sort((a, b) => a.cost - b.cost || (this.#isBefore(a.way, b.way) ? -1 : 1));
    let best = weighed[0]!.way;
    let least = Number.POSITIVE_INFINITY;
    for (const { way, served } of weighed.slice(0, this.#lookedAt)) {
      const cost = this.#wholeCost(way) / served;
      if (cost < least) [best, least] = [way, cost];
    }
    return best;
  }

  /** What a way brings with all that it hangs on, also by way of bools. */
  #wholeCost(way: OpenWay): number {
    const [found, undecided] = [this.#order.length, this.#undecided.length];
    this.#take(way);
    const added = this.#order.splice(found);
    for (const symbol of added) this.#found.delete(symbol);
    this.#undecided.length = undecided;
    return this.#costs.of(this.#costs.closure(added), this.#found);
  }

  /** Of ways that cost the same the one whose symbol reads less counts. */
  #isBefore(a: OpenWay, b: OpenWay): boolean {
    return this.#unitOf[a.missing[0]!.id]! < this.#unitOf[b.missing[0]!.id]!;
  }

  #add(symbol: KSymbol): void {
    if (symbol.constant !== null || symbol.type === 'unknown' || this.#found.has(symbol)) return;
    this.#found.add(symbol);
    this.#order.push(symbol);
    this.#queue.push(symbol);
  }

  #follow(): void {
    for (let symbol = this.#queue.pop(); symbol; symbol = this.#queue.pop()) this.#explain(symbol);
  }

  #anyOf(ways: readonly Way[]): void {
    if (ways.length === 1) ways[0]!.add();
    else if (ways.length > 1) this.#undecided.push(ways);
  }

  /** What a symbol's value comes from: the user's, a `select`, a default or an `imply`. */
  #explain(symbol: KSymbol): void {
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return;
    const base = this.#base;
    const value = base.tristate(symbol);
    if (value === 0) return;
    // A bool is on as soon as what it comes from is.
    const least: Tristate = symbol.type === 'bool' ? 1 : value;
    const user = base.userValue(symbol);
    const isOwn = typeof user === 'number' && user >= least && base.visibility(symbol) >= least;
    if (isOwn || symbol.isChoice || symbol.choice) {
      const prompts = symbol.properties.filter(({ text, visible }) => text !== null && this.#holds(visible, least));
      this.#anyOf(prompts.map(({ visible }) => this.#way(visible, least)));
    } else if (base.reverseDependency(symbol) >= least) this.#needTerm(symbol.reverseDependency!, least);
    else this.#needDefault(symbol, base.activeDefault(symbol), least);
  }

  #needDefault(symbol: KSymbol, active: Property | null, least: Tristate): void {
    if (active && this.#holds(active.value, least)) {
      this.#need(active.visible, least);
      this.#need(active.value, least);
    } else if (symbol.implied && this.#holds(symbol.implied, least)) {
      this.#need(symbol.directDependency, least);
      this.#needTerm(symbol.implied, least);
    }
  }

  #holds(e: Expr | null, least: Tristate): boolean {
    return this.#base.evaluate(e) >= least;
  }

  /** That one of the operands of `||` holds. */
  #needTerm(e: Expr, least: Tristate): void {
    const terms = operands(e, OP.or).filter((term) => this.#holds(term, least));
    this.#anyOf(terms.map((term) => this.#way(term, least)));
  }

  /** That an expression holds as it does in the base. What is off stays off, so that negations hold by themselves. */
  #need(e: Expr | null, least: Tristate): void {
    if (!e) return;
    if (e.op === OP.and) {
      this.#need(e.left, least);
      this.#need(e.right, least);
    } else if (e.op === OP.or) this.#needTerm(e, least);
    else if (e.op !== OP.not && this.#isOn(e.sym!)) this.#add(e.sym!);
  }

  #way(e: Expr | null, least: Tristate): Way {
    return { add: () => this.#need(e, least), missing: () => this.#missing(e, least) };
  }

  #missing(e: Expr | null, least: Tristate): readonly KSymbol[] {
    if (!e || e.op === OP.not) return NOTHING;
    if (e.op === OP.and) return joined(this.#missing(e.left, least), this.#missing(e.right, least));
    if (e.op !== OP.or) return this.#missingSymbol(e.sym!);
    const terms = operands(e, OP.or).filter((term) => this.#holds(term, least));
    return this.#cheapest(terms.map((term) => this.#missing(term, least)));
  }

  #missingSymbol(symbol: KSymbol): readonly KSymbol[] {
    return symbol.constant !== null || !this.#isOn(symbol) || this.#found.has(symbol) ? NOTHING : [symbol];
  }

  #cheapest(ways: readonly (readonly KSymbol[])[]): readonly KSymbol[] {
    let best = NOTHING;
    let least = Number.POSITIVE_INFINITY;
    for (const way of ways) {
      const cost = way.length === 0 ? -1 : this.#costs.of(this.#costs.closure(way), this.#found);
      if (cost < least) [best, least] = [way, cost];
    }
    return best;
  }

  #conditionsWay(conditions: readonly Condition[]): Way {
    return {
      add: () => {
        for (const each of conditions) this.#needCondition(each);
      },
      missing: () => conditions.map((each) => this.#missingFor(each)).reduce(joined, NOTHING),
    };
  }

  #needCondition(condition: Condition): void {
    if (condition.kind === 'and') for (const operand of condition.operands) this.#needCondition(operand);
    else if (condition.kind === 'or') {
      const ways = condition.operands.filter((operand) => evaluateCondition(operand, this.#lookup));
      this.#anyOf(ways.map((way) => this.#conditionsWay([way])));
    } else if (condition.kind === 'symbol') {
      const symbol = this.#base.kconfig.symbols.find(condition.symbol);
      if (symbol && this.#isOn(symbol)) this.#add(symbol);
    }
  }

  #missingFor(condition: Condition): readonly KSymbol[] {
    if (condition.kind === 'constant') return NOTHING;
    if (condition.kind === 'symbol') {
      const symbol = this.#base.kconfig.symbols.find(condition.symbol);
      return symbol ? this.#missingSymbol(symbol) : NOTHING;
    }
    if (condition.kind === 'and')
      return condition.operands.map((each) => this.#missingFor(each)).reduce(joined, NOTHING);
    const held = condition.operands.filter((operand) => evaluateCondition(operand, this.#lookup));
    return this.#cheapest(held.map((each) => this.#missingFor(each)));
  }

  #isOn(symbol: KSymbol): boolean {
    return (symbol.type === 'bool' || symbol.type === 'tristate') && this.#base.tristate(symbol) !== 0;
  }
}

/** Ways that miss the same symbols are one, for all that hold with it. */
function differentWays(open: readonly (readonly OpenWay[])[]): Iterable<{ way: OpenWay; items: number[] }> {
  const different = new Map<number | string, { way: OpenWay; items: number[] }>();
  open.forEach((ways, item) => {
    for (const way of ways) {
      const { missing } = way;
      const key = missing.length === 1 ? missing[0]!.id : missing.map(({ id }) => id).join();
      const known = different.get(key);
      if (known) known.items.push(item);
      else different.set(key, { way, items: [item] });
    }
  });
  return different.values();
}

function joined(a: readonly KSymbol[], b: readonly KSymbol[]): readonly KSymbol[] {
  if (a.length === 0) return b;
  return b.length === 0 ? a : [...a, ...b];
}
