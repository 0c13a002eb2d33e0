import { resolve } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import type { Platform } from '../platform/platform.ts';
import { endBySignal } from '../platform/signals.ts';
import { findProgram, programLack } from '../toolchain/environment.ts';
import { printBytes } from './output.ts';
import { endOf } from './running-end.ts';

/** More than a line has that names an interpreter. */
const HEAD_BYTES = 256;

/**
 * Runs a program to its end; what it prints is printed as it comes. It has nothing to read. A signal that would end this
 * process ends the program, and then this process.
 * @param words the program, as on a command line, and its arguments
 * @returns its exit status; null where a signal ended it
 * @throws InputError `program-missing`, `program-interpreter-missing`
 */
export async function foregroundStatus(platform: Platform, words: readonly string[]): Promise<number | null> {
  const { fs, programs, env, cwd } = platform;
  const [name, ...args] = words as [string, ...string[]];
  const path = findProgram(fs, name, env, cwd);
  if (path === null)
    throw new InputError({ code: 'program-missing', args: { name, lack: programLack(fs, name, cwd) } });
  // A shell says of that what it says of a command that ended with 127.
  const [, interpreter] = /^#![ \t]*(\S+)/.exec(fs.readHead(path, HEAD_BYTES)?.text ?? '') ?? [];
  if (interpreter !== undefined && !fs.exists(resolve(cwd, interpreter))) {
    throw new InputError({ code: 'program-interpreter-missing', args: { name, interpreter } });
  }
  const running = programs!.start(path, args, { cwd, env, onOutput: (text) => printBytes(text) });
  const { status, interruptedBy } = await endOf(running);
  if (interruptedBy !== null) endBySignal(interruptedBy);
  return status;
}
