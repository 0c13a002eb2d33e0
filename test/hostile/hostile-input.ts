import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { formatDiagnostic } from '../../src/report/diagnostic-text.ts';

/*
 * Input that is small and wants much: each ends in one error with its place, in bounded time and memory.
 */

/** So many lines. */
export const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

/** The first line of the error that `run` ends in; `nothing` where it ends well. */
export function said(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return formatDiagnostic(error.diagnostic).split('\n')[0]!;
    throw error;
  }
  return 'nothing';
}

/** Variables of which each is twice the one before. @param assign the operator; @param last the number of the last one */
export const doubling = (assign: string, last: number): string =>
  `a0 ${assign} x\n${lines(last, (i) => `a${i + 1} ${assign} $(a${i})$(a${i})\n`)}`;
