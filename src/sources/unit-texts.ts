/**
 * Texts about a list of units as one text, such as their aliases: it is handed over and cached in a fraction of the time
 * that lists take.
 */

/** A unit of which something is known. */
export interface UnitTexts {
  /** In the list. */
  readonly index: number;
  readonly texts: readonly string[];
}

/** @returns a text for `readUnitTexts` */
export function writeUnitTexts(found: readonly UnitTexts[]): string {
  return JSON.stringify(found.map(({ index, texts }) => [index, ...texts]));
}

/** What `writeUnitTexts` wrote. */
export function readUnitTexts(text: string): readonly UnitTexts[] {
  return (JSON.parse(text) as [number, ...string[]][]).map(([index, ...texts]) => ({ index, texts }));
}
