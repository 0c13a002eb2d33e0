/** The order of paths, which is found once for each. */

/** Puts texts in order; what was put in order before needs no comparing. */
export class UnitOrder {
  #references: Int32Array;

  /** @param references the numbers of texts, in the order of the texts */
  constructor(references: Int32Array = new Int32Array(0)) {
    this.#references = references;
  }

  /** The numbers of texts that were put in order so far, in that order. */
  get references(): Int32Array {
    return this.#references;
  }

  /**
   * @param marked by the texts' numbers: 1 for those that are asked for, else 0
   * @param count how many are asked for
   * @param textOf the text with a number
   * @returns the texts that are asked for, in order
   */
  sorted(marked: Uint8Array, count: number, textOf: (reference: number) => string): string[] {
    const found = this.#known(marked, textOf);
    if (found.length === count) return found;
    this.#learn(marked, textOf);
    return this.#known(marked, textOf);
  }

  #known(marked: Uint8Array, textOf: (reference: number) => string): string[] {
    const references = this.#references;
    const texts: string[] = [];
    for (let i = 0; i < references.length; i++) {
      if (marked[references[i]!] === 1) texts.push(textOf(references[i]!));
    }
    return texts;
  }

  #learn(marked: Uint8Array, textOf: (reference: number) => string): void {
    const isNew = marked.slice();
    for (const reference of this.#references) isNew[reference] = 0;
    const referenceOf = new Map<string, number>();
    for (let i = 0; i < isNew.length; i++) if (isNew[i] === 1) referenceOf.set(textOf(i), i);
    const fresh = [...referenceOf.keys()].sort().map((text) => referenceOf.get(text)!);
    this.#references = this.#references.length === 0 ? Int32Array.from(fresh) : merged(this.#references, fresh, textOf);
  }
}

/** Both lists, each of which is in order. */
function merged(a: Int32Array, b: readonly number[], textOf: (reference: number) => string): Int32Array {
  const all = new Int32Array(a.length + b.length);
  for (let i = 0, j = 0; i + j < all.length; ) {
    const isFirst = j === b.length || (i < a.length && textOf(a[i]!) < textOf(b[j]!));
    all[i + j] = isFirst ? a[i]! : b[j]!;
    if (isFirst) i++;
    else j++;
  }
  return all;
}
