import { InputError } from '../diagnostics/diagnostic.ts';
import { formatDiagnostic } from '../report/diagnostic-text.ts';

/** Prints why a run could not be done. Anything but bad input is a defect of this program and says so. */
export function reportFailure(error: unknown): void {
  if (error instanceof InputError) {
    process.stderr.write(`${formatDiagnostic(error.diagnostic)}\n`);
    return;
  }
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    process.stderr.write('kconfig-trim: error: the input is nested too deeply\n');
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`kconfig-trim: internal error, please report it:\n${text}\n`);
}
