import { binaryExpr, notExpr, symbolExpr } from './expression.ts';
import { type Expr, OP } from './symbol.ts';
import type { SymbolTable } from './symbol-table.ts';

/** Rewrites `m` to `m && MODULES`, so that it is `n` without modules (`menu.c:rewrite_m`). */
export function rewriteMod(e: Expr | null, symbols: SymbolTable): Expr | null {
  if (!e) return e;
  switch (e.op) {
    case OP.not: {
      const inner = rewriteMod(e.left, symbols)!;
      return inner === e.left ? e : notExpr(inner);
    }
    case OP.or:
    case OP.and: {
      const left = rewriteMod(e.left, symbols)!;
      const right = rewriteMod(e.right, symbols)!;
      return left === e.left && right === e.right ? e : binaryExpr(e.op, left, right);
    }
    case OP.symbol:
      return e.sym === symbols.mod ? binaryExpr(OP.and, e, symbolExpr(symbols.modules ?? symbols.no)) : e;
    default:
      return e;
  }
}
