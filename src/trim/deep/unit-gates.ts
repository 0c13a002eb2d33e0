import type { UnitPlace, UnitPlaces } from '../../evidence/unit-places.ts';
import { type Condition, type ConfigLookup, conditionSymbols } from '../../kbuild/index.ts';
import { plainPath } from '../../sources/unit-path.ts';

/** A unit that a configuration builds. */
export interface GatedUnit {
  /** As the build has it. */
  readonly path: string;
  /** What it costs to build, in CPU seconds. */
  readonly seconds: number;
  readonly places: readonly UnitPlace[];
  /** The symbols that decide on it, as far as one alone does. */
  readonly owners: readonly string[];
}

/** From symbols to the units that they gate, so that after a change only those are evaluated again. */
export class UnitGates {
  readonly all: readonly GatedUnit[];
  readonly #places: UnitPlaces;
  /** By symbol, the units whose conditions name it. */
  readonly #gated = new Map<string, GatedUnit[]>();
  readonly #owned = new Map<string, GatedUnit[]>();

  /**
   * @param units what the configuration builds
   * @param seconds what each of them costs
   */
  constructor(places: UnitPlaces, units: readonly string[], seconds: ArrayLike<number>, lookup: ConfigLookup) {
    this.#places = places;
    this.all = units.flatMap((path, index) => {
      const listed = places.of(path).filter((place) => places.isBuilt(place, null, lookup));
      // Programs inside vmlinux (vDSO, realmode) are listed elsewhere; they go with nothing here.
      if (listed.length === 0) return [];
      const owners = [...new Set(listed.flatMap((place) => places.symbols(path, place, lookup)))];
      return [{ path: plainPath(path), seconds: seconds[index] ?? 0, places: listed, owners }];
    });
    for (const unit of this.all) {
      for (const name of symbolsOf(unit)) add(this.#gated, name, unit);
      for (const name of unit.owners) add(this.#owned, name, unit);
    }
  }

  /** The units whose conditions name a symbol. */
  gatedBy(symbol: string): readonly GatedUnit[] {
    return this.#gated.get(symbol) ?? [];
  }

  /** The units that a symbol decides on. */
  ownedBy(symbol: string): readonly GatedUnit[] {
    return this.#owned.get(symbol) ?? [];
  }

  /** Whether a configuration builds a unit where it was built. */
  isBuilt({ places }: GatedUnit, lookup: ConfigLookup): boolean {
    return places.some((place) => this.#places.isBuilt(place, null, lookup));
  }
}

function symbolsOf({ places }: GatedUnit): Set<string> {
  const conditions = places.flatMap(({ when, module }): readonly Condition[] =>
    module ? [...when, module.whenModule, module.whenLinked, module.whenBuiltin] : when,
  );
  return new Set(conditions.flatMap((condition) => conditionSymbols(condition)));
}

function add(lists: Map<string, GatedUnit[]>, key: string, unit: GatedUnit): void {
  const known = lists.get(key);
  if (known) known.push(unit);
  else lists.set(key, [unit]);
}
