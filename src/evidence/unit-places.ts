import {
  type Condition,
  type ConfigLookup,
  conditionSymbols,
  evaluateCondition,
  isModuleBuilt,
  type KbuildTree,
  type Mention,
  type ModuleEntry,
  moduleName,
} from '../kbuild/index.ts';
import { plainPath } from '../sources/unit-path.ts';

/** How a translation unit comes into the kernel: one line of a Kbuild file that lists it, and the conditions. */
export interface UnitPlace {
  /** What the compiler is given as KBUILD_MODNAME. */
  readonly modname: string;
  /** The module that it is a part of; null for what can only be part of vmlinux. */
  readonly module: ModuleEntry | null;
  /** Its own lines' conditions: as a member of a composite, and that of the composite or itself. */
  readonly own: readonly Condition[];
  /** All of which has to hold, directories included; of a module those beside the module's. */
  readonly when: readonly Condition[];
  readonly directory: string;
  readonly mentions: readonly Mention[];
}

/** Finds where Kbuild files list each unit of a tree. */
export class UnitPlaces {
  readonly #kbuild: KbuildTree;
  #places: Map<string, UnitPlace[]> | null = null;

  constructor(kbuild: KbuildTree) {
    this.#kbuild = kbuild;
  }

  /** @param unit an object, relative to the tree */
  of(unit: string): readonly UnitPlace[] {
    this.#places ??= this.#collect();
    return this.#places.get(plainPath(unit)) ?? [];
  }

  #collect(): Map<string, UnitPlace[]> {
    const places = new Map<string, UnitPlace[]>();
    const add = (unit: string, place: UnitPlace): void => {
      const known = places.get(plainPath(unit));
      if (known) known.push(place);
      else places.set(plainPath(unit), [place]);
    };
    for (const module of this.#kbuild.modules.all()) {
      for (const { path, when, mentions } of module.objects) {
        const own = module.isComposite ? [when] : [];
        add(path, { modname: module.name, module, own, when: own, directory: module.directory, mentions });
      }
    }
    for (const { item, members, directory } of this.#kbuild.modules.builtinUnits()) {
      const modname = moduleName(item.path.slice(0, -2));
      const own = item.mentions.map(({ when }) => when);
      if (members.length === 0) {
        add(item.path, { modname, module: null, own, when: [item.when], directory, mentions: item.mentions });
      }
      for (const { path, when, mentions } of members) {
        add(path, { modname, module: null, own: [when, ...own], when: [when, item.when], directory, mentions });
      }
    }
    return places;
  }

  /** Whether a configuration builds a unit at a place. @param guard a condition of its source */
  isBuilt({ when, module }: UnitPlace, guard: Condition | null, lookup: ConfigLookup): boolean {
    const all = guard ? [guard, ...when] : when;
    return all.every((each) => evaluateCondition(each, lookup)) && (module === null || isModuleBuilt(module, lookup));
  }

  /**
   * The symbols that decide on a unit: those of its own lines, or else of the nearest directory that has some. Of those
   * that are on, the ones without which it is built nowhere; where no one alone decides, all that are on.
   * @param place one of the unit's
   * @param lookup null where there is no configuration: all of the place's own then
   */
  symbols(unit: string, place: UnitPlace, lookup: ConfigLookup | null): string[] {
    const own = lookup === null ? ownSymbols(place) : this.of(unit).flatMap(ownSymbols);
    const steps = this.#kbuild.modules.directoryChain(place.directory);
    const levels = [[...new Set(own)], ...steps.map(({ when }) => conditionSymbols(when))];
    for (const names of levels) {
      const found = lookup === null ? names : this.#deciding(unit, names, lookup);
      if (found.length > 0) return [...found];
    }
    return [];
  }

  #deciding(unit: string, names: readonly string[], lookup: ConfigLookup): string[] {
    const on = names.filter((name) => lookup(name) !== undefined);
    const needed = on.filter((name) => {
      const without: ConfigLookup = (each) => (each === name ? undefined : lookup(each));
      return !this.of(unit).some((place) => this.isBuilt(place, null, without));
    });
    return needed.length > 0 ? needed : on;
  }
}

/** The symbols of a unit's own lines, and of its module's. */
function ownSymbols({ own, module }: UnitPlace): string[] {
  return [...own.flatMap((each) => conditionSymbols(each)), ...(module?.decidingSymbols ?? [])];
}
