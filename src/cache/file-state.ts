/** What files are at a moment, all in one digest: whether a result that was read from them still holds. */
import { createHash } from 'node:crypto';
import { type FileSystem, shellWord } from '../platform/platform.ts';

/**
 * Files that changed so shortly before a run, in milliseconds, may have changed once more without a trace: file systems
 * stamp by clocks that tick as seldom as every two seconds.
 */
export const TOO_YOUNG_MS = 2000;

/**
 * Paths, each with a NUL behind it, as `xargs -0` takes them. Those below a directory are relative to it: they are found
 * a quarter faster.
 */
export type PathList = Uint8Array;

/** Files, and what they were. */
export interface FileRecord {
  readonly list: PathList;
  /** From `stateDigest`. */
  readonly digest: string;
}

/** Hexadecimal digits of a digest. */
export const DIGEST_LENGTH = 64;

/**
 * A command for `/bin/sh` that prints `digestOfNow` of a list: GNU coreutils and findutils do for thousands of files in a
 * third of the time what this program would do. Others' `stat` (BusyBox, BSD) prints something else, or nothing.
 * @param path of a file that holds the list
 * @param directory that of the list
 */
export function stateCommand(path: string, directory: string): string {
  const [list, place] = [shellWord(path), shellWord(directory)];
  const stat = "LC_ALL=C xargs -0 stat -L -c '%s %.9Y %.9Z %d:%i' --";
  return `cd ${place} && { cat ${list}; ${stat} <${list}; } 2>/dev/null | sha256sum`;
}

/**
 * @param paths none holds a NUL, as the system's calls take none
 * @param directory absolute
 */
export function pathList(paths: Iterable<string>, directory: string): PathList {
  const below = directoryPrefix(directory);
  const short = (path: string): string => (path.startsWith(below) ? path.slice(below.length) : path);
  return Buffer.from([...paths].map((path) => `${short(path)}\0`).join(''), 'utf8');
}

function directoryPrefix(directory: string): string {
  return directory.endsWith('/') ? directory : `${directory}/`;
}

/** @param versions those of the files that are there, in the order of the list */
export function stateDigest(list: PathList, versions: Iterable<string>): string {
  const lines = [...versions].map((version) => `${version}\n`).join('');
  return createHash('sha256').update(list).update(lines, 'latin1').digest('hex');
}

/** The digest of files as they are at this moment. @param directory that of the list */
export function digestOfNow(fs: FileSystem, list: PathList, directory: string): string {
  const below = directoryPrefix(directory);
  const versions: string[] = [];
  for (const path of Buffer.from(list).toString('utf8').split('\0').slice(0, -1)) {
    const found = fs.stat(path.startsWith('/') ? path : below + path);
    if (found) versions.push(found.version);
  }
  return stateDigest(list, versions);
}

/**
 * Writes down the state of files, after a result was read from them.
 * @param directory that of the list
 * @param startedMs when reading began, in milliseconds since the epoch
 * @returns null where something may have changed since, or just before
 */
export function recordFiles(
  fs: FileSystem,
  paths: Iterable<string>,
  directory: string,
  startedMs: number,
): FileRecord | null {
  const all = [...paths];
  const versions: string[] = [];
  for (const path of all) {
    const found = fs.stat(path);
    if (!found) continue;
    if (found.ctimeMs > startedMs - TOO_YOUNG_MS) return null;
    versions.push(found.version);
  }
  const list = pathList(all, directory);
  return { list, digest: stateDigest(list, versions) };
}
