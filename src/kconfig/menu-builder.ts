import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { andExpr } from './expression.ts';
import {
  type Expr,
  type KSymbol,
  type Location,
  type MenuNode,
  newNode,
  newProperty,
  type Property,
  type SymbolType,
  typeName,
  withItem,
} from './symbol.ts';

/** Builds the menu tree entry by entry (`menu.c:menu_add_entry` and what follows it). */
export class MenuBuilder {
  readonly #report: (diagnostic: Diagnostic) => void;
  readonly #root: MenuNode;
  #current: MenuNode;
  #last: MenuNode | null = null;
  #menu: MenuNode;

  constructor(report: (diagnostic: Diagnostic) => void) {
    this.#report = report;
    this.#root = newNode(null, null, { file: '', line: 0 });
    this.#current = this.#menu = this.#root;
  }

  /** The innermost open menu, if or choice. */
  get currentMenu(): MenuNode {
    return this.#menu;
  }

  /** Whether no entry has been added yet. */
  get isEmpty(): boolean {
    return this.#root.list === null;
  }

  addEntry(symbol: KSymbol | null, at: Location): MenuNode {
    const node = newNode(symbol, this.#menu, at);
    if (this.#last) this.#last.next = node;
    else this.#menu.list = node;
    this.#last = node;
    this.#current = node;
    if (symbol) symbol.nodes = withItem(symbol.nodes, node);
    return node;
  }

  /** Further entries become children of the last one. */
  openMenu(): void {
    this.#menu = this.#current;
    this.#last = null;
  }

  endMenu(): void {
    this.#last = this.#menu;
    this.#menu = this.#menu.parent!;
  }

  addDependency(node: MenuNode, condition: Expr, at: Location): void {
    node.ownDependency = andExpr(node.ownDependency, condition);
    node.clauses = withItem(node.clauses, { condition, at });
  }

  /** `visible if` of a menu. */
  addVisibility(node: MenuNode, condition: Expr, at: Location): void {
    node.visibility = andExpr(node.visibility, condition);
    node.visibleClauses = withItem(node.visibleClauses, { condition, at });
  }

  addRange(low: KSymbol, high: KSymbol, condition: Expr | null, at: Location): void {
    this.#add(newProperty('range', null, condition, null, low, high, this.#current, at));
  }

  addValue(kind: 'default' | 'select' | 'imply', value: Expr, condition: Expr | null, at: Location): void {
    this.#add(newProperty(kind, null, condition, value, null, null, this.#current, at));
  }

  #add(property: Property): Property {
    const { symbol } = this.#current;
    if (symbol) symbol.properties = withItem(symbol.properties, property);
    return property;
  }

  /** Adds a prompt to the last entry; the `visible if` of all menus around it apply (`menu.c:menu_add_prompt`). */
  addPrompt(kind: 'prompt' | 'menu' | 'comment', text: string, condition: Expr | null, at: Location): void {
    const trimmed = text.replace(/^[ \f\n\r\t\v]+/, '');
    if (trimmed !== text) this.#warn('kconfig-leading-whitespace', at, {});
    if (this.#current.prompt) this.#warn('kconfig-prompt-redefined', at, {});
    let whole = condition;
    if (kind === 'prompt') {
      for (let menu = this.#current.parent; menu; menu = menu.parent) whole = andExpr(whole, menu.visibility);
    }
    this.#current.prompt = this.#add(newProperty(kind, trimmed, whole, null, null, null, this.#current, at));
  }

  setType(node: MenuNode, type: SymbolType): void {
    const symbol = node.symbol!;
    if (symbol.type === type) return;
    if (symbol.type === 'unknown') symbol.type = type;
    else {
      this.#warn('kconfig-type-redefined', node.at, {
        symbol: symbol.name ?? '<choice>',
        from: typeName(symbol.type),
        to: typeName(type),
      });
    }
  }

  /** The root of the finished tree; it gets conf's own title where the files give none. */
  finish(file: string): MenuNode {
    if (!this.#root.prompt) {
      this.#current = this.#root;
      this.addPrompt('menu', 'Main menu', null, { file, line: 0 });
    }
    return this.#root;
  }

  #warn(code: string, at: Location, args: Record<string, string>): void {
    this.#report({ code, severity: 'warning', at: { ...at, column: 0 }, args });
  }
}
