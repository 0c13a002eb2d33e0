/** The order of paths, which is found once for each. */

/** Puts texts in order; what was put in order before needs no comparing. */
export class UnitOrder {
  /** The numbers of texts that were put in order so far, in that order. */
  references: Int32Array;

  constructor(references: Int32Array = new Int32Array(0)) {
    this.references = references;
  }

  /**
   * @param marked by the texts' numbers: not 0 for those that are asked for
   * @param textOf the text with a number
   * @returns the texts that are asked for, in order
   */
  sorted(marked: Uint8Array, textOf: (reference: number) => string): string[] {
    this.#learn(marked, textOf);
    const texts: string[] = [];
    for (const reference of this.references) if (marked[reference] === 1) texts.push(textOf(reference));
    return texts;
  }

  #learn(marked: Uint8Array, textOf: (reference: number) => string): void {
    const isKnown = new Uint8Array(marked.length);
    for (const reference of this.references) isKnown[reference] = 1;
    const unknown: number[] = [];
    for (let i = 0; i < marked.length; i++) if (marked[i] === 1 && isKnown[i] === 0) unknown.push(i);
    if (unknown.length === 0) return;
    const textsOf = new Map(unknown.map((reference) => [textOf(reference), reference]));
    const fresh = [...textsOf.keys()].sort().map((text) => textsOf.get(text)!);
    this.references = merged(this.references, fresh, textOf);
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
