/**
 * What a make expression expands to when the configuration is not known: text whose pieces are there under conditions.
 * A plain string is text that is there in any case.
 */

import { type Condition, FALSE, TRUE } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import type { Position } from '../diagnostics/diagnostic.ts';

/** Text (or one word) that is there when the condition holds. */
export interface Piece {
  readonly when: Condition;
  readonly text: string;
  /** The statement that put it there. */
  readonly at: Position | null;
}

/** `text`: the pieces that are there, concatenated. `words`: the words that are there, joined by one blank. */
export interface GuardedValue {
  readonly kind: 'text' | 'words';
  readonly pieces: readonly Piece[];
}

export type Value = string | GuardedValue;

/** One of the texts a value can have; the conditions of a value's alternatives exclude each other. */
export interface Alternative {
  readonly when: Condition;
  readonly text: string;
}

/** Thrown where a value has too many alternatives to list; the caller makes the result unknown. */
export class TooManyAlternatives extends Error {}

/** Stands in a text for what cannot be known without a configuration. */
export const UNKNOWN = '\uEFFF';

const MAX_ALTERNATIVES = 128;
const SPACE = /[ \t\n\r\f\v]+/;
const HOLE = /[\ue000-\uffff]/;

/** The words of a plain text. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let start = -1;
  for (let at = 0; at < text.length; at++) {
    if (isSpace(text.charCodeAt(at))) {
      if (start >= 0) words.push(text.slice(start, at));
      start = -1;
    } else if (start < 0) start = at;
  }
  if (start === 0) words.push(text);
  else if (start > 0) words.push(text.slice(start));
  return words;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** Whether something in the text stands for a value that only a configuration gives. */
export function hasHole(text: string): boolean {
  return HOLE.test(text);
}

/** Whether the text is all known but for symbols' values that are neither y nor m. */
export function isUnknown(text: string): boolean {
  return text.includes(UNKNOWN);
}

/** Whether a blank or nothing stands beside the value at `index`, in the given direction. */
function endsApart(values: readonly Value[], index: number, direction: 1 | -1): boolean {
  for (let i = index + direction; i >= 0 && i < values.length; i += direction) {
    const value = values[i]!;
    if (value === '') continue;
    return typeof value === 'string' && /\s/.test(direction > 0 ? value[0]! : value.at(-1)!);
  }
  return true;
}

/** Operations on values; they need the table to combine conditions. */
export class Values {
  readonly #table: ConditionTable;

  constructor(table: ConditionTable) {
    this.#table = table;
  }

  /** Every text the value can have. @throws TooManyAlternatives */
  alternatives(value: Value): readonly Alternative[] {
    if (typeof value === 'string') return [{ when: TRUE, text: value }];
    let list: Alternative[] = [{ when: TRUE, text: '' }];
    const separator = value.kind === 'words' ? ' ' : '';
    for (const piece of value.pieces) {
      if (piece.text !== '') list = this.#extend(list, piece, separator);
    }
    return list;
  }

  #extend(list: readonly Alternative[], piece: Piece, separator: string): Alternative[] {
    const join = (text: string): string => (text === '' ? piece.text : text + separator + piece.text);
    if (piece.when === TRUE) return list.map(({ when, text }) => ({ when, text: join(text) }));
    const byText = new Map<string, Condition>();
    const add = (when: Condition, text: string): void => {
      if (when === FALSE) return;
      const known = byText.get(text);
      byText.set(text, known === undefined ? when : this.#table.or(known, when));
    };
    const absent = this.#table.not(piece.when);
    for (const { when, text } of list) {
      add(this.#table.and(when, piece.when), join(text));
      add(this.#table.and(when, absent), text);
    }
    if (byText.size > MAX_ALTERNATIVES) throw new TooManyAlternatives();
    return [...byText].map(([text, when]) => ({ when, text }));
  }

  /** The value as words, each with its condition. @throws TooManyAlternatives */
  words(value: Value, at: Position | null = null): readonly Piece[] {
    if (typeof value === 'string') return splitWords(value).map((text) => ({ when: TRUE, text, at }));
    if (value.kind === 'words') return value.pieces;
    const words: Piece[] = [];
    let run: Piece[] = [];
    const flush = (): void => {
      if (run.length > 0) this.#runWords(run, words, at);
      run = [];
    };
    for (const piece of value.pieces) {
      if (piece.when !== TRUE) {
        run.push(piece);
        continue;
      }
      const chunks = piece.text.split(SPACE);
      chunks.forEach((text, i) => {
        if (i > 0) flush();
        if (text !== '') run.push({ when: TRUE, text, at: piece.at });
      });
    }
    flush();
    return words;
  }

  /** Pieces that touch: one is simple, several may form words together. */
  #runWords(run: readonly Piece[], words: Piece[], at: Position | null): void {
    if (run.length === 1) {
      const only = run[0]!;
      for (const text of splitWords(only.text)) words.push({ when: only.when, text, at: only.at ?? at });
      return;
    }
    const from = run.find((piece) => piece.at !== null)?.at ?? at;
    for (const { when, text } of this.alternatives({ kind: 'text', pieces: run })) {
      for (const word of splitWords(text)) words.push({ when, text: word, at: from });
    }
  }

  /** When the value is not empty. */
  nonEmpty(value: Value): Condition {
    if (typeof value === 'string') return value === '' ? FALSE : TRUE;
    return this.#table.any(value.pieces.filter((p) => p.text !== '').map((p) => p.when));
  }

  /** The value where the condition holds, nothing elsewhere. */
  guard(value: Value, when: Condition): Value {
    if (when === TRUE) return value;
    if (when === FALSE) return '';
    if (typeof value === 'string') {
      return value === '' ? '' : { kind: 'text', pieces: [{ when, text: value, at: null }] };
    }
    return { kind: value.kind, pieces: this.guardPieces(value.pieces, when) };
  }

  /** Pieces under one more condition; those that are never there are left out. */
  guardPieces(pieces: readonly Piece[], when: Condition): readonly Piece[] {
    if (when === TRUE) return pieces;
    const result: Piece[] = [];
    for (const piece of pieces) {
      const both = this.#table.and(piece.when, when);
      if (both !== FALSE) result.push(both === piece.when ? piece : { when: both, text: piece.text, at: piece.at });
    }
    return result;
  }

  /** Values side by side, without a separator. @throws TooManyAlternatives */
  concat(values: readonly Value[]): Value {
    if (values.length === 1) return values[0]!;
    if (values.every((v) => typeof v === 'string')) return values.join('');
    const pieces: Piece[] = [];
    values.forEach((value, i) => {
      if (typeof value === 'string') {
        if (value !== '') pieces.push({ when: TRUE, text: value, at: null });
      } else if (value.kind === 'text') pieces.push(...value.pieces);
      else if (endsApart(values, i, -1) && endsApart(values, i, 1)) this.#appendApart(pieces, value.pieces);
      else {
        for (const { when, text } of this.alternatives(value)) pieces.push({ when, text, at: null });
      }
    });
    return { kind: 'text', pieces };
  }

  /** A list that touches nothing: blanks between its words, so that every word stays on its own. */
  #appendApart(pieces: Piece[], words: readonly Piece[]): void {
    words.forEach((word, i) => {
      if (i > 0) pieces.push({ when: TRUE, text: ' ', at: null });
      pieces.push(word);
    });
  }

  /** A list of words; a plain text where each of them is there in any case. */
  list(words: readonly Piece[]): Value {
    return words.length === 0 ? '' : { kind: 'words', pieces: words };
  }
}
