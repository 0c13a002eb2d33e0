import type { MenuNode } from './symbol.ts';

/**
 * The menu tree as columns of numbers, to be walked without looking at every entry: of a tree that was kept most entries
 * are never made. Entries are numbered depth first, the root is 0; -1 stands for none.
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

/** Puts a finalised tree into columns. @returns the entries by their numbers as well */
export function tabulateMenu(root: MenuNode): { readonly menu: MenuColumns; readonly nodes: readonly MenuNode[] } {
  const nodes: MenuNode[] = [];
  const menu = { symbol: [] as number[], parent: [] as number[], next: [] as number[], list: [] as number[] };
  const add = (node: MenuNode, within: number): number => {
    const number = nodes.push(node) - 1;
    menu.symbol.push(node.symbol ? node.symbol.id : NONE);
    menu.parent.push(within);
    menu.next.push(NONE);
    menu.list.push(NONE);
    let before = NONE;
    for (let child = node.list; child; child = child.next) {
      const added = add(child, number);
      if (before === NONE) menu.list[number] = added;
      else menu.next[before] = added;
      before = added;
    }
    return number;
  };
  add(root, NONE);
  return { menu, nodes };
}
