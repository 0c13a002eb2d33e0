import { hasMark } from './preprocessor.ts';
import { type Expr, type KSymbol, OP, type Op } from './symbol.ts';

/** `expr.c:expr_alloc_symbol`. */
export function symbolExpr(sym: KSymbol): Expr {
  return { op: OP.symbol, left: null, right: null, sym, sym2: null, number: 0 };
}

/** `expr.c:expr_alloc_comp`. */
export function compareExpr(op: Op, sym: KSymbol, sym2: KSymbol): Expr {
  return { op, left: null, right: null, sym, sym2, number: 0 };
}

/** `expr.c:expr_alloc_one` with E_NOT. */
export function notExpr(e: Expr): Expr {
  return { op: OP.not, left: e, right: null, sym: null, sym2: null, number: 0 };
}

/** `expr.c:expr_alloc_two`. */
export function binaryExpr(op: typeof OP.and | typeof OP.or, left: Expr, right: Expr): Expr {
  return { op, left, right, sym: null, sym2: null, number: 0 };
}

/** `left && right`, where an absent operand is `y` (`expr.c:expr_alloc_and`). */
export function andExpr(left: Expr | null, right: Expr | null): Expr | null {
  if (!left) return right;
  return right ? binaryExpr(OP.and, left, right) : left;
}

/** `left || right`; as in C an absent operand is dropped (`expr.c:expr_alloc_or`). */
export function orExpr(left: Expr | null, right: Expr | null): Expr | null {
  if (!left) return right;
  return right ? binaryExpr(OP.or, left, right) : left;
}

/** Whether the expression mentions the symbol anywhere (`expr.c:expr_contains_symbol`). */
export function containsSymbol(e: Expr | null, sym: KSymbol): boolean {
  if (!e) return false;
  if (e.op === OP.symbol) return e.sym === sym;
  if (e.op >= OP.equal) return e.sym === sym || e.sym2 === sym;
  return containsSymbol(e.left, sym) || containsSymbol(e.right, sym);
}

/** Whether the expression is `n` as soon as the symbol is, by its top-level conjuncts (`expr.c:expr_depends_symbol`). */
export function dependsOnSymbol(e: Expr | null, sym: KSymbol): boolean {
  if (!e) return false;
  switch (e.op) {
    case OP.and:
      return dependsOnSymbol(e.left, sym) || dependsOnSymbol(e.right, sym);
    case OP.symbol:
      return e.sym === sym;
    case OP.equal:
      return e.sym === sym && (e.sym2?.constant === 2 || e.sym2?.constant === 1);
    case OP.unequal:
      return e.sym === sym && e.sym2?.constant === 0;
    default:
      return false;
  }
}

/** Calls `visit` for every symbol the expression reads, constants included, left to right. */
export function forEachSymbol(e: Expr | null, visit: (sym: KSymbol) => void): void {
  if (!e) return;
  if (e.sym) {
    visit(e.sym);
    if (e.sym2) visit(e.sym2);
    return;
  }
  forEachSymbol(e.left, visit);
  forEachSymbol(e.right, visit);
}

/** The operands of a chain of `op`, left to right: `(a || b) || c` gives a, b, c. */
export function operands(e: Expr, op: typeof OP.and | typeof OP.or): Expr[] {
  const found: Expr[] = [];
  const walk = (node: Expr): void => {
    if (node.op === op) {
      walk(node.left!);
      walk(node.right!);
    } else found.push(node);
  };
  walk(e);
  return found;
}

const COMPARISON_TEXT: Partial<Record<Op, string>> = {
  [OP.equal]: '=',
  [OP.unequal]: '!=',
  [OP.less]: '<',
  [OP.lessEqual]: '<=',
  [OP.greater]: '>',
  [OP.greaterEqual]: '>=',
};

/** How tightly a node binds, for parentheses (`expr.c:expr_compare_type`). */
function needsParentheses(outer: Op | null, inner: Op): boolean {
  if (outer === null || outer === inner) return false;
  if (outer === OP.symbol || outer === OP.or) return false;
  if (outer === OP.and) return inner === OP.or;
  if (outer === OP.not) return inner === OP.and || inner === OP.or;
  return inner === OP.not || inner === OP.and || inner === OP.or;
}

/**
 * The expression in Kconfig's notation (`expr.c:expr_print`).
 * @param name prints one symbol; the default is as Kconfig files have it: `""` for an empty text
 */
export function formatExpr(e: Expr | null, name: (sym: KSymbol) => string = operandText): string {
  return e ? formatNode(e, null, name) : 'y';
}

/** A symbol's name, `<choice>` for an unnamed choice; a constant text in quotes. */
function operandText(sym: KSymbol): string {
  return isText(sym) ? `"${sym.name!.replace(/["\\]/g, '\\$&')}"` : symbolName(sym);
}

/** Whether a symbol is a constant text, and none that stands for `$(…)` or for `n`, `m` or `y`. */
export function isText({ name, quoted, constant }: KSymbol): boolean {
  return quoted && constant === null && name !== null && !hasMark(name);
}

/** A symbol's name as conf prints it. */
export function symbolName(sym: KSymbol): string {
  return sym.name ?? '<choice>';
}

function formatNode(e: Expr, outer: Op | null, name: (sym: KSymbol) => string): string {
  let text: string;
  switch (e.op) {
    case OP.symbol:
      text = name(e.sym!);
      break;
    case OP.not:
      text = `!${formatNode(e.left!, OP.not, name)}`;
      break;
    case OP.and:
      text = `${formatNode(e.left!, OP.and, name)} && ${formatNode(e.right!, OP.and, name)}`;
      break;
    case OP.or:
      text = `${formatNode(e.left!, OP.or, name)} || ${formatNode(e.right!, OP.or, name)}`;
      break;
    default:
      text = name(e.sym!) + COMPARISON_TEXT[e.op]! + name(e.sym2!);
  }
  return needsParentheses(outer, e.op) ? `(${text})` : text;
}
