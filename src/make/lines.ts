/** The lines of a makefile: physical ones, and logical ones with their continuations (readline in GNU make's read.c). */
import { skipReference } from './template.ts';

/** Goes through a makefile's text line by line. */
export class MakeLines {
  readonly #text: string;
  /** Where the next line starts; behind the end of the text after the last line. */
  #offset = 0;
  /** Lines that were read. */
  #count = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** How many lines were read. */
  get count(): number {
    return this.#count;
  }

  /** Where the next line starts. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether there is another line; what follows the last line feed is one, even if it is empty. */
  get hasMore(): boolean {
    return this.#offset <= this.#text.length;
  }

  /** Passes by empty lines, and comments from the first column on that end with their line. */
  skipPlainComments(): void {
    const text = this.#text;
    while (this.#offset < text.length) {
      const first = text.charCodeAt(this.#offset);
      if (first === 10) {
        this.skip(this.#offset + 1, 1);
        continue;
      }
      if (first !== 35 /* # */) return;
      const end = text.indexOf('\n', this.#offset);
      const last = text.charCodeAt(end - 1);
      if (end < 0 || last === 92 /* \ */ || last === 13) return;
      this.skip(end + 1, 1);
    }
  }

  /** Goes to an offset, which is that many lines further on. */
  skip(offset: number, lines: number): void {
    this.#offset = offset;
    this.#count += lines;
  }

  /** The next line with its continuations, each joined by one blank. */
  logicalLine(): string {
    let line = this.#physicalLine();
    if (!line.endsWith('\\')) return line;
    const parts: string[] = [];
    while (isContinued(line) && this.hasMore) {
      const part = line.slice(0, -1).trimEnd();
      // Blank lines in between leave one blank as well.
      if (part !== '' || parts.length === 0) parts.push(part);
      line = this.#physicalLine().trimStart();
    }
    parts.push(isContinued(line) ? line.slice(0, -1) : line);
    return parts.join(' ');
  }

  /** The physical lines from an offset, where one starts, up to the next that is to be read. */
  linesFrom(offset: number): string[] {
    return this.#text
      .slice(offset, this.#offset - 1)
      .split('\n')
      .map(trimReturn);
  }

  /** A physical line by its number, counted from 0. */
  lineAt(index: number): string {
    return this.#text.split('\n')[index] ?? '';
  }

  #physicalLine(): string {
    const end = this.#text.indexOf('\n', this.#offset);
    const line = end < 0 ? this.#text.slice(this.#offset) : this.#text.slice(this.#offset, end);
    this.skip((end < 0 ? this.#text.length : end) + 1, 1);
    return trimReturn(line);
  }
}

function trimReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** Whether the line ends in an odd number of backslashes. */
function isContinued(line: string): boolean {
  let count = 0;
  while (line[line.length - 1 - count] === '\\') count++;
  return count % 2 === 1;
}

/** Cuts the comment off; `\#` is a plain `#`, and inside a reference `#` starts none (as make 4.3 and later). */
export function stripComment(line: string): string {
  if (!line.includes('#')) return line;
  let result = '';
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (c === '#') return result;
    if (c === '$' && (line[i + 1] === '(' || line[i + 1] === '{')) {
      const end = skipReference(line, i);
      result += line.slice(i, end);
      i = end - 1;
    } else if (c === '\\' && line[i + 1] === '#') {
      result += '#';
      i++;
    } else result += c;
  }
  return result;
}
