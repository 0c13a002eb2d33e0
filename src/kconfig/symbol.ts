/** What a Kconfig tree consists of: symbols, expressions over them, menu entries and their properties. */
import type { HelpText } from './help.ts';

/** A tristate as the engine has it: 0 is `n`, 1 is `m`, 2 is `y`. */
export type Tristate = 0 | 1 | 2;

/** Node kinds of an expression (`expr.h:enum expr_type`). The build puts an enum's numbers in the place of its names. */
export enum OP {
  symbol,
  or,
  and,
  not,
  equal,
  unequal,
  less,
  lessEqual,
  greater,
  greaterEqual,
}
export type Op = OP;

/**
 * A dependency expression; immutable. `and`/`or` use `left` and `right`, `not` uses `left`, a symbol uses `sym`,
 * a comparison `sym` and `sym2`. An absent expression (`null`) means `y`.
 */
export interface Expr {
  readonly op: Op;
  readonly left: Expr | null;
  readonly right: Expr | null;
  readonly sym: KSymbol | null;
  readonly sym2: KSymbol | null;
  /** Its number in the `ValueTables` of the tree that it is part of; 0 for one that stands in none. */
  number: number;
}

/** Types of a symbol (`expr.h:enum symbol_type`); tables have their places in this list. */
export const SYMBOL_TYPES = ['unknown', 'bool', 'tristate', 'int', 'hex', 'string'] as const;
export type SymbolType = (typeof SYMBOL_TYPES)[number];

/** A place in a Kconfig file: the statement's first line, as conf counts it. */
export interface Location {
  readonly file: string;
  readonly line: number;
}

/** Kinds of a property; tables have their places in this list. */
export const PROPERTY_KINDS = ['prompt', 'comment', 'menu', 'default', 'select', 'imply', 'range'] as const;
export type PropertyKind = (typeof PROPERTY_KINDS)[number];

/** What most entries have none of is one list for all of them. */
const NONE: readonly never[] = [];

/**
 * A list with one more item. An array that begins empty takes room for seventeen items with its first one, and most of
 * these lists stay at that.
 * @param list made by this function, or empty; it may be used up
 */
export function withItem<Item>(list: readonly Item[], item: Item): readonly Item[] {
  if (list.length === 0) return [item];
  (list as Item[]).push(item);
  return list;
}

/** One property of a symbol or menu entry (`expr.h:struct property`). */
export interface Property {
  /** `menu` for the prompt of a `menuconfig` (set when its statement ends). */
  kind: PropertyKind;
  /** Prompt text; null for other kinds. */
  readonly text: string | null;
  /** Condition as written (`if …`), before the dependencies of the enclosing entries are added. */
  readonly condition: Expr | null;
  /** The whole condition: dependencies of the menu node and its parents, then `condition`. Set by finalisation. */
  visible: Expr | null;
  /** Value of a default, target of select and imply (a symbol expression). */
  readonly value: Expr | null;
  /** The bounds of a range. */
  readonly low: KSymbol | null;
  readonly high: KSymbol | null;
  readonly node: MenuNode;
  readonly at: Location;
}

/** A condition with the statement that states it: `depends on`, `if`, `visible if`. */
export interface Clause {
  readonly condition: Expr;
  readonly at: Location;
}

/** An entry of the menu tree (`expr.h:struct menu`): a symbol's definition, choice, menu, comment or `if`. */
export interface MenuNode {
  readonly symbol: KSymbol | null;
  readonly at: Location;
  parent: MenuNode | null;
  next: MenuNode | null;
  /** First child. */
  list: MenuNode | null;
  prompt: Property | null;
  /** `depends on` and `if` as written here. */
  ownDependency: Expr | null;
  /** The statements that `ownDependency` is made of. */
  clauses: readonly Clause[];
  /** With those of the parents. Set by finalisation. */
  dependency: Expr | null;
  /** `visible if` as written here. */
  visibility: Expr | null;
  /** The statements that `visibility` is made of. */
  visibleClauses: readonly Clause[];
  /** The menu, if or choice around it in the files: what `parent` is until finalisation. */
  readonly enclosing: MenuNode | null;
  help: HelpText | null;
  /** For a choice: its members in the order of their definition. */
  choiceMembers: readonly KSymbol[];
}

/**
 * A symbol (`expr.h:struct symbol`), without any value: values live in a `Configuration`, so that many
 * configurations share one tree. A choice is a symbol whose name is null (or, in old trees, its optional name).
 */
export interface KSymbol {
  /** Index into the arrays of a `Configuration`. */
  readonly id: number;
  readonly name: string | null;
  type: SymbolType;
  /** Quoted in Kconfig: a constant, whose value is its name. */
  readonly quoted: boolean;
  /** 0, 1, 2 for the constants `n`, `m`, `y`; null for everything else. */
  readonly constant: Tristate | null;
  readonly isChoice: boolean;
  /** A choice that may have no member on (`optional`, old trees only). */
  optional: boolean;
  /** `transitional`: read from a .config for migration, never written (6.18 and later). */
  transitional: boolean;
  /** `option defconfig_list`: where old trees look for a config; never written. */
  isDefconfigList: boolean;
  /** `option allnoconfig_y`: what old trees leave on in allnoconfig. */
  isOnInAllnoconfig: boolean;
  /**
   * For a constant that stands for a `$(shell)` answer nobody knew: the answer that was found elsewhere. Set before any
   * `Configuration` is made.
   */
  answer: string | null;
  properties: readonly Property[];
  /** Definitions in the order of the files. */
  nodes: readonly MenuNode[];
  /** Direct dependency: the dependencies of all definitions, or-ed; null for `y`. */
  directDependency: Expr | null;
  /** `select`s of this symbol, or-ed; null for none. */
  reverseDependency: Expr | null;
  /** `imply`s of this symbol, or-ed; null for none. */
  implied: Expr | null;
  /** For a choice member: the choice's symbol and menu node. */
  choice: MenuNode | null;
  /** Whether a definition exists: a symbol that is only referred to has no type. */
  readonly isDefined: boolean;
}

/** A symbol as the parser makes it, by and by. */
export class ParsedSymbol implements KSymbol {
  id: number;
  readonly name: string | null;
  type: SymbolType = 'unknown';
  readonly quoted: boolean;
  readonly constant: Tristate | null;
  readonly isChoice: boolean;
  optional = false;
  transitional = false;
  isDefconfigList = false;
  isOnInAllnoconfig = false;
  answer: string | null = null;
  properties: readonly Property[] = NONE;
  nodes: readonly MenuNode[] = NONE;
  directDependency: Expr | null = null;
  reverseDependency: Expr | null = null;
  implied: Expr | null = null;
  choice: MenuNode | null = null;

  constructor(id: number, name: string | null, quoted = false, constant: Tristate | null = null, isChoice = false) {
    this.id = id;
    this.name = name;
    this.quoted = quoted;
    this.constant = constant;
    this.isChoice = isChoice;
    if (this.constant !== null) this.type = 'tristate';
  }

  get isDefined(): boolean {
    return this.nodes.length > 0;
  }
}

/** A menu node as the parser begins it: without properties, dependencies and place among its siblings. */
export function newNode(symbol: KSymbol | null, parent: MenuNode | null, at: Location): MenuNode {
  return {
    symbol,
    at,
    parent,
    next: null,
    list: null,
    prompt: null,
    ownDependency: null,
    clauses: NONE,
    dependency: null,
    visibility: null,
    visibleClauses: NONE,
    enclosing: parent,
    help: null,
    choiceMembers: NONE,
  };
}

/** A property that is not finalised yet; what its kind does not have is null. */
export function newProperty(
  kind: PropertyKind,
  text: string | null,
  condition: Expr | null,
  value: Expr | null,
  low: KSymbol | null,
  high: KSymbol | null,
  node: MenuNode,
  at: Location,
): Property {
  return { kind, text, condition, visible: null, value, low, high, node, at };
}

/** The children of a menu node, in order. */
export function* children(node: MenuNode): Generator<MenuNode> {
  for (let child = node.list; child; child = child.next) yield child;
}

/** The node after `node` in depth-first order, within the whole tree (`menu.c:menu_next`); null at its end. */
export function nextNode(node: MenuNode): MenuNode | null {
  if (node.list) return node.list;
  let at: MenuNode | null = node;
  while (at && !at.next) at = at.parent;
  return at ? at.next : null;
}

/** The name of a type in conf's messages (`symbol.c:sym_type_name`). */
export function typeName(type: SymbolType): string {
  return type === 'int' ? 'integer' : type;
}
