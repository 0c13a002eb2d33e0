/**
 * Every module that a tree can build, whatever the configuration: its paths, the condition under which make builds it
 * as a module, and the objects inside it with what gates them.
 */
import type { Position } from '../diagnostics/diagnostic.ts';
import { type Condition, conditionSymbols, FALSE, TRUE } from './condition.ts';
import type { Composite, DirectoryEntries, ListedItem, Mention } from './directory.ts';
import { moduleName } from './names.ts';
import { normalizePath } from './paths.ts';
import type { KbuildTree } from './tree.ts';

/** An object with the condition under which it is part of something. */
export interface GatedObject {
  /** Relative to the tree. */
  readonly path: string;
  readonly when: Condition;
  /** The statements that list it. */
  readonly mentions: readonly Mention[];
}

/** A module that the tree can build. */
export interface ModuleEntry {
  /** As modprobe writes it. */
  readonly name: string;
  /** Relative to the tree, without suffix. */
  readonly path: string;
  readonly directory: string;
  /** When make builds it as a module: the directories on the way included. */
  readonly whenModule: Condition;
  /** When its code is part of vmlinux. */
  readonly whenBuiltin: Condition;
  /** When it has an object at all; a composite without members cannot be linked. */
  readonly whenLinked: Condition;
  /** The symbols that the condition speaks of, those of its own Makefile line first. */
  readonly symbols: readonly string[];
  /** The symbols of its own line alone; where that names none, those of the nearest directory that does. */
  readonly decidingSymbols: readonly string[];
  /** The statements that list it. */
  readonly mentions: readonly Mention[];
  readonly isComposite: boolean;
  /** Conditions are those beside the module's own. */
  readonly objects: readonly GatedObject[];
}

/** An object that a directory lists for vmlinux; its members are what it is linked from where it is a composite. */
export interface BuiltinItem {
  /** Relative to the tree. */
  readonly path: string;
  /** The directories on the way included. */
  readonly when: Condition;
  readonly mentions: readonly Mention[];
}

/** How a directory can be entered. */
interface DirectoryGuard {
  readonly builtin: Condition;
  readonly modular: Condition;
  readonly visited: Condition;
  /** The guard of the last step alone, for naming the deciding symbols. */
  readonly own: Condition;
  readonly parent: string | null;
  readonly mentions: readonly Mention[];
}

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
  readonly #tree: KbuildTree;
  readonly #guards = new Map<string, DirectoryGuard>();
  readonly #byPath = new Map<string, ModuleEntry>();
  readonly #byName = new Map<string, ModuleEntry[]>();
  readonly #objects: { directory: string; object: GatedObject }[] = [];
  #gates: Map<string, GatedItem[]> | null = null;

  constructor(tree: KbuildTree) {
    this.#tree = tree;
    this.#guardDirectories();
    for (const directory of this.#guards.keys()) {
      const entries = tree.directory(directory);
      if (entries !== null) this.#addDirectory(entries);
    }
  }

  /** All modules, in the order of the walk. */
  all(): IterableIterator<ModuleEntry> {
    return this.#byPath.values();
  }

  /** The module at a path (relative to the tree, without suffix). */
  byPath(path: string): ModuleEntry | undefined {
    return this.#byPath.get(path);
  }

  /** Every module of that name; `-` and `_` are the same. */
  byName(name: string): readonly ModuleEntry[] {
    return this.#byName.get(moduleName(name)) ?? [];
  }

  /** Objects that the tree can only build into vmlinux: `obj-y`, `lib-y` and the like, modules left out. */
  *builtinOnly(): Generator<BuiltinItem> {
    const { table } = this.#tree;
    for (const [directory, guard] of this.#guards) {
      const entries = this.#tree.directory(directory);
      for (const { path, when, mentions } of entries ? [...entries.builtin, ...entries.library] : []) {
        if (!this.#byPath.has(path.slice(0, -2))) yield { path, when: table.and(when, guard.builtin), mentions };
      }
    }
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

  /** Parents first; a directory that several lines enter gets the `or` of them. */
  #guardDirectories(): void {
    const root: DirectoryGuard = {
      builtin: TRUE,
      modular: TRUE,
      visited: TRUE,
      own: TRUE,
      parent: null,
      mentions: [],
    };
    this.#guards.set('.', root);
    const queue: string[] = ['.'];
    const rounds = new Map<string, number>();
    for (let directory = queue.shift(); directory !== undefined; directory = queue.shift()) {
      // A directory whose guard grows is walked again; a loop of directories would do so forever.
      const round = (rounds.get(directory) ?? 0) + 1;
      rounds.set(directory, round);
      const entries = round > 8 ? null : this.#tree.directory(directory);
      if (entries === null) continue;
      for (const child of this.#enterChildren(entries, this.#guards.get(directory)!)) queue.push(child);
    }
  }

  #enterChildren(entries: DirectoryEntries, guard: DirectoryGuard): string[] {
    const { table } = this.#tree;
    const grown = new Set<string>();
    const enter = (item: ListedItem, builtin: Condition, modular: Condition): void => {
      const visited = table.and(guard.visited, item.when);
      const own = { builtin: table.and(builtin, item.when), modular: table.and(modular, item.when), visited };
      if (this.#grow(item, own, entries.directory)) grown.add(item.path);
    };
    for (const item of entries.builtinDirectories) enter(item, guard.builtin, guard.modular);
    for (const item of entries.modularDirectories) enter(item, FALSE, guard.modular);
    for (const item of entries.otherDirectories) enter(item, FALSE, FALSE);
    return [...grown];
  }

  #grow(item: ListedItem, own: Pick<DirectoryGuard, 'builtin' | 'modular' | 'visited'>, parent: string): boolean {
    const { table } = this.#tree;
    const known = this.#guards.get(item.path);
    if (known === undefined) {
      this.#guards.set(item.path, { ...own, own: item.when, parent, mentions: item.mentions });
      return true;
    }
    const grown = {
      builtin: table.or(known.builtin, own.builtin),
      modular: table.or(known.modular, own.modular),
      visited: table.or(known.visited, own.visited),
    };
    const sameParent = known.parent === parent;
    const isSame =
      grown.builtin === known.builtin && grown.modular === known.modular && grown.visited === known.visited;
    const mentions = [...new Set([...known.mentions, ...item.mentions])];
    const ownGuard = sameParent ? table.or(known.own, item.when) : known.own;
    this.#guards.set(item.path, { ...grown, own: ownGuard, parent: known.parent, mentions });
    return !isSame;
  }

  #addDirectory(entries: DirectoryEntries): void {
    const guard = this.#guards.get(entries.directory)!;
    const builtin = new Map(entries.builtin.map((item) => [item.path, item]));
    for (const item of entries.modular) this.#addModule(item, builtin.get(item.path), entries, guard);
    const made = [...entries.extra, ...entries.always].filter((item) => item.path.endsWith('.o'));
    for (const item of [...entries.builtin, ...entries.library, ...made]) {
      for (const object of gatedObjects(entries.composites.get(item.path), item, false)) {
        this.#objects.push({ directory: entries.directory, object });
      }
    }
  }

  #addModule(
    item: ListedItem,
    builtin: ListedItem | undefined,
    entries: DirectoryEntries,
    guard: DirectoryGuard,
  ): void {
    const { table } = this.#tree;
    const local = builtin === undefined ? item.when : table.and(item.when, table.not(builtin.when));
    if (local === FALSE) return;
    const path = normalizePath(item.path.slice(0, -2));
    const composite = entries.composites.get(item.path);
    const objects = gatedObjects(composite, { ...item, when: TRUE }, true);
    const whenModule = table.and(local, guard.modular);
    const decidingSymbols = this.#deciding(local, entries.directory);
    const entry: ModuleEntry = {
      name: moduleName(path),
      path,
      directory: entries.directory,
      whenModule,
      whenBuiltin: builtin === undefined ? FALSE : table.and(builtin.when, guard.builtin),
      whenLinked: composite === undefined ? TRUE : this.#whenLinked(composite),
      symbols: [...new Set([...decidingSymbols, ...conditionSymbols(whenModule)])],
      decidingSymbols,
      mentions: item.mentions,
      isComposite: composite !== undefined,
      objects,
    };
    this.#byPath.set(path, entry);
    const same = this.#byName.get(entry.name);
    if (same === undefined) this.#byName.set(entry.name, [entry]);
    else same.push(entry);
  }

  #whenLinked(composite: Composite): Condition {
    const { table } = this.#tree;
    const members = [...composite.members, ...composite.modularMembers].map((member) => member.when);
    return table.or(table.any(members), table.not(composite.whenModular));
  }

  #deciding(local: Condition, directory: string): readonly string[] {
    let symbols = conditionSymbols(local);
    let step: string | null = directory;
    for (let i = 0; symbols.length === 0 && step !== null && i < 64; i++) {
      const guard: DirectoryGuard | undefined = this.#guards.get(step);
      symbols = guard === undefined ? [] : conditionSymbols(guard.own);
      step = guard?.parent ?? null;
    }
    return symbols;
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
    for (const module of this.#byPath.values()) {
      add(module.mentions, module.path, null);
      if (module.isComposite) for (const object of module.objects) add(object.mentions, module.path, object.path);
    }
    for (const { object } of this.#objects) add(object.mentions, null, object.path);
    return gates;
  }
}

/** The objects an entry stands for, each with its own condition. */
function gatedObjects(composite: Composite | undefined, item: ListedItem, modular: boolean): GatedObject[] {
  if (composite === undefined) return [{ path: item.path, when: item.when, mentions: item.mentions }];
  return modular ? [...composite.members, ...composite.modularMembers] : [...composite.members];
}
