import { resolve } from 'node:path';
import { NodeFileWriter } from '../platform/write-file.ts';
import { jsonText, stripControlCharacters } from '../report/plain-text.ts';
import { REPORT_COLUMNS, renderText, type Screen } from '../report/styled-text.ts';
import { isColored } from './color.ts';
import { withHyperlinks } from './hyperlinks.ts';
import { printMessage } from './messages.ts';
import type { CommonOptions } from './options.ts';
import { printBytes, printSafe, printText, type Stream } from './output.ts';

type OutputOptions = Pick<CommonOptions, 'output' | 'color' | 'quiet'>;

/** Prints what a command was asked for, or writes it to the file that `--output` names: all of it or nothing. */
export class DataOutput {
  readonly #options: OutputOptions;
  /** Absolute; null for standard output. */
  readonly #file: string | null;
  readonly #unite: string;

  /**
   * @param cwd what a relative `--output` is relative to
   * @param unite what unites a file that was there with what is written now; empty where nothing does
   */
  constructor(options: OutputOptions, cwd: string, unite = '') {
    this.#options = options;
    this.#unite = unite;
    const { output = '-' } = options;
    this.#file = output === '-' ? null : resolve(cwd, output);
  }

  /** The terminal that a report is to fit; null where none shows it. */
  get screen(): Screen | null {
    return this.#file === null ? screenOf('stdout') : null;
  }

  /** A report, with the marks of `paint` in it. */
  report(text: string): void {
    if (this.#file === null) printReport(text, this.#options);
    else this.#write(utf8Bytes(renderText(text, false)));
  }

  /** Text in which nothing is marked. */
  text(text: string): void {
    if (this.#file === null) printText(text);
    else this.#write(utf8Bytes(stripControlCharacters(text)));
  }

  /** Data as a Latin-1 byte string. */
  bytes(text: string): void {
    if (this.#file === null) printBytes(text);
    else this.#write(text);
  }

  json(value: unknown, indent = true): void {
    const text = jsonText(value, indent);
    if (this.#file === null) printSafe(text);
    else this.#write(utf8Bytes(text));
  }

  #write(bytes: string): void {
    writeOutput(this.#options, this.#file!, bytes, this.#unite);
  }
}

/**
 * Writes a file that was asked for. What was there stays beside it as `FILE.old`, and that is said.
 * @param path absolute
 * @param bytes as a Latin-1 byte string
 * @param unite see `DataOutput`
 */
export function writeOutput(options: Pick<CommonOptions, 'quiet'>, path: string, bytes: string, unite = ''): void {
  noteOld(options, new NodeFileWriter().writeConfigAtomic(path, bytes).backup, unite);
}

/** Says where what was there is. @param backup null where nothing was */
export function noteOld({ quiet }: Pick<CommonOptions, 'quiet'>, backup: string | null, unite = ''): void {
  if (backup !== null && !quiet)
    printMessage(`note: what was there is ${backup}${unite && `; ${unite} unites with it`}`);
}

/** Prints a report, in colour where a terminal shows it and nobody minds. */
export function printReport(text: string, { color }: Pick<CommonOptions, 'color'>, stream: Stream = 'stdout'): void {
  const rendered = renderText(text, isColored(color, stream), process[stream].columns);
  printSafe(withHyperlinks(rendered, color, stream), stream);
}

/** What a report that a stream gets is to fit; null where that is no terminal, or one that does not know its size. */
export function screenOf(stream: Stream): Screen | null {
  const { isTTY, columns, rows } = process[stream];
  return isTTY && columns && rows ? { columns: Math.min(columns, REPORT_COLUMNS), rows } : null;
}

/** UTF-8 as the byte string that files are written from. */
export function utf8Bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
