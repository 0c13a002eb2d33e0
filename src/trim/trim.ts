import { formatDotConfig } from '../dotconfig/write.ts';
import type { BuildResult, ModuleEntry } from '../kbuild/index.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { Costs } from './cost.ts';
import { enableModules } from './enable.ts';
import { explainKept } from './explain.ts';
import { type Feature, findFeatures } from './features.ts';
import { resolveKeep } from './keep.ts';
import { buildables, loadedReport, mustStay, resolveLoaded } from './loaded.ts';
import { kbuildLookup } from './lookup.ts';
import { makeBuiltin } from './make-builtin.ts';
import { prove } from './proof.ts';
import { type Reduction, reduce } from './reduce.ts';
import { moduleRequirement, type Requirement, RequirementSet, symbolRequirement } from './requirements.ts';
import { settled } from './settle.ts';
import type { FeatureReport, SymbolCounts, TrimInput, TrimResult } from './types.ts';

/**
 * Trims a base config to what the loaded modules need, and proves it (DESIGN: G1 to G6).
 *
 * @returns the .config, what was kept and why, and every promise that does not hold; broken promises are no exception
 */
export function trim(input: TrimInput): TrimResult {
  const { kbuild, kconfig } = input;
  input.phase?.('kbuild');
  const given = settled(input.base);
  const first = kbuild.build(kbuildLookup(given));
  announceSources(input, first);
  const start = input.enable ? enabled(input, given, first) : { base: given, build: first };
  const { base, build } = start;
  input.phase?.('match');
  const loaded = resolveLoaded(input.loaded, kbuild, base, build, input.sources);
  const entries = loaded.flatMap((module) => (mustStay(module) ? module.entries : []));
  const keep = resolveKeep(input.keep, kbuild, base);
  const required: Requirement[] = [
    ...loaded
      .filter(mustStay)
      .flatMap((module) => buildables(module).map((each) => moduleRequirement('loaded', module.name, each, kconfig))),
    ...keep.modules.map((entry) => moduleRequirement('keep', entry.name, entry, kconfig)),
    ...keep.symbols.map((symbol) => symbolRequirement('keep', symbol, base)),
    ...lowered(given, base).map((symbol) => symbolRequirement('keep', symbol, base)),
  ];
  input.phase?.('resolve');
  const outcome = reduceWithFeatures(input, base, build, entries, required);
  const kept = explainKept(outcome.reduction, entries, outcome.config);
  const notBuiltin = input.builtin ? makeBuiltin(outcome.config, outcome.requirements) : [];
  const text = formatDotConfig(outcome.config);
  input.phase?.('prove');
  const proof = prove(text, base, kbuild, loaded, outcome.requirements);
  const lost = new Set(proof.violations.filter(({ promise }) => promise === 'G1').map(({ name }) => name));
  return {
    config: proof.config,
    text,
    baseCounts: countSymbols(input.base),
    counts: countSymbols(proof.config),
    baseBuild: first,
    build: proof.build,
    loaded: loaded.map((module) => loadedReport(module, lost)),
    kept,
    features: outcome.features,
    notBuiltin,
    violations: proof.violations,
    unknownKeep: keep.unknown,
  };
}

/** Says which sources will be asked for: those of modules for their aliases, the others only for their costs. */
function announceSources({ sources }: TrimInput, { modules, builtin }: BuildResult): void {
  sources?.announce(
    modules.flatMap(({ objects }) => objects),
    true,
  );
  sources?.announce(builtin, false);
}

/** `--enable`: a base with the loaded modules turned on that the given one has off. */
function enabled(
  input: TrimInput,
  given: Configuration,
  build: BuildResult,
): { base: Configuration; build: BuildResult } {
  const { kbuild } = input;
  const resolved = resolveLoaded(input.loaded, kbuild, given, build, input.sources);
  const off = resolved.filter(({ status }) => status === 'off');
  if (off.length === 0) return { base: given, build };
  const base = given.clone();
  enableModules(base, off.map(buildables), resolved.filter(mustStay).flatMap(buildables));
  const final = settled(base);
  return { base: final, build: kbuild.build(kbuildLookup(final)) };
}

/** Built-ins of the given config that --enable had to make modules: as modules they would be tried off. */
function lowered(given: Configuration, base: Configuration): KSymbol[] {
  if (given === base) return [];
  return given.kconfig.symbols.all.filter((symbol) => given.tristate(symbol) === 2 && base.tristate(symbol) === 1);
}

interface Outcome {
  readonly config: Configuration;
  readonly reduction: Reduction;
  readonly requirements: RequirementSet;
  readonly features: readonly FeatureReport[];
}

/** Reduces to what is required; features of kept drivers that died on the way are required the second time (G4). */
function reduceWithFeatures(
  input: TrimInput,
  base: Configuration,
  build: BuildResult,
  entries: readonly ModuleEntry[],
  required: readonly Requirement[],
): Outcome {
  const costs = new Costs(base, input.kbuild, build);
  const run = (requirements: RequirementSet): { config: Configuration; reduction: Reduction } => {
    const config = base.clone();
    return { config, reduction: reduce(config, base, requirements, costs) };
  };
  const leanRequirements = new RequirementSet(required, base);
  const lean = run(leanRequirements);
  const features = findFeatures(entries, input.kbuild, base, lean.config);
  const dead = features.filter(({ symbol }) => lean.config.tristate(symbol) === 0);
  if (input.lean || dead.length === 0) {
    const reports = dead.map((feature) => droppedFeature(feature, base, lean.config));
    const alive = features.filter((feature) => !dead.includes(feature));
    const requirements = input.lean
      ? leanRequirements
      : new RequirementSet([...required, ...featureRequirements(alive, base)], base);
    return { ...lean, requirements, features: reports };
  }
  const requirements = new RequirementSet([...required, ...featureRequirements(features, base)], base);
  const full = run(requirements);
  const reports = dead.map((feature) => keptFeature(feature, full.reduction, lean.config));
  return { ...full, requirements, features: reports };
}

function featureRequirements(features: readonly Feature[], base: Configuration): Requirement[] {
  return features.map(({ symbol }) => symbolRequirement('feature', symbol, base));
}

/** A feature that `--lean` gave up. */
function droppedFeature(feature: Feature, base: Configuration, config: Configuration): FeatureReport {
  return {
    symbol: feature.symbol.name!,
    from: base.text(feature.symbol),
    to: config.text(feature.symbol),
    because: `feature of ${feature.module.name}; would keep modules that nothing else needs`,
    costs: [],
  };
}

/** A feature that stays, with the symbols that stay for it. */
function keptFeature(feature: Feature, reduction: Reduction, lean: Configuration): FeatureReport {
  const name = feature.symbol.name!;
  const costs: KSymbol[] = [];
  for (const { symbol, breaks } of reduction.obstacles) {
    const isFor = breaks.some((requirement) => requirement.kind === 'feature' && requirement.name === name);
    if (isFor && lean.tristate(symbol) === 0) costs.push(symbol);
  }
  return {
    symbol: name,
    from: 'y',
    to: 'y',
    because: `feature of ${feature.module.name}`,
    costs: costs.map((symbol) => symbol.name!).sort(),
  };
}

function countSymbols(config: Configuration): SymbolCounts {
  let m = 0;
  let y = 0;
  for (const symbol of config.kconfig.symbols.all) {
    if (symbol.constant !== null || symbol.isChoice || !config.isWritten(symbol)) continue;
    const value = config.tristate(symbol);
    if (value === 1) m++;
    else if (value === 2) y++;
  }
  return { m, y };
}
