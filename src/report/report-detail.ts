import { count } from './count-text.ts';

/** How much of its lists a report shows. */
export interface Detail {
  /** All of each, with what there is to say of it. */
  readonly isAll: boolean;
  /** What the names of a list may take; null where names are counted instead. */
  readonly room: { readonly columns: number; readonly lines: number } | null;
  /** Whether names follow their heading in the same line. */
  readonly isDense: boolean;
  /** Whether notes, and what settings cost, are cut to a line. */
  readonly isBrief: boolean;
}

/** Columns of what the rows of a report are called. */
export const LABEL_WIDTH = 11;
/** Columns that stay free at the end of a line, since names are not broken. */
const FREE_END = 10;

/** What is shown where there is room for it. */
export const USUAL: Detail = { isAll: false, room: null, isDense: false, isBrief: false };
/** What `--verbose` asks for. */
export const ALL: Detail = { ...USUAL, isAll: true };

/** Less than the usual, step by step. @param columns of the terminal */
export function lessDetail(columns: number): Detail[] {
  const room = { columns, lines: 1 };
  const names: Detail = { ...USUAL, room };
  const dense: Detail = { ...names, isDense: true };
  return [names, { ...dense, room: { columns, lines: 2 } }, dense, { ...dense, isBrief: true }];
}

/**
 * Names of a list, and how many more there are.
 * @param most how many names stand there where they are counted
 * @param before columns of what stands before them
 * @returns one name at least
 */
export function listedNames(names: readonly string[], detail: Detail, most: number, before: number): string {
  const listed = (shown: number): string =>
    names.slice(0, shown).join(', ') + (shown < names.length ? `, and ${count(names.length - shown)} more (-v)` : '');
  if (detail.isAll) return listed(names.length);
  const { room } = detail;
  if (room === null) return listed(Math.min(most, names.length));
  // Below the first, lines begin where the label of a row ends; a name that does not fit leaves their ends free.
  const capacity = room.columns - before + (room.lines - 1) * (room.columns - LABEL_WIDTH - FREE_END);
  let shown = names.length;
  while (shown > 1 && listed(shown).length > capacity) shown--;
  return listed(shown);
}
