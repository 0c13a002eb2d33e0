import type { FileSystem } from '../platform/platform.ts';
import type { KconfigText } from '../trim/as-written.ts';

/** A place in a Kconfig file, line counted from 1. */
interface Place {
  readonly file: string;
  readonly line: number;
}

/** The lines of the tree's Kconfig files; each file is read once. */
export class KconfigLines implements KconfigText {
  readonly #fs: FileSystem;
  readonly #tree: string;
  readonly #files = new Map<string, readonly string[]>();

  /** @param tree absolute */
  constructor(fs: FileSystem, tree: string) {
    this.#fs = fs;
    this.#tree = tree;
  }

  /** What a line asks by a macro, as it is written: `$(success,test -e …)`; null where it asks nothing. */
  macroAt({ file, line }: Place): string | null {
    let lines = this.#files.get(file);
    if (!lines) {
      lines = (this.readText(file) ?? '').split('\n');
      this.#files.set(file, lines);
    }
    return /\$\(.*\)/.exec(lines[line - 1] ?? '')?.[0] ?? null;
  }

  readText(path: string): string | null {
    return this.#fs.readText(path.startsWith('/') ? path : `${this.#tree}/${path}`);
  }
}
