/** The tree's files as make sees them. */
import type { FileSystem } from '../platform/platform.ts';
import type { MakeFiles } from './evaluator.ts';
import { type MakeStatement, parseMakefile } from './parser.ts';
import { joinPath, normalizePath } from './paths.ts';

/** Makefiles of one tree, read through a file system and kept. */
export class TreeFiles implements MakeFiles {
  readonly root: string;
  readonly #fs: FileSystem;
  readonly #parsed = new Map<string, readonly MakeStatement[] | null>();
  readonly #found = new Map<string, boolean>();
  readonly #listed = new Map<string, readonly string[] | null>();

  constructor(fs: FileSystem, tree: string) {
    this.#fs = fs;
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
    return text === null ? null : parseMakefile(text, name);
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
