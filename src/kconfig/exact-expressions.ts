import type { Dialect } from './dialect.ts';
import { andExpr, orExpr, symbolExpr } from './expression.ts';
import { rewriteMod } from './rewrite-mod.ts';
import { type Simplifier, simplifierFor, transform } from './simplify.ts';
import type { Expr, KSymbol, MenuNode, Property } from './symbol.ts';
import type { SymbolTable } from './symbol-table.ts';

/**
 * The expressions in the very form that conf gives them while it finalises the menu tree. Their values are those of
 * the plain ones; their form decides on submenus and is printed in warnings. Made on request, each once.
 */
export class ExactExpressions {
  readonly #symbols: SymbolTable;
  readonly #oldChoices: boolean;
  readonly simplifier: Simplifier;
  readonly #prefixes = new Map<MenuNode, Expr>();
  readonly #dependencies = new Map<MenuNode, Expr | null>();
  readonly #visible = new Map<Property, Expr | null>();
  readonly #directNodes: MenuNode[] = [];
  readonly #reverseProperties: Property[] = [];
  #direct: ReadonlyMap<KSymbol, readonly MenuNode[]> | null = null;
  #reverse: ReadonlyMap<KSymbol, readonly Property[]> | null = null;
  /** Whether symbols were given types when some expressions had been made: later ones would not be the same. */
  hasLateTypes = false;

  constructor(symbols: SymbolTable, dialect: Dialect) {
    this.#symbols = symbols;
    this.#oldChoices = dialect.choices === 'symbol';
    this.simplifier = simplifierFor(dialect, symbols);
  }

  /** Nodes whose dependencies their symbols depend on directly, in the order in which conf comes to them. */
  get directNodes(): readonly MenuNode[] {
    return this.#directNodes;
  }

  /** Properties that raise a symbol, in the order in which conf comes to them. */
  get reverseProperties(): readonly Property[] {
    return this.#reverseProperties;
  }

  /** What was made so far: nodes' dependencies, and properties' conditions as they were when selects were collected. */
  get made(): {
    readonly dependencies: Iterable<[MenuNode, Expr | null]>;
    readonly visible: Iterable<[Property, Expr | null]>;
  } {
    return { dependencies: this.#dependencies, visible: this.#visible };
  }

  /** Takes a dependency of `made`. */
  setDependency(node: MenuNode, e: Expr | null): void {
    this.#dependencies.set(node, e);
  }

  /** Takes a condition of `made`. */
  setVisible(property: Property, e: Expr | null): void {
    this.#visible.set(property, e);
  }

  /** Expressions that were put before the dependencies of nodes. */
  get prefixes(): ReadonlyMap<MenuNode, Expr> {
    return this.#prefixes;
  }

  /** Notes an expression that is put before a node's dependencies after they were handed on. */
  prefix(node: MenuNode, e: Expr): void {
    this.#prefixes.set(node, e);
  }

  /** Notes that a node's symbol depends on the node's dependencies. */
  addDirectDependency(node: MenuNode): void {
    this.#directNodes.push(node);
  }

  /** Notes a select or imply, or the prompt of an old choice that must have a member on. */
  addReverse(property: Property): void {
    this.#reverseProperties.push(property);
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
    this.#direct ??= grouped(this.#directNodes, (node) => node.symbol!);
    for (const node of this.#direct.get(symbol) ?? []) whole = orExpr(whole, this.#inherited(node));
    return whole;
  }

  /** A symbol's reverse dependency (`select`) or, for `imply`, its implied values. */
  reverse(symbol: KSymbol, kind: 'select' | 'imply'): Expr | null {
    let whole: Expr | null = null;
    this.#reverse ??= grouped(this.#reverseProperties, ({ kind: how, value, node }) =>
      how === 'prompt' ? node.symbol! : value!.sym!,
    );
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
    const inherited = node.enclosing ? this.#handedDown(node.enclosing) : null;
    const own = transform(rewriteMod(node.ownDependency, this.#symbols), this.#symbols);
    const made = this.simplifier.eliminateDuplicates(andExpr(inherited, own));
    this.#dependencies.set(node, made);
    return made;
  }

  /** What a node's entries inherit; automatic submenus were no parents yet. */
  #handedDown(node: MenuNode): Expr | null {
    return this.#oldChoices && node.symbol?.isChoice ? symbolExpr(node.symbol) : this.#inherited(node);
  }
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => KSymbol): Map<KSymbol, Item[]> {
  const groups = new Map<KSymbol, Item[]>();
  for (const item of items) {
    const known = groups.get(keyOf(item));
    if (known) known.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
