/** Which files a result was read from. */
import type { ByteLimit, FileHead, FileStat, FileSystem, TextBytes } from '../platform/platform.ts';

/** What a path was when it was asked for: null for nothing; undefined where only that it was asked for is known. */
export type SeenPath = Pick<FileStat, 'version' | 'ctimeMs'> | null | undefined;

/** A file system that writes down every path that is asked for, files that are not there and directories included. */
export class TracedFileSystem implements FileSystem {
  readonly #fs: FileSystem;
  readonly #seen = new Map<string, SeenPath>();

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /** What was asked for so far, each path once, as it was at first. */
  get seen(): ReadonlyMap<string, SeenPath> {
    return this.#seen;
  }

  readText(path: string): string | null {
    const text = this.#fs.lookAt(path, (bytes, { version, ctimeMs }) => {
      this.#note(path, { version, ctimeMs });
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    });
    if (text === null) this.#note(path);
    return text;
  }

  whyUnreadable(path: string): string {
    this.#note(path);
    return this.#fs.whyUnreadable(path);
  }

  readBytes(path: string, limit: ByteLimit): Uint8Array | null {
    this.#note(path);
    return this.#fs.readBytes(path, limit);
  }

  lookAt<Result>(path: string, look: (bytes: TextBytes, file: FileStat) => Result): Result | null {
    this.#note(path);
    return this.#fs.lookAt(path, look);
  }

  readHead(path: string, bytes: number): FileHead | null {
    this.#note(path);
    return this.#fs.readHead(path, bytes);
  }

  stat(path: string): FileStat | null {
    this.#note(path);
    return this.#fs.stat(path);
  }

  exists(path: string): boolean {
    const exists = this.#fs.exists(path);
    this.#note(path, exists ? undefined : null);
    return exists;
  }

  readDirectory(path: string): readonly string[] | null {
    this.#note(path);
    return this.#fs.readDirectory(path);
  }

  realPath(path: string): string | null {
    this.#note(path);
    return this.#fs.realPath(path);
  }

  #note(path: string, seen?: SeenPath): void {
    if (this.#seen.get(path) === undefined) this.#seen.set(path, seen);
  }
}
