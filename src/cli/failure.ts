import type { InputError } from '../diagnostics/diagnostic.ts';
import { isStackOverflow } from '../diagnostics/stack-overflow.ts';
import { printDiagnostic, printMessage } from './messages.ts';

/** Prints why a run could not be done. Anything but bad input is a defect of this program and says so. */
export function reportFailure(error: unknown): void {
  if (isInputError(error)) {
    printDiagnostic(error.diagnostic);
    return;
  }
  if (isStackOverflow(error)) {
    printDiagnostic({ code: 'evaluation-chain-too-long', severity: 'error', args: {} });
    return;
  }
  if (isLackingFile(error)) {
    printDiagnostic({ code: 'installation-incomplete', severity: 'error', args: { reason: error.message } });
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  printMessage(`kconfig-trim: internal error, please report it:\n${text}`);
}

/** Also one of the file that starts the program: it has the class a second time. */
const isInputError = (error: unknown): error is InputError => error instanceof Error && error.name === 'InputError';

/** A file of this program that it loads on demand is gone. */
const isLackingFile = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';

/** Prints why output could not be written. */
export function reportUnwritable(reason: string): void {
  printDiagnostic({ code: 'output-unwritable', severity: 'error', args: { reason } });
}
