/**
 * One directory of the kernel as scripts/Makefile.build and scripts/Makefile.lib see it: its Kbuild file evaluated,
 * and what the lists in it mean.
 */

import { type Condition, FALSE, TRUE } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import type { Position } from '../diagnostics/diagnostic.ts';
import type { MakeEvaluator } from '../make/evaluator.ts';
import type { ListEnd } from '../make/list-family.ts';
import { ListedWords } from '../make/listed-words.ts';
import { joinPath, normalizePath } from '../make/paths.ts';
import type { MakeRule } from '../make/rules.ts';
import { hasHole } from '../make/values.ts';

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

const NO_ITEMS: readonly ListedItem[] = [];
const NO_COMPOSITES: ReadonlyMap<string, Composite> = new Map();

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
    const objY = this.#words('obj-', 'y');
    const objM = this.#words('obj-', 'm');
    const builtin = this.#objects(objY);
    const modular = this.#objects(objM);
    const composites = this.#composites(objY, objM);
    return {
      directory: this.#directory,
      builtin,
      modular,
      library: this.#objects(this.#words('lib-', 'y', 'm')),
      extra: this.#files(this.#words('extra-', 'y')),
      always: this.#files(this.#words('always-', 'y', 'm')),
      builtinDirectories: this.#directories(objY),
      modularDirectories: this.#directories(objM),
      otherDirectories: this.#collect(this.#words('subdir-', 'y', 'm'), (word) => this.#directoryPath(word)),
      composites,
      rules: this.#make.rules ?? [],
      isOpen: this.#isOpen,
    };
  }

  /** The words of lists of one stem. */
  #words(stem: string, ...ends: readonly ListEnd[]): ListedWords {
    const words = new ListedWords();
    for (const end of ends) this.#make.addListWords(stem, end, this.#directory, words);
    return words;
  }

  #objects(words: ListedWords): readonly ListedItem[] {
    return this.#collect(words, (word, path) => (word.endsWith('.o') ? path : null));
  }

  #files(words: ListedWords): readonly ListedItem[] {
    return this.#collect(words, (word, path) => (word.endsWith('/') ? null : path));
  }

  #directories(words: ListedWords): readonly ListedItem[] {
    return this.#collect(words, (word) => (word.endsWith('/') ? this.#directoryPath(word) : null));
  }

  #directoryPath(word: string): string {
    return normalizePath(joinPath(this.#directory, word.replace(/\/+$/, '')));
  }

  #collect(words: ListedWords, pathOf: (word: string, path: string) => string | null): readonly ListedItem[] {
    const { texts, paths, whens, positions, mayBeOpen } = words;
    if (texts.length === 0) return NO_ITEMS;
    const items: ListedItem[] = [];
    for (let i = 0; i < texts.length; i++) {
      const when = whens[i]!;
      if (when === FALSE) continue;
      if (mayBeOpen && hasHole(texts[i]!)) {
        this.#isOpen = true;
        continue;
      }
      const path = pathOf(texts[i]!, paths[i]!);
      if (path !== null) items.push({ path, when, mentions: [{ at: positions[i]!, when }] });
    }
    return hasRepeats(items) ? this.#folded(items) : items;
  }

  /** Folds the items of one path into one. */
  #folded(items: readonly ListedItem[]): ListedItem[] {
    const folded = new Map<string, { path: string; when: Condition; mentions: Mention[] }>();
    for (const { path, when, mentions } of items) {
      const item = folded.get(path);
      if (item === undefined) folded.set(path, { path, when, mentions: [...mentions] });
      else {
        item.when = this.#table.or(item.when, when);
        item.mentions.push(...mentions);
      }
    }
    return [...folded.values()];
  }

  #composites(...lists: readonly ListedWords[]): ReadonlyMap<string, Composite> {
    const composites = new Map<string, Composite>();
    for (const { texts, paths, mayBeOpen } of lists) {
      for (let i = 0; i < texts.length; i++) {
        const word = texts[i]!;
        if (!word.endsWith('.o') || (mayBeOpen && hasHole(word))) continue;
        const stem = word.slice(0, -2);
        if (this.#make.mayBeComposite(stem)) this.#composite(stem, paths[i]!, composites);
      }
    }
    return composites.size === 0 ? NO_COMPOSITES : composites;
  }

  #composite(stem: string, path: string, composites: Map<string, Composite>): void {
    if (composites.has(path)) return;
    const own = new ListedWords();
    own.addPieces(this.#make.variableWords(`${stem}-objs`), this.#directory);
    this.#make.addListWords(`${stem}-`, 'y', this.#directory, own);
    const modular = this.#words(`${stem}-`, 'm');
    const off = this.#words(`${stem}-`, '');
    if (own.count + modular.count + off.count === 0) return;
    const whenBuiltin = this.#table.any([...own.whens, ...off.whens]);
    composites.set(path, {
      whenBuiltin,
      whenModular: this.#table.or(whenBuiltin, this.#table.any(modular.whens)),
      members: this.#objects(own),
      modularMembers: this.#objects(modular),
    });
  }
}

/** Items that are compared one by one. */
const FEW = 8;

/** Whether two items have one path. */
function hasRepeats(items: readonly ListedItem[]): boolean {
  if (items.length > FEW) return new Set(items.map(({ path }) => path)).size < items.length;
  for (let i = 1; i < items.length; i++) {
    for (let k = 0; k < i; k++) if (items[k]!.path === items[i]!.path) return true;
  }
  return false;
}

/** Empties the lists that Makefile.build empties. @param make what the evaluators of directories start from */
export function emptyLists(make: MakeEvaluator): void {
  for (const name of KBUILD_LISTS) make.define(name, '');
}

/**
 * Evaluates a directory's Kbuild file.
 * @param make an evaluator of its own, which starts from one that knows the variables that come from the top
 * @param directory relative to the tree, '.' for its root
 * @returns null where there is neither Kbuild nor Makefile
 */
export function readDirectory(make: MakeEvaluator, directory: string): DirectoryEntries | null {
  make.define('obj', directory);
  make.define('src', directory);
  make.define('kbuild-dir', directory);
  make.rules = [];
  const kbuild = joinPath(directory, 'Kbuild');
  if (!make.runOwnFile(make.files.exists(kbuild) ? kbuild : joinPath(directory, 'Makefile'))) return null;
  return readLists(make, directory);
}

/** What the lists mean that an evaluator holds now. */
export function readLists(make: MakeEvaluator, directory: string): DirectoryEntries {
  return new DirectoryReader(make, directory).read();
}

/** The objects that a module is linked from, with the conditions that they have beside the module's own. */
export function moduleObjects(composite: Composite | undefined, item: ListedItem): readonly ListedItem[] {
  if (composite === undefined) return [{ ...item, when: TRUE }];
  return [...composite.members, ...composite.modularMembers];
}
