/**
 * Numbers and texts as bytes, for cache entries: a list of 32-bit integers and a table of texts, each text
 * once. Reading makes one large string and cuts the texts out of it, which costs a fraction of parsing JSON. It is a
 * string of one byte a char: the few texts that need two stand in it as their bytes.
 */

import { IntList } from './int-list.ts';

/** Integers, texts, and texts of two bytes a char. */
const HEADER_INTS = 3;

const INT_BYTES = 4;

/** Writes values one behind the other. */
export class Packer {
  readonly #ints = new IntList();
  readonly #texts = new Map<string, number>();

  /** @param value an integer of 32 bits */
  int(value: number): void {
    this.#ints.push(value);
  }

  /** Any numbers. */
  doubles(values: Float64Array): void {
    this.#ints.append(new Int32Array(values.slice().buffer));
  }

  text(value: string): void {
    this.int(this.reference(value));
  }

  /** The number that stands for a text, for numbers that are written as a block. */
  reference(value: string): number {
    let index = this.#texts.get(value);
    if (index === undefined) {
      index = this.#texts.size;
      this.#texts.set(value, index);
    }
    return index;
  }

  /** A block of numbers, which is read without a copy. */
  ints(values: ArrayLike<number>): void {
    this.int(values.length);
    this.#ints.append(values);
  }

  /** A block of small numbers, a byte each, which is read without a copy. */
  octets(values: Uint8Array): void {
    this.int(values.length);
    const whole = new Uint8Array((values.length + INT_BYTES - 1) & -INT_BYTES);
    whole.set(values);
    this.#ints.append(new Int32Array(whole.buffer));
  }

  /** Where the next number goes: a place for `Unpacker.seek`. */
  get place(): number {
    return this.#ints.length;
  }

  /** Writes a number at a place where one stands. */
  set(place: number, value: number): void {
    this.#ints.set(place, value);
  }

  /** All that was written. */
  bytes(): Uint8Array {
    const texts = [...this.#texts.keys()];
    let blob = texts.join('');
    const wide = isLatin1(blob) ? [] : texts.flatMap((text, index) => (isLatin1(text) ? [] : [index]));
    for (const index of wide) texts[index] = Buffer.from(texts[index]!, 'utf16le').toString('latin1');
    if (wide.length > 0) blob = texts.join('');
    const numbers = this.#ints.done();
    const ints = HEADER_INTS + numbers.length + texts.length + wide.length;
    const bytes = new Uint8Array(ints * 4 + blob.length);
    const head = new Int32Array(bytes.buffer, 0, ints);
    head.set([numbers.length, texts.length, wide.length]);
    head.set(numbers, HEADER_INTS);
    let end = 0;
    texts.forEach((text, index) => {
      end += text.length;
      head[HEADER_INTS + numbers.length + index] = end;
    });
    head.set(wide, HEADER_INTS + numbers.length + texts.length);
    Buffer.from(bytes.buffer).write(blob, ints * 4, 'latin1');
    return bytes;
  }
}

/** Reads, in the order of writing, what a `Packer` of this very program wrote. */
export class Unpacker {
  readonly #ints: Int32Array;
  readonly #ends: Int32Array;
  readonly #blob: string;
  readonly #texts: (string | undefined)[];
  #at = 0;

  /** @throws RangeError where the bytes are not whole */
  constructor(packed: Uint8Array) {
    // A Buffer's own `slice` copies nothing.
    const bytes = packed.byteOffset % 4 === 0 ? packed : new Uint8Array(packed);
    const [ints = 0, texts = 0, wide = 0] = new Int32Array(bytes.buffer, bytes.byteOffset, HEADER_INTS);
    const all = new Int32Array(bytes.buffer, bytes.byteOffset, HEADER_INTS + ints + texts + wide);
    this.#ints = all.subarray(HEADER_INTS, HEADER_INTS + ints);
    this.#ends = all.subarray(HEADER_INTS + ints, HEADER_INTS + ints + texts);
    this.#blob = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      .subarray(all.byteLength)
      .toString('latin1');
    if (this.#blob.length !== (this.#ends.at(-1) ?? 0)) throw new RangeError('packed texts are not whole');
    this.#texts = new Array<string | undefined>(texts).fill(undefined);
    for (const index of all.subarray(HEADER_INTS + ints + texts)) {
      this.#texts[index] = Buffer.from(this.textOf(index), 'latin1').toString('utf16le');
    }
  }

  /** How many texts there are; references are below it. */
  get textCount(): number {
    return this.#ends.length;
  }

  int(): number {
    return this.#ints[this.#at++]!;
  }

  doubles(count: number): Float64Array {
    const halves = this.#ints.slice(this.#at, this.#at + 2 * count);
    this.#at += 2 * count;
    return new Float64Array(halves.buffer);
  }

  text(): string {
    return this.textOf(this.#ints[this.#at++]!);
  }

  /** Where reading stands. */
  get place(): number {
    return this.#at;
  }

  /** Goes on reading at a place. */
  seek(place: number): void {
    this.#at = place;
  }

  /** The number at a place. */
  intAt(place: number): number {
    return this.#ints[place]!;
  }

  /** A block of numbers. */
  ints(): Int32Array {
    const length = this.int();
    const start = this.#at;
    this.#at += length;
    return this.#ints.subarray(start, this.#at);
  }

  /** A block of small numbers. */
  octets(): Uint8Array {
    const length = this.int();
    const start = this.#at;
    this.#at += Math.ceil(length / INT_BYTES);
    const { buffer, byteOffset } = this.#ints.subarray(start, this.#at);
    return new Uint8Array(buffer, byteOffset, length);
  }

  /** The text that a reference in a block stands for. */
  textOf(index: number): string {
    let text = this.#texts[index];
    if (text === undefined) {
      text = this.#blob.slice(index === 0 ? 0 : this.#ends[index - 1]!, this.#ends[index]!);
      this.#texts[index] = text;
    }
    return text;
  }
}

function isLatin1(text: string): boolean {
  return /^[\0-\xff]*$/.test(text);
}
