import { fstatSync, lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Symbolic links that are followed at most, as Linux does. */
export const MAX_LINKS = 40;

const STANDARD = { stdin: 0, stdout: 1, stderr: 2 } as const;

const NAME =
  /^\/dev\/(?<standard>stdin|stdout|stderr)$|^\/(?:dev|proc\/(?<owner>self|thread-self|\d+)(?:\/task\/\d+)?)\/fd\/(?<number>\d+)$/;

/** Whether a path is the name of a file that a process has open: of standard output, of a shell's `3>FILE`. */
export function isOpenFile(path: string): boolean {
  return NAME.test(path);
}

/** Such a name, where a path is one or its links lead to one; else null. @param path absolute */
export function openFileOf(path: string): string | null {
  let at = path;
  for (let links = 0; links < MAX_LINKS && !isOpenFile(at); links++) {
    const from = at;
    if (!statsOf(() => lstatSync(from))?.isSymbolicLink()) return null;
    at = resolve(dirname(from), readlinkSync(from));
  }
  return isOpenFile(at) ? at : null;
}

/**
 * By which number this process has a file open, where `path` is a name of that. What is opened a second time is not written
 * where its other writers have come to.
 * @returns null for any other path, and for what is no file: a pipe, a terminal
 */
export function sharedDescriptor(path: string): number | null {
  const name = openFileOf(path);
  const number = name === null ? null : ownDescriptor(name);
  return number !== null && statsOf(() => fstatSync(number))?.isFile() ? number : null;
}

/**
 * Whether a path, or where its links lead, is a name of this process's standard output, or another process's name of the
 * file behind it.
 * @param path absolute, or relative to the process's directory
 */
export function isStandardOutput(path: string): boolean {
  const name = openFileOf(resolve(path));
  if (name === null) return false;
  if (ownDescriptor(name) === 1) return true;
  const printed = statsOf(() => fstatSync(1));
  const behind = printed?.isFile() ? statsOf(() => statSync(name)) : null;
  return behind !== null && behind.dev === printed?.dev && behind.ino === printed.ino;
}

/** @param name of an open file; null where another process has it open */
function ownDescriptor(name: string): number | null {
  const { standard, owner = 'self', number } = NAME.exec(name)!.groups!;
  if (standard !== undefined) return STANDARD[standard as keyof typeof STANDARD];
  return /^\d/.test(owner) && Number(owner) !== process.pid ? null : Number(number);
}

function statsOf(ask: () => Stats): Stats | null {
  try {
    return ask();
  } catch {
    return null;
  }
}
