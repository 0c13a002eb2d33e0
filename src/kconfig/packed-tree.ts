/**
 * A finalised Kconfig tree as numbers and texts, to be kept between runs: symbols, then the menu tree in its order, each
 * node with its properties, then what finalisation gave the symbols. Optional parts are told by bits of the number
 * before them.
 */
import type { Packer, Unpacker } from '../cache/packed.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Dialect } from './dialect.ts';
import { ExactExpressions } from './exact-expressions.ts';
import type { Tristate } from './expression.ts';
import { HelpText } from './help.ts';
import type { Kconfig } from './kconfig.ts';
import { ExpressionPacker, ExpressionUnpacker } from './packed-expressions.ts';
import {
  type Clause,
  KSymbol,
  type Location,
  type MenuNode,
  newNode,
  newProperty,
  nextNode,
  type Property,
  type PropertyKind,
  type SymbolType,
  withItem,
} from './symbol.ts';
import { SymbolTable } from './symbol-table.ts';

/** Their places are what stands in the numbers: the lowest three bits. */
const TYPES: readonly SymbolType[] = ['unknown', 'bool', 'tristate', 'int', 'hex', 'string'];
const KINDS: readonly PropertyKind[] = ['prompt', 'comment', 'menu', 'default', 'select', 'imply', 'range'];
const LOW = 7;

/** Bits of a symbol. */
const S = {
  name: 8,
  quoted: 16,
  choice: 32,
  optional: 64,
  transitional: 128,
  defconfigList: 256,
  onInAllnoconfig: 512,
  constant: 1024,
} as const;

/** Bits of a symbol's finalised part. */
const D = { direct: 1, reverse: 2, implied: 4, choice: 8 } as const;

/** Bits of a menu node. */
const N = {
  symbol: 1,
  moved: 2,
  own: 4,
  clauses: 8,
  dependency: 16,
  visibility: 32,
  visibleClauses: 64,
  help: 128,
  members: 256,
  properties: 512,
  direct: 1024,
  prefix: 2048,
} as const;

/** Bits of a property. */
const P = { text: 8, condition: 16, visible: 32, value: 64, range: 128, prompt: 256 } as const;

/** What is small enough to be written as it is. */
interface Rest {
  readonly dialect: Dialect;
  readonly files: readonly string[];
  readonly unknownCommands: readonly string[];
  readonly usedEnvironment: readonly (readonly [string, string])[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Writes a tree.
 * @returns false where it cannot be told from what it says now how it came to be: then it is not to be kept
 * @throws RangeError where it is too large
 */
export function packTree(kconfig: Kconfig, packer: Packer): boolean {
  if (kconfig.exact.hasLateTypes) return false;
  new TreePacker(kconfig, packer).write();
  return true;
}

/**
 * Reads a tree that `packTree` wrote.
 * @param readFile gives the files that it was read from, for help texts
 */
export function unpackTree(unpacker: Unpacker, readFile: (name: string) => string | null): Kconfig {
  return new TreeUnpacker(unpacker, readFile).read();
}

class TreePacker {
  readonly #kconfig: Kconfig;
  readonly #packer: Packer;
  readonly #expressions: ExpressionPacker;
  readonly #nodes = new Map<MenuNode, number>();
  readonly #properties = new Map<Property, number>();
  readonly #direct: ReadonlySet<MenuNode>;
  #file = '';

  constructor(kconfig: Kconfig, packer: Packer) {
    this.#kconfig = kconfig;
    this.#packer = packer;
    this.#expressions = new ExpressionPacker(packer);
    this.#direct = new Set(kconfig.exact.directNodes);
  }

  write(): void {
    const { dialect, files, unknownCommands, usedEnvironment, diagnostics, symbols, root, exact } = this.#kconfig;
    const rest: Rest = { dialect, files, unknownCommands, usedEnvironment: [...usedEnvironment], diagnostics };
    this.#packer.text(JSON.stringify(rest));
    this.#packer.int(symbols.all.length);
    for (const symbol of symbols.all) this.#symbol(symbol);
    this.#packer.int(symbols.modules ? symbols.modules.id : -1);
    for (let node: MenuNode | null = root; node; node = nextNode(node)) this.#nodes.set(node, this.#nodes.size);
    this.#packer.int(this.#nodes.size);
    for (const node of this.#nodes.keys()) this.#node(node);
    for (const symbol of symbols.all) this.#finalised(symbol);
    this.#packer.int(exact.reverseProperties.length);
    for (const property of exact.reverseProperties) this.#packer.int(this.#properties.get(property)!);
  }

  #symbol(symbol: KSymbol): void {
    const { name, constant } = symbol;
    this.#packer.int(
      TYPES.indexOf(symbol.type) +
        (name === null ? 0 : S.name) +
        (symbol.quoted ? S.quoted : 0) +
        (symbol.isChoice ? S.choice : 0) +
        (symbol.optional ? S.optional : 0) +
        (symbol.transitional ? S.transitional : 0) +
        (symbol.isDefconfigList ? S.defconfigList : 0) +
        (symbol.isOnInAllnoconfig ? S.onInAllnoconfig : 0) +
        (constant === null ? 0 : S.constant),
    );
    if (name !== null) this.#packer.text(name);
    if (constant !== null) this.#packer.int(constant);
  }

  #finalised({ directDependency, reverseDependency, implied, choice }: KSymbol): void {
    this.#packer.int(
      (directDependency ? D.direct : 0) +
        (reverseDependency ? D.reverse : 0) +
        (implied ? D.implied : 0) +
        (choice ? D.choice : 0),
    );
    if (directDependency) this.#expressions.write(directDependency);
    if (reverseDependency) this.#expressions.write(reverseDependency);
    if (implied) this.#expressions.write(implied);
    if (choice) this.#packer.int(this.#nodes.get(choice)!);
  }

  #node(node: MenuNode): void {
    const { symbol, clauses, visibleClauses, choiceMembers, help } = node;
    const properties = symbol
      ? symbol.properties.filter((each) => each.node === node)
      : node.prompt
        ? [node.prompt]
        : [];
    const prefix = this.#kconfig.exact.prefixes.get(node);
    this.#packer.int(
      (symbol ? N.symbol : 0) +
        (node.parent === node.enclosing ? 0 : N.moved) +
        (node.ownDependency ? N.own : 0) +
        (clauses.length > 0 ? N.clauses : 0) +
        (node.dependency ? N.dependency : 0) +
        (node.visibility ? N.visibility : 0) +
        (visibleClauses.length > 0 ? N.visibleClauses : 0) +
        (help ? N.help : 0) +
        (choiceMembers.length > 0 ? N.members : 0) +
        (properties.length > 0 ? N.properties : 0) +
        (this.#direct.has(node) ? N.direct : 0) +
        (prefix ? N.prefix : 0),
    );
    if (symbol) this.#packer.int(symbol.id);
    this.#place(node.at);
    this.#reference(node.enclosing);
    if (node.parent !== node.enclosing) this.#reference(node.parent);
    if (node.ownDependency) this.#expressions.write(node.ownDependency);
    if (clauses.length > 0) this.#clauses(clauses);
    if (node.dependency) this.#expressions.write(node.dependency);
    if (node.visibility) this.#expressions.write(node.visibility);
    if (visibleClauses.length > 0) this.#clauses(visibleClauses);
    if (help) this.#place({ file: help.file, line: help.start });
    if (choiceMembers.length > 0) this.#members(choiceMembers);
    if (prefix) this.#expressions.write(prefix);
    if (properties.length > 0) this.#packer.int(properties.length);
    for (const property of properties) this.#property(property);
  }

  #property(property: Property): void {
    const { text, condition, visible, value, low, high, node } = property;
    this.#properties.set(property, this.#properties.size);
    this.#packer.int(
      KINDS.indexOf(property.kind) +
        (text === null ? 0 : P.text) +
        (condition ? P.condition : 0) +
        (visible ? P.visible : 0) +
        (value ? P.value : 0) +
        (low ? P.range : 0) +
        (node.prompt === property ? P.prompt : 0),
    );
    this.#place(property.at);
    if (text !== null) this.#packer.text(text);
    if (condition) this.#expressions.write(condition);
    if (visible) this.#expressions.write(visible);
    if (value) this.#expressions.write(value);
    if (low && high) {
      this.#packer.int(low.id);
      this.#packer.int(high.id);
    }
  }

  #clauses(clauses: readonly Clause[]): void {
    this.#packer.int(clauses.length);
    for (const { condition, at } of clauses) {
      this.#expressions.write(condition);
      this.#place(at);
    }
  }

  #members(members: readonly KSymbol[]): void {
    this.#packer.int(members.length);
    for (const { id } of members) this.#packer.int(id);
  }

  #reference(node: MenuNode | null): void {
    this.#packer.int(node ? this.#nodes.get(node)! : -1);
  }

  /** Most places are in the same file as the one before. */
  #place({ file, line }: Location): void {
    const isOther = file !== this.#file;
    this.#packer.int(line * 2 + (isOther ? 1 : 0));
    if (isOther) this.#packer.text(file);
    this.#file = file;
  }
}

class TreeUnpacker {
  readonly #unpacker: Unpacker;
  readonly #readFile: (name: string) => string | null;
  readonly #rest: Rest;
  readonly #symbols: SymbolTable;
  readonly #all: readonly KSymbol[];
  readonly #exact: ExactExpressions;
  readonly #expressions: ExpressionUnpacker;
  readonly #nodes: MenuNode[] = [];
  readonly #properties: Property[] = [];
  /** The last child of each node so far. */
  readonly #lastChild: (MenuNode | null)[] = [];
  #file = '';

  constructor(unpacker: Unpacker, readFile: (name: string) => string | null) {
    this.#unpacker = unpacker;
    this.#readFile = readFile;
    this.#rest = JSON.parse(unpacker.text()) as Rest;
    const count = unpacker.int();
    const all: KSymbol[] = [];
    for (let id = 0; id < count; id++) all.push(this.#symbol(id));
    this.#all = all;
    this.#symbols = new SymbolTable(all);
    this.#exact = new ExactExpressions(this.#symbols, this.#rest.dialect);
    this.#expressions = new ExpressionUnpacker(unpacker, all);
  }

  read(): Kconfig {
    const unpacker = this.#unpacker;
    const modules = unpacker.int();
    if (modules >= 0) this.#symbols.modules = this.#all[modules]!;
    const count = unpacker.int();
    for (let i = 0; i < count; i++) this.#node();
    for (const symbol of this.#all) this.#finalised(symbol);
    const reverse = unpacker.int();
    for (let i = 0; i < reverse; i++) this.#exact.addReverse(this.#properties[unpacker.int()]!);
    const { dialect, files, unknownCommands, usedEnvironment, diagnostics } = this.#rest;
    return {
      dialect,
      exact: this.#exact,
      diagnostics,
      symbols: this.#symbols,
      root: this.#nodes[0]!,
      files,
      unknownCommands,
      usedEnvironment: new Map(usedEnvironment),
    };
  }

  #symbol(id: number): KSymbol {
    const bits = this.#unpacker.int();
    const name = bits & S.name ? this.#unpacker.text() : null;
    const constant = bits & S.constant ? (this.#unpacker.int() as Tristate) : null;
    const symbol = new KSymbol(id, name, (bits & S.quoted) !== 0, constant, (bits & S.choice) !== 0);
    symbol.type = TYPES[bits & LOW]!;
    symbol.optional = (bits & S.optional) !== 0;
    symbol.transitional = (bits & S.transitional) !== 0;
    symbol.isDefconfigList = (bits & S.defconfigList) !== 0;
    symbol.isOnInAllnoconfig = (bits & S.onInAllnoconfig) !== 0;
    return symbol;
  }

  #finalised(symbol: KSymbol): void {
    const bits = this.#unpacker.int();
    if (bits & D.direct) symbol.directDependency = this.#expressions.read();
    if (bits & D.reverse) symbol.reverseDependency = this.#expressions.read();
    if (bits & D.implied) symbol.implied = this.#expressions.read();
    if (bits & D.choice) symbol.choice = this.#nodes[this.#unpacker.int()]!;
  }

  #node(): void {
    const unpacker = this.#unpacker;
    const expressions = this.#expressions;
    const bits = unpacker.int();
    const symbol = bits & N.symbol ? this.#all[unpacker.int()]! : null;
    const at = this.#place();
    const enclosing = unpacker.int();
    const node = newNode(symbol, enclosing < 0 ? null : this.#nodes[enclosing]!, at);
    this.#append(node, bits & N.moved ? unpacker.int() : enclosing);
    if (bits & N.own) node.ownDependency = expressions.read();
    if (bits & N.clauses) node.clauses = this.#clauses();
    if (bits & N.dependency) node.dependency = expressions.read();
    if (bits & N.visibility) node.visibility = expressions.read();
    if (bits & N.visibleClauses) node.visibleClauses = this.#clauses();
    if (bits & N.help) {
      const { file, line: start } = this.#place();
      node.help = new HelpText(this.#readFile, file, start);
    }
    if (bits & N.members) node.choiceMembers = this.#members();
    if (bits & N.prefix) this.#exact.prefix(node, expressions.read()!);
    if (bits & N.direct) this.#exact.addDirectDependency(node);
    if (symbol) symbol.nodes = withItem(symbol.nodes, node);
    if (bits & N.properties) this.#propertiesOf(node);
  }

  #append(node: MenuNode, parent: number): void {
    this.#nodes.push(node);
    this.#lastChild.push(null);
    if (parent < 0) return;
    const above = this.#nodes[parent]!;
    const before = this.#lastChild[parent];
    node.parent = above;
    if (before) before.next = node;
    else above.list = node;
    this.#lastChild[parent] = node;
  }

  #propertiesOf(node: MenuNode): void {
    const { symbol } = node;
    const start = this.#properties.length;
    for (let left = this.#unpacker.int(); left > 0; left--) this.#properties.push(this.#property(node));
    if (!symbol) return;
    if (symbol.properties.length === 0) symbol.properties = this.#properties.slice(start);
    else for (const own of this.#properties.slice(start)) symbol.properties = withItem(symbol.properties, own);
  }

  #property(node: MenuNode): Property {
    const unpacker = this.#unpacker;
    const expressions = this.#expressions;
    const bits = unpacker.int();
    const at = this.#place();
    const text = bits & P.text ? unpacker.text() : null;
    const condition = bits & P.condition ? expressions.read() : null;
    const visible = bits & P.visible ? expressions.read() : null;
    const value = bits & P.value ? expressions.read() : null;
    const low = bits & P.range ? this.#all[unpacker.int()]! : null;
    const high = bits & P.range ? this.#all[unpacker.int()]! : null;
    const property = newProperty(KINDS[bits & LOW]!, text, condition, value, low, high, node, at);
    property.visible = visible;
    if (bits & P.prompt) node.prompt = property;
    return property;
  }

  #clauses(): readonly Clause[] {
    let clauses: readonly Clause[] = [];
    for (let left = this.#unpacker.int(); left > 0; left--) {
      const condition = this.#expressions.read()!;
      clauses = withItem(clauses, { condition, at: this.#place() });
    }
    return clauses;
  }

  #members(): readonly KSymbol[] {
    const members: KSymbol[] = [];
    for (let left = this.#unpacker.int(); left > 0; left--) members.push(this.#all[this.#unpacker.int()]!);
    return members;
  }

  #place(): Location {
    const bits = this.#unpacker.int();
    if (bits & 1) this.#file = this.#unpacker.text();
    return { file: this.#file, line: bits >> 1 };
  }
}
