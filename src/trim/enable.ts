import { type Buildable, isModuleBuilt } from '../kbuild/index.ts';
import type { Configuration } from '../values/configuration.ts';
import { kbuildLookup } from './lookup.ts';
import { applyChanges } from './plan.ts';
import { NO_TIES, type Ties } from './ties.ts';
import { type WayOn, wayToModule } from './way-on.ts';

/** A module that is to be turned on: its name, and the entries of the tree of which one has to be built. */
export interface Wanted {
  readonly name: string;
  readonly entries: readonly Buildable[];
}

/** One that was turned on. */
export interface TurnedOn extends Wanted {
  /** The values that were set for it; none where it is on because of another one. */
  readonly way: WayOn;
}

/**
 * Turns modules on that a configuration has off, each with the cheapest set of symbols that does it. Where that would
 * take away another of the modules (`depends on !OTHER`), the one that is there stays and the one asked for is off.
 * @param config changed in place
 * @param built entries that the configuration builds and that must stay
 * @param ties decides between ways that cost the same
 * @returns those that are built now
 */
export function enableModules(
  config: Configuration,
  wanted: readonly Wanted[],
  built: readonly Buildable[],
  ties: Ties = NO_TIES,
): TurnedOn[] {
  const lookup = kbuildLookup(config);
  const kept = [...built];
  return wanted.flatMap(({ name, entries }) => {
    const isBuilt = (entry: Buildable): boolean => isModuleBuilt(entry, lookup);
    let way: WayOn = new Map();
    if (!entries.some(isBuilt)) {
      const found = wayToModule(config, entries, kept, ties).way;
      if (!found) return [];
      applyChanges(config, found);
      way = found;
    }
    kept.push(...entries.filter(isBuilt));
    return [{ name, entries, way }];
  });
}
