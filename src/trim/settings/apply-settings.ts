import type { KSymbol } from '../../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../../values/configuration.ts';
import { changedSymbols, explained } from '../changed.ts';
import { kbuildLookup } from '../lookup.ts';
import { type RequirementSet, requirementText } from '../requirements.ts';
import { settlingChanges } from '../settle.ts';
import type { HeldSetting, SettingStep } from '../types.ts';
import type { TimeSetting } from './time-settings.ts';
import { turnOff } from './way-off.ts';

/** What became of settings that were to go. */
export interface AppliedSettings {
  readonly config: Configuration;
  /** Those that went, in order. */
  readonly steps: readonly SettingStep[];
  readonly held: readonly HeldSetting[];
}

/**
 * Turns settings off one after the other. One that takes something required with it stays.
 * @param from not changed
 */
export function applySettings(
  settings: readonly TimeSetting[],
  from: Configuration,
  requirements: RequirementSet,
): AppliedSettings {
  let config = from;
  const steps: SettingStep[] = [];
  const held: HeldSetting[] = [];
  for (const { symbol, isOptional, stays } of settings) {
    // Gone with one before it.
    if (config.tristate(symbol) === 0) continue;
    const found = stays === null ? withoutSetting(symbol, config, requirements) : { because: stays, isAsked: true };
    if ('because' in found) {
      held.push({ symbol: symbol.name!, because: found.because, isFinding: !isOptional && !found.isAsked });
      continue;
    }
    const why = (each: KSymbol): string | null => (each === symbol ? 'costs build time only' : null);
    const changed = changedSymbols(config, found.config);
    const changes = explained(changed, config, found.config, found.config, why);
    const others = changed.filter((each) => each !== symbol && isLost(each, config, found.config));
    steps.push({ symbol: symbol.name!, others: others.map(({ name }) => name!), changes });
    config = found.config;
  }
  return { config, steps, held };
}

/** A setting that cannot go; `isAsked` where a person asked for what it is needed for. */
interface Held {
  readonly because: string;
  readonly isAsked: boolean;
}

function withoutSetting(
  symbol: KSymbol,
  from: Configuration,
  requirements: RequirementSet,
): { readonly config: Configuration } | Held {
  const off = turnOff(symbol, from);
  if ('because' in off) return { because: off.because, isAsked: false };
  settle(off.config, from);
  if (off.config.tristate(symbol) !== 0) return { because: 'it comes back by a default', isAsked: false };
  const lookup = kbuildLookup(off.config);
  const breaks = requirements.broken(off.config, lookup, changedSymbols(from, off.config));
  const [first] = breaks;
  if (!first) return off;
  return {
    because: `${requirementText(first)} needs it`,
    isAsked: breaks.every(({ kind }) => kind === 'keep' || kind === 'set'),
  };
}

/** Whether a symbol that a person could turn on or off went. */
function isLost(symbol: KSymbol, before: Configuration, after: Configuration): boolean {
  const wasOn = before.tristate(symbol) !== 0 && before.visibility(symbol) !== 0;
  return wasOn && after.tristate(symbol) === 0 && symbol.choice === null;
}

/** As the file will say, with what came on by a default alone turned off: nothing is added. */
function settle(config: Configuration, from: Configuration): void {
  for (let appeared = appearedIn(config, from); appeared.size > 0; appeared = appearedIn(config, from)) {
    config.apply(appeared);
  }
  config.apply(settlingChanges(config));
}

function appearedIn(config: Configuration, from: Configuration): ReadonlyMap<KSymbol, UserValue> {
  const appeared = config.kconfig.symbols.all.filter(
    (symbol) =>
      (symbol.type === 'bool' || symbol.type === 'tristate') &&
      symbol.constant === null &&
      !symbol.choice &&
      !symbol.isChoice &&
      from.tristate(symbol) === 0 &&
      config.tristate(symbol) !== 0 &&
      config.visibility(symbol) > 0 &&
      config.reverseDependency(symbol) === 0,
  );
  return new Map(appeared.map((symbol) => [symbol, 0]));
}
