import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Dialect } from './dialect.ts';
import { ExactExpressions } from './exact-expressions.ts';
import { andExpr, compareExpr, containsSymbol, dependsOnSymbol, orExpr, symbolExpr } from './expression.ts';
import { checkProperties } from './property-checks.ts';
import { rewriteMod } from './rewrite-mod.ts';
import { compareWithNo, isYes, transform } from './simplify.ts';
import { type Expr, type KSymbol, type MenuNode, OP, type Property, withItem } from './symbol.ts';
import type { SymbolTable } from './symbol-table.ts';

/**
 * Turns what the files say into what holds (`menu.c:menu_finalize`): hands the dependencies of menus and ifs down,
 * collects reverse dependencies, nests automatic submenus, dissolves ifs, and ties choices to their members.
 */
export function finalise(
  root: MenuNode,
  symbols: SymbolTable,
  dialect: Dialect,
  report: (diagnostic: Diagnostic) => void,
): ExactExpressions {
  const finaliser = new Finaliser(symbols, dialect, report);
  finaliser.menu(root, false);
  tieChoices(symbols, dialect);
  return finaliser.exact;
}

class Finaliser {
  readonly #symbols: SymbolTable;
  readonly #dialect: Dialect;
  readonly #report: (diagnostic: Diagnostic) => void;
  readonly #checked = new Set<KSymbol>();
  readonly #choiceMembers = new Set<KSymbol>();
  /** The properties of each definition, of symbols that have several. */
  readonly #shared = new Map<MenuNode, Property[]>();
  readonly exact: ExactExpressions;

  constructor(symbols: SymbolTable, dialect: Dialect, report: (diagnostic: Diagnostic) => void) {
    this.#symbols = symbols;
    this.#dialect = dialect;
    this.#report = report;
    this.exact = new ExactExpressions(symbols, dialect);
  }

  menu(parent: MenuNode, insideChoice: boolean): void {
    const { symbol } = parent;
    const oldChoices = this.#dialect.choices === 'symbol';
    const isChoice = symbol?.isChoice ?? false;
    if (parent.list) {
      if (isChoice && oldChoices) this.#choiceTypes(parent);
      const parentDependency = isChoice && oldChoices ? symbolExpr(symbol!) : parent.dependency;
      for (let node = parent.list as MenuNode | null; node; node = node.next) {
        this.#dependencies(node, parentDependency, isChoice && oldChoices);
      }
      for (let node = parent.list as MenuNode | null; node; node = node.next) this.menu(node, isChoice);
    } else if (symbol && (oldChoices || !insideChoice)) {
      this.#submenu(parent, symbol);
      symbol.directDependency = orExpr(symbol.directDependency, parent.dependency);
      this.exact.addDirectDependency(parent);
    }
    for (let node = parent.list as MenuNode | null; node; node = node.next) {
      if (isChoice && oldChoices) this.#choiceMember(parent, node);
      if (node.list && !node.prompt?.text) dissolve(node, parent);
    }
    if (symbol && !this.#checked.has(symbol)) {
      this.#checked.add(symbol);
      checkProperties(symbol, parent, oldChoices, this.#report);
      if (isChoice) this.#choiceDefaults(symbol);
    }
    if (oldChoices && isChoice && !symbol!.optional && parent.prompt) {
      const selected = andExpr(parent.prompt.visible, symbolExpr(this.#symbols.mod));
      symbol!.reverseDependency = orExpr(symbol!.reverseDependency, selected);
      this.exact.addReverse(parent.prompt);
    }
  }

  /** Hands a menu's dependencies to one of its entries and the entry's properties. */
  #dependencies(node: MenuNode, parentDependency: Expr | null, isMember: boolean): void {
    const own = rewriteMod(node.ownDependency, this.#symbols);
    // Members of old choices may read each other, and then it counts that a bool is not read to know that it isn't `m`.
    node.dependency = andExpr(parentDependency, isMember ? transform(own, this.#symbols) : own);
    if (!node.symbol) {
      if (node.prompt) this.#property(node, node.prompt);
      return;
    }
    for (const property of this.#propertiesOf(node, node.symbol)) this.#property(node, property);
  }

  /** The properties of one of a symbol's definitions. */
  #propertiesOf(node: MenuNode, { nodes, properties }: KSymbol): readonly Property[] {
    if (nodes.length === 1) return properties;
    if (!this.#shared.has(nodes[0]!)) {
      for (const each of nodes) this.#shared.set(each, []);
      for (const property of properties) this.#shared.get(property.node)!.push(property);
    }
    return this.#shared.get(node)!;
  }

  #property(node: MenuNode, property: Property): void {
    property.visible = andExpr(node.dependency, rewriteMod(property.condition, this.#symbols));
    if (property.kind !== 'select' && property.kind !== 'imply') return;
    const target = property.value!.sym!;
    const term = andExpr(symbolExpr(node.symbol!), property.visible)!;
    if (property.kind === 'select') target.reverseDependency = orExpr(target.reverseDependency, term);
    else target.implied = orExpr(target.implied, term);
    this.exact.addReverse(property);
  }

  /** Nests the entries behind a symbol that depend on it below it (automatic submenus). */
  #submenu(parent: MenuNode, symbol: KSymbol): void {
    let base: Expr | null | undefined;
    let last: MenuNode | null = null;
    for (let node = parent.next; node; node = node.next) {
      const raw = node.prompt ? node.prompt.visible : node.dependency;
      if (!containsSymbol(raw, symbol)) break;
      if (!isPlainConjunct(raw, symbol)) {
        const dependency = node.prompt ? this.exact.visible(node.prompt) : this.exact.dependency(node);
        if (!containsSymbol(dependency, symbol)) break;
        if (!dependsOnSymbol(dependency, symbol)) {
          base ??= this.#comparedWithNo(parent.prompt ? this.exact.visible(parent.prompt) : null);
          const [, rest] = this.exact.simplifier.eliminateCommon(this.#comparedWithNo(dependency), base);
          if (!isYes(rest)) break;
        }
      }
      this.menu(node, false);
      node.parent = parent;
      last = node;
    }
    if (!last) return;
    parent.list = parent.next;
    parent.next = last.next;
    last.next = null;
  }

  #comparedWithNo(e: Expr | null): Expr | null {
    const compared = compareWithNo(e, false, this.#symbols);
    return this.exact.simplifier.eliminateDuplicates(transform(compared, this.#symbols));
  }

  /** Warns about defaults of a choice that are none of its members (`menu.c:sym_check_prop`). */
  #choiceDefaults(choice: KSymbol): void {
    for (const property of choice.properties) {
      if (property.kind !== 'default') continue;
      const member = property.value!.sym!;
      const home = this.#dialect.choices === 'symbol' ? member.choice : choiceAround(member);
      if (home?.symbol === choice) continue;
      const at = { ...property.at, column: 0 };
      this.#report({ code: 'kconfig-choice-default-outside', severity: 'warning', at, args: { symbol: member.name! } });
    }
  }

  /** Old trees: a choice without a type takes its first member's, and members without a type take the choice's. */
  #choiceTypes(parent: MenuNode): void {
    const choice = parent.symbol!;
    for (let node = parent.list; node && choice.type === 'unknown'; node = node.next) {
      if (node.symbol && node.symbol.type !== 'unknown') choice.type = node.symbol.type;
    }
    for (let node = parent.list; node; node = node.next) {
      if (node.symbol && node.symbol.type === 'unknown') {
        node.symbol.type = choice.type;
        this.exact.hasLateTypes = true;
      }
    }
  }

  /** Old trees: makes an entry of a choice a member of it. */
  #choiceMember(parent: MenuNode, node: MenuNode): void {
    const choice = parent.symbol!;
    const { symbol } = node;
    if (!symbol || this.#choiceMembers.has(symbol)) return;
    this.#choiceMembers.add(symbol);
    const warn = (code: string, at: { file: string; line: number }): void =>
      this.#report({
        code,
        severity: 'warning',
        at: { ...at, column: 0 },
        args: { symbol: symbol.name ?? '<choice>' },
      });
    if (!node.prompt) warn('kconfig-choice-value-without-prompt', node.at);
    for (const property of symbol.properties) {
      if (property.kind === 'default') warn('kconfig-choice-value-default', property.at);
      if (property.node === node) continue;
      if (property.kind === 'prompt' && property.node.parent?.symbol !== choice) {
        warn('kconfig-choice-value-outside', property.at);
      }
    }
    if (choice.type === 'tristate' && symbol.type !== 'tristate') {
      const whole = compareExpr(OP.equal, choice, this.#symbols.yes);
      node.dependency = andExpr(whole, node.dependency);
      for (const property of symbol.properties) {
        if (property.node === node) property.visible = andExpr(whole, property.visible);
      }
      this.exact.prefix(node, whole);
    }
    symbol.choice = choice.nodes[0]!;
    const home = choice.nodes[0]!;
    home.choiceMembers = withItem(home.choiceMembers, symbol);
  }
}

/**
 * Whether the symbol stands alone among the operands of an `&&` chain, and nothing in the chain could make conf's
 * simplification drop it: then the entry depends on it, whatever the rest says.
 */
function isPlainConjunct(e: Expr | null, symbol: KSymbol): boolean {
  let found = false;
  const walk = (node: Expr): boolean => {
    if (node.op === OP.and) return walk(node.left!) && walk(node.right!);
    if (node.op === OP.symbol) {
      if (node.sym === symbol) found = true;
      return node.sym!.constant !== 0;
    }
    return !containsSymbol(node, symbol);
  };
  return e !== null && walk(e) && found;
}

/** Puts the children of a node without a prompt behind it, on its own level. */
function dissolve(node: MenuNode, parent: MenuNode): void {
  let last = node.list!;
  for (;;) {
    last.parent = parent;
    if (!last.next) break;
    last = last.next;
  }
  last.next = node.next;
  node.next = node.list;
  node.list = null;
}

/** The choice around a symbol's first definition with a prompt (`symbol.c:sym_get_choice_menu`); null for none. */
function choiceAround(symbol: KSymbol): MenuNode | null {
  const node = symbol.nodes.find((candidate) => candidate.prompt);
  let menu = node?.parent ?? null;
  while (menu && !menu.symbol) menu = menu.parent;
  return menu?.symbol?.isChoice ? menu : null;
}

/** New trees: ties symbols to their choices once the menu tree is final. */
function tieChoices(symbols: SymbolTable, dialect: Dialect): void {
  if (dialect.choices !== 'priority') return;
  for (const symbol of symbols.all) symbol.choice = choiceAround(symbol);
}
