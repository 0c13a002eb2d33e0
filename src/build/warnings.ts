import type { Position } from '../diagnostics/diagnostic.ts';
import type { OutputLine } from './output-line.ts';
import { type BuildPlaces, treePath } from './tree-path.ts';

/** A warning of a compiler or another program. */
export interface BuildWarning {
  /** Relative to the tree; null where none is named. */
  readonly at: Position | null;
  readonly message: string;
}

/** Warnings that are stored to be shown; all are counted. */
const STORED = 50;

/** Counts the warnings in a build's output: one for each, however many lines it has. */
export class WarningCount {
  readonly #places: BuildPlaces;
  readonly #first = new Map<string, BuildWarning>();
  #count = 0;

  constructor(places: BuildPlaces) {
    this.#places = places;
  }

  get count(): number {
    return this.#count;
  }

  /** The first ones; a warning that a header gives to everybody is one. */
  get first(): readonly BuildWarning[] {
    return [...this.#first.values()];
  }

  /** Takes the next line of output. */
  add(line: OutputLine): void {
    if (line.kind !== 'message' || line.severity !== 'warning') return;
    this.#count++;
    if (this.#first.size >= STORED || this.#first.has(line.text)) return;
    const at = line.at && { ...line.at, file: treePath(line.at.file, this.#places) };
    this.#first.set(line.text, { at, message: line.message });
  }
}
