import {
  type BuildResult,
  type ConfigLookup,
  evaluateCondition,
  type KbuildTree,
  type ModuleEntry,
} from '../kbuild/index.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import { directNeeds } from '../trim/cost.ts';
import { kbuildLookup } from '../trim/lookup.ts';
import type { Configuration } from '../values/configuration.ts';
import type { Gone } from './spenders.ts';
import type { BuildEstimate } from './types.ts';

/** Symbols that are tried exactly: each costs an evaluation of the tree's Makefiles. */
const CANDIDATES = 16;

/**
 * What would no longer be built without a symbol, for those whose going saves most: each is turned off in a copy of
 * the config, everything that depends on it goes with it, and what is built then is counted.
 *
 * Symbols that cannot be turned off alone (no prompt, or selected by another) are left out.
 * @param config not changed
 * @param build what `config` builds
 * @param estimate of that build
 * @param progress called after each symbol: how many were tried, and of how many
 */
export function dearestSymbols(
  config: Configuration,
  kbuild: KbuildTree,
  build: BuildResult,
  estimate: BuildEstimate,
  progress?: (tried: number, of: number) => void,
): ReadonlyMap<string, Gone> {
  const copy = config.clone();
  copy.calculateAll();
  const gone = new Map<string, Gone>();
  const tried = candidates(copy, kbuild, build, estimate);
  for (const [index, symbol] of tried.entries()) {
    const own = copy.userValue(symbol);
    copy.set(symbol, 0);
    if (copy.tristate(symbol) === 0) gone.set(symbol.name!, difference(build, kbuild.build(kbuildLookup(copy))));
    if (own === null) copy.clear(symbol);
    else copy.set(symbol, own);
    progress?.(index + 1, tried.length);
  }
  return gone;
}

function difference(before: BuildResult, after: BuildResult): Gone {
  const left = new Set(after.units);
  return {
    units: before.units.filter((unit) => !left.has(unit)),
    modules: before.modules.length - after.modules.length,
  };
}

/** The dearest first, by what their own code and that of the symbols that need them costs. */
function candidates(config: Configuration, kbuild: KbuildTree, build: BuildResult, estimate: BuildEstimate): KSymbol[] {
  const own = ownSeconds(config, kbuild, build, estimate);
  const dependents = new Map<KSymbol, KSymbol[]>();
  for (const symbol of own.keys()) addDependents(symbol, config, dependents, new Set());
  const ranked: { symbol: KSymbol; seconds: number }[] = [];
  for (const symbol of new Set([...own.keys(), ...dependents.keys()])) {
    if (config.visibility(symbol) === 0 || config.reverseDependency(symbol) !== 0) continue;
    let seconds = 0;
    for (const other of closure(symbol, dependents)) seconds += own.get(other) ?? 0;
    ranked.push({ symbol, seconds });
  }
  ranked.sort((a, b) => b.seconds - a.seconds || (a.symbol.name! < b.symbol.name! ? -1 : 1));
  return ranked.slice(0, CANDIDATES).map(({ symbol }) => symbol);
}

/** What the code that each symbol decides on costs, as modules or inside vmlinux. */
function ownSeconds(
  config: Configuration,
  kbuild: KbuildTree,
  build: BuildResult,
  estimate: BuildEstimate,
): Map<KSymbol, number> {
  const secondsOf = new Map(build.units.map((unit, index) => [unit, estimate.unitSeconds[index]!]));
  const modules = new Map(build.modules.map((module) => [module.path, module]));
  const lookup = kbuildLookup(config);
  const own = new Map<KSymbol, number>();
  for (const entry of kbuild.modules.all()) {
    const module = modules.get(entry.path);
    if (!module && !evaluateCondition(entry.whenBuiltin, lookup)) continue;
    let seconds = module ? estimate.moduleSeconds : 0;
    for (const object of module?.objects ?? builtInObjects(entry, lookup)) seconds += secondsOf.get(object) ?? 0;
    for (const name of entry.decidingSymbols) {
      const symbol = config.kconfig.symbols.find(name);
      if (symbol?.type === 'tristate') own.set(symbol, (own.get(symbol) ?? 0) + seconds);
    }
  }
  return own;
}

function builtInObjects({ objects }: ModuleEntry, lookup: ConfigLookup): string[] {
  return objects.filter(({ when }) => evaluateCondition(when, lookup)).map(({ path }) => path);
}

/** Notes, for all that a symbol needs, that the symbol needs it. */
function addDependents(
  symbol: KSymbol,
  config: Configuration,
  dependents: Map<KSymbol, KSymbol[]>,
  seen: Set<KSymbol>,
): void {
  if (seen.has(symbol)) return;
  seen.add(symbol);
  for (const needed of directNeeds(symbol, config)) {
    const known = dependents.get(needed);
    if (known?.includes(symbol)) continue;
    if (known) known.push(symbol);
    else dependents.set(needed, [symbol]);
    addDependents(needed, config, dependents, seen);
  }
}

function closure(symbol: KSymbol, dependents: ReadonlyMap<KSymbol, readonly KSymbol[]>): Set<KSymbol> {
  const all = new Set([symbol]);
  for (const next of all) for (const dependent of dependents.get(next) ?? []) all.add(dependent);
  return all;
}
