/** From the directories' lists to what one configuration builds, as make walks the tree. */

import type { ConfigLookup } from '../conditions/condition.ts';
import { ConditionEvaluator } from '../conditions/condition-evaluator.ts';
import type { InputError } from '../diagnostics/diagnostic.ts';
import { normalizePath } from '../make/paths.ts';
import type { MakeRule } from '../make/rules.ts';
import { CompiledUnits } from './compiled.ts';
import type { Mention } from './directory.ts';
import {
  CompositePart,
  Directory,
  directoryItems,
  Item,
  ItemRecord,
  NO_COMPOSITE,
  NO_DIRECTORY,
  NO_OBJECT,
  nextList,
} from './directory-records.ts';
import { isMentionedFor } from './missing-files.ts';
import { moduleName } from './names.ts';
import { ROOT, type Snapshot } from './snapshot.ts';
import type { UnitOrder } from './unit-order.ts';

/** Lists of a directory that are files: obj-y, obj-m, and those of which the members are just made. */
const FILE_LISTS = 5;
const MADE_LISTS = 3;

/** A module that a configuration builds. */
export interface BuiltModule {
  /** As modprobe writes it, with `_` for `-`. */
  readonly name: string;
  /** Relative to the tree, without suffix. */
  readonly path: string;
  /** Its objects, relative to the tree. */
  readonly objects: readonly string[];
}

/** A module of a build, which knows where the tree lists it. */
export class ListedModule implements BuiltModule {
  readonly name: string;
  readonly path: string;
  readonly objects: readonly string[];
  /** Private, as it is another one in a tree that was packed, of which builds are to be equal. */
  readonly #item: number;

  /** @param item the place of its item in the snapshot */
  constructor(path: string, objects: readonly string[], item: number) {
    this.name = moduleName(path);
    this.path = path;
    this.objects = objects;
    this.#item = item;
  }

  get item(): number {
    return this.#item;
  }
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

/** The tree that is walked; places are those of directories in its snapshot. */
export interface WalkedTree {
  readonly snapshot: Snapshot;
  readonly units: UnitOrder;
  /** @returns NO_DIRECTORY where the directory has no Kbuild file */
  placeFor(directory: string, config: ConfigLookup): number;
  /** Whether a directory may have rules. */
  mayHaveRules(directory: string): boolean;
  /** Which files a directory's Kbuild file says to be made from which. */
  rulesFor(directory: string, config: ConfigLookup): readonly MakeRule[];
  /** Whether the tree has this file. */
  exists(path: string): boolean;
  /** What make stops with at a directory without a Kbuild file, entered by these lines; null where it may not. */
  missing(directory: string, mentions: readonly Mention[]): InputError | null;
  /** What make stops with in a directory, whatever the configuration; null where it does not. */
  stopIn(directory: string): InputError | null;
}

/** How make enters a directory (Makefile.build: need-builtin, need-modorder). */
const VISITED = 1;
const BUILTIN = 2;
const MODULAR = 4;

/**
 * Walks the tree for one configuration.
 * @throws InputError where make enters a directory that has no Kbuild file, or none that can be read, or stops there
 */
export function collectBuild(tree: WalkedTree, config: ConfigLookup): BuildResult {
  const evaluator = new ConditionEvaluator(tree.snapshot.table, config);
  const entered = descend(tree, config, evaluator);
  return new Collector(tree, config, evaluator).collect(entered);
}

/** A directory that make enters. */
interface Entered {
  readonly place: number;
  flags: number;
}

/** Finds every directory that make enters, and how. */
function descend(tree: WalkedTree, config: ConfigLookup, evaluator: ConditionEvaluator): Iterable<Entered> {
  const entered = new Map<number, Entered>();
  const queue = [ROOT, VISITED | BUILTIN | MODULAR];
  for (let head = 0; head < queue.length; head += 2) {
    const [name, how] = [queue[head]!, queue[head + 1]!];
    const before = entered.get(name);
    const flags = (before?.flags ?? 0) | how;
    if (flags === before?.flags) continue;
    const place = before?.place ?? tree.placeFor(tree.snapshot.text(name), config);
    if (before) before.flags = flags;
    else entered.set(name, { place, flags });
    const stop = before ? null : tree.stopIn(tree.snapshot.text(name));
    if (stop) throw stop;
    if (place !== NO_DIRECTORY) enterChildren(tree.snapshot.ints, place, flags, evaluator, queue);
    else requireNotEntered(tree, name, entered.values(), evaluator);
  }
  return entered.values();
}

/** @throws InputError where a line that is known to count enters a directory without a Kbuild file */
function requireNotEntered(
  tree: WalkedTree,
  name: number,
  entered: Iterable<Entered>,
  evaluator: ConditionEvaluator,
): void {
  const { snapshot } = tree;
  const mentions = [...entered]
    .filter(({ place }) => place !== NO_DIRECTORY)
    .flatMap(({ place }) => directoryItems(snapshot.ints, place))
    .filter((item) => snapshot.ints[item + Item.path] === name)
    .flatMap((item) => new ItemRecord(snapshot, item).mentions)
    .filter((mention) => isMentionedFor(mention, evaluator));
  const error = tree.missing(snapshot.text(name), mentions);
  if (error) throw error;
}

function enterChildren(
  ints: Int32Array,
  place: number,
  flags: number,
  evaluator: ConditionEvaluator,
  queue: number[],
): void {
  let at = place + Directory.lists;
  for (let list = 0; list < FILE_LISTS; list++) at += 1 + Item.ints * ints[at]!;
  for (const how of [flags, VISITED | (flags & MODULAR), VISITED]) {
    const end = at + 1 + Item.ints * ints[at]!;
    for (at++; at < end; at += Item.ints) {
      if (evaluator.holdsAt(ints[at + Item.when]!)) queue.push(ints[at + Item.path]!, how);
    }
  }
}

/** Collects what is built in the directories that make enters. */
class Collector {
  readonly #snapshot: Snapshot;
  readonly #ints: Int32Array;
  readonly #units: UnitOrder;
  readonly #evaluator: ConditionEvaluator;
  readonly #compiled: CompiledUnits;
  readonly #modules = new Map<string, BuiltModule>();
  readonly #builtin: string[] = [];
  /** By the number of a path: 1 for what is in `#builtin`. */
  readonly #isBuiltin: Uint8Array;
  /** By the number of a path: the place of the last directory that has it in obj-y. */
  readonly #listedBy: Int32Array;

  constructor(tree: WalkedTree, config: ConfigLookup, evaluator: ConditionEvaluator) {
    const { snapshot } = tree;
    this.#snapshot = snapshot;
    this.#ints = snapshot.ints;
    this.#units = tree.units;
    this.#evaluator = evaluator;
    this.#isBuiltin = new Uint8Array(snapshot.textCount);
    this.#listedBy = new Int32Array(snapshot.textCount);
    this.#compiled = new CompiledUnits({
      snapshot,
      mayHaveRules: (directory) => tree.mayHaveRules(directory),
      rules: (directory) => tree.rulesFor(directory, config),
      holds: (condition) => evaluator.holds(condition),
      exists: (path) => tree.exists(path),
    });
  }

  collect(directories: Iterable<Entered>): BuildResult {
    for (const { place, flags } of directories) if (place !== NO_DIRECTORY) this.#directory(place, flags);
    const units = this.#compiled.units(this.#units);
    return { modules: [...this.#modules.values()], builtin: this.#builtin, units };
  }

  #directory(place: number, flags: number): void {
    const directory = this.#ints[place + Directory.name]!;
    const builtin = place + Directory.lists;
    const modular = nextList(this.#ints, builtin);
    this.#linked(builtin, place, flags, directory);
    for (let list = nextList(this.#ints, modular), i = 0; i < MADE_LISTS; list = nextList(this.#ints, list), i++) {
      this.#made(list, place, directory);
    }
    this.#modular(modular, place, flags, directory);
  }

  /** obj-y. */
  #linked(list: number, place: number, flags: number, directory: number): void {
    const ints = this.#ints;
    const end = nextList(this.#ints, list);
    for (let at = list + 1; at < end; at += Item.ints) {
      if (!this.#evaluator.holdsAt(ints[at + Item.when]!)) continue;
      this.#listedBy[ints[at + Item.path]!] = place;
      if (!(flags & BUILTIN)) continue;
      const composite = ints[at + Item.composite]!;
      if (!this.#isComposite(composite, CompositePart.whenBuiltin)) this.#addBuiltin(at, directory);
      else this.#eachMember(composite + CompositePart.lists, (member) => this.#addBuiltin(member, directory));
    }
  }

  /** lib-y, extra-y and always-y. */
  #made(list: number, place: number, directory: number): void {
    const ints = this.#ints;
    const end = nextList(this.#ints, list);
    for (let at = list + 1; at < end; at += Item.ints) {
      if (this.#listedBy[ints[at + Item.path]!] === place) continue;
      if (this.#evaluator.holdsAt(ints[at + Item.when]!)) this.#addBuiltin(at, directory);
    }
  }

  /** obj-m. */
  #modular(list: number, place: number, flags: number, directory: number): void {
    const ints = this.#ints;
    const end = nextList(this.#ints, list);
    for (let at = list + 1; at < end; at += Item.ints) {
      if (this.#listedBy[ints[at + Item.path]!] === place) continue;
      if (this.#evaluator.holdsAt(ints[at + Item.when]!)) this.#addModule(at, flags, directory);
    }
  }

  #addModule(item: number, flags: number, directory: number): void {
    const objects: string[] = [];
    const add = (object: number): void => {
      const path = this.#ints[object + Item.path]!;
      this.#compiled.add(path, this.#ints[object + Item.parent]!, directory);
      objects.push(this.#snapshot.text(path));
    };
    const composite = this.#ints[item + Item.composite]!;
    if (!this.#isComposite(composite, CompositePart.whenModular)) add(item);
    else {
      const members = composite + CompositePart.lists;
      this.#eachMember(members, add);
      this.#eachMember(nextList(this.#ints, members), (member) => {
        if (!objects.includes(this.#snapshot.text(this.#ints[member + Item.path]!))) add(member);
      });
    }
    if (!(flags & MODULAR)) return;
    const given = this.#snapshot.text(this.#ints[item + Item.path]!).slice(0, -2);
    // What lies in the directory itself has a normal path.
    const path = this.#ints[item + Item.parent] === directory ? given : normalizePath(given);
    this.#modules.set(path, new ListedModule(path, objects, item));
  }

  #addBuiltin(item: number, directory: number): void {
    const path = this.#ints[item + Item.path]!;
    const parent = this.#ints[item + Item.parent]!;
    if (parent !== NO_OBJECT && this.#isBuiltin[path] === 0) {
      this.#isBuiltin[path] = 1;
      this.#builtin.push(this.#snapshot.text(path));
    }
    this.#compiled.add(path, parent, directory);
  }

  /** @param when which of a composite's conditions counts */
  #isComposite(composite: number, when: number): boolean {
    return composite !== NO_COMPOSITE && this.#evaluator.holdsAt(this.#ints[composite + when]!);
  }

  #eachMember(list: number, use: (item: number) => void): void {
    const end = nextList(this.#ints, list);
    for (let at = list + 1; at < end; at += Item.ints) {
      if (this.#evaluator.holdsAt(this.#ints[at + Item.when]!)) use(at);
    }
  }
}
