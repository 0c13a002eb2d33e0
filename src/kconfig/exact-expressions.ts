import type { Dialect } from './dialect.ts';
import { andExpr, type Expr, orExpr, symbolExpr } from './expression.ts';
import { rewriteMod } from './rewrite-mod.ts';
import { type Simplifier, simplifierFor, transform } from './simplify.ts';
import type { KSymbol, MenuNode, Property } from './symbol.ts';
import type { SymbolTable } from './symbol-table.ts';

/**
 * The expressions in the very form that conf gives them while it finalises the menu tree. Their values are those of
 * the plain ones; their form decides on submenus and is printed in warnings. Made on request and kept.
 */
export class ExactExpressions {
  readonly #symbols: SymbolTable;
  readonly simplifier: Simplifier;
  readonly #parents = new Map<MenuNode, { parent: MenuNode; instead: Expr | null }>();
  readonly #prefixes = new Map<MenuNode, Expr>();
  readonly #dependencies = new Map<MenuNode, Expr | null>();
  readonly #visible = new Map<Property, Expr | null>();
  readonly #direct = new Map<KSymbol, MenuNode[]>();
  readonly #reverse = new Map<KSymbol, Property[]>();

  constructor(symbols: SymbolTable, dialect: Dialect) {
    this.#symbols = symbols;
    this.simplifier = simplifierFor(dialect, symbols);
  }

  /**
   * Notes whose dependencies a node inherits: automatic submenus move nodes later.
   * @param instead the expression inherited in place of the parent's dependencies (an old choice's symbol)
   */
  setParent(node: MenuNode, parent: MenuNode, instead: Expr | null): void {
    this.#parents.set(node, { parent, instead });
  }

  /** Notes an expression that is put before a node's dependencies after they were handed on. */
  prefix(node: MenuNode, e: Expr): void {
    this.#prefixes.set(node, e);
  }

  addDirectDependency(symbol: KSymbol, node: MenuNode): void {
    const known = this.#direct.get(symbol);
    if (known) known.push(node);
    else this.#direct.set(symbol, [node]);
  }

  addReverse(target: KSymbol, property: Property): void {
    const known = this.#reverse.get(target);
    if (known) known.push(property);
    else this.#reverse.set(target, [property]);
  }

  /** A node's dependencies, its parents' included. */
  dependency(node: MenuNode): Expr | null {
    const plain = this.#inherited(node);
    const prefix = this.#prefixes.get(node);
    return prefix ? andExpr(prefix, plain) : plain;
  }

  /** A property's whole condition. */
  visible(property: Property): Expr | null {
    const whole = this.#handedOn(property);
    const prefix = this.#prefixes.get(property.node);
    return prefix ? andExpr(prefix, whole) : whole;
  }

  /** A property's condition as it was when selects were collected: without a prefix. */
  #handedOn(property: Property): Expr | null {
    const known = this.#visible.get(property);
    if (known !== undefined) return known;
    const own = transform(rewriteMod(property.condition, this.#symbols), this.#symbols);
    const whole = this.simplifier.eliminateDuplicates(andExpr(this.#inherited(property.node), own));
    this.#visible.set(property, whole);
    return whole;
  }

  /** A symbol's direct dependency. */
  direct(symbol: KSymbol): Expr | null {
    let whole: Expr | null = null;
    for (const node of this.#direct.get(symbol) ?? []) whole = orExpr(whole, this.#inherited(node));
    return whole;
  }

  /** A symbol's reverse dependency (`select`) or, for `imply`, its implied values. */
  reverse(symbol: KSymbol, kind: 'select' | 'imply'): Expr | null {
    let whole: Expr | null = null;
    for (const property of this.#reverse.get(symbol) ?? []) {
      if (property.kind === kind) {
        whole = orExpr(whole, andExpr(symbolExpr(property.node.symbol!), this.#handedOn(property)));
      } else if (property.kind === 'prompt' && kind === 'select') {
        // An old choice that must have a member on.
        whole = orExpr(whole, andExpr(this.visible(property), symbolExpr(this.#symbols.mod)));
      }
    }
    return whole;
  }

  #inherited(node: MenuNode): Expr | null {
    const known = this.#dependencies.get(node);
    if (known !== undefined) return known;
    const link = this.#parents.get(node);
    const inherited = link ? (link.instead ?? this.#inherited(link.parent)) : null;
    const own = transform(rewriteMod(node.ownDependency, this.#symbols), this.#symbols);
    const made = this.simplifier.eliminateDuplicates(andExpr(inherited, own));
    this.#dependencies.set(node, made);
    return made;
  }
}
