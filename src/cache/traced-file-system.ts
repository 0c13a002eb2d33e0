/** Which files a result was read from. */
import type { ByteLimit, FileHead, FileStat, FileSystem } from '../platform/platform.ts';

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

  readBytes(path: string, limit: ByteLimit): Uint8Array | null {
    this.#paths.add(path);
    return this.#fs.readBytes(path, limit);
  }

  lookAt<Result>(path: string, look: (bytes: Uint8Array, file: FileStat) => Result): Result | null {
    this.#paths.add(path);
    return this.#fs.lookAt(path, look);
  }

  readHead(path: string, bytes: number): FileHead | null {
    this.#paths.add(path);
    return this.#fs.readHead(path, bytes);
  }

  stat(path: string): FileStat | null {
    this.#paths.add(path);
    return this.#fs.stat(path);
  }

  exists(path: string): boolean {
    this.#paths.add(path);
    return this.#fs.exists(path);
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
