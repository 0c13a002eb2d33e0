/** Makes conditions, each once, in one form for each meaning as far as that is cheap. */
import { Budget } from '../diagnostics/budget.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import {
  type Condition,
  conditionSymbols,
  type DomainLookup,
  FALSE,
  type GroupCondition,
  type SymbolCondition,
  type SymbolDomain,
  TRISTATES,
  TRUE,
} from './condition.ts';
import {
  type FrozenConditions,
  type FrozenNumbers,
  freezeTable,
  frozenDomains,
  isAnsweredBy,
  literalSymbol,
  symbolNumbersOf,
  thawCondition,
} from './frozen-conditions.ts';
import { NumberLists } from './number-lists.ts';

/** Operands that are put in order one by one. */
const FEW = 16;
/**
 * Operands of all groups of a table (6.12: 110,000). They are quadratic in the lines of a Makefile that each have a
 * condition of their own, where what a line means depends on those before it.
 */
const MAX_OPERANDS = 4_000_000;

/** The roots of lists of operands' numbers: of conjunctions, of disjunctions, and of pairs of which both are asked. */
const Root = { and: 1, or: 2, both: 3 } as const;

const YES = ['y'];
const MODULE = ['m'];
const OFF = [''];
const ON = ['m', 'y'];

/** The literals of one symbol that Kbuild files ask for over and over. */
export interface UsualLiterals {
  readonly isYes: Condition;
  readonly isModule: Condition;
  /** Neither `m` nor `y`. */
  readonly isNeither: Condition;
  /** Neither off, `m` nor `y`: a text or a number. */
  readonly isOther: Condition;
}

/** The literals of a symbol that is always off. */
const NEVER_SET: UsualLiterals = { isYes: FALSE, isModule: FALSE, isNeither: TRUE, isOther: FALSE };

/** The values of a domain that has an end. */
const DOMAIN_VALUES: Readonly<Record<Exclude<SymbolDomain, 'open'>, readonly string[]>> = {
  bool: ['', 'y'],
  tristate: ['', 'm', 'y'],
  none: OFF,
};

/**
 * Makes and interns conditions. Conditions of different tables must not be mixed. With the symbols' domains, what no
 * configuration can make true is false from the start: a bool is never m. What makes conditions throws InputError
 * `kbuild-conditions-too-large` where they have millions of operands.
 */
export class ConditionTable {
  #domain: DomainLookup | null;
  readonly #domains = new Map<string, SymbolDomain>();
  readonly #budget = new Budget(MAX_OPERANDS, () => new InputError({ code: 'kbuild-conditions-too-large', args: {} }));
  readonly #lists = new NumberLists(Root.both);
  /** By the node that their operands lead to: groups, and what both of a pair come to. */
  readonly #byNode: (Condition | undefined)[] = [];
  #all: (Condition | undefined)[] = [TRUE, FALSE];
  /** Those that were cached and not all of which are in the maps yet. */
  #frozen: FrozenConditions | null = null;
  /** Those of the frozen ones, made when they are asked for. */
  #symbolNumbers: Int32Array | null = null;
  /** By id. */
  readonly #negations: (Condition | undefined)[] = [FALSE, TRUE];
  /** A symbol has a handful of literals. */
  readonly #literals = new Map<string, SymbolCondition[]>();
  readonly #usual = new Map<string, UsualLiterals>();

  /** @param domain what symbols can be; without it every symbol is open */
  constructor(domain: DomainLookup | null = null) {
    this.#domain = domain;
  }

  /** Asks another for what symbols can be. @returns false where it says something else of one that was asked for */
  adopt(domain: DomainLookup): boolean {
    this.#domain = domain;
    if (this.#frozen !== null && !isAnsweredBy(domain, this.#frozen)) return false;
    return [...this.#domains].every(([symbol, known]) => domain(symbol) === known);
  }

  /** A table as it was when it was frozen. @returns null where `domain` says of a symbol something else now */
  static thaw(domain: DomainLookup | null, frozen: FrozenConditions): ConditionTable | null {
    if (!isAnsweredBy(domain, frozen)) return null;
    const table = new ConditionTable(domain);
    table.#all = new Array<Condition | undefined>(frozen.starts.length).fill(undefined);
    table.#all.splice(0, 2, TRUE, FALSE);
    table.#frozen = frozen;
    return table;
  }

  /** The conditions as numbers, where the table was thawed and has made no other since. */
  get frozen(): FrozenConditions | null {
    return this.#frozen;
  }

  /**
   * The numbers of symbols by those of their names, or NO_NUMBER.
   * @param checksum of the lookup whose numbers are asked for
   * @returns null where the table was not thawed, or with the numbers of another lookup
   */
  symbolNumbers(checksum: number): Int32Array | null {
    const frozen = this.#frozen;
    if (frozen === null || checksum === 0 || frozen.checksum !== checksum) return null;
    this.#symbolNumbers ??= symbolNumbersOf(frozen);
    return this.#symbolNumbers;
  }

  /** All conditions of the table as numbers. @param reference gives texts their numbers */
  freeze(reference: (text: string) => number): FrozenNumbers {
    this.#thawAll();
    const conditions = this.#all as Condition[];
    return freezeTable({ conditions, negations: this.#negations, domains: this.#domains }, this.#domain, reference);
  }

  /** The condition with this number. */
  at(id: number): Condition {
    return this.#all[id] ?? this.#thawOne(id, this.#frozen!);
  }

  /** As `conditionSymbols` of the condition with this number; no object is made of a frozen literal. */
  symbolsAt(id: number): readonly string[] {
    const symbol = this.#frozen && this.#all[id] === undefined ? literalSymbol(this.#frozen, id) : null;
    return symbol === null ? conditionSymbols(this.at(id)) : [symbol];
  }

  #thawOne(id: number, frozen: FrozenConditions): Condition {
    const made = thawCondition(frozen, id, (operand) => this.at(operand));
    this.#all[id] = made;
    return made;
  }

  /** What makes new conditions has to find all that are there. */
  #thawAll(): void {
    const frozen = this.#frozen;
    if (frozen === null) return;
    for (let id = 2; id < this.#all.length; id++) {
      const condition = this.at(id);
      if (condition.kind === 'symbol') this.#literalsOf(condition.symbol).push(condition);
      else if (condition.kind !== 'constant') {
        this.#byNode[this.#node(Root[condition.kind], condition.operands)] = condition;
      }
    }
    const { negations } = frozen;
    for (let i = 0; i < negations.length; i += 2) this.#negations[negations[i]!] = this.at(negations[i + 1]!);
    for (const [symbol, domain] of frozenDomains(frozen)) this.#domains.set(symbol, domain);
    this.#frozen = null;
    this.#symbolNumbers = null;
  }

  /** How many conditions there are; ids are below it. */
  get size(): number {
    return this.#all.length;
  }

  /** The symbol has one of these values; '' stands for off. */
  isOneOf(symbol: string, values: readonly string[], negated = false): Condition {
    if (values.length === 0) return negated ? TRUE : FALSE;
    const sorted = values.length === 1 ? values : [...new Set(values)].sort();
    return this.#within(symbol, sorted, negated);
  }

  /** The symbol has just this value. */
  is(symbol: string, value: string): Condition {
    if (value === 'y') return this.usual(symbol).isYes;
    if (value === 'm') return this.usual(symbol).isModule;
    return this.#within(symbol, value === '' ? OFF : [value], false);
  }

  /** The usual literals of a symbol. */
  usual(symbol: string): UsualLiterals {
    let made = this.#usual.get(symbol);
    if (made === undefined) {
      made = this.#makeUsual(symbol);
      this.#usual.set(symbol, made);
    }
    return made;
  }

  #makeUsual(symbol: string): UsualLiterals {
    const domain = this.#domainOf(symbol);
    if (domain === 'none') return NEVER_SET;
    this.#thawAll();
    const isBool = domain === 'bool';
    const own = this.#literalsOf(symbol);
    return {
      isYes: this.#literalAmong(own, symbol, isBool ? ON : YES, false),
      isModule: isBool ? FALSE : this.#literalAmong(own, symbol, MODULE, false),
      isNeither: this.#literalAmong(own, symbol, ON, true),
      isOther: domain === 'open' ? this.#literalAmong(own, symbol, TRISTATES, true) : FALSE,
    };
  }

  /**
   * The literal within the symbol's domain, in one form for each meaning: `X=y` of a bool is `X`, `X!=n` of a tristate
   * too, and a value that the symbol cannot have is no condition at all.
   */
  #within(symbol: string, values: readonly string[], negated: boolean): Condition {
    const domain = this.#domainOf(symbol);
    if (domain === 'open') return this.#literal(symbol, values, negated);
    const all = DOMAIN_VALUES[domain];
    const possible = all.filter((value) => values.includes(value) !== negated);
    if (possible.length === 0) return FALSE;
    if (possible.length === all.length) return TRUE;
    if (domain === 'bool') return this.#literal(symbol, ON, possible[0] === '');
    if (possible[0] !== '') return this.#literal(symbol, possible.length === 2 ? ON : possible, false);
    return this.#literal(
      symbol,
      all.filter((value) => !possible.includes(value)),
      true,
    );
  }

  #domainOf(symbol: string): SymbolDomain {
    if (this.#domain === null) return 'open';
    let domain = this.#domains.get(symbol);
    if (domain === undefined) {
      domain = this.#domain(symbol);
      this.#domains.set(symbol, domain);
    }
    return domain;
  }

  #literal(symbol: string, values: readonly string[], negated: boolean): SymbolCondition {
    this.#thawAll();
    return this.#literalAmong(this.#literalsOf(symbol), symbol, values, negated);
  }

  /** @param own the literals of the symbol */
  #literalAmong(own: SymbolCondition[], symbol: string, values: readonly string[], negated: boolean): SymbolCondition {
    for (let i = 0; i < own.length; i++) {
      const literal = own[i]!;
      if (literal.negated === negated && isSame(literal.values, values)) return literal;
    }
    const made: SymbolCondition = { kind: 'symbol', id: this.#all.length, symbol, negated, values };
    this.#all.push(made);
    own.push(made);
    return made;
  }

  #literalsOf(symbol: string): SymbolCondition[] {
    let own = this.#literals.get(symbol);
    if (own === undefined) {
      own = [];
      this.#literals.set(symbol, own);
    }
    return own;
  }

  /** The symbol has any value at all. */
  isSet(symbol: string): Condition {
    return this.isOneOf(symbol, [''], true);
  }

  /** The opposite. */
  not(condition: Condition): Condition {
    if (condition.kind === 'constant') return condition.value ? FALSE : TRUE;
    this.#thawAll();
    const known = this.#negations[condition.id];
    if (known !== undefined) return known;
    const made = this.#negate(condition);
    this.#negations[condition.id] = made;
    this.#negations[made.id] = condition;
    return made;
  }

  /** Both. */
  and(a: Condition, b: Condition): Condition {
    if (a === b || b === TRUE) return a;
    if (a === TRUE) return b;
    if (a === FALSE || b === FALSE) return FALSE;
    return this.#joined(a, b) ?? this.#both(a, b);
  }

  #both(a: Condition, b: Condition): Condition {
    const node = this.#node(Root.both, a.id < b.id ? [a, b] : [b, a]);
    const known = this.#byNode[node];
    if (known !== undefined) return known;
    const made = this.all([a, b]);
    this.#byNode[node] = made;
    return made;
  }

  /** Both, where they are literals, or conjunctions of literals, of different symbols; null elsewhere. */
  #joined(a: Condition, b: Condition): Condition | null {
    if (a.kind === 'symbol' && b.kind === 'symbol') {
      if (a.symbol === b.symbol) return null;
      return this.#sortedGroup('and', a.id < b.id ? [a, b] : [b, a]);
    }
    const [left, right] = [literalsIn(a), literalsIn(b)];
    if (left === null || right === null || left.length + right.length > FEW) return null;
    const operands = merged(left, right);
    return operands && this.#sortedGroup('and', operands);
  }

  /** The first without the second. */
  without(a: Condition, b: Condition): Condition {
    return areApart(a, b) ? a : this.and(a, this.not(b));
  }

  /** Either. */
  or(a: Condition, b: Condition): Condition {
    if (a === b || b === FALSE) return a;
    if (a === FALSE) return b;
    if (a === TRUE || b === TRUE) return TRUE;
    const [notA, notB] = [this.not(a), this.not(b)];
    // Nothing folds of two conjunctions of literals. (Their opposites are made first whatever follows: operands stand in
    // the order in which they were made.)
    if (a.kind === 'and' && b.kind === 'and' && literalsIn(a) && literalsIn(b)) return this.#group('or', [a, b]);
    return this.not(this.and(notA, notB));
  }

  /** All of them; TRUE for none. */
  all(conditions: readonly Condition[]): Condition {
    const literals = new Map<string, SymbolCondition>();
    const groups = new Map<number, GroupCondition>();
    const queue = [...conditions];
    for (;;) {
      for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
        if (item === FALSE) return FALSE;
        if (item.kind === 'and') queue.push(...item.operands);
        else if (item.kind === 'or') groups.set(item.id, item);
        else if (item.kind === 'symbol' && !this.#narrow(literals, item)) return FALSE;
      }
      for (const group of groups.values()) {
        const simpler = this.#simplifyOr(group, literals, groups);
        if (simpler === group) continue;
        groups.delete(group.id);
        queue.push(simpler);
      }
      if (queue.length === 0) break;
    }
    return this.#group('and', [...literals.values(), ...groups.values()]);
  }

  /** One of them; FALSE for none. */
  any(conditions: readonly Condition[]): Condition {
    if (conditions.length === 0) return FALSE;
    if (conditions.length === 1) return conditions[0]!;
    if (conditions.includes(TRUE)) return TRUE;
    if (areOfDifferentSymbols(conditions)) return this.#group('or', conditions);
    return this.not(this.all(conditions.map((c) => this.not(c))));
  }

  /** What is left of a condition once a symbol is known to have this value. */
  assume(condition: Condition, symbol: string, value: string): Condition {
    if (condition.kind === 'constant') return condition;
    if (condition.kind === 'symbol') {
      if (condition.symbol !== symbol) return condition;
      return condition.values.includes(value) !== condition.negated ? TRUE : FALSE;
    }
    const operands = condition.operands.map((c) => this.assume(c, symbol, value));
    return condition.kind === 'and' ? this.all(operands) : this.any(operands);
  }

  #narrow(literals: Map<string, SymbolCondition>, item: SymbolCondition): boolean {
    const known = literals.get(item.symbol);
    const merged = known === undefined ? item : this.#intersect(known, item);
    if (merged.kind !== 'symbol') return false;
    literals.set(item.symbol, merged);
    return true;
  }

  #intersect(a: SymbolCondition, b: SymbolCondition): Condition {
    if (a === b) return a;
    if (a.negated && b.negated) return this.isOneOf(a.symbol, [...a.values, ...b.values], true);
    if (a.negated) return this.#intersect(b, a);
    return this.isOneOf(
      a.symbol,
      a.values.filter((v) => b.values.includes(v) !== b.negated),
    );
  }

  /** Drops from an `or` what the literals beside it rule out; TRUE where they imply it. */
  #simplifyOr(
    group: GroupCondition,
    literals: ReadonlyMap<string, SymbolCondition>,
    groups: ReadonlyMap<number, GroupCondition>,
  ): Condition {
    const left: Condition[] = [];
    for (const operand of group.operands) {
      const verdict = this.#under(operand, literals, groups);
      if (verdict === TRUE) return TRUE;
      if (verdict !== FALSE) left.push(verdict);
    }
    if (left.length === group.operands.length && left.every((c, i) => c === group.operands[i])) return group;
    return this.any(left);
  }

  #under(
    operand: Condition,
    literals: ReadonlyMap<string, SymbolCondition>,
    groups: ReadonlyMap<number, GroupCondition>,
  ): Condition {
    if (operand.kind === 'symbol') return this.#literalUnder(operand, literals);
    if (operand.kind !== 'and') return operand;
    const left: Condition[] = [];
    for (const inner of operand.operands) {
      if (groups.has(inner.id)) continue;
      const verdict = inner.kind === 'symbol' ? this.#literalUnder(inner, literals) : inner;
      if (verdict === FALSE) return FALSE;
      if (verdict !== TRUE) left.push(verdict);
    }
    if (left.length === operand.operands.length) return operand;
    return this.#group('and', left);
  }

  #literalUnder(literal: SymbolCondition, literals: ReadonlyMap<string, SymbolCondition>): Condition {
    const known = literals.get(literal.symbol);
    if (known === undefined) return literal;
    const both = this.#intersect(known, literal);
    if (both === FALSE) return FALSE;
    return both === known ? TRUE : literal;
  }

  #negate(condition: SymbolCondition | GroupCondition): Condition {
    if (condition.kind === 'symbol') return this.isOneOf(condition.symbol, condition.values, !condition.negated);
    const operands = condition.operands.map((c) => this.not(c));
    return condition.kind === 'or' ? this.all(operands) : this.#group('or', this.#mergeOr(operands));
  }

  /** Folds the literals of an `or` that speak of one symbol, and what is absorbed. */
  #mergeOr(operands: readonly Condition[]): Condition[] {
    const literals = new Map<string, SymbolCondition>();
    const rest: Condition[] = [];
    for (const operand of operands.flatMap((c) => (c.kind === 'or' ? c.operands : [c]))) {
      if (operand === TRUE) return [TRUE];
      if (operand.kind !== 'symbol') {
        if (operand !== FALSE && !rest.includes(operand)) rest.push(operand);
        continue;
      }
      const known = literals.get(operand.symbol);
      if (known === undefined) {
        literals.set(operand.symbol, operand);
        continue;
      }
      const neither = this.#intersect(this.#flip(known), this.#flip(operand));
      if (neither.kind !== 'symbol') return [TRUE];
      literals.set(operand.symbol, this.#flip(neither));
    }
    return [...literals.values(), ...rest];
  }

  #flip(literal: SymbolCondition): SymbolCondition {
    return this.isOneOf(literal.symbol, literal.values, !literal.negated) as SymbolCondition;
  }

  #group(kind: 'and' | 'or', operands: readonly Condition[]): Condition {
    if (operands.length === 0) return kind === 'and' ? TRUE : FALSE;
    if (operands.length === 1) return operands[0]!;
    return this.#sortedGroup(kind, sortedById(operands));
  }

  /** @param operands at least two, in order of id */
  #sortedGroup(kind: 'and' | 'or', operands: readonly Condition[]): Condition {
    this.#thawAll();
    const node = this.#node(Root[kind], operands);
    let condition = this.#byNode[node];
    if (condition === undefined) {
      condition = { kind, id: this.#all.length, operands };
      this.#all.push(condition);
      this.#byNode[node] = condition;
    }
    return condition;
  }

  #node(root: number, operands: readonly Condition[]): number {
    this.#budget.spend(operands.length);
    let node = root;
    for (let i = 0; i < operands.length; i++) node = this.#lists.next(node, operands[i]!.id);
    return node;
  }
}

/** @param a sorted, as `b` */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The literals of a conjunction that has nothing else, in order of id; one literal counts as such. */
function literalsIn(condition: Condition): readonly SymbolCondition[] | null {
  if (condition.kind === 'symbol') return [condition];
  if (condition.kind !== 'and') return null;
  const { operands } = condition;
  for (let i = 0; i < operands.length; i++) if (operands[i]!.kind !== 'symbol') return null;
  return operands as readonly SymbolCondition[];
}

/** All literals of both, in order of id, each once; null where two of them speak of one symbol. */
function merged(a: readonly SymbolCondition[], b: readonly SymbolCondition[]): SymbolCondition[] | null {
  const operands: SymbolCondition[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    const isLeft = right === undefined || (left !== undefined && left.id <= right.id);
    const next = isLeft ? left! : right;
    if (isLeft) i++;
    if (!isLeft || left === right) j++;
    for (let k = 0; k < operands.length; k++) if (operands[k]!.symbol === next.symbol) return null;
    operands.push(next);
  }
  return operands;
}

/** The same in order of id; nearly always there are two or three. */
function sortedById(operands: readonly Condition[]): Condition[] {
  const sorted = operands.slice();
  if (sorted.length > FEW) return sorted.sort((a, b) => a.id - b.id);
  for (let i = 1; i < sorted.length; i++) {
    const moved = sorted[i]!;
    let at = i;
    for (; at > 0 && sorted[at - 1]!.id > moved.id; at--) sorted[at] = sorted[at - 1]!;
    sorted[at] = moved;
  }
  return sorted;
}

/** Whether both are literals of one symbol that have no value in common. */
function areApart(a: Condition, b: Condition): boolean {
  if (a.kind !== 'symbol' || b.kind !== 'symbol' || a.symbol !== b.symbol || a.negated || b.negated) return false;
  return !a.values.some((value) => b.values.includes(value));
}

/** Whether they are literals, each of another symbol. */
function areOfDifferentSymbols(conditions: readonly Condition[]): boolean {
  const symbols = new Set<string>();
  for (const condition of conditions) {
    if (condition.kind !== 'symbol') return false;
    symbols.add(condition.symbol);
  }
  return symbols.size === conditions.length;
}
