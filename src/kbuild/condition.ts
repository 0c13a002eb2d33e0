/**
 * Conditions over configuration symbols, as small immutable data in negation normal form. A literal says that a
 * symbol's value is (or is not) one of a set, so that everything said about one symbol folds into one literal:
 * `X=y || X=m` is one literal, `X=y && X=m` is false. The table interns them: equal conditions are one object.
 */

/** True or false. */
export interface ConstantCondition {
  readonly kind: 'constant';
  readonly id: number;
  readonly value: boolean;
}

/** The symbol's value is one of `values` (none of them where `negated`); an off symbol has the value ''. */
export interface SymbolCondition {
  readonly kind: 'symbol';
  readonly id: number;
  readonly symbol: string;
  readonly negated: boolean;
  /** Sorted, never empty. */
  readonly values: readonly string[];
}

/** All (`and`) or one (`or`) of at least two operands. */
export interface GroupCondition {
  readonly kind: 'and' | 'or';
  readonly id: number;
  readonly operands: readonly Condition[];
}

export type Condition = ConstantCondition | SymbolCondition | GroupCondition;

/** Value of a symbol by its name without CONFIG_: as auto.conf has it, undefined where it is off. */
export type ConfigLookup = (symbol: string) => string | undefined;

/**
 * What a symbol can be at all: `bool` on or off, `tristate` m as well, `none` where no Kconfig file defines it, so that
 * it is always off; `open` for texts and numbers.
 */
export type SymbolDomain = 'bool' | 'tristate' | 'none' | 'open';

/** The domain of a symbol by its name without CONFIG_. */
export type DomainLookup = (symbol: string) => SymbolDomain;

/** Always true. */
export const TRUE: Condition = { kind: 'constant', id: 0, value: true };
/** Never true. */
export const FALSE: Condition = { kind: 'constant', id: 1, value: false };

const PAIR = 2 ** 26;

const ONE_VALUE: ReadonlyMap<string, readonly string[]> = new Map(['y', 'm', ''].map((v) => [v, [v]]));
const OFF = [''];
const ON = ['m', 'y'];
const TRISTATES = ['', 'm', 'y'];

/** The literals of one symbol that Kbuild files ask for over and over. */
interface UsualLiterals {
  readonly isYes: Condition;
  readonly isModule: Condition;
  /** Neither `m` nor `y`. */
  readonly isNeither: Condition;
  /** Neither off, `m` nor `y`: a text or a number. */
  readonly isOther: Condition;
}

/** The values of a domain that has an end. */
const DOMAIN_VALUES: Readonly<Record<Exclude<SymbolDomain, 'open'>, readonly string[]>> = {
  bool: ['', 'y'],
  tristate: ['', 'm', 'y'],
  none: OFF,
};

/**
 * Makes and interns conditions. Conditions of different tables must not be mixed. With the symbols' domains, what no
 * configuration can make true is false from the start: a bool is never m.
 */
export class ConditionTable {
  readonly #domain: DomainLookup | null;
  readonly #interned = new Map<string, Condition>();
  readonly #all: Condition[] = [TRUE, FALSE];
  readonly #negations = new Map<number, Condition>();
  readonly #pairs = new Map<number, Condition>();
  readonly #literals = new Map<string, Map<string, SymbolCondition>>();
  readonly #usual = new Map<string, UsualLiterals>();

  /** @param domain what symbols can be; without it every symbol is open */
  constructor(domain: DomainLookup | null = null) {
    this.#domain = domain;
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
    return this.#within(symbol, ONE_VALUE.get(value) ?? [value], false);
  }

  /** The usual literals of a symbol. */
  usual(symbol: string): UsualLiterals {
    let made = this.#usual.get(symbol);
    if (made === undefined) {
      made = {
        isYes: this.#within(symbol, ONE_VALUE.get('y')!, false),
        isModule: this.#within(symbol, ONE_VALUE.get('m')!, false),
        isNeither: this.#within(symbol, ON, true),
        isOther: this.#within(symbol, TRISTATES, true),
      };
      this.#usual.set(symbol, made);
    }
    return made;
  }

  /**
   * The literal within the symbol's domain, in one form for each meaning: `X=y` of a bool is `X`, `X!=n` of a tristate
   * too, and a value that the symbol cannot have is no condition at all.
   */
  #within(symbol: string, values: readonly string[], negated: boolean): Condition {
    const domain = this.#domain?.(symbol) ?? 'open';
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

  #literal(symbol: string, values: readonly string[], negated: boolean): SymbolCondition {
    let own = this.#literals.get(symbol);
    if (own === undefined) {
      own = new Map();
      this.#literals.set(symbol, own);
    }
    const key = values.length === 1 ? values[0]! : values.join('|');
    let literal = own.get(negated ? `!${key}` : key);
    if (literal === undefined) {
      literal = { kind: 'symbol', id: this.#all.length, symbol, negated, values };
      this.#all.push(literal);
      own.set(negated ? `!${key}` : key, literal);
    }
    return literal;
  }

  /** The symbol has any value at all. */
  isSet(symbol: string): Condition {
    return this.isOneOf(symbol, [''], true);
  }

  /** The opposite. */
  not(condition: Condition): Condition {
    const known = this.#negations.get(condition.id);
    if (known !== undefined) return known;
    const made = this.#negate(condition);
    this.#negations.set(condition.id, made);
    this.#negations.set(made.id, condition);
    return made;
  }

  /** Both. */
  and(a: Condition, b: Condition): Condition {
    if (a === b || b === TRUE) return a;
    if (a === TRUE) return b;
    if (a === FALSE || b === FALSE) return FALSE;
    const key = a.id < b.id ? a.id * PAIR + b.id : b.id * PAIR + a.id;
    let made = this.#pairs.get(key);
    if (made === undefined) {
      made = this.all([a, b]);
      this.#pairs.set(key, made);
    }
    return made;
  }

  /** Either. */
  or(a: Condition, b: Condition): Condition {
    if (a === b || b === FALSE) return a;
    if (a === FALSE) return b;
    if (a === TRUE || b === TRUE) return TRUE;
    return this.not(this.and(this.not(a), this.not(b)));
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

  #negate(condition: Condition): Condition {
    if (condition.kind === 'constant') return condition.value ? FALSE : TRUE;
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
    const sorted = [...operands].sort((a, b) => a.id - b.id);
    return this.#intern(`${kind}${sorted.map((c) => c.id).join(',')}`, (id) => ({ kind, id, operands: sorted }));
  }

  #intern(key: string, make: (id: number) => Condition): Condition {
    let condition = this.#interned.get(key);
    if (condition === undefined) {
      condition = make(this.#all.length);
      this.#all.push(condition);
      this.#interned.set(key, condition);
    }
    return condition;
  }
}

/** Evaluates conditions of one table against one configuration, each at most once. */
export class ConditionEvaluator {
  readonly #config: ConfigLookup;
  #known: Int8Array;

  constructor(table: ConditionTable, config: ConfigLookup) {
    this.#config = config;
    this.#known = new Int8Array(table.size);
  }

  /** Whether the condition holds. */
  holds(condition: Condition): boolean {
    if (condition.kind === 'constant') return condition.value;
    const known = this.#known[condition.id];
    if (known !== undefined && known !== 0) return known > 0;
    const result = this.#evaluate(condition);
    if (condition.id < this.#known.length) this.#known[condition.id] = result ? 1 : -1;
    return result;
  }

  #evaluate(condition: SymbolCondition | GroupCondition): boolean {
    if (condition.kind === 'symbol') {
      return condition.values.includes(this.#config(condition.symbol) ?? '') !== condition.negated;
    }
    if (condition.kind === 'and') return condition.operands.every((c) => this.holds(c));
    return condition.operands.some((c) => this.holds(c));
  }
}

/** Whether the condition holds for this configuration. */
export function evaluateCondition(condition: Condition, config: ConfigLookup): boolean {
  if (condition.kind === 'constant') return condition.value;
  if (condition.kind === 'symbol') {
    return condition.values.includes(config(condition.symbol) ?? '') !== condition.negated;
  }
  if (condition.kind === 'and') return condition.operands.every((c) => evaluateCondition(c, config));
  return condition.operands.some((c) => evaluateCondition(c, config));
}

const NO_SYMBOLS: readonly string[] = [];
/** Conditions are few and asked for often. */
const symbolsOf = new WeakMap<Condition, readonly string[]>();

/** The symbols a condition speaks of, in order of name. */
export function conditionSymbols(condition: Condition): readonly string[] {
  if (condition.kind === 'constant') return NO_SYMBOLS;
  let symbols = symbolsOf.get(condition);
  if (symbols === undefined) {
    symbols = condition.kind === 'symbol' ? [condition.symbol] : groupSymbols(condition);
    symbolsOf.set(condition, symbols);
  }
  return symbols;
}

function groupSymbols(condition: GroupCondition): string[] {
  const found = new Set<string>();
  const seen = new Set<number>();
  const visit = (c: Condition): void => {
    if (seen.has(c.id)) return;
    seen.add(c.id);
    if (c.kind === 'symbol') found.add(c.symbol);
    else if (c.kind !== 'constant') c.operands.forEach(visit);
  };
  visit(condition);
  return [...found].sort();
}

/** The condition in Kconfig's notation: `NET=y && (INET || IPV6=m) && !UML`. */
export function printCondition(condition: Condition): string {
  if (condition.kind === 'constant') return condition.value ? 'y' : 'n';
  if (condition.kind === 'symbol') return printLiteral(condition);
  const operands = [...condition.operands]
    .map((c) =>
      c.kind === 'or' || (c.kind === 'symbol' && isDisjunction(c)) ? `(${printCondition(c)})` : printCondition(c),
    )
    .sort();
  return operands.join(condition.kind === 'and' ? ' && ' : ' || ');
}

function isDisjunction(literal: SymbolCondition): boolean {
  return printLiteral(literal).includes(' ');
}

function printLiteral({ symbol, values, negated }: SymbolCondition): string {
  const on = values.length === 2 && values[0] === 'm' && values[1] === 'y';
  if (on) return negated ? `!${symbol}` : symbol;
  if (values.length === 1 && values[0] === '') return negated ? symbol : `!${symbol}`;
  const parts = values.map((v) => `${symbol}${negated ? '!=' : '='}${v === '' ? 'n' : v}`);
  return parts.join(negated ? ' && ' : ' || ');
}
