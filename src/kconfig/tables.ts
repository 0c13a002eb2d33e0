/**
 * What values are calculated from, as columns of numbers. A calculation touches every expression of a tree, and in a
 * program that runs once it costs less to follow numbers than to follow objects; of those only the ones are made that
 * somebody asks for.
 */

import { IntList } from '../cache/int-list.ts';
import { type Expr, type KSymbol, OP, PROPERTY_KINDS, type Property, SYMBOL_TYPES } from './symbol.ts';

/** Expressions by number; number 0 stands for an absent one (`y`). Operands have smaller numbers. */
export interface ExpressionTable {
  /** `OP` of each. */
  readonly op: Int32Array;
  /** A symbol's or comparison's symbol id; otherwise the number of the left operand, or the only one. */
  readonly left: Int32Array;
  /** A comparison's second symbol id; the number of the right operand of `and` and `or`. */
  readonly right: Int32Array;
}

/** Columns by symbol id, and by property. Properties of a symbol stand together, in their order. */
export interface ValueTables {
  readonly expressions: ExpressionTable;
  /** Places in `SYMBOL_TYPES`. */
  readonly type: Int32Array;
  /** `SYMBOL_FLAGS`, added up. */
  readonly flags: Int32Array;
  /** Numbers of expressions. */
  readonly direct: Int32Array;
  readonly reverse: Int32Array;
  readonly implied: Int32Array;
  /** Of members of a choice the choice's id; -1 for others. */
  readonly choice: Int32Array;
  /** A symbol's properties are those from `firstProperty[id]` up to `firstProperty[id + 1]`. */
  readonly firstProperty: Int32Array;
  /** Places in `PROPERTY_KINDS`. */
  readonly kind: Int32Array;
  /** 1 for prompts: what has a text. */
  readonly hasText: Int32Array;
  /** Numbers of expressions: whole condition, and value. */
  readonly visible: Int32Array;
  readonly value: Int32Array;
  /** Bounds of ranges: symbol ids, -1 for none. */
  readonly low: Int32Array;
  readonly high: Int32Array;
}

/** What of a symbol's nature decides on its value; `member` are those that a choice lists, wherever they belong. */
export enum SYMBOL_FLAGS {
  constant = 1,
  choice = 2,
  transitional = 4,
  defconfigList = 8,
  member = 16,
}

/** The place of a type in the tables: that in `SYMBOL_TYPES`. */
export enum TYPE {
  unknown,
  bool,
  tristate,
  int,
  hex,
  string,
}

/** The place of a property's kind in the tables: that in `PROPERTY_KINDS`. */
export enum KIND {
  prompt,
  comment,
  menu,
  default,
  select,
  imply,
  range,
}

/** Gives the expressions of a tree their numbers, operands first. */
export class Numbering {
  readonly #op = new IntList();
  readonly #left = new IntList();
  readonly #right = new IntList();
  /** Plain mentions of symbols, by the symbol's id: most expressions are such, and equal ones get one number. */
  readonly #mentions: number[] = [];

  constructor() {
    this.#append(OP.symbol, 0, 0);
  }

  /** The expressions so far. */
  table(): ExpressionTable {
    return { op: this.#op.done(), left: this.#left.done(), right: this.#right.done() };
  }

  /** The number of an expression, which it is given together with its operands if it has none. */
  of(e: Expr | null): number {
    if (e === null) return 0;
    if (e.number === 0) e.number = this.#define(e);
    return e.number;
  }

  #define(e: Expr): number {
    switch (e.op) {
      case OP.symbol:
        return this.#mention(e.sym!.id);
      case OP.and:
      case OP.or: {
        const left = this.of(e.left);
        return this.#append(e.op, left, this.of(e.right));
      }
      case OP.not:
        return this.#append(e.op, this.of(e.left), 0);
      default:
        return this.#append(e.op, e.sym!.id, e.sym2!.id);
    }
  }

  #mention(id: number): number {
    let number = this.#mentions[id];
    if (number === undefined) {
      number = this.#append(OP.symbol, id, 0);
      this.#mentions[id] = number;
    }
    return number;
  }

  #append(op: number, left: number, right: number): number {
    this.#op.push(op);
    this.#left.push(left);
    this.#right.push(right);
    return this.#op.length - 1;
  }
}

/**
 * Puts the symbols of a finalised tree into tables.
 * @param prompts those of entries without a symbol; they stand behind all other properties
 */
export function tabulate(
  symbols: readonly KSymbol[],
  prompts: readonly Property[],
  numbers: Numbering,
): Omit<ValueTables, 'expressions'> {
  const count = symbols.length;
  const column = (): Int32Array => new Int32Array(count);
  const [type, flags, direct, reverse, implied, choice] = [column(), column(), column(), column(), column(), column()];
  const firstProperty = new Int32Array(count + 1);
  const properties = new PropertyColumns(numbers);
  for (const symbol of symbols) {
    const { id } = symbol;
    type[id] = SYMBOL_TYPES.indexOf(symbol.type);
    flags[id] = flagsOf(symbol);
    direct[id] = numbers.of(symbol.directDependency);
    reverse[id] = numbers.of(symbol.reverseDependency);
    implied[id] = numbers.of(symbol.implied);
    choice[id] = symbol.choice?.symbol ? symbol.choice.symbol.id : -1;
    for (const property of symbol.properties) properties.add(property);
    firstProperty[id + 1] = properties.length;
  }
  for (const prompt of prompts) properties.add(prompt);
  for (const { isChoice, nodes } of symbols) {
    if (!isChoice) continue;
    for (const { choiceMembers } of nodes) for (const { id } of choiceMembers) flags[id]! |= SYMBOL_FLAGS.member;
  }
  return { type, flags, direct, reverse, implied, choice, firstProperty, ...properties.done() };
}

function flagsOf({ constant, isChoice, transitional, isDefconfigList }: KSymbol): number {
  return (
    (constant === null ? 0 : SYMBOL_FLAGS.constant) |
    (isChoice ? SYMBOL_FLAGS.choice : 0) |
    (transitional ? SYMBOL_FLAGS.transitional : 0) |
    (isDefconfigList ? SYMBOL_FLAGS.defconfigList : 0)
  );
}

type PropertyColumn = 'kind' | 'hasText' | 'visible' | 'value' | 'low' | 'high';

class PropertyColumns {
  readonly #numbers: Numbering;
  readonly #kind = new IntList();
  readonly #hasText = new IntList();
  readonly #visible = new IntList();
  readonly #value = new IntList();
  readonly #low = new IntList();
  readonly #high = new IntList();

  constructor(numbers: Numbering) {
    this.#numbers = numbers;
  }

  get length(): number {
    return this.#kind.length;
  }

  add({ kind, text, visible, value, low, high }: Property): void {
    this.#kind.push(PROPERTY_KINDS.indexOf(kind));
    this.#hasText.push(text === null ? 0 : 1);
    this.#visible.push(this.#numbers.of(visible));
    this.#value.push(this.#numbers.of(value));
    this.#low.push(low ? low.id : -1);
    this.#high.push(high ? high.id : -1);
  }

  done(): Pick<ValueTables, PropertyColumn> {
    return {
      kind: this.#kind.done(),
      hasText: this.#hasText.done(),
      visible: this.#visible.done(),
      value: this.#value.done(),
      low: this.#low.done(),
      high: this.#high.done(),
    };
  }
}
