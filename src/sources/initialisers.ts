/** Initialisers of C structures, as kernel code writes them: with designators. */

/** A field of a structure that is set. */
export interface InitialisedField {
  /** `name`, `driver.name`; `[1]` for the second one without a designator. */
  readonly path: string;
  /** Its expression as it stands there. */
  readonly value: string;
  /** Where the expression begins. */
  readonly at: number;
}

/** Longest initialiser that is read, in characters: a table of devices has a hundred thousand. */
const MAX_LENGTH = 400_000;
const MAX_DEPTH = 12;

/**
 * The fields that an initialiser sets.
 * @param text a C source
 * @param open where it begins, behind its brace
 * @param isArray whether each of its elements is a structure
 * @returns the fields of each structure; what breaks off ends where it does
 */
export function initialisers(text: string, open: number, isArray: boolean): readonly (readonly InitialisedField[])[] {
  const reader = new InitialiserReader(text, open, Math.min(text.length, open + MAX_LENGTH));
  return isArray ? reader.elements() : [reader.fields()];
}

/** Blanks, comments and directives. */
const BLANK = /(?:[\s]|\/\*[\s\S]*?\*\/|\/\/[^\n]*|#[^\n]*(?:\\\n[^\n]*)*)*/y;
const DESIGNATOR = /\.\s*(\w+)|\[[^\]\n]*\]/y;
/** A piece of an expression in which no bracket or comma counts. */
const PIECE = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*|[^"'/(){},]+|\//y;

class InitialiserReader {
  readonly #text: string;
  readonly #end: number;
  #at: number;

  constructor(text: string, open: number, end: number) {
    this.#text = text;
    this.#at = open;
    this.#end = end;
  }

  fields(): InitialisedField[] {
    const found: InitialisedField[] = [];
    this.#block('', 0, found);
    return found;
  }

  elements(): InitialisedField[][] {
    const elements: InitialisedField[][] = [];
    while (this.#begin()) {
      this.#designators();
      const fields: InitialisedField[] = [];
      this.#value('', 0, fields);
      if (fields.length > 0) elements.push(fields);
    }
    return elements;
  }

  /** What stands between a brace and its end. */
  #block(path: string, depth: number, found: InitialisedField[]): void {
    for (let index = 0; this.#begin(); index++) {
      const own = this.#designators() || `[${index}]`;
      this.#value(path === '' ? own : `${path}.${own}`, depth, found);
    }
  }

  /** Goes on to the next element; behind the last one, past the brace. */
  #begin(): boolean {
    this.#skip(BLANK);
    if (this.#text[this.#at] === ',') this.#at++;
    this.#skip(BLANK);
    if (this.#at >= this.#end) return false;
    if (this.#text[this.#at] !== '}') return true;
    this.#at++;
    return false;
  }

  #designators(): string {
    const parts: string[] = [];
    const start = this.#at;
    for (;;) {
      this.#skip(BLANK);
      DESIGNATOR.lastIndex = this.#at;
      const match = DESIGNATOR.exec(this.#text);
      if (!match) break;
      this.#at = DESIGNATOR.lastIndex;
      if (match[1] !== undefined) parts.push(match[1]);
    }
    if (this.#at !== start && this.#text[this.#at] === '=') this.#at++;
    this.#skip(BLANK);
    return parts.join('.');
  }

  #value(path: string, depth: number, found: InitialisedField[]): void {
    // A compound literal: `(struct x) { … }`.
    const cast = /\((?:const )?struct \w+\)\s*(?=\{)/y;
    this.#skip(cast);
    if (this.#text[this.#at] === '{' && depth < MAX_DEPTH) {
      this.#at++;
      this.#block(path, depth + 1, found);
      return;
    }
    const start = this.#at;
    let open = 0;
    while (this.#at < this.#end) {
      const char = this.#text[this.#at];
      if (open === 0 && (char === ',' || char === '}')) break;
      if (char === '(' || char === '{') open++;
      else if (char === ')' || char === '}') open--;
      if ('(){},'.includes(char!)) this.#at++;
      else this.#skip(PIECE, 1);
    }
    found.push({ path, value: this.#text.slice(start, this.#at), at: start });
  }

  /** @param least how far to go on where the pattern does not fit */
  #skip(pattern: RegExp, least = 0): void {
    pattern.lastIndex = this.#at;
    this.#at = pattern.test(this.#text) ? Math.max(pattern.lastIndex, this.#at + least) : this.#at + least;
  }
}
