/** The words of a list, in columns: most directories list hundreds, of which each becomes an item at once. */

import type { Condition } from '../conditions/condition.ts';
import { InputError, type Position } from '../diagnostics/diagnostic.ts';
import { joinPath } from './paths.ts';
import type { Piece } from './values.ts';

/** Words of one list. The longest of Linux 6.12 is that of sound/soc/codecs, with some 300; amdgpu has some 700 parts. */
const MAX_LISTED = 20_000;

/** Words with the paths that they stand for, their conditions, and the statements that list them. */
export class ListedWords {
  readonly texts: string[] = [];
  readonly paths: string[] = [];
  readonly whens: Condition[] = [];
  readonly positions: (Position | null)[] = [];
  /** Whether a word may stand open, as it does where it was expanded. */
  mayBeOpen = false;

  get count(): number {
    return this.texts.length;
  }

  /**
   * Adds the words of a statement in which nothing was to be expanded.
   * @param pathsOf the paths that they stand for
   */
  addPlain(words: readonly string[], pathsOf: () => readonly string[], when: Condition, at: Position | null): void {
    this.#makeRoom(words.length, at);
    const paths = pathsOf();
    for (let i = 0; i < words.length; i++) {
      this.texts.push(words[i]!);
      this.paths.push(paths[i]!);
      this.whens.push(when);
      this.positions.push(at);
    }
  }

  /** Adds words that were expanded. */
  addPieces(pieces: readonly Piece[], directory: string): void {
    if (pieces.length > 0) this.mayBeOpen = true;
    this.#makeRoom(pieces.length, pieces[0]?.at ?? null);
    for (const { text, when, at } of pieces) {
      this.texts.push(text);
      this.paths.push(joinPath(directory, text));
      this.whens.push(when);
      this.positions.push(at);
    }
  }

  /** @throws InputError where more words come than any list has */
  #makeRoom(words: number, at: Position | null): void {
    if (this.count + words <= MAX_LISTED) return;
    throw new InputError({ code: 'kbuild-list-too-long', ...(at && { at }), args: { limit: MAX_LISTED } });
  }
}
