/**
 * A snapshot of a finalised Kconfig tree, as columns of numbers: symbols and what their values are calculated from, the
 * menu tree in its order, properties, clauses. Reading copies nothing; see `SnapshotTree`.
 */

import { crc32 } from '../cache/crc32.ts';
import { IntList } from '../cache/int-list.ts';
import { Packer, type Unpacker } from '../cache/packed.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Dialect } from './dialect.ts';
import type { ExactExpressions } from './exact-expressions.ts';
import {
  type Clause,
  type Expr,
  type KSymbol,
  type Location,
  type MenuNode,
  nextNode,
  type Property,
} from './symbol.ts';
import type { SymbolTable } from './symbol-table.ts';
import { Numbering, tabulate, type ValueTables } from './tables.ts';

/** What is small enough to be written as it is. */
export interface TreeRest {
  readonly dialect: Dialect;
  readonly files: readonly string[];
  readonly unknownCommands: readonly string[];
  readonly usedEnvironment: readonly (readonly [string, string])[];
  readonly diagnostics: readonly Diagnostic[];
  /** The id of the symbol with `modules`; null for none. */
  readonly modules: number | null;
  /** As `Kconfig` has it. */
  readonly symbolsChecksum: number;
}

/** Columns by symbol id, beside those of `ValueTables`. */
const SYMBOL_COLUMNS = ['name', 'bits', 'choiceNode', 'firstNode'] as const;
/** By property, symbols' first and in the order of `ValueTables`, then those of menus and comments. */
const PROPERTY_COLUMNS = ['text', 'condition', 'node', 'file', 'line'] as const;
/** By number of a node. */
const NODE_COLUMNS = [
  'symbol',
  'parent',
  'next',
  'list',
  'enclosing',
  'prompt',
  'own',
  'dependency',
  'visibility',
  'prefix',
  'firstClause',
  'firstVisibleClause',
  'firstMember',
  'helpFile',
  'helpStart',
  'file',
  'line',
] as const;
/**
 * Numbers of nodes and properties, and pairs of such a number and that of an expression: those that could not be made in
 * the same form again.
 */
const EXACT_COLUMNS = ['directNodes', 'reverseProperties', 'dependencies', 'visible'] as const;
const CLAUSE_COLUMNS = ['condition', 'file', 'line'] as const;
const VALUE_COLUMNS = [
  'type',
  'flags',
  'direct',
  'reverse',
  'implied',
  'choice',
  'firstProperty',
  'kind',
  'hasText',
  'visible',
  'value',
  'low',
  'high',
] as const satisfies readonly (keyof ValueTables)[];

type Columns<Name extends string> = Readonly<Record<Name, Int32Array>>;

/** A tree as columns. Files, names and texts are references into the table of texts; -1 stands for what is not there. */
export interface TreeColumns {
  readonly tables: ValueTables;
  readonly symbols: Columns<(typeof SYMBOL_COLUMNS)[number]>;
  /** Numbers of nodes: the definitions of symbols, see `firstNode`. */
  readonly symbolNodes: Int32Array;
  readonly properties: Columns<(typeof PROPERTY_COLUMNS)[number]>;
  readonly nodes: Columns<(typeof NODE_COLUMNS)[number]>;
  /** `depends on` and `if` of a node, then its `visible if`. */
  readonly clauses: Columns<(typeof CLAUSE_COLUMNS)[number]>;
  /** Ids of members of choices, see `firstMember`. */
  readonly members: Int32Array;
  /** See `ExactExpressions`. */
  readonly exact: Columns<(typeof EXACT_COLUMNS)[number]>;
}

/** Bits of a symbol that its value does not depend on. */
export const SYMBOL_BITS = { quoted: 1, optional: 2, onInAllnoconfig: 4 } as const;

/** A tree that was parsed and finalised. */
export interface ParsedTree {
  readonly dialect: Dialect;
  readonly symbols: SymbolTable;
  readonly root: MenuNode;
  /** Files in the order in which they were read, as `source` names them. */
  readonly files: readonly string[];
  /** The expressions in conf's simplified form, for its warnings. */
  readonly exact: ExactExpressions;
  /** `$(shell)` commands whose answers were not known; their marks stand in the tree. */
  readonly unknownCommands: readonly string[];
  /** Environment variables that the files read. */
  readonly usedEnvironment: ReadonlyMap<string, string>;
  /** Warnings, in order. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A tree as bytes, for `readSnapshot`, in a buffer of their own. The tree's expressions get their numbers. */
export function packSnapshot(tree: ParsedTree): Uint8Array {
  const { dialect, files, unknownCommands, usedEnvironment, diagnostics, symbols } = tree;
  const out = new Packer();
  const rest: TreeRest = {
    ...{ dialect, files, unknownCommands, diagnostics },
    usedEnvironment: [...usedEnvironment],
    modules: symbols.modules?.id ?? null,
    symbolsChecksum: checksumOf(symbols),
  };
  out.text(JSON.stringify(rest));
  writeColumns(out, new ColumnMaker(tree, out).make());
  return out.bytes();
}

function checksumOf({ all, modules }: SymbolTable): number {
  return crc32(Buffer.from(JSON.stringify([modules?.id, all.map(({ name, type, quoted }) => [name, type, quoted])])));
}

/** Reads what `packSnapshot` wrote. */
export function unpackSnapshot(unpacker: Unpacker): { rest: TreeRest; columns: TreeColumns } {
  const rest = JSON.parse(unpacker.text()) as TreeRest;
  const columns = <Name extends string>(names: readonly Name[]): Columns<Name> =>
    Object.fromEntries(names.map((name) => [name, unpacker.ints()])) as Columns<Name>;
  return {
    rest,
    columns: {
      tables: { expressions: columns(['op', 'left', 'right']), ...columns(VALUE_COLUMNS) },
      symbols: columns(SYMBOL_COLUMNS),
      properties: columns(PROPERTY_COLUMNS),
      nodes: columns(NODE_COLUMNS),
      clauses: columns(CLAUSE_COLUMNS),
      exact: columns(EXACT_COLUMNS),
      ...columns(['symbolNodes', 'members']),
    },
  };
}

function writeColumns(packer: Packer, columns: TreeColumns): void {
  const write = <Name extends string>(names: readonly Name[], from: Columns<Name>): void => {
    for (const name of names) packer.ints(from[name]);
  };
  write(['op', 'left', 'right'], columns.tables.expressions);
  write(VALUE_COLUMNS, columns.tables);
  write(SYMBOL_COLUMNS, columns.symbols);
  write(PROPERTY_COLUMNS, columns.properties);
  write(NODE_COLUMNS, columns.nodes);
  write(CLAUSE_COLUMNS, columns.clauses);
  write(EXACT_COLUMNS, columns.exact);
  write(['symbolNodes', 'members'], columns);
}

/** Columns in the making. */
type Lists<Name extends string> = Readonly<Record<Name, IntList>>;

function listsFor<Name extends string>(names: readonly Name[]): Lists<Name> {
  return Object.fromEntries(names.map((name) => [name, new IntList()])) as Lists<Name>;
}

function doneLists<Name extends string>(lists: Lists<Name>): Columns<Name> {
  const entries = Object.entries(lists) as [Name, IntList][];
  return Object.fromEntries(entries.map(([name, list]) => [name, list.done()])) as Columns<Name>;
}

class ColumnMaker {
  readonly #tree: ParsedTree;
  readonly #packer: Packer;
  readonly #numbers = new Numbering();
  readonly #nodeNumbers = new Map<MenuNode, number>();
  /** The file of the last place, and its reference: most places are in the file of the one before. */
  #file: string | null = null;
  #fileReference = 0;
  readonly #propertyNumbers = new Map<Property, number>();
  readonly #symbols = listsFor(SYMBOL_COLUMNS);
  readonly #properties = listsFor(PROPERTY_COLUMNS);
  readonly #nodes = listsFor(NODE_COLUMNS);
  readonly #clauses = listsFor(CLAUSE_COLUMNS);
  readonly #symbolNodes = new IntList();
  readonly #members = new IntList();

  constructor(tree: ParsedTree, packer: Packer) {
    this.#tree = tree;
    this.#packer = packer;
  }

  make(): TreeColumns {
    const { symbols, root } = this.#tree;
    for (let node: MenuNode | null = root; node; node = nextNode(node)) {
      this.#nodeNumbers.set(node, this.#nodeNumbers.size);
    }
    const prompts = [...this.#nodeNumbers.keys()].flatMap(({ symbol, prompt }) => (!symbol && prompt ? [prompt] : []));
    const tables = tabulate(symbols.all, prompts, this.#numbers);
    for (const symbol of symbols.all) this.#symbol(symbol);
    this.#symbols.firstNode.push(this.#symbolNodes.length);
    for (const prompt of prompts) this.#property(prompt);
    for (const node of this.#nodeNumbers.keys()) this.#node(node);
    this.#nodes.firstClause.push(this.#clauses.line.length);
    this.#nodes.firstMember.push(this.#members.length);
    const exact = this.#exact();
    return {
      tables: { ...tables, expressions: this.#numbers.table() },
      exact,
      symbols: doneLists(this.#symbols),
      symbolNodes: this.#symbolNodes.done(),
      properties: doneLists(this.#properties),
      nodes: doneLists(this.#nodes),
      clauses: doneLists(this.#clauses),
      members: this.#members.done(),
    };
  }

  #exact(): TreeColumns['exact'] {
    const { directNodes, reverseProperties, made, hasLateTypes } = this.#tree.exact;
    const pairs = <Item>(items: Iterable<[Item, Expr | null]>, numberOf: (item: Item) => number): Int32Array =>
      Int32Array.from(hasLateTypes ? [...items].flatMap(([item, e]) => [numberOf(item), this.#numbers.of(e)]) : []);
    const property = (each: Property): number => this.#propertyNumbers.get(each)!;
    return {
      directNodes: Int32Array.from(directNodes, (node) => this.#nodeNumber(node)),
      reverseProperties: Int32Array.from(reverseProperties, property),
      dependencies: pairs(made.dependencies, (node) => this.#nodeNumber(node)),
      visible: pairs(made.visible, property),
    };
  }

  #symbol(symbol: KSymbol): void {
    const to = this.#symbols;
    to.name.push(symbol.name === null ? -1 : this.#packer.reference(symbol.name));
    to.bits.push(
      (symbol.quoted ? SYMBOL_BITS.quoted : 0) |
        (symbol.optional ? SYMBOL_BITS.optional : 0) |
        (symbol.isOnInAllnoconfig ? SYMBOL_BITS.onInAllnoconfig : 0),
    );
    to.choiceNode.push(this.#nodeNumber(symbol.choice));
    to.firstNode.push(this.#symbolNodes.length);
    for (const node of symbol.nodes) this.#symbolNodes.push(this.#nodeNumber(node));
    for (const property of symbol.properties) this.#property(property);
  }

  #property(property: Property): void {
    const to = this.#properties;
    this.#propertyNumbers.set(property, this.#propertyNumbers.size);
    to.text.push(property.text === null ? -1 : this.#packer.reference(property.text));
    to.condition.push(this.#numbers.of(property.condition));
    to.node.push(this.#nodeNumber(property.node));
    this.#place(to, property.at);
  }

  #node(node: MenuNode): void {
    const to = this.#nodes;
    const numbers = this.#numbers;
    to.symbol.push(node.symbol ? node.symbol.id : -1);
    to.parent.push(this.#nodeNumber(node.parent));
    to.next.push(this.#nodeNumber(node.next));
    to.list.push(this.#nodeNumber(node.list));
    to.enclosing.push(this.#nodeNumber(node.enclosing));
    to.prompt.push(node.prompt ? this.#propertyNumbers.get(node.prompt)! : -1);
    to.own.push(numbers.of(node.ownDependency));
    to.dependency.push(numbers.of(node.dependency));
    to.visibility.push(numbers.of(node.visibility));
    to.prefix.push(numbers.of(this.#tree.exact.prefixes.get(node) ?? null));
    to.firstClause.push(this.#clauses.line.length);
    for (const clause of node.clauses) this.#clause(clause);
    to.firstVisibleClause.push(this.#clauses.line.length);
    for (const clause of node.visibleClauses) this.#clause(clause);
    to.firstMember.push(this.#members.length);
    for (const { id } of node.choiceMembers) this.#members.push(id);
    to.helpFile.push(node.help ? this.#packer.reference(node.help.file) : -1);
    to.helpStart.push(node.help?.start ?? 0);
    this.#place(to, node.at);
  }

  #clause({ condition, at }: Clause): void {
    this.#clauses.condition.push(this.#numbers.of(condition));
    this.#place(this.#clauses, at);
  }

  #place(to: Lists<'file' | 'line'>, { file, line }: Location): void {
    if (file !== this.#file) this.#fileReference = this.#packer.reference(file);
    this.#file = file;
    to.file.push(this.#fileReference);
    to.line.push(line);
  }

  #nodeNumber(node: MenuNode | null): number {
    return node ? this.#nodeNumbers.get(node)! : -1;
  }
}
