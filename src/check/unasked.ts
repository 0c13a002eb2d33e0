import { type Expr, type KSymbol, OP, type Tristate } from '../kconfig/symbol.ts';
import { isUnasked } from '../trim/as-written.ts';
import type { Configuration } from '../values/configuration.ts';
import { dependencyGraph, unitCount } from '../values/dependency-graph.ts';

/** The lowest and highest value that something can have, whatever the toolchain answers. */
type Bounds = readonly [low: Tristate, high: Tristate];

const ANY: Bounds = [0, 2];

const fixed = (value: Tristate): Bounds => [value, value];
const isOpen = ([low, high]: Bounds): boolean => low !== high;
const lower = (a: Bounds, b: Bounds): Bounds => [Math.min(a[0], b[0]) as Tristate, Math.min(a[1], b[1]) as Tristate];
const higher = (a: Bounds, b: Bounds): Bounds => [Math.max(a[0], b[0]) as Tristate, Math.max(a[1], b[1]) as Tristate];

/**
 * Tells which symbols of a configuration could be otherwise with another answer to a `$(…)` that nobody was asked. Where
 * none could, the others decide: `A && B` is `n` with one of them, whatever the other one is.
 */
export class UnaskedValues {
  readonly #config: Configuration;
  /** Ids of symbols whose value is not known. */
  readonly #open = new Set<number>();
  readonly hasUnasked: boolean;

  constructor(config: Configuration) {
    this.#config = config;
    this.hasUnasked = config.kconfig.symbols.all.some(isUnasked);
    if (this.hasUnasked) this.#findOpen();
  }

  /** Whether what `savedefconfig` writes of a symbol is up to such an answer. */
  decidesLine(symbol: KSymbol): boolean {
    if (!this.hasUnasked) return false;
    const parts = [
      this.#visibility(symbol),
      this.#bounds(symbol.reverseDependency, 0),
      this.#bounds(symbol.implied, 0),
      this.#default(symbol),
    ];
    return this.#open.has(symbol.id) || parts.some(isOpen) || this.#isRangeOpen(symbol) || this.#isChoiceOpen(symbol);
  }

  /** Each symbol reads such as stand before it in the graph, but for those of its own unit. */
  #findOpen(): void {
    const { kconfig } = this.#config;
    const graph = dependencyGraph(kconfig);
    for (let unit = 0; unit < unitCount(graph); unit++) {
      const members = graph.members.subarray(graph.firstMember[unit]!, graph.firstMember[unit + 1]!);
      for (let before = -1; before !== this.#open.size; ) {
        before = this.#open.size;
        for (const id of members) {
          const symbol = kconfig.symbols.all[id]!;
          if (symbol.isDefined && !this.#open.has(id) && this.#isValueOpen(symbol)) this.#open.add(id);
        }
      }
    }
  }

  #isValueOpen(symbol: KSymbol): boolean {
    const config = this.#config;
    const visible = this.#visibility(symbol);
    if (isOpen(visible) || this.#isChoiceOpen(symbol) || this.#isRangeOpen(symbol)) return true;
    const hasUser = visible[0] > 0 && config.hasUserValue(symbol);
    const reverse = this.#bounds(symbol.reverseDependency, 0);
    // Not the value that it has now: that may be what an answer which nobody gave has selected.
    if (hasUser) return isOpen(reverse) && reverse[1] > Math.min(visible[0], Number(config.userValue(symbol)));
    return [reverse, this.#bounds(symbol.implied, 0), this.#default(symbol)].some(isOpen);
  }

  #visibility(symbol: KSymbol): Bounds {
    const prompts = symbol.properties.filter(({ text }) => text !== null);
    return prompts.map(({ visible }) => this.#bounds(visible)).reduce(higher, fixed(0));
  }

  /** Of the first default whose condition holds; that of a text is open or not. */
  #default(symbol: KSymbol): Bounds {
    for (const { kind, visible, value } of symbol.properties) {
      if (kind !== 'default') continue;
      const condition = this.#bounds(visible);
      if (isOpen(condition)) return ANY;
      if (condition[0] > 0) return lower(condition, this.#bounds(value));
    }
    return fixed(0);
  }

  #isRangeOpen(symbol: KSymbol): boolean {
    const ranges = symbol.properties.filter(({ kind }) => kind === 'range');
    return ranges.some(
      ({ visible, low, high }) =>
        isOpen(this.#bounds(visible)) || [low, high].some((bound) => bound && isOpen(this.#boundsOf(bound))),
    );
  }

  /** Which member of a choice is on depends on those that can be seen. */
  #isChoiceOpen({ choice }: KSymbol): boolean {
    if (!choice?.symbol) return false;
    const parts = [this.#visibility(choice.symbol), this.#default(choice.symbol)];
    const members = choice.choiceMembers.map((member) => this.#visibility(member));
    return [...parts, ...members].some(isOpen);
  }

  /** @param absent what an expression is that is not there */
  #bounds(e: Expr | null, absent: Tristate = 2): Bounds {
    if (!e) return fixed(absent);
    switch (e.op) {
      case OP.symbol:
        return this.#boundsOf(e.sym!);
      case OP.and:
        return lower(this.#bounds(e.left), this.#bounds(e.right));
      case OP.or:
        return higher(this.#bounds(e.left), this.#bounds(e.right));
      case OP.not: {
        const [low, high] = this.#bounds(e.left);
        return [(2 - high) as Tristate, (2 - low) as Tristate];
      }
      default:
        return [e.sym!, e.sym2!].some((each) => isOpen(this.#boundsOf(each))) ? ANY : fixed(this.#config.evaluate(e));
    }
  }

  #boundsOf(symbol: KSymbol): Bounds {
    return isUnasked(symbol) || this.#open.has(symbol.id) ? ANY : fixed(this.#config.tristate(symbol));
  }
}
