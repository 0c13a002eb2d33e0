import type { Packer, Unpacker } from '../cache/packed.ts';
import { containsSymbol, operands } from '../kconfig/expression.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { type Expr, type KSymbol, OP } from '../kconfig/symbol.ts';

/** A symbol that is named in this share of a tree's areas decides over the whole kernel. */
const SHARE_OF_AREAS = 1 / 8;
/** No share of a tree is smaller: a tree of a few areas has no conditions of the whole kernel. */
const LEAST_AREAS = 8;
/** The same for areas that have something only where the symbol is on, and something only where it is off. */
const AREAS_BOTH_WAYS = 5;

const known = new WeakMap<Kconfig, ReadonlySet<KSymbol>>();

/**
 * The conditions that make the kernel what it is: word size, SMP, MMU, modules, builds for testing, page size,
 * endianness. They go by how much of the tree they decide, not by their names. An area is a directory of two levels
 * (`drivers/net`). A condition of the whole kernel is a bool
 * - that the symbols of an eighth of all areas name (`COMPILE_TEST`, `OF`, `PCI`), or
 * - that the symbols of several areas want to be off (`!64BIT`, `!SMP`, `!EXPERT`, `!PREEMPT_RT`), or
 * - of which an architecture's file lets one be chosen out of several (page size, endianness), or
 * - that switches modules.
 *
 * What adds code is none, however much stands below it: a tristate, a subsystem (`SPI`), a platform (`ARCH_QCOM`).
 */
export function wholeKernelConditions(kconfig: Kconfig): ReadonlySet<KSymbol> {
  let found = known.get(kconfig);
  if (!found) {
    found = find(kconfig);
    known.set(kconfig, found);
  }
  return found;
}

/** Writes the conditions of a tree. */
export function packWholeKernel(kconfig: Kconfig, packer: Packer): void {
  packer.ints(Array.from(wholeKernelConditions(kconfig), ({ id }) => id));
}

/** Reads what `packWholeKernel` wrote of the same tree: finding them costs an eighth of a trim with a warm cache. */
export function unpackWholeKernel(kconfig: Kconfig, unpacker: Unpacker): void {
  known.set(kconfig, new Set(Array.from(unpacker.ints(), (id) => kconfig.symbols.all[id]!)));
}

function find({ symbols }: Kconfig): ReadonlySet<KSymbol> {
  const areas = conditionsByArea(symbols.all);
  const mentions = new Mentions();
  const named = new AreaCounts(symbols.all.length);
  const negated = new AreaCounts(symbols.all.length);
  let area = 0;
  for (const conditions of areas.values()) {
    area++;
    for (const condition of conditions) {
      for (const { symbol, isNegated } of mentions.in(condition)) {
        named.add(symbol, area);
        if (isNegated) negated.add(symbol, area);
      }
    }
  }
  const most = Math.max(LEAST_AREAS, areas.size * SHARE_OF_AREAS);
  return new Set(
    symbols.all.filter(
      (symbol) =>
        symbol === symbols.modules ||
        named.of(symbol) >= most ||
        negated.of(symbol) >= AREAS_BOTH_WAYS ||
        (symbol.type === 'bool' && (symbol.choice?.at.file.startsWith('arch/') ?? false)),
    ),
  );
}

/** What the definitions in an area state themselves: what a menu or an `if` around them hands down is theirs. */
function conditionsByArea(symbols: readonly KSymbol[]): ReadonlyMap<string, ReadonlySet<Expr>> {
  const byFile = new Map<string, Set<Expr>>();
  const byArea = new Map<string, Set<Expr>>();
  const conditionsOf = (file: string): Set<Expr> => {
    let found = byFile.get(file);
    if (!found) {
      const area = file.split('/').slice(0, -1).slice(0, 2).join('/');
      found = byArea.get(area) ?? new Set();
      byArea.set(area, found);
      byFile.set(file, found);
    }
    return found;
  };
  for (const { nodes, properties } of symbols) {
    for (const { at, clauses } of nodes) {
      const conditions = conditionsOf(at.file);
      for (const { condition } of clauses) conditions.add(condition);
    }
    for (const { node, kind, condition, value } of properties) {
      const conditions = conditionsOf(node.at.file);
      if (condition) conditions.add(condition);
      if (kind === 'default' && value) conditions.add(value);
    }
  }
  return byArea;
}

/** In how many areas each symbol was met; areas come one after the other. */
class AreaCounts {
  readonly #last: Int32Array;
  readonly #count: Int32Array;

  constructor(symbols: number) {
    this.#last = new Int32Array(symbols);
    this.#count = new Int32Array(symbols);
  }

  /** @param area from 1 */
  add({ id }: KSymbol, area: number): void {
    if (this.#last[id] === area) return;
    this.#last[id] = area;
    this.#count[id]!++;
  }

  of({ id }: KSymbol): number {
    return this.#count[id]!;
  }
}

interface Mention {
  readonly symbol: KSymbol;
  readonly isNegated: boolean;
}

/** The switches that expressions name. One expression stands in many places: each is read once. */
class Mentions {
  readonly #known = new Map<Expr, readonly Mention[]>();

  in(e: Expr): readonly Mention[] {
    let found = this.#known.get(e);
    if (!found) {
      const all: Mention[] = [];
      forEachMention(e, false, (symbol, isNegated) => {
        if (symbol.type === 'bool' && symbol.constant === null) all.push({ symbol, isNegated });
      });
      found = all;
      this.#known.set(e, found);
    }
    return found;
  }
}

/** Every mention of a symbol; of `A || !A`, which wants no `A=m` for a built-in, neither counts. */
function forEachMention(e: Expr, isNegated: boolean, visit: (symbol: KSymbol, isNegated: boolean) => void): void {
  switch (e.op) {
    case OP.symbol:
      visit(e.sym!, isNegated);
      break;
    case OP.or: {
      const parts = operands(e, OP.or);
      for (const part of parts)
        if (!parts.some((other) => isOpposite(part, other))) forEachMention(part, isNegated, visit);
      break;
    }
    case OP.and:
      for (const part of operands(e, OP.and)) forEachMention(part, isNegated, visit);
      break;
    case OP.not:
      forEachMention(e.left!, !isNegated, visit);
      break;
    case OP.equal:
    case OP.unequal:
      visitComparison(e, isNegated, visit);
      break;
  }
}

function visitComparison(e: Expr, isNegated: boolean, visit: (symbol: KSymbol, isNegated: boolean) => void): void {
  const [symbol, value] = e.sym2!.constant === null ? [e.sym2!, e.sym!] : [e.sym!, e.sym2!];
  if (value.constant === null) return;
  const wantsOff = (value.constant === 0) === (e.op === OP.equal);
  visit(symbol, wantsOff !== isNegated);
}

function isOpposite(a: Expr, b: Expr): boolean {
  const [plain, negation] = a.op === OP.not ? [b, a] : [a, b];
  return negation.op === OP.not && plain.op === OP.symbol && containsSymbol(negation.left, plain.sym!);
}
