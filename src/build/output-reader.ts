import { type OutputLine, readOutputLine } from './output-line.ts';

/** Of a line without end this much is read as one; what follows is a line of its own. */
const MAX_LINE = 1024 * 1024;

/** Puts the pieces in which output comes together to lines. */
export class OutputReader {
  #rest = '';

  /** @param text Latin-1; the lines that it completes come back */
  read(text: string): OutputLine[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    if (this.#rest.length > MAX_LINE) {
      lines.push(this.#rest);
      this.#rest = '';
    }
    return lines.map((line) => readOutputLine(line.replace(/\r$/, '')));
  }

  /** What came behind the last end of line. */
  end(): OutputLine[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : [readOutputLine(rest)];
  }
}
