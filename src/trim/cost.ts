import type { BuildResult, KbuildTree } from '../kbuild/index.ts';
import { OP, operands } from '../kconfig/expression.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';

/** Translation units come first, then modules: one unit outweighs any number of modules. */
const UNIT_WEIGHT = 2 ** 20;

/**
 * What symbols cost, for choosing between ways to keep what is required: the cheaper way is the one with fewer
 * translation units, then with fewer modules.
 */
export class Costs {
  readonly #base: Configuration;
  /** By name. */
  readonly #own = new Map<string, number>();
  readonly #closures = new Map<KSymbol, ReadonlySet<KSymbol>>();

  /** @param build what the base builds */
  constructor(base: Configuration, kbuild: KbuildTree, build: BuildResult) {
    this.#base = base;
    for (const module of build.modules) {
      const entry = kbuild.modules.byPath(module.path);
      for (const name of entry?.decidingSymbols ?? []) {
        this.#own.set(name, (this.#own.get(name) ?? 0) + module.objects.length * UNIT_WEIGHT + 1);
      }
    }
  }

  /**
   * What it costs to have symbols on.
   * @param free symbols that are on in any case
   */
  of(symbols: Iterable<KSymbol>, free: ReadonlySet<KSymbol>): number {
    let total = 0;
    for (const symbol of symbols) if (!free.has(symbol)) total += this.#own.get(symbol.name!) ?? 0;
    return total;
  }

  /** The symbols and the modular symbols that they cannot do without, as far as the form of dependencies tells. */
  closure(symbols: readonly KSymbol[]): ReadonlySet<KSymbol> {
    const [only] = symbols;
    if (only && symbols.length === 1) return this.#closureOf(only);
    const all = new Set<KSymbol>();
    for (const symbol of symbols) for (const needed of this.#closureOf(symbol)) all.add(needed);
    return all;
  }

  #closureOf(symbol: KSymbol): ReadonlySet<KSymbol> {
    const known = this.#closures.get(symbol);
    if (known) return known;
    const closure = new Set<KSymbol>([symbol]);
    for (const next of closure) for (const needed of directNeeds(next, this.#base)) closure.add(needed);
    this.#closures.set(symbol, closure);
    return closure;
  }
}

/** The modular symbols that stand alone in a symbol's direct dependency, and those it selects. */
export function directNeeds(symbol: KSymbol, base: Configuration): KSymbol[] {
  const needs: KSymbol[] = [];
  const add = (needed: KSymbol | null): void => {
    if (needed && needed.constant === null && needed.type === 'tristate' && base.tristate(needed) === 1) {
      needs.push(needed);
    }
  };
  if (symbol.directDependency) {
    for (const operand of operands(symbol.directDependency, OP.and)) if (operand.op === OP.symbol) add(operand.sym);
  }
  for (const property of symbol.properties) {
    if (property.kind === 'select' && base.evaluate(property.visible) !== 0) add(property.value!.sym);
  }
  return needs;
}
