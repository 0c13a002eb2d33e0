import { readDotConfig } from '../dotconfig/read.ts';
import { formatDotConfig } from '../dotconfig/write.ts';
import { type BuildResult, evaluateCondition, type KbuildTree, type ModuleEntry } from '../kbuild/index.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import { Configuration } from '../values/configuration.ts';
import { inputsOf } from '../values/dependency-graph.ts';
import { asWritten } from './as-written.ts';
import type { Blocker } from './blocker.ts';
import { moduleObstacles } from './blockers.ts';
import { mustStay, type ResolvedModule } from './loaded.ts';
import { kbuildLookup } from './lookup.ts';
import type { RequirementSet } from './requirements.ts';
import { SymbolLinks } from './symbol-links.ts';
import type { Violation } from './types.ts';

/** A config that was read back, and what is wrong with it. */
export interface Proof {
  readonly config: Configuration;
  readonly build: BuildResult;
  readonly violations: readonly Violation[];
}

/**
 * Reads the written config again, evaluates it from nothing and walks Kbuild again, and checks the promises on that.
 * @param text the .config as it is written
 * @param asked names of symbols that something else than modules was asked to turn off
 */
export function prove(
  text: string,
  base: Configuration,
  kbuild: KbuildTree,
  loaded: readonly ResolvedModule[],
  requirements: Pick<RequirementSet, 'all'>,
  asked: ReadonlySet<string> = new Set(),
): Proof {
  const config = new Configuration(base.kconfig);
  readDotConfig(config, text, { file: '.config' });
  const lookup = kbuildLookup(config);
  const build = kbuild.build(lookup);
  const violations: Violation[] = [];
  if (formatDotConfig(config) !== text) {
    violations.push({ promise: 'G6', name: '.config', note: 'olddefconfig would change it', at: null, blockers: [] });
  }
  violations.push(...lostModules(loaded, build, config, kbuild), ...lostBuiltins(base, config, asked));
  for (const requirement of requirements.all) {
    // Of a value that was asked for it is said what it is instead.
    if (requirement.kind === 'loaded' || requirement.kind === 'set' || requirement.holds(config, lookup)) continue;
    const promise = requirement.kind === 'feature' ? 'G4' : 'keep';
    violations.push({ promise, name: requirement.name, note: 'is off', at: null, blockers: [] });
  }
  return { config, build, violations };
}

/** G1: loaded modules that the base builds and the result does not. */
function lostModules(
  loaded: readonly ResolvedModule[],
  build: BuildResult,
  config: Configuration,
  kbuild: KbuildTree,
): Violation[] {
  const lookup = kbuildLookup(config);
  const why = (entry: ModuleEntry): Blocker[] =>
    asWritten(moduleObstacles(entry, config, kbuild, new SymbolLinks(config)), kbuild);
  const built = new Set(build.modules.map((module) => module.path));
  const lost: Violation[] = [];
  for (const module of loaded) {
    if (!mustStay(module)) continue;
    const { object } = module;
    if (object && !evaluateCondition(object.when, lookup)) {
      const at = object.mentions[0]?.at ?? null;
      lost.push({ promise: 'G1', name: module.name, note: `${object.path} is not built`, at, blockers: [] });
    }
    for (const entry of module.entries) {
      if (built.has(entry.path) || evaluateCondition(entry.whenBuiltin, lookup)) continue;
      const at = entry.mentions[0]?.at ?? null;
      lost.push({ promise: 'G1', name: module.name, note: `${entry.path} is not built`, at, blockers: why(entry) });
    }
  }
  return lost;
}

/**
 * G2: built-ins that went without cause. One may go with the modules that it depends on: then one of the symbols that
 * its value is made of changed as well.
 */
function lostBuiltins(base: Configuration, config: Configuration, asked: ReadonlySet<string>): Violation[] {
  const lost: Violation[] = [];
  const changed = (symbol: KSymbol): boolean => base.text(symbol) !== config.text(symbol);
  for (const symbol of base.kconfig.symbols.all) {
    if (symbol.constant !== null || symbol.isChoice || base.tristate(symbol) !== 2) continue;
    // Its value went to the symbol that has its place.
    if (symbol.transitional) continue;
    if (config.tristate(symbol) === 2 || asked.has(symbol.name!)) continue;
    if (symbol.choice || [...inputsOf(symbol, base.kconfig)].some(changed)) continue;
    lost.push({ promise: 'G2', name: symbol.name!, note: 'was y and is not', at: null, blockers: [] });
  }
  return lost;
}
