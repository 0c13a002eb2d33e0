import { type Day, type FactWord, factKind, fieldOf, type MachineRecord, type Sighting } from './format.ts';

/** Facts as they are found. */
export class Facts {
  readonly #counts = new Map<string, number | null>();

  /** A fact without a number. */
  note(word: FactWord, ...fields: readonly string[]): void {
    this.#counts.set(factText(word, fields), null);
  }

  /** A fact that is counted: adds to its number. */
  add(word: FactWord, fields: readonly string[], count: number): void {
    const fact = factText(word, fields);
    this.#counts.set(fact, (this.#counts.get(fact) ?? 0) + count);
  }

  /** A fact that is counted in several places: the largest number remains. */
  most(word: FactWord, fields: readonly string[], count: number): void {
    const fact = factText(word, fields);
    this.#counts.set(fact, Math.max(this.#counts.get(fact) ?? 0, count));
  }

  /** @param day the day on which all of them were seen */
  record(day: Day): MachineRecord {
    const sightings = [...this.#counts].map(([fact, count]): [string, Sighting] => [fact, { count, days: [day, day] }]);
    return new Map(sightings);
  }
}

function factText(word: FactWord, fields: readonly string[]): string {
  if (fields.length !== factKind(word)!.fields.length) throw new Error(`${word} ${fields.join(' ')}`);
  return [word, ...fields.map(fieldOf)].join(' ');
}
