/** Where names are borne, as numbers and texts: a name is found among the sorted ones without making a table of all. */
import { Packer, Unpacker } from '../cache/packed.ts';
import type { CollectedNames, NamesContent, NameTable } from './tree-names.ts';

/** @returns bytes for `unpackNames` */
export function packNames({ objects, members, owners, digest }: CollectedNames): Uint8Array {
  const out = new Packer();
  out.text(digest);
  out.ints(owners);
  packTable(out, objects);
  packTable(out, members);
  return out.bytes();
}

/** @throws RangeError where the bytes are not whole */
export function unpackNames(bytes: Uint8Array): NamesContent {
  const input = new Unpacker(bytes);
  const digest = input.text();
  const owners = input.ints();
  return { digest, owners, objects: new SortedNames(input), members: new SortedNames(input) };
}

function packTable(out: Packer, table: ReadonlyMap<string, readonly number[]>): void {
  const names = [...table.keys()].sort();
  const starts = new Int32Array(names.length + 1);
  const numbers: number[] = [];
  names.forEach((name, index) => {
    numbers.push(...table.get(name)!);
    starts[index + 1] = numbers.length;
  });
  out.ints(names.map((name) => out.reference(name)));
  out.ints(starts);
  out.ints(numbers);
}

/** A table whose names are made when they are compared with one that is looked for. */
class SortedNames implements NameTable {
  readonly #input: Unpacker;
  readonly #names: Int32Array;
  readonly #starts: Int32Array;
  readonly #numbers: Int32Array;

  constructor(input: Unpacker) {
    this.#input = input;
    this.#names = input.ints();
    this.#starts = input.ints();
    this.#numbers = input.ints();
  }

  get(name: string): Int32Array | undefined {
    let [low, high] = [0, this.#names.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#input.textOf(this.#names[middle]!) < name) low = middle + 1;
      else high = middle;
    }
    if (low === this.#names.length || this.#input.textOf(this.#names[low]!) !== name) return undefined;
    return this.#numbers.subarray(this.#starts[low], this.#starts[low + 1]);
  }
}
