/**
 * What a page of `--html` shows, as the JSON that is embedded in it: made by the reports in this folder, read by the
 * page's script in src/page.
 */

/** The id of the element that holds the JSON. */
export const DATA_ID = 'data';

/** Rows of a table before a button shows the rest. */
export const ROWS_SHOWN = 20;

/** What two configs are called. */
export const COMPARED = ['Before', 'After'] as const;

/** A page. */
export interface PageData {
  readonly title: string;
  /** One sentence below the title. */
  readonly summary: string;
  /** What is to be known first: broken promises, warnings. */
  readonly notices: readonly Notice[];
  /** What was read and written, by name. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly figures: readonly Figure[];
  readonly time: TimeMap | null;
  readonly sections: readonly Section[];
  readonly symbols: SymbolIndex | null;
}

export interface Notice {
  readonly level: 'error' | 'warning' | 'note';
  readonly text: string;
}

/** A number, or one before and after. */
export interface Figure {
  readonly name: string;
  readonly before: string | null;
  readonly after: string;
  /** What is left, 0 to 1 and more; null where nothing is compared. */
  readonly share: number | null;
}

/** CPU time by directory, for one config or two. */
export interface TimeMap {
  /** What the configs are called: `Before`, `After`. */
  readonly names: readonly string[];
  readonly root: TimeNode;
}

/** A directory: its name, the centiseconds of CPU time of its own files for each config, and what is below it. */
export type TimeNode = readonly [name: string, own: readonly number[], below: readonly TimeNode[]];

/** A heading with a table. */
export interface Section {
  /** Unique in the page. */
  readonly id: string;
  readonly heading: string;
  readonly intro: string;
  /** Whether the number of its rows says nothing. */
  readonly isUncounted?: boolean;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Column {
  readonly name: string;
  readonly isNumber?: boolean;
  /** Of the first column: whether it has words, not names. */
  readonly isText?: boolean;
}

/** One cell a column. */
export type Row = readonly Cell[];

/** Plain text, or text with what belongs to it. */
export type Cell = string | RichCell;

export interface RichCell {
  readonly text: string;
  /** Marks a good or a bad state, which the text says as well. */
  readonly level?: 'good' | 'bad' | 'plain';
  /** Lines that open below the text. */
  readonly lines?: readonly Line[];
  /** A symbol whose chain opens below the text. */
  readonly chain?: string;
}

/** What is said, and the line of the tree that says it; empty where there is none. */
export interface Line {
  readonly text: string;
  readonly at: string;
}

/** Why each symbol and module is what it is: the search looks here. */
export interface SymbolIndex {
  readonly symbols: readonly SymbolEntry[];
  readonly modules: readonly ModuleDirectory[];
  /** Sentences that several entries share. */
  readonly texts: readonly string[];
}

/**
 * A symbol that was on: its name, its value before and after (`mn`), and the reason as a number of `texts` or as its
 * last link.
 */
export type SymbolEntry = readonly [name: string, values: string, reason: number | ChainLink];

/** The last link of a chain: the symbol before it (empty where the chain begins), what the link says, and its place. */
export type ChainLink = readonly [from: string, text: string, at: string];

/** A directory with its modules, which have no directory of their own in their names. */
export type ModuleDirectory = readonly [directory: string, modules: readonly ModuleEntry[]];

/** A module: its file without suffix, its value before and after, and the symbols that decide on it, as numbers of `symbols`. */
export type ModuleEntry = readonly [file: string, values: string, ...symbols: number[]];
