/** Which files a result was read from, and whether they still are what they were. */
import type { FileStat, FileSystem } from '../platform/platform.ts';

/**
 * Files that changed so shortly before a run, in milliseconds, may have changed once more without a trace: file systems
 * stamp by clocks that tick as seldom as every two seconds.
 */
export const TOO_YOUNG_MS = 2000;

/** A file system that writes down every path that is asked for, files that are not there and directories included. */
export class TracedFileSystem implements FileSystem {
  readonly #fs: FileSystem;
  readonly #paths = new Set<string>();

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /** What was asked for so far, each path once. */
  get paths(): ReadonlySet<string> {
    return this.#paths;
  }

  readText(path: string): string | null {
    this.#paths.add(path);
    return this.#fs.readText(path);
  }

  whyUnreadable(path: string): string {
    this.#paths.add(path);
    return this.#fs.whyUnreadable(path);
  }

  readBytes(path: string, maxBytes: number): Uint8Array | null {
    this.#paths.add(path);
    return this.#fs.readBytes(path, maxBytes);
  }

  lookAt<Result>(path: string, look: (bytes: Uint8Array) => Result): Result | null {
    this.#paths.add(path);
    return this.#fs.lookAt(path, look);
  }

  readHead(path: string, bytes: number): { readonly text: string; readonly size: number } | null {
    this.#paths.add(path);
    return this.#fs.readHead(path, bytes);
  }

  stat(path: string): FileStat | null {
    this.#paths.add(path);
    return this.#fs.stat(path);
  }

  readDirectory(path: string): readonly string[] | null {
    this.#paths.add(path);
    return this.#fs.readDirectory(path);
  }

  realPath(path: string): string | null {
    this.#paths.add(path);
    return this.#fs.realPath(path);
  }
}

/**
 * What a path is at this moment, by all that a change of its content, or of the names in a directory, changes.
 * @returns empty where there is nothing
 */
function stateOf(found: FileStat | null): string {
  return found ? `${found.size} ${found.mtimeMs} ${found.ctimeMs} ${found.identity}` : '';
}

/**
 * Writes down the state of paths, after a result was read from them.
 * @param startedMs when reading began, in milliseconds since the epoch
 * @returns a text for `isUnchanged`; null where something may have changed since, or just before
 */
export function recordFiles(fs: FileSystem, paths: Iterable<string>, startedMs: number): string | null {
  const lines: string[] = [];
  for (const path of paths) {
    const found = fs.stat(path);
    if (found && found.ctimeMs > startedMs - TOO_YOUNG_MS) return null;
    if (path.includes('\n')) return null;
    lines.push(path, stateOf(found));
  }
  return lines.join('\n');
}

/** Whether every path is what it was when `recordFiles` wrote it down. */
export function isUnchanged(fs: FileSystem, record: string): boolean {
  if (record === '') return true;
  const lines = record.split('\n');
  for (let at = 0; at < lines.length; at += 2) if (stateOf(fs.stat(lines[at]!)) !== lines[at + 1]) return false;
  return true;
}
