/**
 * A Kbuild tree as numbers and texts: what its directories list, its modules, and the conditions of both. A tree is
 * served from its snapshot alone, be it of this run or of an earlier one. It grows while directories are read.
 */
import type { Packer, Unpacker } from '../cache/packed.ts';
import type { Condition, DomainLookup } from '../conditions/condition.ts';
import { ConditionTable } from '../conditions/condition-table.ts';

/** The number of the root directory's name. */
export const ROOT = 0;

const FIRST_CAPACITY = 1 << 16;

/** What a snapshot starts from when it was unpacked. */
interface Unpacked {
  readonly ints: Int32Array;
  readonly textCount: number;
  readonly text: (reference: number) => string;
}

/** Records stand in one block of numbers and are found by their places; equal texts have one number. */
export class Snapshot {
  readonly table: ConditionTable;
  readonly #unpacked: Unpacked | null;
  #ints: Int32Array;
  #length: number;
  /** Those that came since it was unpacked. */
  readonly #texts: string[] = [];
  /** Made when a text asks for its number. */
  #references: Map<string, number> | null = null;

  constructor(table: ConditionTable, unpacked: Unpacked | null = null) {
    this.table = table;
    this.#unpacked = unpacked;
    this.#ints = unpacked?.ints ?? new Int32Array(FIRST_CAPACITY);
    this.#length = unpacked?.ints.length ?? 0;
    if (unpacked !== null) return;
    this.reference('.');
    // No record is at place 0, which can stand for none.
    this.push(0);
  }

  /** The numbers; other ones after `push`. */
  get ints(): Int32Array {
    return this.#ints;
  }

  /** Where the next record goes. */
  get length(): number {
    return this.#length;
  }

  /** Adds numbers. @returns the place of the first */
  push(...values: readonly number[]): number {
    return this.append(values);
  }

  /** Adds a list of numbers. @returns the place of the first */
  append(values: readonly number[]): number {
    const place = this.#length;
    this.#length += values.length;
    if (this.#length > this.#ints.length) {
      const grown = new Int32Array(this.#length * 2);
      grown.set(this.#ints);
      this.#ints = grown;
    }
    // Most lists are short: `set` would cost more than to write them.
    for (let i = 0; i < values.length; i++) this.#ints[place + i] = values[i]!;
    return place;
  }

  /** How many texts there are; their numbers are below it. */
  get textCount(): number {
    return (this.#unpacked?.textCount ?? 0) + this.#texts.length;
  }

  /** The text with this number. */
  text(reference: number): string {
    const unpacked = this.#unpacked;
    if (unpacked === null) return this.#texts[reference]!;
    return reference < unpacked.textCount ? unpacked.text(reference) : this.#texts[reference - unpacked.textCount]!;
  }

  /** The number of a text, which is given one where it has none. */
  reference(text: string): number {
    this.#references ??= this.#numberTexts();
    let reference = this.#references.get(text);
    if (reference === undefined) {
      reference = this.textCount;
      this.#texts.push(text);
      this.#references.set(text, reference);
    }
    return reference;
  }

  /** The condition with this number. */
  condition(id: number): Condition {
    return this.table.at(id);
  }

  /** Data as JSON text; members named `when` are conditions. */
  writeJson(data: unknown): string {
    return JSON.stringify(data, (key, value) => (key === 'when' ? (value as Condition).id : value));
  }

  /** Data that `writeJson` wrote. */
  readJson<Data>(text: string): Data {
    const data: unknown = JSON.parse(text);
    this.#thawIn(data);
    return data as Data;
  }

  /** Puts conditions in the place of their numbers; a reviver for JSON.parse takes four times as long. */
  #thawIn(data: unknown): void {
    if (typeof data !== 'object' || data === null) return;
    for (const [key, value] of Object.entries(data)) {
      if (key === 'when') (data as Record<string, unknown>)[key] = this.condition(value);
      else this.#thawIn(value);
    }
  }

  /** Writes all of it, first of all: the texts then have the same numbers there. */
  pack(out: Packer): void {
    for (let reference = 0; reference < this.textCount; reference++) out.reference(this.text(reference));
    out.ints(this.#ints.subarray(0, this.#length));
    const { checksum, ...frozen } = this.table.freeze((text) => out.reference(text));
    const { starts, data, negations, domains, tristates } = frozen;
    for (const numbers of [starts, data, negations, domains, tristates]) out.ints(numbers);
    out.int(checksum | 0);
  }

  /**
   * Reads what `pack` wrote; numbers are not copied.
   * @param domain what symbols can be now
   * @returns null where a symbol can be something else than it could
   */
  static unpack(input: Unpacker, domain: DomainLookup | null): Snapshot | null {
    const ints = input.ints();
    const [starts, data, negations, domains] = [input.ints(), input.ints(), input.ints(), input.ints()];
    const tristates = input.ints();
    const checksum = input.int() >>> 0;
    const { textCount } = input;
    const text = (reference: number): string => input.textOf(reference);
    const frozen = { starts, data, negations, domains, tristates, checksum, text, textCount };
    const table = ConditionTable.thaw(domain, frozen);
    return table && new Snapshot(table, { ints, textCount, text });
  }

  #numberTexts(): Map<string, number> {
    const references = new Map<string, number>();
    for (let reference = 0; reference < this.textCount; reference++) references.set(this.text(reference), reference);
    return references;
  }
}
