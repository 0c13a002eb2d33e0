import { NUMBERS, type PackedFacts } from './packed-facts.ts';

/** Facts about a list of units, as the thread has sent them. */
export class ListedFacts {
  /** Where they are sorted, as those that are asked about, each is found by going on from the one before. */
  readonly #units: readonly string[];
  readonly #facts: PackedFacts;
  /** Made when somebody asks in another order. */
  #places: ReadonlyMap<string, number> | null = null;

  constructor(units: readonly string[], facts: PackedFacts) {
    this.#units = units;
    this.#facts = facts;
  }

  /**
   * Copies the facts of units that are in the list to their places among others.
   * @param to room for the facts of all `units`
   * @param wanted places of those that are looked for; null for all
   * @returns the places of those that are not in the list
   */
  copy(units: readonly string[], to: PackedFacts, wanted: readonly number[] | null = null): readonly number[] {
    const listed = this.#units;
    const facts = this.#facts;
    const unknown: number[] = [];
    const count = wanted === null ? units.length : wanted.length;
    let next = 0;
    // One loop without calls, in a program that runs once: there are thousands of units.
    for (let i = 0; i < count; i++) {
      const index = wanted === null ? i : wanted[i]!;
      const unit = units[index]!;
      while (listed[next]! < unit) next++;
      const place = listed[next] === unit ? next : this.#placeOf(unit);
      if (place === undefined) {
        unknown.push(index);
        continue;
      }
      next = place + 1;
      for (let number = 0; number < NUMBERS; number++) to[index * NUMBERS + number] = facts[place * NUMBERS + number]!;
    }
    return unknown;
  }

  #placeOf(unit: string): number | undefined {
    this.#places ??= new Map(this.#units.map((each, index) => [each, index]));
    return this.#places.get(unit);
  }
}
