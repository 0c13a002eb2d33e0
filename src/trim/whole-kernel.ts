import { containsSymbol, operands } from '../kconfig/expression.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { type Expr, type KSymbol, type MenuNode, OP } from '../kconfig/symbol.ts';

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

function find({ symbols }: Kconfig): ReadonlySet<KSymbol> {
  const areas = new Areas();
  const named = new Map<KSymbol, Set<number>>();
  const negated = new Map<KSymbol, Set<number>>();
  for (const symbol of symbols.all) {
    for (const node of symbol.nodes) {
      const area = areas.of(node.at.file);
      for (const condition of ownConditions(symbol, node)) {
        forEachMention(condition, false, (mentioned, isNegated) => {
          if (mentioned === symbol || mentioned.type !== 'bool' || mentioned.constant !== null) return;
          add(named, mentioned, area);
          if (isNegated) add(negated, mentioned, area);
        });
      }
    }
  }
  const most = Math.max(LEAST_AREAS, areas.size * SHARE_OF_AREAS);
  return new Set(
    symbols.all.filter(
      (symbol) =>
        symbol === symbols.modules ||
        (named.get(symbol)?.size ?? 0) >= most ||
        (negated.get(symbol)?.size ?? 0) >= AREAS_BOTH_WAYS ||
        (symbol.type === 'bool' && (symbol.choice?.at.file.startsWith('arch/') ?? false)),
    ),
  );
}

/** Numbers of areas, by the Kconfig files in them. */
class Areas {
  readonly #byFile = new Map<string, number>();
  readonly #byPath = new Map<string, number>();

  get size(): number {
    return this.#byPath.size;
  }

  of(file: string): number {
    let area = this.#byFile.get(file);
    if (area === undefined) {
      const path = file.split('/').slice(0, -1).slice(0, 2).join('/');
      area = this.#byPath.get(path) ?? this.#byPath.size;
      this.#byPath.set(path, area);
      this.#byFile.set(file, area);
    }
    return area;
  }
}

function add(to: Map<KSymbol, Set<number>>, symbol: KSymbol, area: number): void {
  const areas = to.get(symbol);
  if (areas) areas.add(area);
  else to.set(symbol, new Set([area]));
}

/** What a definition itself states: what a menu or an `if` around it hands down is theirs. */
function ownConditions(symbol: KSymbol, node: MenuNode): Expr[] {
  const properties = symbol.properties.filter((property) => property.node === node);
  const found = [
    ...node.clauses.map(({ condition }) => condition),
    ...properties.map(({ condition }) => condition),
    ...properties.map(({ kind, value }) => (kind === 'default' ? value : null)),
  ];
  return found.filter((condition) => condition !== null);
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
