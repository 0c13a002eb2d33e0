/**
 * The menu tree as columns of numbers, to be walked without an object for every entry. Entries are numbered depth first, the root is 0; -1 stands for none.
 */
export interface MenuColumns {
  /** Ids. */
  readonly symbol: ArrayLike<number>;
  /** Numbers of entries. */
  readonly parent: ArrayLike<number>;
  readonly next: ArrayLike<number>;
  /** First children. */
  readonly list: ArrayLike<number>;
}

/** The number of the root. */
export const ROOT = 0;

/** Stands for no entry, and for no symbol. */
export const NONE = -1;
