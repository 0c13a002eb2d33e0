import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { dependencyGraph } from '../values/dependency-graph.ts';
import { kbuildLookup } from './lookup.ts';
import type { RequirementSet } from './requirements.ts';

/**
 * Turns every kept module into a built-in where that is possible (`make localyesconfig`): the symbol has to become
 * `y`, and nothing required may be lost by it.
 * @param config changed in place
 * @returns names of the symbols that stay modules, sorted
 */
export function makeBuiltin(config: Configuration, requirements: RequirementSet): string[] {
  const { unitOf } = dependencyGraph(config.kconfig);
  const lookup = kbuildLookup(config);
  const modular = (): KSymbol[] =>
    config.kconfig.symbols.all
      .filter((symbol) => symbol.type === 'tristate' && symbol.constant === null && config.tristate(symbol) === 1)
      .sort((a, b) => unitOf[a.id]! - unitOf[b.id]!);
  // What a symbol depends on comes first, so one pass does nearly all; visibility can grow through selects.
  for (let left = modular(), before = -1; left.length !== before; left = modular()) {
    before = left.length;
    for (const symbol of left) {
      if (config.tristate(symbol) !== 1 || config.visibility(symbol) < 2) continue;
      const old = config.userValue(symbol);
      const changed = [...config.set(symbol, 2)];
      if (config.tristate(symbol) === 2 && !requirements.isBroken(config, lookup, changed)) continue;
      if (old === null) config.clear(symbol);
      else config.set(symbol, old);
    }
  }
  return modular()
    .filter(({ isChoice }) => !isChoice)
    .map((symbol) => symbol.name!)
    .sort();
}
