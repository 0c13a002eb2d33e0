import type { MenuColumns } from './menu-columns.ts';
import type { ParsedTree } from './snapshot.ts';
import type { MenuNode } from './symbol.ts';
import type { ValueTables } from './tables.ts';

/** A parsed and finalised Kconfig tree, without values. Many `Configuration`s may share one. */
export interface Kconfig extends ParsedTree {
  /** What values are calculated from. */
  readonly tables: ValueTables;
  readonly menu: MenuColumns;
  /** The entry of the menu tree with a number. */
  menuNode(number: number): MenuNode;
  /** CRC-32 of what symbols have which numbers, and of their types: whoever stored numbers knows by it whether they fit. */
  readonly symbolsChecksum: number;
  /** All of it, for `readSnapshot` in later runs and other threads. */
  readonly snapshot: Uint8Array;
}
