import { type Condition, evaluateCondition } from '../kbuild/index.ts';
import { type KSymbol, OP, type Property, type Tristate } from '../kconfig/symbol.ts';
import { SYMBOL_FLAGS, TYPE, type ValueTables } from '../kconfig/tables.ts';
import type { Configuration } from '../values/configuration.ts';
import { dependencyGraph } from '../values/dependency-graph.ts';
import type { Costs, Marks } from './cost.ts';
import { kbuildLookup } from './lookup.ts';
import type { Requirement } from './requirements.ts';
import { NO_TIES, type Ties } from './ties.ts';

/**
 * Symbols that are enough for requirements to hold as they do in a base config, whatever else is turned off: those that
 * the requirements name, and for each of them what its value comes from. Of several ways the cheapest counts. It goes by
 * the form of dependencies, so it is a guess that the engine has to confirm.
 * @param ties decides between ways that cost the same
 * @returns null where there are so many ways that to weigh them would take longer than to do without
 */
export function findSupport(
  requirements: readonly Requirement[],
  base: Configuration,
  costs: Costs,
  ties: Ties = NO_TIES,
): ReadonlySet<KSymbol> | null {
  const support = new Support(base, costs, ties);
  for (const requirement of requirements) support.require(requirement);
  // Neither is always the better: one does not see what bools bring, the other leaves out what is still open.
  const first = support.find(1);
  const second = first && support.find(LOOKED_AT);
  if (!first) return null;
  const none = new Uint8Array(base.kconfig.symbols.all.length);
  const cost = (found: readonly number[]): number => costs.of(costs.closure(found), none);
  const better = second ? cost(second) - cost(first) || ties.newcomers(second) - ties.newcomers(first) : 0;
  const best = second && better < 0 ? second : first;
  return new Set(best.map((id) => base.kconfig.symbols.all[id]!));
}

/** One of several ways for something to hold: all that it needs, in order. */
type Way = readonly Part[];

/** The id of a symbol, or what holds in several ways itself. */
type Part = number | readonly Way[];

/** A way of something that does not hold yet. */
interface OpenWay {
  readonly way: Way;
  /** The ids of the symbols that it needs and that are not found yet, one or more. */
  readonly missing: readonly number[];
}

const NOTHING: readonly number[] = [];
/** Ways that are followed to their end. */
const LOOKED_AT = 12;
/** Symbols that weighing looks at, in some 0.1 s; for a laptop on a distribution's config they are 5,000. */
const MAX_WEIGHED = 1_000_000;

class Support {
  readonly #base: Configuration;
  readonly #tables: ValueTables;
  readonly #costs: Costs;
  readonly #ties: Ties;
  readonly #lookup;
  /** What is found, symbols by their ids. */
  readonly #found: Marks;
  /** The same in the order in which it was found. */
  readonly #order: number[] = [];
  readonly #unitOf;
  readonly #queue: number[] = [];
  /** What holds in several ways: decided when all is known that is certain. */
  #undecided: (readonly Way[])[] = [];

  constructor(base: Configuration, costs: Costs, ties: Ties) {
    this.#base = base;
    this.#tables = base.kconfig.tables;
    this.#costs = costs;
    this.#ties = ties;
    this.#lookup = kbuildLookup(base);
    this.#unitOf = dependencyGraph(base.kconfig).unitOf;
    this.#found = new Uint8Array(base.kconfig.symbols.all.length);
  }

  require({ needed, ways }: Requirement): void {
    for (const { id } of needed) this.#add(id);
    const held = ways.filter((way) => way.every((condition) => evaluateCondition(condition, this.#lookup)));
    this.#anyOf(held.map((way) => this.#conditionsWay(way)));
  }

  /**
   * Decides between ways; afterwards nothing is decided, so that it can be done otherwise.
   * @param lookedAt how many ways are followed to their end, of those that look cheapest
   * @returns the ids of symbols
   */
  find(lookedAt: number): readonly number[] | null {
    this.#follow();
    const certain = this.#order.length;
    const undecided = this.#undecided;
    let weighed = 0;
    for (let open = this.#open(); open.length > 0 && weighed <= MAX_WEIGHED; open = this.#open()) {
      const ways = this.#weigh(open);
      for (const { size } of ways) weighed += size;
      this.#take(this.#best(ways, lookedAt));
    }
    const found = weighed > MAX_WEIGHED ? null : this.#order.slice();
    this.#forget(certain);
    this.#undecided = undecided;
    return found;
  }

  #take({ way, missing }: OpenWay): void {
    this.#need(way);
    // Where a way has ways of its own inside, `#need` leaves these open.
    for (const id of missing) this.#add(id);
    this.#follow();
  }

  /** Takes back what was found last. @returns it */
  #forget(count: number): readonly number[] {
    const added = this.#order.splice(count);
    for (const id of added) this.#found[id] = 0;
    return added;
  }

  /** What does not hold yet, by what is missing in each of its ways. */
  #open(): (readonly OpenWay[])[] {
    const open: (readonly OpenWay[])[] = [];
    const undecided: (readonly Way[])[] = [];
    for (const ways of this.#undecided) {
      const all = this.#openWays(ways);
      if (all === null) continue;
      open.push(all);
      undecided.push(ways);
    }
    this.#undecided = undecided;
    return open;
  }

  /** Null where one of them holds already. */
  #openWays(ways: readonly Way[]): readonly OpenWay[] | null {
    const open: OpenWay[] = [];
    for (const way of ways) {
      const missing = this.#missing(way);
      if (missing.length === 0) return null;
      open.push({ way, missing });
    }
    return open;
  }

  /** What ways cost, for each thing that holds with them. */
  #weigh(open: readonly (readonly OpenWay[])[]): WeighedWay[] {
    const servedBy = servedBySymbols(open);
    /** The last way that serves a thing. */
    const server = new Int32Array(open.length).fill(-1);
    return differentWays(open).map(({ way, items }, number) => {
      let served = 0;
      const serve = (item: number): void => {
        if (server[item] === number) return;
        server[item] = number;
        served++;
      };
      items.forEach(serve);
      const closure = this.#costs.closure(way.missing);
      for (const id of closure) servedBy.get(id)?.forEach(serve);
      const cost = this.#costs.of(closure, this.#found) / served;
      return { way, served, size: closure.length, cost, newcomers: this.#ties.newcomers(closure) };
    });
  }

  /** The way that costs least for each thing that holds with it. */
  #best(weighed: WeighedWay[], lookedAt: number): OpenWay {
    weighed.sort((a, b) => a.cost - b.cost || a.newcomers - b.newcomers || (this.#isBefore(a.way, b.way) ? -1 : 1));
    let best = weighed[0]!.way;
    let least = MOST;
    for (const { way, served } of weighed.slice(0, lookedAt)) {
      const { cost, newcomers } = this.#wholeCost(way);
      const each = { cost: cost / served, newcomers };
      if (isLess(each, least)) [best, least] = [way, each];
    }
    return best;
  }

  /** What a way brings with all that it depends on, also by way of bools. */
  #wholeCost(way: OpenWay): TiedCost {
    const [found, undecided] = [this.#order.length, this.#undecided.length];
    this.#take(way);
    const added = this.#forget(found);
    this.#undecided.length = undecided;
    return this.#costOf(added);
  }

  /** What symbols cost with all that they cannot do without. @param ids of the symbols */
  #costOf(ids: readonly number[]): TiedCost {
    const closure = this.#costs.closure(ids);
    return { cost: this.#costs.of(closure, this.#found), newcomers: this.#ties.newcomers(closure) };
  }

  /** Of ways that cost the same the one whose symbol reads less counts. */
  #isBefore(a: OpenWay, b: OpenWay): boolean {
    return this.#unitOf[a.missing[0]!]! < this.#unitOf[b.missing[0]!]!;
  }

  #add(id: number): void {
    if (this.#found[id] !== 0 || this.#isConstant(id) || this.#tables.type[id] === TYPE.unknown) return;
    this.#found[id] = 1;
    this.#order.push(id);
    this.#queue.push(id);
  }

  #follow(): void {
    for (let id = this.#queue.pop(); id !== undefined; id = this.#queue.pop()) this.#explain(id);
  }

  #need(way: Way): void {
    for (const part of way) {
      if (typeof part === 'number') this.#add(part);
      else this.#undecided.push(part);
    }
  }

  #anyOf(ways: readonly Way[]): void {
    if (ways.length === 1) this.#need(ways[0]!);
    else if (ways.length > 1) this.#undecided.push(ways);
  }

  /** What a symbol's value comes from: the user's, a `select`, a default or an `imply`. */
  #explain(id: number): void {
    const { type, flags, choice, reverse } = this.#tables;
    if (type[id] !== TYPE.bool && type[id] !== TYPE.tristate) return;
    const base = this.#base;
    const symbol = base.kconfig.symbols.all[id]!;
    const value = base.tristate(symbol);
    if (value === 0) return;
    // A bool is on as soon as what it comes from is.
    const least: Tristate = type[id] === TYPE.bool ? 1 : value;
    const user = base.userValue(symbol);
    const isOwn = typeof user === 'number' && user >= least && base.visibility(symbol) >= least;
    if (isOwn || (flags[id]! & SYMBOL_FLAGS.choice) !== 0 || choice[id] !== -1) this.#needPrompt(id, least);
    else if (base.reverseDependency(symbol) >= least) this.#anyOf(this.#ways(reverse[id]!, least));
    else this.#needDefault(id, base.activeDefault(symbol), least);
  }

  /** That a user can set a symbol. */
  #needPrompt(id: number, least: Tristate): void {
    const { firstProperty, hasText, visible } = this.#tables;
    const ways: Way[] = [];
    for (let property = firstProperty[id]!; property < firstProperty[id + 1]!; property++) {
      if (hasText[property] === 0 || !this.#holds(visible[property]!, least)) continue;
      ways.push(this.#way(visible[property]!, least));
    }
    this.#anyOf(ways);
  }

  #needDefault(id: number, active: Property | null, least: Tristate): void {
    const { direct, implied } = this.#tables;
    if (active && this.#base.evaluate(active.value) >= least) {
      this.#need(this.#way(active.visible?.number ?? 0, least));
      this.#need(this.#way(active.value?.number ?? 0, least));
    } else if (implied[id] !== 0 && this.#holds(implied[id]!, least)) {
      this.#need(this.#way(direct[id]!, least));
      this.#anyOf(this.#ways(implied[id]!, least));
    }
  }

  /** @param number an expression's */
  #holds(number: number, least: Tristate): boolean {
    return this.#base.valueAt(number) >= least;
  }

  /** The way in which an expression holds as in the base. What is off stays off, so that negations hold by themselves. */
  #way(number: number, least: Tristate): Way {
    const way: Part[] = [];
    if (number !== 0) this.#collect(number, least, way);
    return way;
  }

  #collect(number: number, least: Tristate, way: Part[]): void {
    const { op, left, right } = this.#tables.expressions;
    if (op[number] === OP.and) {
      this.#collect(left[number]!, least, way);
      this.#collect(right[number]!, least, way);
    } else if (op[number] === OP.or) addAnyOf(this.#ways(number, least), way);
    else if (op[number] !== OP.not && this.#isOn(left[number]!)) way.push(left[number]!);
  }

  /** The operands of `||` that hold; of another expression its way, if it holds. */
  #ways(number: number, least: Tristate, ways: Way[] = []): Way[] {
    const { op, left, right } = this.#tables.expressions;
    if (op[number] === OP.or) {
      this.#ways(left[number]!, least, ways);
      this.#ways(right[number]!, least, ways);
    } else if (this.#holds(number, least)) ways.push(this.#way(number, least));
    return ways;
  }

  /** The symbols of a way that are not found yet; of what holds in several ways, those of the cheapest. */
  #missing(way: Way): readonly number[] {
    const missing: number[] = [];
    for (const part of way) {
      if (typeof part !== 'number') missing.push(...this.#cheapest(part));
      else if (this.#found[part] === 0) missing.push(part);
    }
    return missing;
  }

  #cheapest(ways: readonly Way[]): readonly number[] {
    let best = NOTHING;
    let least = MOST;
    for (const way of ways) {
      const missing = this.#missing(way);
      if (missing.length === 0) return NOTHING;
      const cost = this.#costOf(missing);
      if (isLess(cost, least)) [best, least] = [missing, cost];
    }
    return best;
  }

  #conditionsWay(conditions: readonly Condition[]): Way {
    const way: Part[] = [];
    for (const each of conditions) this.#collectCondition(each, way);
    return way;
  }

  #collectCondition(condition: Condition, way: Part[]): void {
    if (condition.kind === 'and') for (const operand of condition.operands) this.#collectCondition(operand, way);
    else if (condition.kind === 'or') {
      const held = condition.operands.filter((operand) => evaluateCondition(operand, this.#lookup));
      addAnyOf(
        held.map((operand) => this.#conditionsWay([operand])),
        way,
      );
    } else if (condition.kind === 'symbol') {
      const symbol = this.#base.kconfig.symbols.find(condition.symbol);
      if (symbol && this.#isOn(symbol.id)) way.push(symbol.id);
    }
  }

  #isConstant(id: number): boolean {
    return (this.#tables.flags[id]! & SYMBOL_FLAGS.constant) !== 0;
  }

  /** Whether it is a symbol that could be off and is not. */
  #isOn(id: number): boolean {
    const type = this.#tables.type[id];
    if ((type !== TYPE.bool && type !== TYPE.tristate) || this.#isConstant(id)) return false;
    return this.#base.tristate(this.#base.kconfig.symbols.all[id]!) !== 0;
  }
}

/** Adds to a way what holds in one way or several. */
function addAnyOf(ways: readonly Way[], way: Part[]): void {
  if (ways.length === 1) way.push(...ways[0]!);
  else if (ways.length > 1) way.push(ways);
}

/** What symbols cost, and how many of them were off before. */
interface TiedCost {
  readonly cost: number;
  readonly newcomers: number;
}

const MOST: TiedCost = { cost: Number.POSITIVE_INFINITY, newcomers: 0 };

function isLess(a: TiedCost, b: TiedCost): boolean {
  return a.cost < b.cost || (a.cost === b.cost && a.newcomers < b.newcomers);
}

/** A way with what it costs for each of the things that hold with it, at first sight. */
interface WeighedWay extends TiedCost {
  readonly way: OpenWay;
  /** For how many things it is enough. */
  readonly served: number;
  /** Symbols that were visited for that. */
  readonly size: number;
}

/** What a symbol alone is enough for. */
function servedBySymbols(open: readonly (readonly OpenWay[])[]): ReadonlyMap<number, readonly number[]> {
  const servedBy = new Map<number, number[]>();
  open.forEach((ways, item) => {
    for (const { missing } of ways) {
      if (missing.length > 1) continue;
      const served = servedBy.get(missing[0]!);
      if (served) served.push(item);
      else servedBy.set(missing[0]!, [item]);
    }
  });
  return servedBy;
}

/** Ways that miss the same symbols are one, for all that hold with it. */
function differentWays(open: readonly (readonly OpenWay[])[]): { way: OpenWay; items: number[] }[] {
  const different = new Map<number | string, { way: OpenWay; items: number[] }>();
  open.forEach((ways, item) => {
    for (const way of ways) {
      const { missing } = way;
      const key = missing.length === 1 ? missing[0]! : missing.join();
      const known = different.get(key);
      if (known) known.items.push(item);
      else different.set(key, { way, items: [item] });
    }
  });
  return [...different.values()];
}
