import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatDiagnostic } from '../report/diagnostic-text.ts';
import { byteStringToTerminal } from '../report/plain-text.ts';
import { renderMessage } from '../report/styled-text.ts';
import { withHyperlinks } from './hyperlinks.ts';
import { printSafe } from './output.ts';

/** Arguments of diagnostics that are paths: a space in one is no place to break a line. */
const PATH_ARGUMENTS = ['path', 'file', 'source', 'directory'] as const;

/**
 * Prints on standard error, without what would drive a terminal (names in it are Latin-1 byte strings). On a terminal
 * long lines are broken between words; what reads a pipe gets each message as it is.
 * @param whole parts that are not broken, whatever is in them
 */
export function printMessage(text: string, whole: readonly string[] = []): void {
  const { isTTY, columns } = process.stderr;
  // --no-color is seen by the library that knows terminals.
  const message = isTTY ? renderMessage(text, columns, whole) : byteStringToTerminal(text);
  printSafe(`${withHyperlinks(message, true, 'stderr')}\n`, 'stderr');
}

/** Prints a diagnostic, as `printMessage`. */
export function printDiagnostic(diagnostic: Diagnostic): void {
  const { args, at, includedFrom = [] } = diagnostic;
  const paths = [...PATH_ARGUMENTS.map((name) => args[name]), at?.file, ...includedFrom.map(({ file }) => file)];
  const whole = paths.filter((path) => typeof path === 'string');
  printMessage(formatDiagnostic(diagnostic), whole);
}
