import type { Packer, Unpacker } from '../cache/packed.ts';
import { type Expr, forEachSymbol } from '../kconfig/expression.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from './configuration.ts';

/**
 * Which symbols read which, in units that are calculated together: a symbol by itself, or a choice with its members.
 * Units are numbered so that each reads only units with smaller numbers. Depends on the tree alone.
 */
export interface DependencyGraph {
  /** Unit of a symbol, by symbol id. */
  readonly unitOf: Int32Array;
  /** Symbols of a unit. */
  readonly members: readonly (readonly KSymbol[])[];
  /** Units that read a unit, one or more times each: `dependents[start[u]] … dependents[start[u + 1] - 1]`. */
  readonly start: Int32Array;
  readonly dependents: Int32Array;
}

const graphs = new WeakMap<Kconfig, DependencyGraph>();

/** The graph of a tree; made once. */
export function dependencyGraph(kconfig: Kconfig): DependencyGraph {
  let graph = graphs.get(kconfig);
  if (!graph) {
    graph = buildGraph(kconfig);
    graphs.set(kconfig, graph);
  }
  return graph;
}

/** Writes the graph of a tree. */
export function packGraph(kconfig: Kconfig, packer: Packer): void {
  const { unitOf, members, start, dependents } = dependencyGraph(kconfig);
  packer.int(members.length);
  packer.int(dependents.length);
  for (const numbers of [unitOf, start, dependents]) for (const number of numbers) packer.int(number);
}

/** Reads the graph that `packGraph` wrote of the same tree, so that it need not be made. */
export function unpackGraph(kconfig: Kconfig, unpacker: Unpacker): void {
  const units = unpacker.int();
  const links = unpacker.int();
  const numbers = (count: number): Int32Array => {
    const read = new Int32Array(count);
    for (let i = 0; i < count; i++) read[i] = unpacker.int();
    return read;
  };
  const unitOf = numbers(kconfig.symbols.all.length);
  graphs.set(kconfig, {
    unitOf,
    members: membersOf(kconfig, unitOf, units),
    start: numbers(units + 1),
    dependents: numbers(links),
  });
}

function membersOf(kconfig: Kconfig, unitOf: Int32Array, count: number): KSymbol[][] {
  const members: KSymbol[][] = Array.from({ length: count });
  for (const symbol of kconfig.symbols.all) {
    const known = members[unitOf[symbol.id]!];
    if (known) known.push(symbol);
    else members[unitOf[symbol.id]!] = [symbol];
  }
  return members;
}

/** Every symbol that a symbol's value can depend on directly; constants and undefined symbols left out. */
export function inputsOf(symbol: KSymbol, kconfig: Kconfig): Set<KSymbol> {
  const inputs = new Set<KSymbol>();
  const add = (input: KSymbol): void => {
    if (input.type !== 'unknown' && input.constant === null) inputs.add(input);
  };
  forEachSymbol(symbol.directDependency, add);
  forEachSymbol(symbol.reverseDependency, add);
  forEachSymbol(symbol.implied, add);
  for (const property of symbol.properties) {
    if (property.kind === 'select' || property.kind === 'imply') continue;
    forEachSymbol(property.visible, add);
    forEachSymbol(property.value, add);
    if (property.low) add(property.low);
    if (property.high) add(property.high);
  }
  const { modules } = kconfig.symbols;
  if (symbol.type === 'tristate' && modules) add(modules);
  inputs.delete(symbol);
  return inputs;
}

/** Which symbols each symbol reads, as numbers: those of a symbol are `edges[start[id]] … edges[start[id + 1] - 1]`. */
interface Edges {
  readonly start: Int32Array;
  readonly edges: Int32Array;
}

function buildGraph(kconfig: Kconfig): DependencyGraph {
  const inputs = collectInputs(kconfig);
  const { unitOf, count } = stronglyConnected(inputs);
  return { unitOf, members: membersOf(kconfig, unitOf, count), ...invert(inputs, unitOf, count) };
}

/** The inputs of all symbols; reading both ways makes a choice and its members one unit. */
function collectInputs(kconfig: Kconfig): Edges {
  const { all } = kconfig.symbols;
  const members = choiceMembers(all);
  const collector = new InputCollector(kconfig);
  const start = new Int32Array(all.length + 1);
  for (const symbol of all) {
    collector.collect(symbol);
    const choice = symbol.choice?.symbol;
    if (choice && choice !== symbol) collector.edges.push(choice.id);
    if (symbol.isChoice) for (const member of members.get(symbol) ?? []) collector.edges.push(member.id);
    start[symbol.id + 1] = collector.edges.length;
  }
  return { start, edges: Int32Array.from(collector.edges) };
}

function choiceMembers(all: readonly KSymbol[]): ReadonlyMap<KSymbol, readonly KSymbol[]> {
  const members = new Map<KSymbol, KSymbol[]>();
  for (const symbol of all) {
    const choice = symbol.choice?.symbol;
    if (!choice || choice === symbol) continue;
    const known = members.get(choice);
    if (known) known.push(symbol);
    else members.set(choice, [symbol]);
  }
  return members;
}

/** Collects what symbols read, one symbol after the other, each input of a symbol once. */
class InputCollector {
  readonly edges: number[] = [];
  readonly #modules: KSymbol | null;
  /** The last symbol that was found to read a symbol. */
  readonly #reader: Int32Array;
  #symbol!: KSymbol;
  /** An expression that was walked already. */
  #known: Expr | null = null;

  constructor({ symbols }: Kconfig) {
    this.#modules = symbols.modules;
    this.#reader = new Int32Array(symbols.all.length).fill(-1);
  }

  collect(symbol: KSymbol): void {
    this.#symbol = symbol;
    this.#known = null;
    this.#walk(symbol.directDependency);
    // What properties depend on mostly begins with the very same expression.
    this.#known = symbol.directDependency;
    this.#walk(symbol.reverseDependency);
    this.#walk(symbol.implied);
    for (const { kind, visible, value, low, high } of symbol.properties) {
      if (kind === 'select' || kind === 'imply') continue;
      this.#walk(visible);
      this.#walk(value);
      if (low) this.#add(low);
      if (high) this.#add(high);
    }
    if (symbol.type === 'tristate' && this.#modules) this.#add(this.#modules);
  }

  #walk(e: Expr | null): void {
    if (!e || e === this.#known) return;
    if (e.sym) {
      this.#add(e.sym);
      if (e.sym2) this.#add(e.sym2);
      return;
    }
    this.#walk(e.left);
    this.#walk(e.right);
  }

  #add(input: KSymbol): void {
    const { id } = this.#symbol;
    if (input === this.#symbol || input.type === 'unknown' || input.constant !== null) return;
    if (this.#reader[input.id] === id) return;
    this.#reader[input.id] = id;
    this.edges.push(input.id);
  }
}

/** Dependents of each unit; one that several members of a unit read, or read several times, is there as often. */
function invert(
  { start: from, edges }: Edges,
  unitOf: Int32Array,
  count: number,
): { start: Int32Array; dependents: Int32Array } {
  const start = new Int32Array(count + 1);
  const total = unitOf.length;
  for (let id = 0; id < total; id++) {
    for (let i = from[id]!; i < from[id + 1]!; i++) {
      const unit = unitOf[edges[i]!]!;
      if (unit !== unitOf[id]) start[unit + 1]!++;
    }
  }
  for (let unit = 0; unit < count; unit++) start[unit + 1]! += start[unit]!;
  const at = start.slice(0, count);
  const dependents = new Int32Array(start[count]!);
  for (let id = 0; id < total; id++) {
    for (let i = from[id]!; i < from[id + 1]!; i++) {
      const unit = unitOf[edges[i]!]!;
      if (unit !== unitOf[id]) dependents[at[unit]!++] = unitOf[id]!;
    }
  }
  return { start, dependents };
}

/** Tarjan's strongly connected components; a component's number is larger than those of all it reads. */
function stronglyConnected({ start, edges }: Edges): { unitOf: Int32Array; count: number } {
  const total = start.length - 1;
  const unitOf = new Int32Array(total).fill(-1);
  const index = new Int32Array(total).fill(-1);
  const low = new Int32Array(total);
  const stack: number[] = [];
  const path: number[] = [];
  const nextEdge = start.slice(0, total);
  let counter = 0;
  let count = 0;
  for (let root = 0; root < total; root++) {
    if (index[root] !== -1) continue;
    path.push(root);
    while (path.length > 0) {
      const node = path.at(-1)!;
      if (index[node] === -1) {
        index[node] = low[node] = counter++;
        stack.push(node);
      }
      if (nextEdge[node]! < start[node + 1]!) {
        const target = edges[nextEdge[node]!++]!;
        if (index[target] === -1) path.push(target);
        else if (unitOf[target] === -1) low[node] = Math.min(low[node]!, index[target]!);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] !== index[node]) continue;
      for (let member = stack.pop()!; ; member = stack.pop()!) {
        unitOf[member] = count;
        if (member === node) break;
      }
      count++;
    }
  }
  return { unitOf, count };
}

/** Keeps a configuration calculated while user values change: only units whose inputs changed are done again. */
export class IncrementalUpdater {
  readonly #config: Configuration;
  readonly #graph: DependencyGraph;
  readonly #pending: Uint8Array;

  /** @param config calculated: every value is up to date, and stays so between updates */
  constructor(config: Configuration) {
    this.#config = config;
    this.#graph = dependencyGraph(config.kconfig);
    this.#pending = new Uint8Array(this.#graph.members.length);
  }

  /**
   * Calculates what depends on symbols whose user values changed.
   * @param visited told the units that are calculated, in this order
   * @returns the symbols that have another value than before
   */
  update(changed: Iterable<KSymbol>, visited: number[] | null = null): KSymbol[] {
    const { unitOf, start, dependents } = this.#graph;
    const found: KSymbol[] = [];
    const pending = this.#pending;
    let first = pending.length;
    let last = -1;
    for (const symbol of changed) {
      const unit = unitOf[symbol.id]!;
      pending[unit] = 1;
      if (unit < first) first = unit;
      if (unit > last) last = unit;
    }
    for (let unit = first; unit <= last; unit++) {
      if (pending[unit] === 0) continue;
      pending[unit] = 0;
      visited?.push(unit);
      if (!this.#recalculate(unit, found)) continue;
      for (let i = start[unit]!; i < start[unit + 1]!; i++) {
        const reader = dependents[i]!;
        pending[reader] = 1;
        if (reader > last) last = reader;
      }
    }
    return found;
  }

  /** Calculates a unit; whether a value in it changed. Changed symbols are added to `found`. */
  #recalculate(unit: number, found: KSymbol[]): boolean {
    const config = this.#config;
    const members = this.#graph.members[unit]!;
    if (members.length === 1) {
      const symbol = members[0]!;
      if (!config.recalculate(symbol)) return false;
      found.push(symbol);
      return true;
    }
    const before = members.map((symbol) => config.text(symbol));
    for (const symbol of members) config.invalidate(symbol);
    const count = found.length;
    members.forEach((symbol, i) => {
      if (config.text(symbol) !== before[i]) found.push(symbol);
    });
    return found.length > count;
  }
}
