/**
 * Every module that a tree can build, whatever the configuration, to be asked by name, path and symbol.
 */

import { type Condition, conditionSymbols, FALSE } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import type { Position } from '../diagnostics/diagnostic.ts';
import type { DirectoryEntries, ListedItem, Mention } from './directory.ts';
import type { DirectoryGuard, IndexContent, ModuleEntry } from './module-reader.ts';
import { moduleName } from './names.ts';
import type { KbuildTree } from './tree.ts';

/** An object that a directory lists for vmlinux; its members are what it is linked from where it is a composite. */
export interface BuiltinItem {
  /** Relative to the tree. */
  readonly path: string;
  /** The directories on the way included. */
  readonly when: Condition;
  readonly mentions: readonly Mention[];
}

/** Where a directory lists an object for vmlinux. */
export interface BuiltinPlace {
  /** Its number in the order of the walk. */
  readonly directory: number;
  readonly list: (typeof BUILTIN_LISTS)[number];
  readonly index: number;
}

const BUILTIN_LISTS = ['builtin', 'library'] as const;

/** What a symbol gates. */
export interface GatedItem {
  /** The module's path, or null for objects of vmlinux. */
  readonly module: string | null;
  /** The object, or null where it gates the module itself. */
  readonly object: string | null;
  readonly at: Position | null;
  readonly when: Condition;
}

/** Answers by module name, module path and symbol. */
export class ModuleIndex {
  readonly content: IndexContent;
  readonly #tree: KbuildTree;
  #byPath: Map<string, ModuleEntry> | null = null;
  #directories: readonly string[] | null = null;
  #gates: Map<string, GatedItem[]> | null = null;

  constructor(tree: KbuildTree, content: IndexContent) {
    this.#tree = tree;
    this.content = content;
  }

  get #guards(): ReadonlyMap<string, DirectoryGuard> {
    return this.content.guards;
  }

  get #paths(): Map<string, ModuleEntry> {
    if (this.#byPath !== null) return this.#byPath;
    this.#byPath = new Map();
    for (const entry of this.content.modules) this.#byPath.set(entry.path, entry);
    return this.#byPath;
  }

  /** All modules, in the order of the walk. */
  all(): IterableIterator<ModuleEntry> {
    return this.#paths.values();
  }

  /** The module at a path (relative to the tree, without suffix). */
  byPath(path: string): ModuleEntry | undefined {
    return this.#paths.get(path);
  }

  /** Every module of that name; `-` and `_` are the same. */
  byName(name: string): readonly ModuleEntry[] {
    return this.content.named(moduleName(name));
  }

  /** Objects that the tree can only build into vmlinux: `obj-y`, `lib-y` and the like, modules left out. */
  *builtinOnly(): Generator<BuiltinItem> {
    for (const [, place] of this.builtinPlaces()) yield this.builtinAt(place)!;
  }

  /** Path and place of each object of `builtinOnly`. */
  *builtinPlaces(): Generator<[path: string, place: BuiltinPlace]> {
    let directory = 0;
    for (const name of this.#guards.keys()) {
      const entries = this.#tree.directory(name);
      for (const list of entries ? BUILTIN_LISTS : []) {
        for (const [index, { path }] of entries![list].entries()) {
          if (!this.#paths.has(path.slice(0, -2))) yield [path, { directory, list, index }];
        }
      }
      directory++;
    }
  }

  /** The object at a place; null where there is none. */
  builtinAt({ directory, list, index }: BuiltinPlace): BuiltinItem | null {
    this.#directories ??= [...this.#guards.keys()];
    const name = this.#directories[directory] ?? '';
    const item = this.#tree.directory(name)?.[list][index];
    return item ? new GuardedItem(this.#tree.table, item, this.#guards.get(name)!) : null;
  }

  /** What the symbol gates in Kbuild files: modules, objects inside modules, objects of vmlinux. */
  gatedBy(symbol: string): readonly GatedItem[] {
    this.#gates ??= this.#collectGates();
    return this.#gates.get(symbol) ?? [];
  }

  /** The directories from the tree's root down to this one, each with its guard and the line that enters it. */
  directoryChain(directory: string): readonly { directory: string; when: Condition; mentions: readonly Mention[] }[] {
    const chain = [];
    let step: string | null = directory;
    for (let i = 0; step !== null && i < 64; i++) {
      const guard: DirectoryGuard | undefined = this.#guards.get(step);
      if (guard === undefined) break;
      chain.unshift({ directory: step, when: guard.own, mentions: guard.mentions });
      step = guard.parent;
    }
    return chain;
  }

  /** The condition under which make enters a directory at all; FALSE where it never does. */
  whenEntered(directory: string): Condition {
    return this.#guards.get(directory)?.visited ?? FALSE;
  }

  #collectGates(): Map<string, GatedItem[]> {
    const gates = new Map<string, GatedItem[]>();
    const add = (mentions: readonly Mention[], module: string | null, object: string | null): void => {
      for (const { at, when } of mentions) {
        for (const symbol of conditionSymbols(when)) {
          const items = gates.get(symbol);
          const item = { module, object, at, when };
          if (items === undefined) gates.set(symbol, [item]);
          else items.push(item);
        }
      }
    };
    for (const module of this.#paths.values()) {
      add(module.mentions, module.path, null);
      if (module.isComposite) for (const object of module.objects) add(object.mentions, module.path, object.path);
    }
    for (const directory of this.#guards.keys()) {
      const entries = this.#tree.directory(directory);
      for (const object of entries === null ? [] : builtinObjects(entries)) add(object.mentions, null, object.path);
    }
    return gates;
  }
}

/** Of thousands that are gone through one or two are asked for more than their path. */
class GuardedItem implements BuiltinItem {
  readonly path: string;
  readonly #table: ConditionTable;
  readonly #item: ListedItem;
  readonly #guard: DirectoryGuard;

  constructor(table: ConditionTable, item: ListedItem, guard: DirectoryGuard) {
    this.path = item.path;
    this.#table = table;
    this.#item = item;
    this.#guard = guard;
  }

  get when(): Condition {
    return this.#table.and(this.#item.when, this.#guard.builtin);
  }

  get mentions(): readonly Mention[] {
    return this.#item.mentions;
  }
}

/** What a directory lists for vmlinux, composites taken apart. */
function builtinObjects(entries: DirectoryEntries): ListedItem[] {
  const made = [...entries.extra, ...entries.always].filter((item) => item.path.endsWith('.o'));
  return [...entries.builtin, ...entries.library, ...made].flatMap(
    (item) => entries.composites.get(item.path)?.members ?? [item],
  );
}
