/** The aliases of a list of units as a text: it is handed over and cached in a fraction of the time that lists take. */

/** A unit that has aliases. */
export interface AliasesOfUnit {
  /** In the list. */
  readonly index: number;
  readonly texts: readonly string[];
}

/** @returns a text for `readAliasAnswer` */
export function writeAliasAnswer(found: readonly AliasesOfUnit[]): string {
  return JSON.stringify(found.map(({ index, texts }) => [index, ...texts]));
}

/** What `writeAliasAnswer` wrote. */
export function readAliasAnswer(text: string): readonly AliasesOfUnit[] {
  return (JSON.parse(text) as [number, ...string[]][]).map(([index, ...texts]) => ({ index, texts }));
}
