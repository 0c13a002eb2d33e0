import { estimateBuild } from '../../estimate/estimate.ts';
import type { BuildResult } from '../../kbuild/index.ts';
import { containsSymbol } from '../../kconfig/expression.ts';
import type { Kconfig } from '../../kconfig/kconfig.ts';
import type { KSymbol } from '../../kconfig/symbol.ts';
import type { Configuration } from '../../values/configuration.ts';
import { explained } from '../changed.ts';
import { kbuildLookup } from '../lookup.ts';
import type { RequirementSet } from '../requirements.ts';
import type { TrimBase } from '../trim-base.ts';
import type { DeepDeparture, DeepReport, DeepScope } from '../types.ts';
import { wholeKernelConditions } from '../whole-kernel.ts';
import { type DeepOutcome, DeepTrim, type Departure } from './deep-trim.ts';
import type { OnFloor } from './floor.ts';
import { UnitGates } from './unit-gates.ts';
import { UnitUses, type UseSource } from './unit-use.ts';

/** What a deep trim is made from. */
export interface DeepTask {
  readonly base: TrimBase;
  /** What modules and settings left, and what that builds; not changed. */
  readonly config: Configuration;
  readonly build: BuildResult;
  readonly requirements: RequirementSet;
  /** Paths of the modules that are required. */
  readonly needed: ReadonlySet<string>;
  readonly useSource: UseSource;
  readonly scope: DeepScope;
  readonly floor: ReadonlyMap<KSymbol, OnFloor>;
}

/** Hardening of the code that stays: it has no units of its own, but may depend on what has. */
const HARDENING_FILES: readonly string[] = ['security/Kconfig.hardening'];
const MITIGATIONS: readonly string[] = ['CPU_MITIGATIONS', 'SPECULATION_MITIGATIONS'];

/**
 * Turns built-ins off that a machine shows no use of.
 * @returns the configuration that is left, and what went with its reasons
 */
export function deepTrim(task: DeepTask): { readonly config: Configuration; readonly report: DeepReport } {
  const { base, build, requirements, needed, useSource, scope } = task;
  const lookup = kbuildLookup(task.config);
  const sources = base.sources ?? base.kbuild.sources();
  const size = { units: build.units, modules: build.modules.length, builtIn: build.builtin.length };
  const { unitSeconds } = estimateBuild({ ...size, config: lookup, sources });
  const config = task.config.clone();
  const isAsked = useSource.kind !== 'listing' || scope === 'bold';
  const uses = new UnitUses(useSource, isAsked ? base.providers : null, lookup, base.kbuild);
  const gates = new UnitGates(base.providers.places, build.units, unitSeconds, lookup);
  const fixed = fixedSymbols(task);
  const deep = new DeepTrim({ config, base: base.config, requirements, gates, uses, scope, needed, fixed });
  return { config, report: reportOf(deep.run(), task, config) };
}

/** Why symbols stay that may not go, whatever it would save. */
function fixedSymbols({ floor, config }: DeepTask): (symbol: KSymbol) => string | null {
  const whole = wholeKernelConditions(config.kconfig);
  const hardening = hardeningOf(config.kconfig);
  return (symbol) => {
    const onFloor = floor.get(symbol);
    if (onFloor) return `floor: ${onFloor.source}`;
    if (whole.has(symbol)) return 'it decides over the whole kernel';
    return hardening.has(symbol) ? 'hardening of the code that stays' : null;
  };
}

function hardeningOf({ symbols }: Kconfig): ReadonlySet<KSymbol> {
  const switches = MITIGATIONS.flatMap((name) => symbols.find(name) ?? []);
  return new Set(
    symbols.all.filter(
      (symbol) =>
        symbol.nodes.some(({ at }) => HARDENING_FILES.includes(at.file)) ||
        switches.some((each) => each === symbol || containsSymbol(symbol.directDependency, each)),
    ),
  );
}

function reportOf(
  { departures, stays }: DeepOutcome,
  { scope, config: before, useSource, floor }: DeepTask,
  after: Configuration,
): DeepReport {
  return {
    scope,
    usesFrom: useSource.kind,
    departures: departures.map((departure) => departureOf(departure, before, after)),
    stays: stays.map(({ symbol, ...rest }) => ({ symbol: symbol.name!, ...rest })),
    pinned: [...floor.values()].filter(({ isPinned }) => isPinned).map(({ symbol, source }) => ({ symbol, source })),
  };
}

function departureOf(
  { symbol, ground, units, changed }: Departure,
  before: Configuration,
  after: Configuration,
): DeepDeparture {
  const because = (each: KSymbol): string => (each === symbol ? ground.text : `goes with ${symbol.name}`);
  const named = [...changed].filter(({ name }) => name !== null).sort((a, b) => (a.name! < b.name! ? -1 : 1));
  return {
    symbol: symbol.name!,
    from: before.text(symbol),
    to: after.text(symbol),
    kind: ground.kind,
    evidence: ground.text,
    units: units.map(({ path, seconds }) => ({ path, seconds })),
    changes: explained(named, before, after, after, because),
  };
}
