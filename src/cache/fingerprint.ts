/** Fingerprints of files: whether what was read from them is what would be read now. */
import { createHash } from 'node:crypto';
import { type FileSystem, shellWord } from '../platform/platform.ts';
import type { SeenPath } from './traced-file-system.ts';

/**
 * Files that changed so shortly before a run, in milliseconds, may have changed once more without a trace: the clocks
 * of file systems tick as seldom as every two seconds.
 */
export const TOO_YOUNG_MS = 2000;

/**
 * Paths, each with a NUL behind it, as `xargs -0` takes them. Those below a directory are relative to it: they are found
 * a quarter faster.
 */
export type PathList = Uint8Array;

/** Files, present or missing, and their fingerprint. */
export interface FilesFingerprint {
  readonly list: PathList;
  /** From `fingerprintOf`. */
  readonly digest: string;
}

/** A file that is there. */
export interface FileVersion {
  /** As in the list. */
  readonly path: string;
  /** `FileStat.version` */
  readonly version: string;
}

/** Hexadecimal digits of a fingerprint. */
export const DIGEST_LENGTH = 64;

/**
 * A command for `/bin/sh` that prints `currentFingerprint` of a list: GNU coreutils and findutils do for thousands of
 * files in a third of the time what this program would do. Others' `stat` (BusyBox, BSD) prints something else, or
 * nothing.
 * @param path of a file that holds the list
 * @param directory that of the list
 */
export function fingerprintCommand(path: string, directory: string): string {
  const [list, place] = [shellWord(path), shellWord(directory)];
  const stat = "LC_ALL=C xargs -0 stat -L -c '%s %.9Y %.9Z %d:%i %n' --";
  return `cd ${place} && { cat ${list}; ${stat} <${list}; } 2>/dev/null | sha256sum`;
}

/**
 * @param paths none holds a NUL, as the system's calls take none
 * @param directory absolute
 */
export function pathList(paths: Iterable<string>, directory: string): PathList {
  const below = directoryPrefix(directory);
  return Buffer.from([...paths].map((path) => `${relativeTo(path, below)}\0`).join(''), 'utf8');
}

function directoryPrefix(directory: string): string {
  return directory.endsWith('/') ? directory : `${directory}/`;
}

function relativeTo(path: string, below: string): string {
  return path.startsWith(below) ? path.slice(below.length) : path;
}

/**
 * Each version stands beside its path: files that have changed places, or whose directory has another name now, have
 * another fingerprint, though all are there and none has changed.
 * @param files those that are there, in the order of the list
 */
export function fingerprintOf(list: PathList, files: Iterable<FileVersion>): string {
  const lines = [...files].map(({ path, version }) => `${version} ${path}\n`).join('');
  return createHash('sha256').update(list).update(lines, 'utf8').digest('hex');
}

/** The fingerprint of files as they are at this moment. @param directory that of the list */
export function currentFingerprint(fs: FileSystem, list: PathList, directory: string): string {
  const below = directoryPrefix(directory);
  const files: FileVersion[] = [];
  for (const path of Buffer.from(list).toString('utf8').split('\0').slice(0, -1)) {
    const found = fs.stat(path.startsWith('/') ? path : below + path);
    if (found) files.push({ path, version: found.version });
  }
  return fingerprintOf(list, files);
}

/**
 * The fingerprint of files from which a result was read.
 * @param seen each path, with what it was
 * @param directory that of the list
 * @param startedMs when reading began, in milliseconds since the epoch
 * @returns null where something may have changed since, or just before
 */
export function takeFingerprint(
  fs: FileSystem,
  seen: ReadonlyMap<string, SeenPath>,
  directory: string,
  startedMs: number,
): FilesFingerprint | null {
  const below = directoryPrefix(directory);
  const files: FileVersion[] = [];
  const missing: string[] = [];
  for (const [path, known] of seen) {
    const found = known === undefined ? fs.stat(path) : known;
    if (!found) {
      missing.push(path);
      continue;
    }
    if (found.ctimeMs > startedMs - TOO_YOUNG_MS) return null;
    files.push({ path: relativeTo(path, below), version: found.version });
  }
  return listedFingerprint(files, missing, directory);
}

/**
 * A list of files and its fingerprint.
 * @param files those that are there, as they are in the list
 * @param directory that of the list
 */
export function listedFingerprint(
  files: readonly FileVersion[],
  missing: Iterable<string>,
  directory: string,
): FilesFingerprint {
  // Before stat complains, it writes what is in its buffer: one by one among the others, missing files cost more.
  const list = pathList([...files.map(({ path }) => path), ...missing], directory);
  return { list, digest: fingerprintOf(list, files) };
}
