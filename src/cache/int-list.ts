const FIRST_CAPACITY = 1024;

/** A list of 32-bit integers that grows. */
export class IntList {
  #ints = new Int32Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#ints.length) {
      const grown = new Int32Array(this.#length * 2);
      grown.set(this.#ints);
      this.#ints = grown;
    }
    this.#ints[this.#length++] = value;
  }

  /** Writes a number over one that is there. */
  set(place: number, value: number): void {
    this.#ints[place] = value;
  }

  /** The numbers so far; later ones are not among them. */
  done(): Int32Array {
    return this.#ints.subarray(0, this.#length);
  }
}
