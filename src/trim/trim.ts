import { formatDotConfig } from '../dotconfig/write.ts';
import type { KbuildTree, ModuleEntry } from '../kbuild/index.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Sources } from '../sources/sources.ts';
import type { Configuration } from '../values/configuration.ts';
import { goBeyond, idleUnits, pinnedOf, pinnedUnits, settingsOf, unkeptSettings } from './beyond.ts';
import { enabledChanges, withEndOfModules } from './changed.ts';
import { enableModules, type TurnedOn } from './enable.ts';
import { explainKept } from './explain.ts';
import { type Feature, possibleFeatures, realFeatures } from './features.ts';
import { keepReports, resolveKeep } from './keep.ts';
import { buildables, loadedReport, mustStay, type ResolvedModule } from './loaded.ts';
import { kbuildLookup } from './lookup.ts';
import { makeBuiltin } from './make-builtin.ts';
import { prove } from './proof.ts';
import { findRecorded, type Recorded } from './recorded.ts';
import { Reducer } from './reduce.ts';
import type { Reduction } from './reduction.ts';
import { AppliedRequests } from './requests.ts';
import { moduleRequirement, type Requirement, RequirementSet, symbolRequirement } from './requirements.ts';
import type { TimeSetting } from './settings/time-settings.ts';
import { settled } from './settle.ts';
import { type Ties, tiesBy } from './ties.ts';
import { TrimBase } from './trim-base.ts';
import type { FeatureReport, KeptSymbol, SymbolCounts, TrimInput, TrimRequest, TrimResult } from './types.ts';

/**
 * Trims a base config to what the loaded modules need, and proves it (DESIGN: G1 to G6).
 *
 * @returns the .config, what was kept and why, and every promise that does not hold; broken promises are no exception
 */
export function trim(input: TrimInput): TrimResult {
  return new Trimmer(input.kbuild, input.base, input.sources).trim(input);
}

/** Trims one base config for any number of machines: what does not depend on the machine is found once. */
export class Trimmer {
  readonly #kbuild: KbuildTree;
  readonly #given: Configuration;
  readonly #sources: Sources | undefined;
  #base: TrimBase | null = null;

  /**
   * @param base loaded and calculated; it is not changed, and must not be as long as trims are asked for
   * @param sources the tree's sources, where they are read elsewhere as well: each is read only once then
   */
  constructor(kbuild: KbuildTree, base: Configuration, sources?: Sources) {
    this.#kbuild = kbuild;
    this.#given = base;
    this.#sources = sources;
  }

  /** As `trim`. */
  trim(request: TrimRequest): TrimResult {
    const kbuild = this.#kbuild;
    request.phase?.('kbuild');
    if (this.#base === null) this.#announce(request);
    this.#base ??= this.#settle();
    const first = this.#base;
    const ties = tiesBy(first.config.kconfig, request.previous ?? null);
    const { base: given, turnedOn } = request.enable ? enabled(request, first, ties) : { base: first, turnedOn: [] };
    const { base, requests } = requested(request, given);
    request.phase?.('match');
    const loaded = loadedIn(base, given, request);
    const entries = loaded.flatMap((module) => (mustStay(module) ? module.entries : []));
    const recorded = recordedFor(request, base, new Set(entries));
    const keep = resolveKeep(request.keep, kbuild, base.config);
    const { kconfig } = base.config;
    const required: Requirement[] = [
      ...loaded
        .filter(mustStay)
        .flatMap((module) => buildables(module).map((each) => moduleRequirement('loaded', module.name, each, kconfig))),
      ...keep.modules.map((entry) => moduleRequirement('keep', entry.name, entry, kconfig)),
      ...keep.symbols.map((symbol) => symbolRequirement('keep', symbol, base.config)),
      ...recorded.flatMap(({ report, modules, symbols }) => [
        ...modules.map((entry) => moduleRequirement('record', report.name, entry, kconfig)),
        ...symbols.map((symbol) => symbolRequirement('record', symbol, base.config)),
      ]),
      ...(requests?.requirements() ?? []),
      ...pinnedOf(request, base),
      ...lowered(first.config, base.config).map((symbol) => symbolRequirement('keep', symbol, base.config)),
    ];
    request.phase?.('resolve');
    const settings = settingsOf(request, base);
    const outcome = reduceWithFeatures(base, request.lean, entries, required, settings, ties);
    const kept = explainKept(
      outcome.reduction,
      entries,
      recorded.flatMap(({ modules }) => modules),
      outcome.config,
    );
    const modules = [...entries, ...keep.modules, ...recorded.flatMap((each) => each.modules)];
    const beyond = goBeyond(request, base, outcome.config, settings, outcome.requirements, modules);
    const end = requests?.endsModules ? requests : null;
    const notBuiltin = request.builtin || end ? makeBuiltin(beyond.config, outcome.requirements) : [];
    const text = formatDotConfig(end ? withoutModules(beyond.config, end) : beyond.config);
    request.phase?.('prove');
    const provable = end ? lastingRequirements(outcome.requirements, base.config) : outcome.requirements;
    const asked = end ? new Set([...beyond.changed, kconfig.symbols.modules!.name!]) : beyond.changed;
    const proof = prove(text, base.config, kbuild, loaded, provable, asked);
    const changes = base === first ? [] : enabledChanges(first.config, base.config, proof.config, turnedOn, requests);
    const lost = new Set(proof.violations.filter(({ promise }) => promise === 'G1').map(({ name }) => name));
    const names = new Set(turnedOn.map(({ name }) => name));
    const violations = [
      ...proof.violations,
      ...unkeptSettings(beyond.settings, proof.config),
      ...(requests?.violations(proof.config, kbuild) ?? []),
    ];
    const isHinted = request.hints === true && !request.deep;
    return {
      config: proof.config,
      text,
      baseCounts: countSymbols(this.#given),
      counts: countSymbols(proof.config),
      baseBuild: first.build,
      build: proof.build,
      loaded: loaded.map((module) => loadedReport(module, lost, names)),
      kept: stillKept(kept, proof.config),
      recorded: recorded.map(({ report }) => report),
      features: outcome.features,
      isEnabled: request.enable,
      requests: requests?.reports(proof.config) ?? [],
      changed: end ? withEndOfModules(first.config, beyond.config, proof.config, end, changes) : changes,
      settings: beyond.settings,
      deep: beyond.deep,
      idle: isHinted ? idleUnits(request, base, proof.config, proof.build) : [],
      pinned: isHinted ? pinnedUnits(request, base, proof.build) : [],
      plain: beyond.plain,
      notBuiltin: end ? [] : notBuiltin,
      violations,
      keep: keepReports(keep, base.config, violations),
      unknownKeep: keep.unknown,
    };
  }

  #settle(): TrimBase {
    const base = settled(this.#given);
    return new TrimBase(base, this.#kbuild, this.#sources);
  }

  /** Says which sources will be asked for, before the walk: names that no module has may be aliases. */
  #announce({ loaded }: TrimRequest): void {
    const { modules } = this.#kbuild;
    const isLeftOver = loaded.some(({ name, origin }) => origin !== 'out-of-tree' && modules.byName(name).length === 0);
    if (isLeftOver) this.#sources?.announceAliases(this.#kbuild.names.moduleUnits);
  }
}

/** What the record says to keep beside the loaded modules. @param loaded those of them that stay */
function recordedFor({ record, lean }: TrimRequest, base: TrimBase, loaded: ReadonlySet<ModuleEntry>): Recorded[] {
  if (!record) return [];
  const { config, kbuild, resolver, providers, moduleProviders } = base;
  return findRecorded({ record, base: config, kbuild, resolver, providers, moduleProviders, loaded, isLean: lean });
}

/** `--enable`: a base with the loaded modules turned on that the given one has off. */
function enabled(request: TrimRequest, given: TrimBase, ties: Ties): { base: TrimBase; turnedOn: readonly TurnedOn[] } {
  const resolved = given.resolver.all(request.loaded);
  const off = resolved.filter(({ status }) => status === 'off');
  if (off.length === 0) return { base: given, turnedOn: [] };
  const config = given.config.clone();
  const wanted = off.map((module) => ({ name: module.name, entries: buildables(module) }));
  const turnedOn = enableModules(config, wanted, resolved.filter(mustStay).flatMap(buildables), ties);
  return { base: new TrimBase(settled(config), given.kbuild, given.sources), turnedOn };
}

/** `--set` and the like: a base that has the values that were asked for, as far as that goes. */
function requested(
  { requests = [], loaded }: TrimRequest,
  given: TrimBase,
): { base: TrimBase; requests: AppliedRequests | null } {
  if (requests.length === 0) return { base: given, requests: null };
  const config = given.config.clone();
  const kept = given.resolver.all(loaded).filter(mustStay).flatMap(buildables);
  const applied = AppliedRequests.apply(requests, config, kept);
  if (applied.onlyEndsModules) return { base: given, requests: applied };
  return { base: new TrimBase(settled(config), given.kbuild, given.sources), requests: applied };
}

/** What a trim left, with what stays built in, once modules are switched off. */
function withoutModules(trimmed: Configuration, requests: AppliedRequests): Configuration {
  const config = trimmed.clone();
  requests.endModules(config);
  return settled(config);
}

/** What is required, without features that no config has which has no modules. */
function lastingRequirements({ all }: RequirementSet, base: Configuration): Pick<RequirementSet, 'all'> {
  const config = base.clone();
  config.set(config.kconfig.symbols.modules!, 0);
  const lookup = kbuildLookup(config);
  return { all: all.filter((each) => each.kind !== 'feature' || each.holds(config, lookup)) };
}

/** The loaded modules; those that a value takes away which was asked for are still to be built (G1). */
function loadedIn(base: TrimBase, given: TrimBase, { loaded }: TrimRequest): ResolvedModule[] {
  const resolved = base.resolver.all(loaded);
  if (base === given) return resolved;
  const before = new Map(given.resolver.all(loaded).map((module) => [module.name, module]));
  return resolved.map((module) => {
    const was = before.get(module.name);
    return !mustStay(module) && was && mustStay(was) ? was : module;
  });
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

/** What is left of kept symbols after `--fast`, `--deep` and `--builtin`, with the values that they have then. */
function stillKept(kept: readonly KeptSymbol[], config: Configuration): KeptSymbol[] {
  const { symbols } = config.kconfig;
  return kept
    .map((each) => ({ ...each, value: config.text(symbols.find(each.symbol)!) }))
    .filter(({ value }) => value !== 'n');
}

/** Reduces to what is required; features of kept drivers that died on the way are required the second time (G4). */
function reduceWithFeatures(
  from: TrimBase,
  isLean: boolean,
  entries: readonly ModuleEntry[],
  required: readonly Requirement[],
  settings: readonly TimeSetting[],
  ties: Ties,
): Outcome {
  const base = from.config;
  const toGo = new Set(settings.map(({ symbol }) => symbol));
  const possible = possibleFeatures(entries, base)
    .filter(({ symbol }) => !toGo.has(symbol))
    .map((feature) => ({ ...feature, requirement: symbolRequirement('feature', feature.symbol, base) }));
  const watched = possible.map(({ requirement }) => requirement);
  const leanRequirements = new RequirementSet(required, base, watched);
  const reducer = new Reducer(from, ties);
  const lean = reducer.reduce(leanRequirements);
  const features = realFeatures(possible, reducer.config);
  const dead = features.filter(({ symbol }) => reducer.config.tristate(symbol) === 0);
  const featureRequirements = features.map(({ requirement }) => requirement);
  const requirements = new RequirementSet([...required, ...featureRequirements], base);
  if (isLean || dead.length === 0) {
    const reports = dead.map((feature) => droppedFeature(feature, base, reducer.config));
    return {
      config: reducer.config,
      reduction: onlyBreaking(lean, leanRequirements),
      requirements: isLean ? leanRequirements : requirements,
      features: reports,
    };
  }
  const leanConfig = reducer.config.clone();
  const full = onlyBreaking(reducer.reduce(requirements), requirements);
  const reports = dead.map((feature) => keptFeature(feature, full, leanConfig));
  return { config: reducer.config, reduction: full, requirements, features: reports };
}

/** A reduction whose obstacles tell only of what is required. */
function onlyBreaking({ obstacles, forced }: Reduction, requirements: RequirementSet): Reduction {
  const required = new Set(requirements.all);
  return {
    obstacles: obstacles.map((obstacle) => ({
      ...obstacle,
      breaks: obstacle.breaks.filter((requirement) => required.has(requirement)),
    })),
    forced,
  };
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
    if (isFor && !symbol.isChoice && lean.tristate(symbol) === 0) costs.push(symbol);
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
