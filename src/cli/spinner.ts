import type { Ora } from 'ora';
import { isColored } from './color.ts';

/**
 * Starts a line on standard error, a terminal, that changes.
 * @param color false where the command line wants no colours
 */
export async function startSpinner(color: boolean): Promise<Ora> {
  const { default: ora } = await import('ora');
  return ora({
    stream: process.stderr,
    discardStdin: false,
    // To show it again, ora would catch each signal that ends this process: none would, until work gives the loop a turn.
    hideCursor: false,
    color: isColored(color, 'stderr') && 'cyan',
  }).start();
}
