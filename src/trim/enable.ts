import type { Configuration } from '../values/configuration.ts';
import { type Buildable, isModuleBuilt, kbuildLookup } from './lookup.ts';
import { applyChanges } from './plan.ts';
import { wayToModule } from './way-on.ts';

/**
 * Turns modules on that a configuration has off, each with the cheapest set of symbols that does it. Where that would
 * take away another of the modules (`depends on !OTHER`), the one that is there stays and the one asked for is off.
 * @param config changed in place
 * @param wanted for each module the entries of the tree that bear its name; one of them is enough
 * @param built entries that the configuration builds and that must stay
 * @returns for each module whether it is built now
 */
export function enableModules(
  config: Configuration,
  wanted: readonly (readonly Buildable[])[],
  built: readonly Buildable[],
): boolean[] {
  const lookup = kbuildLookup(config);
  const kept = [...built];
  return wanted.map((entries) => {
    const isBuilt = (entry: Buildable): boolean => isModuleBuilt(entry, lookup);
    if (!entries.some(isBuilt)) {
      const way = wayToModule(config, entries, kept);
      if (!way) return false;
      applyChanges(config, way);
    }
    kept.push(...entries.filter(isBuilt));
    return true;
  });
}
