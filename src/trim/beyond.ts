/** What a trim does beside modules where it is asked to: settings that cost time only, and built-ins that nothing uses. */
import type { BuildResult, ModuleEntry } from '../kbuild/index.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { MachineRecord } from '../machine/record/format.ts';
import type { Configuration } from '../values/configuration.ts';
import { deepTrim } from './deep/deep.ts';
import { floorOf, floorSymbols } from './deep/floor.ts';
import { isWholeRecord, UnitUses, type UseSource } from './deep/unit-use.ts';
import { kbuildLookup } from './lookup.ts';
import { asksSources } from './recorded.ts';
import { type Requirement, type RequirementSet, symbolRequirement } from './requirements.ts';
import { type AppliedSettings, applySettings } from './settings/apply-settings.ts';
import { settingsToGo, type TimeSetting } from './settings/time-settings.ts';
import type { TrimBase } from './trim-base.ts';
import type { BuiltConfig, DeepReport, SettingsReport, TrimRequest, Violation } from './types.ts';

/** What was turned off beside modules. */
export interface Beyond {
  readonly config: Configuration;
  /** What modules alone left; null where nothing else was asked for. */
  readonly plain: BuiltConfig | null;
  readonly settings: SettingsReport | null;
  readonly deep: DeepReport | null;
  /** Names of all symbols that changed by it. */
  readonly changed: ReadonlySet<string>;
}

/** The settings that a request wants off. */
export function settingsOf({ fast = false, debugInfo = null, record }: TrimRequest, base: TrimBase): TimeSetting[] {
  return settingsToGo({ fast, debugInfo }, base.config, record ?? null);
}

/** Modules of the base that stay because init or something that the machine has needs them at times. */
export function pinnedOf(request: TrimRequest, base: TrimBase): Requirement[] {
  return request.deep
    ? pinnedSymbols(request, base).map((symbol) => symbolRequirement('floor', symbol, base.config))
    : [];
}

/**
 * Units that a deep trim would build and this one does not: those of modules that would stay for the floor. What these need
 * comes to it, so that they cost a little more.
 * @param build what is left without a deep trim
 */
export function pinnedUnits(request: TrimRequest, base: TrimBase, build: BuildResult): string[] {
  const names = new Set(pinnedSymbols(request, base).map(({ name }) => name!));
  if (names.size === 0) return [];
  const isBuilt = new Set(build.modules.map(({ path }) => path));
  const missing = base.build.modules.filter((module) => {
    const symbols = isBuilt.has(module.path) ? [] : (base.kbuild.modules.entryOf(module)?.decidingSymbols ?? []);
    return symbols.some((name) => names.has(name));
  });
  return missing.flatMap(({ objects }) => objects);
}

function pinnedSymbols(request: TrimRequest, base: TrimBase): KSymbol[] {
  const floor = floorSymbols(floorOf(wholeRecord(request)), base.config.kconfig);
  return [...floor].flatMap(([symbol, { isPinned }]) => (isPinned && base.config.tristate(symbol) > 0 ? [symbol] : []));
}

/**
 * Turns off what a request asks for beside modules.
 * @param config what modules alone left; not changed
 * @param modules those that are required
 */
export function goBeyond(
  request: TrimRequest,
  base: TrimBase,
  config: Configuration,
  settings: readonly TimeSetting[],
  requirements: RequirementSet,
  modules: readonly ModuleEntry[],
): Beyond {
  const isAsked = request.fast === true || request.debugInfo === false;
  const scope = request.deep ?? null;
  if (!isAsked && scope === null) return { config, plain: null, settings: null, deep: null, changed: new Set() };
  const { kbuild } = base;
  const plain = { config: config.clone(), build: kbuild.build(kbuildLookup(config)) };
  const applied = applySettings(settings, config, requirements);
  const steps = isAsked
    ? ({ option: request.fast ? '--fast' : '--no-debug-info', steps: applied.steps, held: applied.held } as const)
    : null;
  if (scope === null)
    return { config: applied.config, plain, settings: steps, deep: null, changed: namesOf(applied, null) };
  request.phase?.('deep');
  const useSource = useSourceOf(request);
  const deep = deepTrim({
    base,
    config: applied.config,
    build: applied.steps.length === 0 ? plain.build : kbuild.build(kbuildLookup(applied.config)),
    requirements,
    needed: new Set(modules.map(({ path }) => path)),
    useSource,
    scope,
    floor: floorSymbols(floorOf(wholeRecord(request)), config.kconfig),
  });
  return { config: deep.config, plain, settings: steps, deep: deep.report, changed: namesOf(applied, deep.report) };
}

/**
 * Units of vmlinux that a deep trim could take: of what is built those that the machine shows no use of. Whether something
 * holds them nobody has tried, so that it costs next to nothing.
 * @param build what is left without a deep trim
 */
export function idleUnits(request: TrimRequest, base: TrimBase, config: Configuration, build: BuildResult): string[] {
  const source = useSourceOf(request);
  // Where nothing else asks what sources register, reading them takes too long for a hint.
  const isRead = source.kind === 'record' && asksSources(source.record);
  const uses = new UnitUses(source, isRead ? base.providers : null, kbuildLookup(config), base.kbuild);
  const modular = new Set(build.modules.flatMap(({ objects }) => objects));
  return build.units.filter((unit) => !modular.has(unit) && uses.of(unit).kind === 'unused');
}

/** G9: settings that were to go and are on. */
export function unkeptSettings(settings: SettingsReport | null, config: Configuration): Violation[] {
  if (!settings) return [];
  const violation = (name: string, note: string): Violation => ({ promise: 'G9', name, note, at: null, blockers: [] });
  const held = settings.held.filter(({ isFinding }) => isFinding);
  const back = settings.steps.filter(({ symbol }) => config.tristate(config.kconfig.symbols.find(symbol)!) !== 0);
  return [
    ...held.map(({ symbol, because }) => violation(symbol, `stays on: ${because}`)),
    ...back.map(({ symbol }) => violation(symbol, 'is on again')),
  ];
}

/** What tells which code is used. */
function useSourceOf(request: TrimRequest): UseSource {
  const record = wholeRecord(request);
  if (record) return { kind: 'record', record };
  return { kind: request.byName ? 'names' : 'listing' };
}

function wholeRecord({ record }: TrimRequest): MachineRecord | null {
  return record && isWholeRecord(record) ? record : null;
}

function namesOf({ steps }: AppliedSettings, deep: DeepReport | null): ReadonlySet<string> {
  const all = [...steps, ...(deep?.departures ?? [])];
  return new Set(all.flatMap(({ changes }) => changes.map(({ symbol }) => symbol)));
}
