/**
 * One directory of the kernel as scripts/Makefile.build and scripts/Makefile.lib see it: its Kbuild file evaluated,
 * and what the lists in it mean.
 */
import type { Position } from '../diagnostics/diagnostic.ts';
import { type Condition, FALSE } from './condition.ts';
import type { ConditionTable } from './condition-table.ts';
import type { MakeEvaluator, MakeRule } from './evaluator.ts';
import { joinPath, normalizePath } from './paths.ts';
import { hasHole, type Piece } from './value.ts';

/** Something in a list of a Kbuild file. */
export interface ListedItem {
  /**
   * Relative to the tree. Files as make names them, `..` included (`arch/x86/kvm/../../../virt/kvm/eventfd.o`);
   * directories plain and without their slash.
   */
  readonly path: string;
  readonly when: Condition;
  /** Each statement that lists it, with its own condition. */
  readonly mentions: readonly Mention[];
}

/** One statement that lists an item. */
export interface Mention {
  readonly at: Position | null;
  readonly when: Condition;
}

/** What an object is linked from where it is a composite (Makefile.lib: multi-search, real-search). */
export interface Composite {
  /** When any of the object's lists has a word, even `foo-`: the object is then a composite. */
  readonly whenBuiltin: Condition;
  readonly whenModular: Condition;
  /** Members by `foo-objs` and `foo-y`. */
  readonly members: readonly ListedItem[];
  /** Members by `foo-m`, which count in a module alone. */
  readonly modularMembers: readonly ListedItem[];
}

/** What a directory's Kbuild file says. */
export interface DirectoryEntries {
  readonly directory: string;
  /** obj-y and obj-m, objects alone. */
  readonly builtin: readonly ListedItem[];
  readonly modular: readonly ListedItem[];
  /** lib-y and lib-m. */
  readonly library: readonly ListedItem[];
  /** extra-y: files that vmlinux needs beside its archives. */
  readonly extra: readonly ListedItem[];
  /** always-y and always-m: files that are made whenever the directory is visited. */
  readonly always: readonly ListedItem[];
  /** obj-y += dir/, obj-m += dir/, subdir-y and subdir-m. */
  readonly builtinDirectories: readonly ListedItem[];
  readonly modularDirectories: readonly ListedItem[];
  readonly otherDirectories: readonly ListedItem[];
  /** By the path of the object. */
  readonly composites: ReadonlyMap<string, Composite>;
  /** Which file is made from which, as far as the Kbuild file itself says so. */
  readonly rules: readonly MakeRule[];
  /** Something in the lists cannot be known without a configuration. */
  readonly isOpen: boolean;
}

/** The lists that Makefile.build empties before it reads a Kbuild file, which makes them simple variables. */
const KBUILD_LISTS = ['obj-y', 'obj-m', 'lib-y', 'lib-m', 'always-y', 'always-m', 'targets', 'subdir-y', 'subdir-m'];

const NO_WORDS: readonly Piece[] = [];

/** Reads the lists of one directory out of an evaluator that has run its Kbuild file. */
class DirectoryReader {
  readonly #make: MakeEvaluator;
  readonly #table: ConditionTable;
  readonly #directory: string;
  #isOpen = false;

  constructor(make: MakeEvaluator, directory: string) {
    this.#make = make;
    this.#table = make.table;
    this.#directory = directory;
  }

  read(): DirectoryEntries {
    const objY = this.#words(['obj-y']);
    const objM = this.#words(['obj-m']);
    const builtin = this.#objects(objY);
    const modular = this.#objects(objM);
    const composites = new Map<string, Composite>();
    for (const word of [...objY, ...objM]) this.#composite(word.text, composites);
    const entries = {
      directory: this.#directory,
      builtin,
      modular,
      library: this.#objects(this.#words(['lib-y', 'lib-m'])),
      extra: this.#files(this.#words(['extra-y'])),
      always: this.#files(this.#words(['always-y', 'always-m'])),
      builtinDirectories: this.#directories(objY),
      modularDirectories: this.#directories(objM),
      otherDirectories: this.#collect(this.#words(['subdir-y', 'subdir-m']), (word) => this.#directoryPath(word)),
      composites,
      rules: this.#make.rules ?? [],
    };
    return { ...entries, isOpen: this.#isOpen };
  }

  #words(names: readonly string[]): readonly Piece[] {
    const [first, ...others] = names.map((name) => this.#make.variableWords(name)).filter((words) => words.length > 0);
    return first === undefined || others.length === 0 ? (first ?? NO_WORDS) : first.concat(...others);
  }

  #objects(words: readonly Piece[]): ListedItem[] {
    return this.#collect(words, (word) => (word.endsWith('.o') ? joinPath(this.#directory, word) : null));
  }

  #files(words: readonly Piece[]): ListedItem[] {
    return this.#collect(words, (word) => (word.endsWith('/') ? null : joinPath(this.#directory, word)));
  }

  #directories(words: readonly Piece[]): ListedItem[] {
    return this.#collect(words, (word) => (word.endsWith('/') ? this.#directoryPath(word) : null));
  }

  #directoryPath(word: string): string {
    return normalizePath(joinPath(this.#directory, word.replace(/\/+$/, '')));
  }

  /** Folds the words that name one path into one item. */
  #collect(words: readonly Piece[], pathOf: (word: string) => string | null): ListedItem[] {
    const items = new Map<string, { path: string; when: Condition; mentions: Mention[] }>();
    for (const { text, when, at } of words) {
      if (when === FALSE) continue;
      if (hasHole(text)) {
        this.#isOpen = true;
        continue;
      }
      const path = pathOf(text);
      if (path === null) continue;
      const item = items.get(path);
      if (item === undefined) items.set(path, { path, when, mentions: [{ at, when }] });
      else {
        item.when = this.#table.or(item.when, when);
        item.mentions.push({ at, when });
      }
    }
    return [...items.values()];
  }

  #composite(word: string, composites: Map<string, Composite>): void {
    if (!word.endsWith('.o') || hasHole(word)) return;
    const stem = word.slice(0, -2);
    if (!this.#make.mayBeComposite(stem)) return;
    const path = joinPath(this.#directory, word);
    if (composites.has(path)) return;
    const own = this.#words([`${stem}-objs`, `${stem}-y`]);
    const modular = this.#words([`${stem}-m`]);
    const off = this.#words([`${stem}-`]);
    if (own.length + modular.length + off.length === 0) return;
    const any = (words: readonly Piece[]): Condition => this.#table.any(words.map((w) => w.when));
    const whenBuiltin = any([...own, ...off]);
    composites.set(path, {
      whenBuiltin,
      whenModular: this.#table.or(whenBuiltin, any(modular)),
      members: this.#objects(own),
      modularMembers: this.#objects(modular),
    });
  }
}

/**
 * Evaluates a directory's Kbuild file.
 * @param make an evaluator of its own, which knows the variables that come from the top
 * @param directory relative to the tree, '.' for its root
 * @returns null where there is neither Kbuild nor Makefile
 */
export function readDirectory(make: MakeEvaluator, directory: string): DirectoryEntries | null {
  make.define('obj', directory);
  make.define('src', directory);
  make.define('kbuild-dir', directory);
  for (const name of KBUILD_LISTS) make.define(name, '');
  make.rules = [];
  const kbuild = joinPath(directory, 'Kbuild');
  if (!make.runFile(make.files.exists(kbuild) ? kbuild : joinPath(directory, 'Makefile'))) return null;
  return readLists(make, directory);
}

/** What the lists mean that an evaluator holds now. */
export function readLists(make: MakeEvaluator, directory: string): DirectoryEntries {
  return new DirectoryReader(make, directory).read();
}
