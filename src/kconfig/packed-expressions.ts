/**
 * Expressions as numbers. Each different one is written once, where it is used first; after that its number stands for
 * it, so that what was shared is shared again, and what was merely equal is shared as well.
 */
import type { Packer, Unpacker } from '../cache/packed.ts';
import { binaryExpr, compareExpr, type Expr, notExpr, OP, type Op, symbolExpr } from './expression.ts';
import type { KSymbol } from './symbol.ts';

/** Operands are kept apart in one number by this factor, which bounds symbols and expressions. */
const MAX_OPERAND = 2 ** 24;

/** Writes expressions into a `Packer`. */
export class ExpressionPacker {
  readonly #packer: Packer;
  readonly #numbers = new Map<Expr, number>();
  readonly #equals = new Map<number, number>();
  #written = 0;

  constructor(packer: Packer) {
    this.#packer = packer;
  }

  /** @throws RangeError where there are more expressions than can be told apart */
  write(e: Expr | null): void {
    if (!e) {
      this.#packer.int(0);
      return;
    }
    const number = this.#numberOf(e);
    if (number < this.#written) this.#packer.int(number + 1);
    else this.#define(e);
  }

  #define(e: Expr): void {
    this.#packer.int(-1 - e.op);
    switch (e.op) {
      case OP.symbol:
        this.#packer.int(e.sym!.id);
        break;
      case OP.not:
        this.write(e.left);
        break;
      case OP.and:
      case OP.or:
        this.write(e.left);
        this.write(e.right);
        break;
      default:
        this.#packer.int(e.sym!.id);
        this.#packer.int(e.sym2!.id);
    }
    this.#written++;
  }

  /** The number of an expression, the same for equal ones; operands have smaller numbers. */
  #numberOf(e: Expr): number {
    const known = this.#numbers.get(e);
    if (known !== undefined) return known;
    const key = this.#keyOf(e);
    let number = this.#equals.get(key);
    if (number === undefined) {
      number = this.#equals.size;
      if (number >= MAX_OPERAND) throw new RangeError('too many expressions');
      this.#equals.set(key, number);
    }
    this.#numbers.set(e, number);
    return number;
  }

  #keyOf(e: Expr): number {
    const first = e.sym ? e.sym.id : this.#numberOf(e.left!);
    const second = e.sym2 ? e.sym2.id : e.right ? this.#numberOf(e.right) : 0;
    return (e.op * MAX_OPERAND + first) * MAX_OPERAND + second;
  }
}

/** Reads what an `ExpressionPacker` wrote. */
export class ExpressionUnpacker {
  readonly #unpacker: Unpacker;
  readonly #symbols: readonly KSymbol[];
  readonly #known: Expr[] = [];

  constructor(unpacker: Unpacker, symbols: readonly KSymbol[]) {
    this.#unpacker = unpacker;
    this.#symbols = symbols;
  }

  read(): Expr | null {
    const number = this.#unpacker.int();
    if (number > 0) return this.#known[number - 1]!;
    return number === 0 ? null : this.#defined((-1 - number) as Op);
  }

  #defined(op: Op): Expr {
    const e = this.#make(op);
    this.#known.push(e);
    return e;
  }

  #make(op: Op): Expr {
    switch (op) {
      case OP.symbol:
        return symbolExpr(this.#symbol());
      case OP.not:
        return notExpr(this.read()!);
      case OP.and:
      case OP.or: {
        const left = this.read()!;
        return binaryExpr(op, left, this.read()!);
      }
      default: {
        const left = this.#symbol();
        return compareExpr(op, left, this.#symbol());
      }
    }
  }

  #symbol(): KSymbol {
    return this.#symbols[this.#unpacker.int()]!;
  }
}
