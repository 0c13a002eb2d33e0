/**
 * Reads every module that a tree can build, whatever the configuration: its paths, the condition under which make
 * builds it as a module, and the objects inside it with what gates them.
 */
import { type Condition, conditionSymbols, FALSE, TRUE } from '../conditions/condition.ts';
import { normalizePath } from '../make/paths.ts';
import type { Composite, DirectoryEntries, ListedItem, Mention } from './directory.ts';
import { moduleName } from './names.ts';
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

/** How a directory can be entered. */
export interface DirectoryGuard {
  readonly builtin: Condition;
  readonly modular: Condition;
  readonly visited: Condition;
  /** The guard of the last step alone, for naming the deciding symbols. */
  readonly own: Condition;
  readonly parent: string | null;
  readonly mentions: readonly Mention[];
}

/** What the index is made of. */
export interface IndexContent {
  /** By directory, in the order of the walk. */
  readonly guards: ReadonlyMap<string, DirectoryGuard>;
  /** In the order of the walk. */
  readonly modules: readonly ModuleEntry[];
  /** Those of one name, as modprobe writes it, in the same order. */
  named(name: string): readonly ModuleEntry[];
}

/** Reads all directories that make can enter. @throws InputError where a makefile cannot be parsed */
export function readIndex(tree: KbuildTree): IndexContent {
  return new ModuleReader(tree).read();
}

/** A module of which names and conditions are known; of thousands a run asks for the rest of a few. */
class ReadModule implements ModuleEntry {
  readonly name: string;
  readonly path: string;
  readonly directory: string;
  readonly whenModule: Condition;
  readonly whenBuiltin: Condition;
  readonly whenLinked: Condition;
  readonly #item: ListedItem;
  readonly #composite: Composite | undefined;
  readonly #deciding: () => readonly string[];

  constructor(
    item: ListedItem,
    composite: Composite | undefined,
    directory: string,
    whens: Pick<ModuleEntry, 'whenModule' | 'whenBuiltin' | 'whenLinked'>,
    deciding: () => readonly string[],
  ) {
    this.path = normalizePath(item.path.slice(0, -2));
    this.name = moduleName(this.path);
    this.directory = directory;
    this.whenModule = whens.whenModule;
    this.whenBuiltin = whens.whenBuiltin;
    this.whenLinked = whens.whenLinked;
    this.#item = item;
    this.#composite = composite;
    this.#deciding = deciding;
  }

  get symbols(): readonly string[] {
    return united(this.decidingSymbols, conditionSymbols(this.whenModule));
  }

  get decidingSymbols(): readonly string[] {
    return this.#deciding();
  }

  get mentions(): readonly Mention[] {
    return this.#item.mentions;
  }

  get isComposite(): boolean {
    return this.#composite !== undefined;
  }

  get objects(): readonly GatedObject[] {
    return moduleObjects(this.#composite, this.#item);
  }
}

class ReadIndex implements IndexContent {
  readonly guards: ReadonlyMap<string, DirectoryGuard>;
  readonly modules: readonly ModuleEntry[];
  #byName: ReadonlyMap<string, readonly ModuleEntry[]> | null = null;

  constructor(guards: ReadonlyMap<string, DirectoryGuard>, modules: readonly ModuleEntry[]) {
    this.guards = guards;
    this.modules = modules;
  }

  named(name: string): readonly ModuleEntry[] {
    this.#byName ??= byName(this.modules);
    return this.#byName.get(name) ?? [];
  }
}

function byName(modules: readonly ModuleEntry[]): ReadonlyMap<string, readonly ModuleEntry[]> {
  const names = new Map<string, ModuleEntry[]>();
  for (const module of modules) {
    const known = names.get(module.name);
    if (known === undefined) names.set(module.name, [module]);
    else known.push(module);
  }
  return names;
}

class ModuleReader {
  readonly #tree: KbuildTree;
  readonly #guards = new Map<string, DirectoryGuard>();
  readonly #modules: ModuleEntry[] = [];

  constructor(tree: KbuildTree) {
    this.#tree = tree;
  }

  read(): IndexContent {
    this.#guardDirectories();
    for (const directory of this.#guards.keys()) {
      const entries = this.#tree.directory(directory);
      if (entries !== null) this.#addDirectory(entries);
    }
    return new ReadIndex(this.#guards, this.#modules);
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
    if (entries.modular.length === 0) return;
    const builtin = new Map<string, ListedItem>();
    for (const item of entries.builtin) builtin.set(item.path, item);
    for (const item of entries.modular) this.#addModule(item, builtin.get(item.path), entries, guard);
  }

  #addModule(
    item: ListedItem,
    builtin: ListedItem | undefined,
    entries: DirectoryEntries,
    guard: DirectoryGuard,
  ): void {
    const { table } = this.#tree;
    const local = builtin === undefined ? item.when : table.without(item.when, builtin.when);
    if (local === FALSE) return;
    const composite = entries.composites.get(item.path);
    const whens = {
      whenModule: table.and(local, guard.modular),
      whenBuiltin: builtin === undefined ? FALSE : table.and(builtin.when, guard.builtin),
      whenLinked: composite === undefined ? TRUE : this.#whenLinked(composite),
    };
    const deciding = (): readonly string[] => this.#deciding(local, entries.directory);
    this.#modules.push(new ReadModule(item, composite, entries.directory, whens, deciding));
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
}

/** The names of both lists, each once. */
function united(first: readonly string[], others: readonly string[]): readonly string[] {
  if (first.length === 0 || first === others) return others;
  return first.concat(others.filter((name) => !first.includes(name)));
}

/** The objects that a module is linked from, with the conditions that they have beside the module's own. */
export function moduleObjects(composite: Composite | undefined, item: ListedItem): readonly GatedObject[] {
  if (composite === undefined) return [{ path: item.path, when: TRUE, mentions: item.mentions }];
  return [...composite.members, ...composite.modularMembers];
}
