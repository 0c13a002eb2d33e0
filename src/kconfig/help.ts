/** Where a help text stands in a file. */
export interface HelpPlace {
  /** Offset of the line behind `help`. */
  readonly start: number;
  /** Offset of the first char that is no longer help. */
  readonly end: number;
  /** Newlines inside. */
  readonly lines: number;
  /** Whether there is nothing but white space. */
  readonly blank: boolean;
}

/** A help text. It is looked up where somebody asks for it: few do. */
export class HelpText {
  readonly #readFile: (name: string) => string | null;
  /** As `source` names it. */
  readonly file: string;
  /** Offset of the line behind `help`. */
  readonly start: number;

  /** @param readFile gives the file as it was when it was parsed */
  constructor(readFile: (name: string) => string | null, file: string, start: number) {
    this.#readFile = readFile;
    this.file = file;
    this.start = start;
  }

  /** The text as conf has it: without the first line's indentation, trailing blanks gone. */
  text(): string {
    const text = this.#readFile(this.file) ?? '';
    return extract(text, this.start, scanHelp(text, this.start).end);
  }
}

/** Width of leading blanks; a tab goes to the next multiple of eight. */
function indentation(text: string, start: number, end: number): number {
  let width = 0;
  for (let i = start; i < end; i++) width = text.charCodeAt(i) === 9 ? (width & ~7) + 8 : width + 1;
  return width;
}

/** Offset of the first char from `from` on that is neither blank nor tab. */
function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++;
  return at;
}

/**
 * Finds the end of a help text (`lexer.l`, state HELP): it ends before a line that is indented less than its first
 * one, and at a line that starts in the first column.
 * @param start offset of the line behind `help`
 */
export function scanHelp(text: string, start: number): HelpPlace {
  let first = 0;
  let at = start;
  let lines = 0;
  let blank = true;
  for (;;) {
    const word = skipBlanks(text, at);
    if (word >= text.length) {
      at = word;
      break;
    }
    if (text.charCodeAt(word) !== 10) {
      const width = indentation(text, at, word);
      if (first > 0 && width > 0 && width < first) {
        at = word;
        break;
      }
      if (first === 0) first = width;
      blank = false;
      const newline = text.indexOf('\n', word);
      at = newline < 0 ? text.length : newline;
      if (at >= text.length) break;
    } else at = word;
    // At a newline; it ends the help when the next line starts in the first column.
    at++;
    lines++;
    const code = text.charCodeAt(at);
    if (at < text.length && code !== 32 && code !== 9 && code !== 10) break;
  }
  return { start, end: at, lines, blank };
}

function extract(text: string, start: number, end: number): string {
  let first = 0;
  const out: string[] = [];
  for (const line of text.slice(start, end).split('\n')) {
    const word = skipBlanks(line, 0);
    if (word >= line.length) {
      out.push('');
      continue;
    }
    const width = indentation(line, 0, word);
    if (first === 0) {
      first = width;
      out.push(line.slice(word).replace(/[ \t]+$/, ''));
    } else out.push(' '.repeat(Math.max(0, width - first)) + line.slice(word).replace(/[ \t]+$/, ''));
  }
  return out.join('\n').replace(/\n+$/, '\n');
}
