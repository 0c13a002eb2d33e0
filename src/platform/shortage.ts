import { InputError } from '../diagnostics/diagnostic.ts';

/** What the system says where it has no more file handles, processes or memory. */
const SHORTAGES: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']);

/** What programs say on standard error where they cannot start another one: dash, and whoever prints EAGAIN or ENOMEM. */
const CANNOT_FORK = /: Cannot fork$|fork.*: (?:Resource temporarily unavailable|Cannot allocate memory)$/m;

/**
 * Where a call failed for lack of file handles, processes or memory, its failure says nothing about what was asked: a
 * file that cannot be opened may exist, a compiler that cannot be started may work.
 * @param error what a call to the system ended with
 * @returns InputError `machine-exhausted`; null where it failed for another reason, or not at all
 */
export function shortageOf(error: unknown): InputError | null {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return SHORTAGES.has(code) ? new InputError({ code: 'machine-exhausted', args: { reason: code! } }) : null;
}

/** @throws InputError what `shortageOf` returns */
export function throwIfExhausted(error: unknown): void {
  const shortage = shortageOf(error);
  if (shortage) throw shortage;
}

/**
 * The same of a program that could not start another one.
 * @param stderr what it wrote on standard error
 * @throws InputError `machine-exhausted`
 */
export function throwIfCannotFork(stderr: string): void {
  if (CANNOT_FORK.test(stderr)) throw new InputError({ code: 'machine-exhausted', args: { reason: 'EAGAIN' } });
}
