import { dirname, join } from 'node:path';
import type { FileStat, FileSystem } from '../platform/platform.ts';

/** Tells files from what was at their paths before. Each is looked at once. */
export class Stamps {
  readonly #fs: FileSystem;
  readonly #known = new Map<string, FileStat | null>();

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /** When the youngest of the files changed that were looked at, in milliseconds since the epoch. */
  get youngest(): number {
    return [...this.#known.values()].reduce((last, stat) => Math.max(last, stat?.mtimeMs ?? 0, stat?.ctimeMs ?? 0), 0);
  }

  of(path: string): string {
    const stat = this.#stat(path);
    if (!stat) return `${path} -`;
    return `${path} ${stat.version} ${stat.mode}`;
  }

  /** With the places where its libraries are. */
  ofProgram(path: string): string {
    const folder = dirname(path);
    const places = ['../lib', '../lib64', '../lib/bfd-plugins'].map((place) => join(folder, place));
    return [path, folder, ...places].map((each) => this.of(each)).join(' ');
  }

  #stat(path: string): FileStat | null {
    let stat = this.#known.get(path);
    if (stat === undefined) {
      stat = this.#fs.stat(path);
      this.#known.set(path, stat);
    }
    return stat;
  }
}
