import { createHash } from 'node:crypto';

/** A list of units that a run and the thread that looks at sources know by a name: thousands need not be handed over. */
export interface UnitList {
  /** No other list has it. */
  readonly digest: string;
  /** Whether the paths cost nothing to get. */
  readonly isAtHand: boolean;
  /** Objects or sources, relative to the tree. */
  paths(): readonly string[];
}

/** The digest that facts about units are kept under. @param units one a line */
export function unitsDigest(units: string): string {
  return createHash('sha256').update(units, 'latin1').digest('hex');
}
