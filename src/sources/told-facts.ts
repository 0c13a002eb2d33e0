import type { SourceFacts } from './source-facts.ts';
import { type PackedFacts, unpackFacts } from './source-thread.ts';

/** Facts that the thread has told, of a list of units. */
export class ToldFacts {
  readonly #units: readonly string[];
  readonly #facts: PackedFacts;
  /** Made when somebody asks in another order than that of the list. */
  #places: ReadonlyMap<string, number> | null = null;
  #next = 0;

  constructor(units: readonly string[], facts: PackedFacts) {
    this.#units = units;
    this.#facts = facts;
  }

  /** @returns null for a unit that is not in the list */
  of(unit: string): SourceFacts | null {
    const place = this.#units[this.#next] === unit ? this.#next : this.#placeOf(unit);
    if (place === undefined) return null;
    this.#next = place + 1;
    return unpackFacts(this.#facts, place);
  }

  #placeOf(unit: string): number | undefined {
    this.#places ??= new Map(this.#units.map((each, index) => [each, index]));
    return this.#places.get(unit);
  }
}
