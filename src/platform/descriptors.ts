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

/** By which number this process has the file open that `path` is such a name of; null for any other path. */
export function ownDescriptor(path: string): number | null {
  const { standard, owner = 'self', number } = NAME.exec(path)?.groups ?? {};
  if (standard !== undefined) return STANDARD[standard as keyof typeof STANDARD];
  if (number === undefined || (/^\d/.test(owner) && Number(owner) !== process.pid)) return null;
  return Number(number);
}

/**
 * Whether a path, or where its links lead, is a name of this process's standard output, or another process's name of the
 * file behind it. Opened a second time, that file would be written over what is printed.
 * @param path absolute, or relative to the process's directory
 */
export function isStandardOutput(path: string): boolean {
  const target = followLinks(resolve(path));
  if (!isOpenFile(target)) return false;
  if (ownDescriptor(target) === 1) return true;
  const printed = statsOf(() => fstatSync(1));
  const behind = printed?.isFile() ? statsOf(() => statSync(target)) : null;
  return behind !== null && behind.dev === printed?.dev && behind.ino === printed.ino;
}

/** Where a path leads; the name of an open file stays, as what is behind it may have none. */
function followLinks(path: string): string {
  let at = path;
  for (let links = 0; links < MAX_LINKS && !isOpenFile(at); links++) {
    const from = at;
    if (!statsOf(() => lstatSync(from))?.isSymbolicLink()) break;
    at = resolve(dirname(from), readlinkSync(from));
  }
  return at;
}

function statsOf(ask: () => Stats): Stats | null {
  try {
    return ask();
  } catch {
    return null;
  }
}
