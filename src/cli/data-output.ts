import { resolve } from 'node:path';
import { NodeFileWriter } from '../platform/write-file.ts';
import { jsonText, stripControlCharacters } from '../report/plain-text.ts';
import { REPORT_COLUMNS, renderText, type Screen } from '../report/styled-text.ts';
import { isColored } from './color.ts';
import { withHyperlinks } from './hyperlinks.ts';
import type { CommonOptions } from './options.ts';
import { printBytes, printSafe, printText, type Stream } from './output.ts';

type OutputOptions = Pick<CommonOptions, 'output' | 'color'>;

/** Prints what a command was asked for, or writes it to the file that `--output` names: all of it or nothing. */
export class DataOutput {
  readonly #options: OutputOptions;
  /** Absolute; null for standard output. */
  readonly #file: string | null;
  readonly #keepOld: boolean;

  /**
   * @param cwd what a relative `--output` is relative to
   * @param keepOld whether what the file had before stays beside it as `FILE.old`
   */
  constructor(options: OutputOptions, cwd: string, keepOld = false) {
    this.#options = options;
    this.#keepOld = keepOld;
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

  /** Data as a Latin-1 byte string. @returns where the old file is; null where there is none */
  bytes(text: string): string | null {
    if (this.#file !== null) return this.#write(text);
    printBytes(text);
    return null;
  }

  /** @returns as `bytes` */
  json(value: unknown, indent = true): string | null {
    const text = jsonText(value, indent);
    if (this.#file !== null) return this.#write(utf8Bytes(text));
    printSafe(text);
    return null;
  }

  #write(bytes: string): string | null {
    return new NodeFileWriter().writeConfigAtomic(this.#file!, bytes, this.#keepOld).backup;
  }
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
