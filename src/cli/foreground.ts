import { InputError } from '../diagnostics/diagnostic.ts';
import type { Platform } from '../platform/platform.ts';
import { endBySignal } from '../platform/signals.ts';
import { findProgram } from '../toolchain/environment.ts';
import { printBytes } from './output.ts';
import { endOf } from './running-end.ts';

/**
 * Runs a program to its end; what it prints is printed as it comes. It has nothing to read. A signal that would end this
 * process ends the program, and then this process.
 * @param words the program, as on a command line, and its arguments
 * @returns its exit status; null where a signal ended it
 * @throws InputError `program-missing`
 */
export async function foregroundStatus(platform: Platform, words: readonly string[]): Promise<number | null> {
  const { fs, programs, env, cwd } = platform;
  const [name, ...args] = words as [string, ...string[]];
  const path = findProgram(fs, name, env, cwd);
  if (path === null) throw new InputError({ code: 'program-missing', args: { name } });
  const running = programs!.start(path, args, { cwd, env, onOutput: (text) => printBytes(text) });
  const { status, interruptedBy } = await endOf(running);
  if (interruptedBy !== null) endBySignal(interruptedBy);
  return status;
}
