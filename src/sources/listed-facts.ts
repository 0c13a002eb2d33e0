import { type PackedFacts, unpackFacts } from './packed-facts.ts';
import type { SourceFacts } from './source-facts.ts';

/** Whoever asks in order goes through the list once or twice. */
const MAX_ROUNDS = 10;

/** Facts about a list of units, as the thread has sent them. */
export class ListedFacts {
  /** Where they are sorted, as those that are asked about, each is found by going on from the one before. */
  readonly #units: readonly string[];
  readonly #facts: PackedFacts;
  /** Made when somebody asks in another order. */
  #places: ReadonlyMap<string, number> | null = null;
  #next = 0;
  /** How often the whole list was gone through. */
  #rounds = 0;

  constructor(units: readonly string[], facts: PackedFacts) {
    this.#units = units;
    this.#facts = facts;
  }

  /** @returns null for a unit that is not in the list */
  of(unit: string): SourceFacts | null {
    if (this.#next >= this.#units.length && this.#rounds < MAX_ROUNDS) {
      this.#rounds++;
      this.#next = 0;
    }
    while (this.#units[this.#next]! < unit) this.#next++;
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
