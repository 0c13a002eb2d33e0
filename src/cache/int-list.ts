const FIRST_CAPACITY = 1024;

/** A list of 32-bit integers that grows. */
export class IntList {
  #ints = new Int32Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#ints.length) this.#grow(this.#length + 1);
    this.#ints[this.#length++] = value;
  }

  /** Pushes all of a list. */
  append(values: ArrayLike<number>): void {
    const length = this.#length + values.length;
    if (length > this.#ints.length) this.#grow(length);
    this.#ints.set(values, this.#length);
    this.#length = length;
  }

  /** Writes a number over one that is there. */
  set(place: number, value: number): void {
    this.#ints[place] = value;
  }

  /** The numbers so far; later ones are not among them. */
  done(): Int32Array {
    return this.#ints.subarray(0, this.#length);
  }

  #grow(length: number): void {
    const grown = new Int32Array(Math.max(length, this.#length * 2));
    grown.set(this.#ints.subarray(0, this.#length));
    this.#ints = grown;
  }
}
