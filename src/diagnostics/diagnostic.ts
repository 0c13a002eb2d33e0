/**
 * What the readers and the engine have to say, as data. The wording lives in `report/diagnostic-text.ts` alone.
 */

/** A place in an input file. Line and column count from 1; column 0 means the whole line. */
export interface Position {
  /** As the input names it: relative to the tree for files of the tree. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Severity = 'error' | 'warning' | 'info';

/** One finding. `code` names the message, `args` are what it mentions. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly at?: Position;
  /** The line of text at `at`, without its end; the code frame shows it. */
  readonly lineText?: string;
  /** Where the file at `at` was included from, innermost first. */
  readonly includedFrom?: readonly Position[];
  readonly args: Readonly<Record<string, string | number>>;
}

/** Bad input that ends the run: exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly diagnostic: Diagnostic;
  /** What was found before it, in order. */
  readonly earlier: readonly Diagnostic[];

  constructor(diagnostic: Omit<Diagnostic, 'severity'>, earlier: readonly Diagnostic[] = []) {
    super(diagnostic.code);
    this.diagnostic = { severity: 'error', ...diagnostic };
    this.earlier = earlier;
  }
}
