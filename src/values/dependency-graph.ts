import { IntList } from '../cache/int-list.ts';
import type { Packer, Unpacker } from '../cache/packed.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { type KSymbol, OP } from '../kconfig/symbol.ts';
import { KIND, SYMBOL_FLAGS, TYPE, type ValueTables } from '../kconfig/tables.ts';

/**
 * Which symbols read which, in units that are calculated together: a symbol by itself, or a choice with its members.
 * Units are numbered so that each reads only units with smaller numbers. Depends on the tree alone.
 */
export interface DependencyGraph {
  /** Unit of a symbol, by symbol id. */
  readonly unitOf: Int32Array;
  /** Ids of the symbols of a unit: `members[firstMember[u]] … members[firstMember[u + 1] - 1]`. */
  readonly firstMember: Int32Array;
  readonly members: Int32Array;
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

/** How many units there are. */
export function unitCount({ start }: DependencyGraph): number {
  return start.length - 1;
}

/** Writes the graph of a tree. */
export function packGraph(kconfig: Kconfig, packer: Packer): void {
  const { unitOf, firstMember, members, start, dependents } = dependencyGraph(kconfig);
  for (const numbers of [unitOf, firstMember, members, start, dependents]) packer.ints(numbers);
}

/** Reads the graph that `packGraph` wrote of the same tree, so that it need not be made. */
export function unpackGraph(kconfig: Kconfig, unpacker: Unpacker): void {
  const [unitOf, firstMember, members] = [unpacker.ints(), unpacker.ints(), unpacker.ints()];
  graphs.set(kconfig, { unitOf, firstMember, members, start: unpacker.ints(), dependents: unpacker.ints() });
}

/** The symbols of each unit, in their order. */
function membersOf(unitOf: Int32Array, count: number): Pick<DependencyGraph, 'firstMember' | 'members'> {
  const firstMember = new Int32Array(count + 1);
  for (const unit of unitOf) firstMember[unit + 1]!++;
  for (let unit = 0; unit < count; unit++) firstMember[unit + 1]! += firstMember[unit]!;
  const at = firstMember.slice(0, count);
  const members = new Int32Array(unitOf.length);
  for (let id = 0; id < unitOf.length; id++) members[at[unitOf[id]!]!++] = id;
  return { firstMember, members };
}

/** Every symbol that a symbol's value can depend on directly; constants and undefined symbols left out. */
export function inputsOf({ id }: KSymbol, { tables, symbols }: Kconfig): Set<KSymbol> {
  const inputs = new Set<KSymbol>();
  new InputWalk(tables, symbols.modules, (input) => inputs.add(symbols.all[input]!)).symbol(id);
  return inputs;
}

/**
 * The unit of each symbol, by symbol id; it is right for some symbols and what they read, themselves or through others.
 * Costs less than the whole graph, where that is not there already.
 * @param from ids of the symbols
 */
export function unitsRead(kconfig: Kconfig, from: readonly number[]): Int32Array {
  const graph = graphs.get(kconfig);
  if (graph) return graph.unitOf;
  return stronglyConnected(new InputCollector(kconfig.tables, kconfig.symbols.modules).collect(from)).unitOf;
}

/** Which symbols each symbol reads, as numbers: those of a symbol are `edges[start[id]] … edges[end[id] - 1]`. */
interface Edges {
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly edges: Int32Array;
}

function buildGraph({ tables, symbols }: Kconfig): DependencyGraph {
  const inputs = new InputCollector(tables, symbols.modules).collect();
  const { unitOf, count } = stronglyConnected(inputs);
  return { unitOf, ...membersOf(unitOf, count), ...invert(inputs, unitOf, count) };
}

/**
 * Collects what symbols read, one symbol after the other, each input of a symbol once. Reading both ways makes a choice
 * and its members one unit.
 */
class InputCollector {
  readonly #tables: ValueTables;
  readonly #edges = new IntList();
  readonly #walk: InputWalk;
  /** The last symbol that was found to read a symbol. */
  readonly #reader: Int32Array;

  constructor(tables: ValueTables, modules: KSymbol | null) {
    this.#tables = tables;
    this.#reader = new Int32Array(tables.type.length).fill(-1);
    this.#walk = new InputWalk(tables, modules, (input, id) => {
      if (this.#reader[input] === id) return;
      this.#reader[input] = id;
      this.#edges.push(input);
    });
  }

  /** @param from the ids of symbols, of which and of what they read the inputs are wanted; without it of all */
  collect(from?: readonly number[]): Edges {
    const { choice } = this.#tables;
    const members = choiceMembers(choice);
    const [start, end] = [new Int32Array(choice.length), new Int32Array(choice.length)];
    const wanted = new Set(from ?? choice.keys());
    for (const id of wanted) {
      start[id] = this.#edges.length;
      this.#walk.symbol(id);
      if (choice[id] !== -1 && choice[id] !== id) this.#edges.push(choice[id]!);
      for (const member of members.get(id) ?? []) this.#edges.push(member);
      end[id] = this.#edges.length;
      if (from) for (const input of this.#edges.done().subarray(start[id]!)) wanted.add(input);
    }
    return { start, end, edges: this.#edges.done() };
  }
}

/** Goes over what a symbol's value can depend on directly; constants, undefined symbols and itself left out. */
class InputWalk {
  readonly #tables: ValueTables;
  readonly #modules: number;
  readonly #found: (input: number, id: number) => void;
  #id = 0;
  /** An expression that was walked already. */
  #known = 0;

  /** @param found called with each input, as often as the symbol reads it */
  constructor(tables: ValueTables, modules: KSymbol | null, found: (input: number, id: number) => void) {
    this.#tables = tables;
    this.#modules = modules ? modules.id : -1;
    this.#found = found;
  }

  symbol(id: number): void {
    const tables = this.#tables;
    this.#id = id;
    this.#known = 0;
    this.#walk(tables.direct[id]!);
    // What properties depend on mostly begins with the very same expression.
    this.#known = tables.direct[id]!;
    this.#walk(tables.reverse[id]!);
    this.#walk(tables.implied[id]!);
    for (let property = tables.firstProperty[id]!; property < tables.firstProperty[id + 1]!; property++) {
      const kind = tables.kind[property];
      if (kind === KIND.select || kind === KIND.imply) continue;
      this.#walk(tables.visible[property]!);
      this.#walk(tables.value[property]!);
      if (tables.low[property] !== -1) this.#add(tables.low[property]!);
      if (tables.high[property] !== -1) this.#add(tables.high[property]!);
    }
    if (tables.type[id] === TYPE.tristate && this.#modules !== -1) this.#add(this.#modules);
  }

  #walk(number: number): void {
    if (number === 0 || number === this.#known) return;
    const { op, left, right } = this.#tables.expressions;
    const here = op[number]!;
    if (here === OP.and || here === OP.or) {
      this.#walk(left[number]!);
      this.#walk(right[number]!);
    } else if (here === OP.not) this.#walk(left[number]!);
    else {
      this.#add(left[number]!);
      if (here !== OP.symbol) this.#add(right[number]!);
    }
  }

  #add(input: number): void {
    const { type, flags } = this.#tables;
    if (input === this.#id || type[input] === TYPE.unknown || (flags[input]! & SYMBOL_FLAGS.constant) !== 0) return;
    this.#found(input, this.#id);
  }
}

/** Members of choices, by the choice's id. */
function choiceMembers(choice: Int32Array): ReadonlyMap<number, readonly number[]> {
  const members = new Map<number, number[]>();
  for (let id = 0; id < choice.length; id++) {
    if (choice[id] === -1 || choice[id] === id) continue;
    const known = members.get(choice[id]!);
    if (known) known.push(id);
    else members.set(choice[id]!, [id]);
  }
  return members;
}

/** Dependents of each unit; one that several members of a unit read, or read several times, is there as often. */
function invert(
  { start: from, end, edges }: Edges,
  unitOf: Int32Array,
  count: number,
): { start: Int32Array; dependents: Int32Array } {
  const start = new Int32Array(count + 1);
  const total = unitOf.length;
  for (let id = 0; id < total; id++) {
    for (let i = from[id]!; i < end[id]!; i++) {
      const unit = unitOf[edges[i]!]!;
      if (unit !== unitOf[id]) start[unit + 1]!++;
    }
  }
  for (let unit = 0; unit < count; unit++) start[unit + 1]! += start[unit]!;
  const at = start.slice(0, count);
  const dependents = new Int32Array(start[count]!);
  for (let id = 0; id < total; id++) {
    for (let i = from[id]!; i < end[id]!; i++) {
      const unit = unitOf[edges[i]!]!;
      if (unit !== unitOf[id]) dependents[at[unit]!++] = unitOf[id]!;
    }
  }
  return { start, dependents };
}

/** Tarjan's strongly connected components; a component's number is larger than those of all it reads. */
function stronglyConnected({ start, end, edges }: Edges): { unitOf: Int32Array; count: number } {
  const total = start.length;
  const unitOf = new Int32Array(total).fill(-1);
  const index = new Int32Array(total).fill(-1);
  const low = new Int32Array(total);
  const stack: number[] = [];
  const path: number[] = [];
  const nextEdge = start.slice();
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
      if (nextEdge[node]! < end[node]!) {
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
