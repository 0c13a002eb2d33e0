/** The tree's files as make sees them. */
import type { FileSystem } from '../platform/platform.ts';
import { type MakeStatement, parseMakefile } from './parser.ts';
import { joinPath, normalizePath } from './paths.ts';

/** What make needs of the tree; paths are relative to the tree's root. */
export interface MakeFiles {
  /** The tree's root as `$(abspath .)` would name it. */
  readonly root: string;
  /** Whether assignments to variables with compiler flags count (`isCompilerFlags`). */
  readonly keepsFlags: boolean;
  /** The parsed file, which is cached; null where there is none. */
  parse(path: string): readonly MakeStatement[] | null;
  /** The same of a file that hardly anybody asks for again: it is not cached. */
  parseOnce(path: string): readonly MakeStatement[] | null;
  exists(path: string): boolean;
  /** The path without links, absolute; null where there is none. */
  realPath(path: string): string | null;
  /** Names in a directory, sorted; null where it is none. */
  list(path: string): readonly string[] | null;
  /** The text of a file, null where there is none. */
  read(path: string): string | null;
}

/** Makefiles of one tree, read through a file system and cached. */
export class TreeFiles implements MakeFiles {
  readonly root: string;
  readonly keepsFlags: boolean;
  readonly #fs: FileSystem;
  readonly #parsed = new Map<string, readonly MakeStatement[] | null>();
  readonly #found = new Map<string, boolean>();
  readonly #listed = new Map<string, readonly string[] | null>();

  constructor(fs: FileSystem, tree: string, keepsFlags = false) {
    this.#fs = fs;
    this.keepsFlags = keepsFlags;
    this.root = normalizePath(tree);
  }

  parse(path: string): readonly MakeStatement[] | null {
    const name = this.#inside(path);
    let statements = this.#parsed.get(name);
    if (statements === undefined) {
      statements = this.#parse(name);
      this.#parsed.set(name, statements);
    }
    return statements;
  }

  parseOnce(path: string): readonly MakeStatement[] | null {
    const name = this.#inside(path);
    return this.#parsed.get(name) ?? this.#parse(name);
  }

  #parse(name: string): readonly MakeStatement[] | null {
    const text = this.#fs.readText(joinPath(this.root, name));
    return text === null ? null : parseMakefile(text, name, 1, this.keepsFlags);
  }

  exists(path: string): boolean {
    const name = this.#inside(path);
    let found = this.#found.get(name);
    if (found === undefined) {
      found = this.#fs.exists(joinPath(this.root, name));
      this.#found.set(name, found);
    }
    return found;
  }

  realPath(path: string): string | null {
    return this.#fs.realPath(joinPath(this.root, this.#inside(path)));
  }

  list(path: string): readonly string[] | null {
    const name = this.#inside(path);
    let names = this.#listed.get(name);
    if (names === undefined) {
      names = this.#fs.readDirectory(joinPath(this.root, name));
      this.#listed.set(name, names);
    }
    return names;
  }

  read(path: string): string | null {
    return this.#fs.readText(joinPath(this.root, this.#inside(path)));
  }

  /** The path relative to the tree where it lies in it. */
  #inside(path: string): string {
    const name = normalizePath(path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);
    if (name === this.root) return '.';
    return name.startsWith(`${this.root}/`) ? name.slice(this.root.length + 1) : name;
  }
}
