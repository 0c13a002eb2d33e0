/** A list of units that a run and the thread that looks at sources know by a name: thousands need not be handed over. */
export interface UnitList {
  /** No other list has it. */
  readonly digest: string;
  /** Objects or sources, relative to the tree. */
  paths(): readonly string[];
}
