/**
 * A Kconfig tree, served from its snapshot, be it of this run or of an earlier one. Symbols are made at once, everything
 * else when somebody asks for it: most of what a tree says is only calculated with, and for that its columns are enough.
 */
import { Unpacker } from '../cache/packed.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Dialect } from './dialect.ts';
import { ExactExpressions } from './exact-expressions.ts';
import { HelpText } from './help.ts';
import type { Kconfig } from './kconfig.ts';
import { type MenuColumns, ROOT } from './menu-columns.ts';
import { SYMBOL_BITS, type TreeColumns, unpackSnapshot } from './snapshot.ts';
import {
  type Clause,
  type Expr,
  type KSymbol,
  type Location,
  type MenuNode,
  OP,
  type Op,
  PROPERTY_KINDS,
  type Property,
  type PropertyKind,
  SYMBOL_TYPES,
  type SymbolType,
  type Tristate,
} from './symbol.ts';
import { SymbolTable } from './symbol-table.ts';
import { SYMBOL_FLAGS, type ValueTables } from './tables.ts';

/** Gives a file of the tree; null where it is not there. */
type ReadFile = (name: string) => string | null;

/**
 * Reads a tree that `packSnapshot` wrote.
 * @param readFile gives the files that it was read from, for help texts
 * @throws RangeError where the bytes are not whole
 */
export function readSnapshot(snapshot: Uint8Array, readFile: ReadFile): Kconfig {
  return new SnapshotTree(snapshot, readFile);
}

class SnapshotTree implements Kconfig {
  readonly dialect: Dialect;
  readonly symbols: SymbolTable;
  readonly files: readonly string[];
  readonly unknownCommands: readonly string[];
  readonly usedEnvironment: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
  readonly symbolsChecksum: number;
  readonly snapshot: Uint8Array;
  readonly columns: TreeColumns;
  readonly readFile: ReadFile;
  readonly #unpacker: Unpacker;
  readonly #nodes: (NodeRecord | undefined)[];
  readonly #properties: (PropertyRecord | undefined)[];
  readonly #expressions: (Expr | undefined)[];
  #exact: ExactExpressions | null = null;

  constructor(snapshot: Uint8Array, readFile: ReadFile) {
    const unpacker = new Unpacker(snapshot);
    const { rest, columns } = unpackSnapshot(unpacker);
    this.symbolsChecksum = rest.symbolsChecksum;
    this.snapshot = snapshot;
    this.#unpacker = unpacker;
    this.readFile = readFile;
    this.columns = columns;
    this.dialect = rest.dialect;
    this.files = rest.files;
    this.unknownCommands = rest.unknownCommands;
    this.usedEnvironment = new Map(rest.usedEnvironment);
    this.diagnostics = rest.diagnostics;
    this.#nodes = emptyList(columns.nodes.line.length);
    this.#properties = emptyList(columns.properties.line.length);
    this.#expressions = emptyList(columns.tables.expressions.op.length);
    const all: KSymbol[] = [];
    const { tables, symbols } = columns;
    for (let id = 0; id < tables.type.length; id++) {
      const name = this.text(symbols.name[id]!);
      all.push(new SymbolRecord(this, id, name, tables.type[id]!, tables.flags[id]!, symbols.bits[id]!));
    }
    this.symbols = new SymbolTable(all);
    if (rest.modules !== null) this.symbols.modules = all[rest.modules]!;
  }

  get tables(): ValueTables {
    return this.columns.tables;
  }

  get root(): MenuNode {
    return this.node(ROOT)!;
  }

  get menu(): MenuColumns {
    return this.columns.nodes;
  }

  menuNode(number: number): MenuNode {
    return this.node(number)!;
  }

  get exact(): ExactExpressions {
    if (this.#exact) return this.#exact;
    const { nodes } = this.columns;
    const { directNodes, reverseProperties, dependencies, visible } = this.columns.exact;
    const exact = new ExactExpressions(this.symbols, this.dialect);
    nodes.prefix.forEach((prefix, node) => {
      if (prefix !== 0) exact.prefix(this.node(node)!, this.expression(prefix)!);
    });
    for (const node of directNodes) exact.addDirectDependency(this.node(node)!);
    for (const property of reverseProperties) exact.addReverse(this.property(property));
    for (let i = 0; i < dependencies.length; i += 2) {
      exact.setDependency(this.node(dependencies[i]!)!, this.expression(dependencies[i + 1]!));
    }
    for (let i = 0; i < visible.length; i += 2) {
      exact.setVisible(this.property(visible[i]!), this.expression(visible[i + 1]!));
    }
    this.#exact = exact;
    return exact;
  }

  /** @param number -1 for none */
  node(number: number): NodeRecord | null {
    if (number === -1) return null;
    let node = this.#nodes[number];
    if (node === undefined) {
      node = new NodeRecord(this, number);
      this.#nodes[number] = node;
    }
    return node;
  }

  property(number: number): PropertyRecord {
    let property = this.#properties[number];
    if (property === undefined) {
      property = new PropertyRecord(this, number);
      this.#properties[number] = property;
    }
    return property;
  }

  expression(number: number): Expr | null {
    if (number === 0) return null;
    let e = this.#expressions[number];
    if (e === undefined) {
      e = this.#makeExpression(number);
      this.#expressions[number] = e;
    }
    return e;
  }

  #makeExpression(number: number): Expr {
    const { op: ops, left, right } = this.columns.tables.expressions;
    const op = ops[number] as Op;
    if (op === OP.and || op === OP.or || op === OP.not) {
      const second = op === OP.not ? null : this.expression(right[number]!);
      return { op, left: this.expression(left[number]!), right: second, sym: null, sym2: null, number };
    }
    const sym2 = op === OP.symbol ? null : this.symbol(right[number]!);
    return { op, left: null, right: null, sym: this.symbol(left[number]!), sym2, number };
  }

  /** @param id -1 for none */
  symbol(id: number): KSymbol | null {
    return id === -1 ? null : this.symbols.all[id]!;
  }

  /** @param reference -1 for none */
  text(reference: number): string | null {
    return reference === -1 ? null : this.#unpacker.textOf(reference);
  }

  place({ file, line }: { readonly file: Int32Array; readonly line: Int32Array }, row: number): Location {
    return { file: this.#unpacker.textOf(file[row]!), line: line[row]! };
  }

  clauses(from: number, to: number): readonly Clause[] {
    const { clauses } = this.columns;
    const found: Clause[] = [];
    for (let row = from; row < to; row++) {
      found.push({ condition: this.expression(clauses.condition[row]!)!, at: this.place(clauses, row) });
    }
    return found;
  }
}

function emptyList<Item>(length: number): (Item | undefined)[] {
  return new Array<Item | undefined>(length).fill(undefined);
}

class SymbolRecord implements KSymbol {
  readonly id: number;
  readonly name: string | null;
  readonly type: SymbolType;
  readonly constant: Tristate | null;
  readonly isChoice: boolean;
  readonly quoted: boolean;
  answer: string | null = null;
  readonly #tree: SnapshotTree;
  #properties: readonly Property[] | null = null;
  #nodes: readonly MenuNode[] | null = null;

  /** @param type and `flags` as in `ValueTables`; `bits` are `SYMBOL_BITS` */
  constructor(tree: SnapshotTree, id: number, name: string | null, type: number, flags: number, bits: number) {
    this.#tree = tree;
    this.id = id;
    this.name = name;
    this.type = SYMBOL_TYPES[type]!;
    this.constant = (flags & SYMBOL_FLAGS.constant) === 0 ? null : CONSTANTS[name!]!;
    this.isChoice = (flags & SYMBOL_FLAGS.choice) !== 0;
    this.quoted = (bits & SYMBOL_BITS.quoted) !== 0;
  }

  get optional(): boolean {
    return (this.#tree.columns.symbols.bits[this.id]! & SYMBOL_BITS.optional) !== 0;
  }

  get isOnInAllnoconfig(): boolean {
    return (this.#tree.columns.symbols.bits[this.id]! & SYMBOL_BITS.onInAllnoconfig) !== 0;
  }

  get transitional(): boolean {
    return (this.#tree.tables.flags[this.id]! & SYMBOL_FLAGS.transitional) !== 0;
  }

  get isDefconfigList(): boolean {
    return (this.#tree.tables.flags[this.id]! & SYMBOL_FLAGS.defconfigList) !== 0;
  }

  get properties(): readonly Property[] {
    if (this.#properties === null) {
      const { firstProperty } = this.#tree.tables;
      const found: Property[] = [];
      for (let i = firstProperty[this.id]!; i < firstProperty[this.id + 1]!; i++) found.push(this.#tree.property(i));
      this.#properties = found;
    }
    return this.#properties;
  }

  get nodes(): readonly MenuNode[] {
    if (this.#nodes === null) {
      const { symbols, symbolNodes } = this.#tree.columns;
      const own = symbolNodes.subarray(symbols.firstNode[this.id], symbols.firstNode[this.id + 1]);
      this.#nodes = Array.from(own, (number) => this.#tree.node(number)!);
    }
    return this.#nodes;
  }

  get isDefined(): boolean {
    const { firstNode } = this.#tree.columns.symbols;
    return firstNode[this.id]! < firstNode[this.id + 1]!;
  }

  get directDependency(): Expr | null {
    return this.#tree.expression(this.#tree.tables.direct[this.id]!);
  }

  get reverseDependency(): Expr | null {
    return this.#tree.expression(this.#tree.tables.reverse[this.id]!);
  }

  get implied(): Expr | null {
    return this.#tree.expression(this.#tree.tables.implied[this.id]!);
  }

  get choice(): MenuNode | null {
    return this.#tree.node(this.#tree.columns.symbols.choiceNode[this.id]!);
  }
}

const CONSTANTS: Readonly<Record<string, Tristate>> = { n: 0, m: 1, y: 2 };

class NodeRecord implements MenuNode {
  readonly #tree: SnapshotTree;
  readonly #number: number;
  #choiceMembers: readonly KSymbol[] | null = null;

  constructor(tree: SnapshotTree, number: number) {
    this.#tree = tree;
    this.#number = number;
  }

  get symbol(): KSymbol | null {
    return this.#tree.symbol(this.#tree.columns.nodes.symbol[this.#number]!);
  }

  get at(): Location {
    return this.#tree.place(this.#tree.columns.nodes, this.#number);
  }

  get parent(): MenuNode | null {
    return this.#tree.node(this.#tree.columns.nodes.parent[this.#number]!);
  }

  get next(): MenuNode | null {
    return this.#tree.node(this.#tree.columns.nodes.next[this.#number]!);
  }

  get list(): MenuNode | null {
    return this.#tree.node(this.#tree.columns.nodes.list[this.#number]!);
  }

  get enclosing(): MenuNode | null {
    return this.#tree.node(this.#tree.columns.nodes.enclosing[this.#number]!);
  }

  get prompt(): Property | null {
    const number = this.#tree.columns.nodes.prompt[this.#number]!;
    return number === -1 ? null : this.#tree.property(number);
  }

  get ownDependency(): Expr | null {
    return this.#tree.expression(this.#tree.columns.nodes.own[this.#number]!);
  }

  get dependency(): Expr | null {
    return this.#tree.expression(this.#tree.columns.nodes.dependency[this.#number]!);
  }

  get visibility(): Expr | null {
    return this.#tree.expression(this.#tree.columns.nodes.visibility[this.#number]!);
  }

  get clauses(): readonly Clause[] {
    const { firstClause, firstVisibleClause } = this.#tree.columns.nodes;
    return this.#tree.clauses(firstClause[this.#number]!, firstVisibleClause[this.#number]!);
  }

  get visibleClauses(): readonly Clause[] {
    const { firstClause, firstVisibleClause } = this.#tree.columns.nodes;
    return this.#tree.clauses(firstVisibleClause[this.#number]!, firstClause[this.#number + 1]!);
  }

  get help(): HelpText | null {
    const { helpFile, helpStart } = this.#tree.columns.nodes;
    const file = this.#tree.text(helpFile[this.#number]!);
    return file === null ? null : new HelpText(this.#tree.readFile, file, helpStart[this.#number]!);
  }

  get choiceMembers(): readonly KSymbol[] {
    if (this.#choiceMembers === null) {
      const { nodes, members } = this.#tree.columns;
      const own = members.subarray(nodes.firstMember[this.#number], nodes.firstMember[this.#number + 1]);
      this.#choiceMembers = Array.from(own, (id) => this.#tree.symbols.all[id]!);
    }
    return this.#choiceMembers;
  }
}

class PropertyRecord implements Property {
  readonly #tree: SnapshotTree;
  readonly #number: number;

  constructor(tree: SnapshotTree, number: number) {
    this.#tree = tree;
    this.#number = number;
  }

  get kind(): PropertyKind {
    return PROPERTY_KINDS[this.#tree.tables.kind[this.#number]!]!;
  }

  get text(): string | null {
    return this.#tree.text(this.#tree.columns.properties.text[this.#number]!);
  }

  get condition(): Expr | null {
    return this.#tree.expression(this.#tree.columns.properties.condition[this.#number]!);
  }

  get visible(): Expr | null {
    return this.#tree.expression(this.#tree.tables.visible[this.#number]!);
  }

  get value(): Expr | null {
    return this.#tree.expression(this.#tree.tables.value[this.#number]!);
  }

  get low(): KSymbol | null {
    return this.#tree.symbol(this.#tree.tables.low[this.#number]!);
  }

  get high(): KSymbol | null {
    return this.#tree.symbol(this.#tree.tables.high[this.#number]!);
  }

  get node(): MenuNode {
    return this.#tree.node(this.#tree.columns.properties.node[this.#number]!)!;
  }

  get at(): Location {
    return this.#tree.place(this.#tree.columns.properties, this.#number);
  }
}
