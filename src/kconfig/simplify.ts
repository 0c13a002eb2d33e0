import { Budget } from '../diagnostics/budget.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import type { Dialect } from './dialect.ts';
import { binaryExpr, compareExpr, notExpr, symbolExpr } from './expression.ts';
import { type Expr, type KSymbol, OP } from './symbol.ts';
import type { SymbolTable } from './symbol-table.ts';

type BinaryOp = typeof OP.and | typeof OP.or;

/** The constants that simplification brings in. */
export type Constants = Pick<SymbolTable, 'no' | 'mod' | 'yes'>;

/**
 * conf's own simplification of expressions. No value depends on it, but conf decides on simplified expressions what
 * becomes a submenu, and prints them in its warnings; so it is done as conf does it, weaknesses included, and only
 * where somebody asks.
 */
export interface Simplifier {
  /** `expr.c:expr_eliminate_dups`: joins redundant operands. */
  eliminateDuplicates(e: Expr | null): Expr | null;
  /** `expr.c:expr_eliminate_eq`: removes what two expressions have in common. */
  eliminateCommon(a: Expr | null, b: Expr | null): [Expr | null, Expr | null];
}

/** Operands that are compared or copied in one tree (all of 6.1: 1.5 million). conf's way is quadratic, and worse where they nest. */
const MAX_COMPARISONS = 3_000_000;

/**
 * The simplifier of a dialect. Both functions throw InputError `kconfig-conditions-too-large` where conditions are so
 * large that comparing their operands would take long.
 */
export function simplifierFor(dialect: Dialect, constants: Constants): Simplifier {
  const budget = new Budget(MAX_COMPARISONS, () => new InputError({ code: 'kconfig-conditions-too-large', args: {} }));
  return dialect.simplification === 'shared'
    ? new SharedSimplifier(constants, budget)
    : new InPlaceSimplifier(constants, budget);
}

/** Rewrites comparisons and negations (`expr.c:expr_transform`). */
export function transform(e: Expr | null, constants: Constants): Expr | null {
  return e && transformNode(e, constants);
}

function transformNode(e: Expr, constants: Constants): Expr {
  switch (e.op) {
    case OP.and:
    case OP.or: {
      const [left, right] = [transformNode(e.left!, constants), transformNode(e.right!, constants)];
      return left === e.left && right === e.right ? e : binaryExpr(e.op, left, right);
    }
    case OP.not:
      return transformNot(transformNode(e.left!, constants), constants);
    case OP.equal:
    case OP.unequal:
      return e.sym!.type === 'bool' ? transformBoolComparison(e, constants) : e;
    default:
      return e;
  }
}

/** A comparison of a bool with a constant: `A=n` is `!A`, `A!=n` is `A`, `A=m` is `n`, and so on. */
function transformBoolComparison(e: Expr, constants: Constants): Expr {
  const wanted = e.sym2!.constant;
  if (wanted === null) return e;
  const equal = e.op === OP.equal;
  if (wanted === 1) return symbolExpr(equal ? constants.no : constants.yes);
  const self = symbolExpr(e.sym!);
  return equal === (wanted === 2) ? self : notExpr(self);
}

const COMPLEMENT = {
  [OP.equal]: OP.unequal,
  [OP.unequal]: OP.equal,
  [OP.less]: OP.greaterEqual,
  [OP.lessEqual]: OP.greater,
  [OP.greater]: OP.lessEqual,
  [OP.greaterEqual]: OP.less,
} as const;

/** `!inner`, with `inner` transformed already. */
function transformNot(inner: Expr, constants: Constants): Expr {
  switch (inner.op) {
    case OP.not:
      return inner.left!;
    case OP.or:
    case OP.and:
      return transformNode(
        binaryExpr(inner.op === OP.or ? OP.and : OP.or, notExpr(inner.left!), notExpr(inner.right!)),
        constants,
      );
    case OP.symbol: {
      const constant = inner.sym!.constant;
      if (constant === 2) return symbolExpr(constants.no);
      if (constant === 1) return symbolExpr(constants.mod);
      return constant === 0 ? symbolExpr(constants.yes) : notExpr(inner);
    }
    default:
      return compareExpr(COMPLEMENT[inner.op], inner.sym!, inner.sym2!);
  }
}

/**
 * Rewrites an expression into one about comparisons with `n`: whether it is, or is not, `n`
 * (`expr.c:expr_trans_compare` with `symbol_no`).
 */
export function compareWithNo(e: Expr | null, equal: boolean, constants: Constants): Expr {
  if (!e) return equal ? symbolExpr(constants.no) : notExpr(symbolExpr(constants.no));
  switch (e.op) {
    case OP.and:
    case OP.or: {
      const left = compareWithNo(e.left, true, constants);
      const right = compareWithNo(e.right, true, constants);
      const joined = binaryExpr(e.op === OP.and ? OP.or : OP.and, left, right);
      return equal ? joined : notExpr(joined);
    }
    case OP.not:
      return compareWithNo(e.left, !equal, constants);
    case OP.symbol:
      return compareExpr(equal ? OP.equal : OP.unequal, e.sym!, constants.no);
    default:
      return equal ? notExpr(e) : e;
  }
}

/** Whether an expression is `y` by its form (`expr.h:expr_is_yes`). */
export function isYes(e: Expr | null): boolean {
  return !e || (e.op === OP.symbol && e.sym!.constant === 2);
}

const isConstant = (e: Expr, value: 0 | 2): boolean => e.op === OP.symbol && e.sym!.constant === value;

/** The rules that join two operands into one; null where none applies. Needs the dialect's notion of equality. */
class Joiner {
  readonly #constants: Constants;
  readonly #equal: (a: Expr, b: Expr) => boolean;

  constructor(constants: Constants, equal: (a: Expr, b: Expr) => boolean) {
    this.#constants = constants;
    this.#equal = equal;
  }

  join(op: BinaryOp, a: Expr, b: Expr): Expr | null {
    if (this.#equal(a, b)) return a;
    const sym = commonSymbol(a, b);
    if (!sym) return null;
    return op === OP.or ? this.#or(sym, a, b) : this.#and(sym, a, b);
  }

  /** `expr.c:expr_join_or`. */
  #or(sym: KSymbol, a: Expr, b: Expr): Expr | null {
    if (sym.type === 'tristate' && a.op === OP.equal && b.op === OP.equal) {
      const missing = thirdConstant(a.sym2!, b.sym2!);
      if (missing !== null) return compareExpr(OP.unequal, sym, this.#constant(missing));
    }
    if (sym.type === 'bool' && (isNotSymbol(a, b) || isNotSymbol(b, a))) return symbolExpr(this.#constants.yes);
    return null;
  }

  /** `expr.c:expr_join_and`. */
  #and(sym: KSymbol, a: Expr, b: Expr): Expr | null {
    const symbolWith = (op: number, value: 0 | 1 | 2): boolean =>
      (a.op === OP.symbol && b.op === op && b.sym2?.constant === value) ||
      (b.op === OP.symbol && a.op === op && a.sym2?.constant === value);
    if (symbolWith(OP.equal, 2)) return compareExpr(OP.equal, sym, this.#constants.yes);
    if (symbolWith(OP.unequal, 0)) return symbolExpr(sym);
    if (symbolWith(OP.unequal, 1)) return compareExpr(OP.equal, sym, this.#constants.yes);
    if (sym.type !== 'tristate') return null;
    if (a.op === OP.equal && b.op === OP.unequal) return this.#equalAndUnequal(sym, a.sym2!, b.sym2!);
    if (a.op === OP.unequal && b.op === OP.equal) return this.#equalAndUnequal(sym, b.sym2!, a.sym2!);
    if (a.op === OP.unequal && b.op === OP.unequal) {
      const left = thirdConstant(a.sym2!, b.sym2!);
      if (left !== null) return compareExpr(OP.equal, sym, this.#constant(left));
    }
    return null;
  }

  #equalAndUnequal(sym: KSymbol, equal: KSymbol, unequal: KSymbol): Expr | null {
    const isConst = (s: KSymbol): boolean => s.constant !== null || s.quoted;
    if (!isConst(equal) || !isConst(unequal)) return null;
    return equal !== unequal ? compareExpr(OP.equal, sym, equal) : symbolExpr(this.#constants.no);
  }

  #constant(value: 0 | 1 | 2): KSymbol {
    return value === 0 ? this.#constants.no : value === 1 ? this.#constants.mod : this.#constants.yes;
  }
}

/** The one of `n`, `m`, `y` that is neither of two different constants; null when they are not that. */
function thirdConstant(a: KSymbol, b: KSymbol): 0 | 1 | 2 | null {
  if (a.constant === null || b.constant === null || a.constant === b.constant) return null;
  return (3 - a.constant - b.constant) as 0 | 1 | 2;
}

const isNotSymbol = (a: Expr, b: Expr): boolean => a.op === OP.not && a.left!.op === OP.symbol && b.op === OP.symbol;

/** The bool or tristate symbol that both operands are about, as the join rules see it; null where there is none. */
function commonSymbol(a: Expr, b: Expr): KSymbol | null {
  const joinable = (e: Expr): boolean =>
    e.op === OP.equal || e.op === OP.unequal || e.op === OP.symbol || e.op === OP.not;
  if (!joinable(a) || !joinable(b)) return null;
  let symA = a.sym;
  if (a.op === OP.not) {
    const inner = a.left!;
    if (inner.op !== OP.equal && inner.op !== OP.unequal && inner.op !== OP.symbol) return null;
    symA = inner.sym;
  }
  let symB = b.sym;
  if (b.op === OP.not) {
    if (b.left!.op !== OP.symbol) return null;
    symB = b.left!.sym;
  }
  if (!symA || symA !== symB) return null;
  return symA.type === 'bool' || symA.type === 'tristate' ? symA : null;
}

/** Equality of leaves; `nested` compares `and` and `or`. */
function equalExpr(a: Expr, b: Expr, nested: (a: Expr, b: Expr) => boolean): boolean {
  if (a.op !== b.op) return false;
  switch (a.op) {
    case OP.symbol:
      return a.sym === b.sym;
    case OP.not:
      return equalExpr(a.left!, b.left!, nested);
    case OP.and:
    case OP.or:
      return nested(a, b);
    default:
      return a.sym === b.sym && a.sym2 === b.sym2;
  }
}

/** Whether two leaves are the same constant `y` or `n`, which elimination leaves alone. */
function sameYesOrNo(a: Expr, b: Expr): boolean {
  return (
    a.op === OP.symbol && b.op === OP.symbol && a.sym === b.sym && (a.sym!.constant === 0 || a.sym!.constant === 2)
  );
}

/** Simplification of hash-consed expressions (6.12): copies, and drops what nested simplification found. */
class SharedSimplifier implements Simplifier {
  readonly #constants: Constants;
  readonly #joiner: Joiner;
  readonly #budget: Budget;
  #changes = 0;

  constructor(constants: Constants, budget: Budget) {
    this.#constants = constants;
    this.#budget = budget;
    this.#joiner = new Joiner(constants, (a, b) => this.#equal(a, b));
  }

  #equal(a: Expr, b: Expr): boolean {
    return equalExpr(a, b, (x, y) => {
      const before = this.#changes;
      const [left, right] = this.eliminateCommon(x, y);
      this.#changes = before;
      return left!.op === OP.symbol && right!.op === OP.symbol && left!.sym === right!.sym;
    });
  }

  eliminateDuplicates(e: Expr | null): Expr | null {
    if (!e) return e;
    const before = this.#changes;
    let result = e;
    do {
      this.#changes = 0;
      if (result.op === OP.or || result.op === OP.and) {
        const left = this.eliminateDuplicates(result.left)!;
        const right = this.eliminateDuplicates(result.right)!;
        const pair = this.#joinLeaves(result.op, left, right);
        result = binaryExpr(result.op, pair[0], pair[1]);
      }
      result = eliminateYesNo(result, this.#budget);
    } while (this.#changes > 0);
    this.#changes = before;
    return result;
  }

  /** `expr.c:expr_eliminate_dups1`. */
  #joinLeaves(op: BinaryOp, a: Expr, b: Expr): [Expr, Expr] {
    this.#budget.spend(1);
    if (a.op === op) {
      const [left, afterLeft] = this.#joinLeaves(op, a.left!, b);
      const [right, afterRight] = this.#joinLeaves(op, a.right!, afterLeft);
      return [binaryExpr(op, left, right), afterRight];
    }
    if (b.op === op) {
      const [afterLeft, left] = this.#joinLeaves(op, a, b.left!);
      const [afterRight, right] = this.#joinLeaves(op, afterLeft, b.right!);
      return [afterRight, binaryExpr(op, left, right)];
    }
    const joined = this.#joiner.join(op, a, b);
    if (!joined) return [a, b];
    this.#changes++;
    return [symbolExpr(op === OP.or ? this.#constants.no : this.#constants.yes), joined];
  }

  eliminateCommon(a: Expr | null, b: Expr | null): [Expr | null, Expr | null] {
    if (!a || !b) return [a, b];
    let pair: [Expr, Expr] = [a, b];
    if (a.op === OP.or || a.op === OP.and) pair = this.#dropCommon(a.op, pair[0], pair[1]);
    const [first, second] = pair;
    if (first.op !== second.op && (second.op === OP.or || second.op === OP.and)) {
      pair = this.#dropCommon(second.op, first, second);
    }
    return [eliminateYesNo(pair[0], this.#budget), eliminateYesNo(pair[1], this.#budget)];
  }

  /** `expr.c:__expr_eliminate_eq`. */
  #dropCommon(op: BinaryOp, a: Expr, b: Expr): [Expr, Expr] {
    this.#budget.spend(1);
    if (a.op === op) {
      const [left, afterLeft] = this.#dropCommon(op, a.left!, b);
      const [right, afterRight] = this.#dropCommon(op, a.right!, afterLeft);
      return [binaryExpr(op, left, right), afterRight];
    }
    if (b.op === op) {
      const [afterLeft, left] = this.#dropCommon(op, a, b.left!);
      const [afterRight, right] = this.#dropCommon(op, afterLeft, b.right!);
      return [afterRight, binaryExpr(op, left, right)];
    }
    if (sameYesOrNo(a, b) || !this.#equal(a, b)) return [a, b];
    this.#changes++;
    const neutral = symbolExpr(op === OP.or ? this.#constants.no : this.#constants.yes);
    return [neutral, neutral];
  }
}

/** `expr.c:expr_eliminate_yn` of 6.12: looks below, but rewrites only the top. */
function eliminateYesNo(e: Expr, budget: Budget): Expr {
  budget.spend(1);
  if (e.op !== OP.and && e.op !== OP.or) return e;
  const left = eliminateYesNo(e.left!, budget);
  const right = eliminateYesNo(e.right!, budget);
  const [absorbing, neutral] = e.op === OP.and ? ([0, 2] as const) : ([2, 0] as const);
  if (isConstant(left, absorbing)) return left;
  if (isConstant(left, neutral)) return right;
  if (isConstant(right, absorbing)) return right;
  if (isConstant(right, neutral)) return left;
  return e;
}

/** An expression that may be rewritten where it stands. */
interface MutableExpr {
  op: Expr['op'];
  left: MutableExpr | null;
  right: MutableExpr | null;
  sym: KSymbol | null;
  sym2: KSymbol | null;
  number: number;
}

/** A variable that holds an expression: what `struct expr **` is to C. */
interface Slot {
  get(): MutableExpr;
  set(e: MutableExpr): void;
}

const leftOf = (e: MutableExpr): Slot => ({ get: () => e.left!, set: (x) => (e.left = x) });
const rightOf = (e: MutableExpr): Slot => ({ get: () => e.right!, set: (x) => (e.right = x) });

function slot(e: MutableExpr): Slot {
  let held = e;
  return {
    get: () => held,
    set: (x) => {
      held = x;
    },
  };
}

function copyExpr(e: Expr, budget: Budget): MutableExpr {
  budget.spend(1);
  return {
    op: e.op,
    left: e.left && copyExpr(e.left, budget),
    right: e.right && copyExpr(e.right, budget),
    sym: e.sym,
    sym2: e.sym2,
    // It stands in no table, whatever becomes of it.
    number: 0,
  };
}

/** Simplification in place (before 6.12). */
class InPlaceSimplifier implements Simplifier {
  readonly #constants: Constants;
  readonly #joiner: Joiner;
  readonly #budget: Budget;
  #changes = 0;

  constructor(constants: Constants, budget: Budget) {
    this.#constants = constants;
    this.#budget = budget;
    this.#joiner = new Joiner(constants, (a, b) => this.#equal(a, b));
  }

  #equal(a: Expr, b: Expr): boolean {
    return equalExpr(a, b, (x, y) => {
      const before = this.#changes;
      const [left, right] = this.eliminateCommon(x, y);
      this.#changes = before;
      return left!.op === OP.symbol && right!.op === OP.symbol && left!.sym === right!.sym;
    });
  }

  eliminateDuplicates(e: Expr | null): Expr | null {
    if (!e) return e;
    const before = this.#changes;
    const whole = slot(copyExpr(e, this.#budget));
    for (;;) {
      this.#changes = 0;
      const { op } = whole.get();
      if (op === OP.or || op === OP.and) this.#joinLeaves(op, whole, whole);
      if (this.#changes === 0) break;
      whole.set(this.#eliminateYesNo(whole.get()));
    }
    this.#changes = before;
    return whole.get();
  }

  #joinLeaves(op: BinaryOp, a: Slot, b: Slot): void {
    this.#budget.spend(1);
    if (a.get().op === op) {
      this.#joinLeaves(op, leftOf(a.get()), b);
      this.#joinLeaves(op, rightOf(a.get()), b);
      return;
    }
    if (b.get().op === op) {
      this.#joinLeaves(op, a, leftOf(b.get()));
      this.#joinLeaves(op, a, rightOf(b.get()));
      return;
    }
    if (a.get() === b.get()) return;
    const inner = a.get().op;
    if (inner === OP.or || inner === OP.and) this.#joinLeaves(inner, a, a);
    const joined = this.#joiner.join(op, a.get(), b.get());
    if (!joined) return;
    a.set(copyExpr(symbolExpr(op === OP.or ? this.#constants.no : this.#constants.yes), this.#budget));
    b.set(copyExpr(joined, this.#budget));
    this.#changes++;
  }

  eliminateCommon(a: Expr | null, b: Expr | null): [Expr | null, Expr | null] {
    if (!a || !b) return [a, b];
    const first = slot(copyExpr(a, this.#budget));
    const second = slot(copyExpr(b, this.#budget));
    const { op } = first.get();
    if (op === OP.or || op === OP.and) this.#dropCommon(op, first, second);
    const other = second.get().op;
    if (first.get().op !== other && (other === OP.or || other === OP.and)) this.#dropCommon(other, first, second);
    return [this.#eliminateYesNo(first.get()), this.#eliminateYesNo(second.get())];
  }

  #dropCommon(op: BinaryOp, a: Slot, b: Slot): void {
    this.#budget.spend(1);
    if (a.get().op === op) {
      this.#dropCommon(op, leftOf(a.get()), b);
      this.#dropCommon(op, rightOf(a.get()), b);
      return;
    }
    if (b.get().op === op) {
      this.#dropCommon(op, a, leftOf(b.get()));
      this.#dropCommon(op, a, rightOf(b.get()));
      return;
    }
    const left = a.get();
    const right = b.get();
    if (sameYesOrNo(left, right) || !this.#equal(left, right)) return;
    this.#changes++;
    const neutral = symbolExpr(op === OP.or ? this.#constants.no : this.#constants.yes);
    a.set(copyExpr(neutral, this.#budget));
    b.set(copyExpr(neutral, this.#budget));
  }

  #eliminateYesNo(e: MutableExpr): MutableExpr {
    if (e.op !== OP.and && e.op !== OP.or) return e;
    e.left = this.#eliminateYesNo(e.left!);
    e.right = this.#eliminateYesNo(e.right!);
    const [absorbing, neutral] = e.op === OP.and ? ([0, 2] as const) : ([2, 0] as const);
    const { left, right } = e;
    if (isConstant(left, absorbing)) return left;
    if (isConstant(left, neutral)) return right;
    if (isConstant(right, absorbing)) return right;
    if (isConstant(right, neutral)) return left;
    return e;
  }
}
