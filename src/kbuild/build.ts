/** From the directories' lists to what one configuration builds, as make walks the tree. */
import { CompiledUnits } from './compiled.ts';
import type { Condition, ConfigLookup } from './condition.ts';
import { ConditionEvaluator } from './condition-evaluator.ts';
import type { Composite, DirectoryEntries, ListedItem } from './directory.ts';
import { moduleName } from './names.ts';
import { normalizePath } from './paths.ts';
import type { KbuildTree } from './tree.ts';

/** A module that a configuration builds. */
export interface BuiltModule {
  /** As modprobe writes it, with `_` for `-`. */
  readonly name: string;
  /** Relative to the tree, without suffix. */
  readonly path: string;
  /** Its objects, relative to the tree. */
  readonly objects: readonly string[];
}

/** What make builds for a configuration. */
export interface BuildResult {
  /** In the order of the walk. */
  readonly modules: readonly BuiltModule[];
  /** Objects of vmlinux, libraries included. */
  readonly builtin: readonly string[];
  /**
   * Every translation unit of vmlinux and of modules once, in order of path: what make prints behind CC, AS and RUSTC.
   * With those of programs inside vmlinux (vDSO, realmode, purgatory); without what only a boot image needs, and
   * without what is made of the linked result (`*.mod.o`, kallsyms).
   */
  readonly units: readonly string[];
}

/** How make enters a directory (Makefile.build: need-builtin, need-modorder). */
const VISITED = 1;
const BUILTIN = 2;
const MODULAR = 4;

/** Walks the tree for one configuration. */
export function collectBuild(tree: KbuildTree, config: ConfigLookup): BuildResult {
  const walk = new Walk(tree, config);
  walk.descend();
  return walk.result();
}

class Walk {
  readonly #tree: KbuildTree;
  readonly #config: ConfigLookup;
  readonly #evaluator: ConditionEvaluator;
  readonly #entered = new Map<string, number>();
  readonly #entries = new Map<string, DirectoryEntries>();
  readonly #modules = new Map<string, BuiltModule>();
  readonly #builtin = new Set<string>();
  readonly #compiled: CompiledUnits;

  constructor(tree: KbuildTree, config: ConfigLookup) {
    this.#tree = tree;
    this.#config = config;
    this.#evaluator = new ConditionEvaluator(tree.table, config);
    this.#compiled = new CompiledUnits({
      directory: (directory) => this.#entries.get(directory) ?? tree.directoryFor(directory, config),
      holds: (condition) => this.#holds(condition),
      exists: (path) => tree.exists(path),
    });
  }

  /** Finds every directory that make enters, and how. */
  descend(): void {
    const queue: [string, number][] = [['.', VISITED | BUILTIN | MODULAR]];
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const [directory, flags] = item;
      const before = this.#entered.get(directory) ?? 0;
      if ((before | flags) === before) continue;
      this.#entered.set(directory, before | flags);
      const entries = this.#tree.directoryFor(directory, this.#config);
      if (entries === null) continue;
      this.#entries.set(directory, entries);
      this.#children(entries, before | flags, queue);
    }
  }

  #children(entries: DirectoryEntries, flags: number, queue: [string, number][]): void {
    const enter = (items: readonly ListedItem[], how: number): void => {
      for (const item of items) if (this.#holds(item.when)) queue.push([item.path, how]);
    };
    enter(entries.builtinDirectories, flags);
    enter(entries.modularDirectories, VISITED | (flags & MODULAR));
    enter(entries.otherDirectories, VISITED);
  }

  result(): BuildResult {
    for (const [directory, entries] of this.#entries) this.#collect(entries, this.#entered.get(directory) ?? 0);
    return { modules: [...this.#modules.values()], builtin: [...this.#builtin], units: this.#compiled.units };
  }

  #collect(entries: DirectoryEntries, flags: number): void {
    const { directory, composites } = entries;
    const builtin = new Set<string>();
    for (const { path, when } of entries.builtin) {
      if (!this.#holds(when)) continue;
      builtin.add(path);
      if (!(flags & BUILTIN)) continue;
      for (const object of this.#objects(composites.get(path), path, false)) this.#addBuiltin(object, directory);
    }
    for (const list of [entries.library, entries.extra, entries.always]) {
      for (const { path, when } of list) {
        if (!builtin.has(path) && this.#holds(when)) this.#addBuiltin(path, directory);
      }
    }
    for (const { path, when } of entries.modular) {
      if (builtin.has(path) || !this.#holds(when)) continue;
      this.#addModule(path, this.#objects(composites.get(path), path, true), flags, directory);
    }
  }

  #addBuiltin(path: string, directory: string): void {
    if (path.endsWith('.o')) this.#builtin.add(path);
    this.#compiled.add(path, directory);
  }

  #addModule(path: string, objects: readonly string[], flags: number, directory: string): void {
    for (const object of objects) this.#compiled.add(object, directory);
    if (!(flags & MODULAR)) return;
    const module = normalizePath(path.slice(0, -2));
    this.#modules.set(module, { name: moduleName(module), path: module, objects });
  }

  /** The objects that an entry stands for, each once: its members where it is a composite, else itself. */
  #objects(composite: Composite | undefined, path: string, modular: boolean): readonly string[] {
    if (composite === undefined) return [path];
    if (!this.#holds(modular ? composite.whenModular : composite.whenBuiltin)) return [path];
    const members: string[] = [];
    for (const member of composite.members) if (this.#holds(member.when)) members.push(member.path);
    if (!modular) return members;
    for (const { path: member, when } of composite.modularMembers) {
      if (this.#holds(when) && !members.includes(member)) members.push(member);
    }
    return members;
  }

  #holds(condition: Condition): boolean {
    return this.#evaluator.holds(condition);
  }
}
