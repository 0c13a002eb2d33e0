/** Every module that a tree can build, whatever the configuration, to be asked by name, path and symbol. */
import { type Condition, conditionSymbols, FALSE, TRUE } from '../conditions/condition.ts';
import type { Position } from '../diagnostics/diagnostic.ts';
import { normalizePath } from '../make/paths.ts';
import { type BuiltModule, ListedModule } from './built-objects.ts';
import type { DirectoryEntries, ListedItem, Mention } from './directory.ts';
import {
  DirectoryRecord,
  Item,
  ItemRecord,
  itemPlaces,
  listOf,
  memberPlaces,
  NO_COMPOSITE,
  NO_DIRECTORY,
} from './directory-records.ts';
import { Guard, Module, NO_GUARD } from './index-writer.ts';
import { endsWithPath, moduleName, nameInTree, objectName, rowsOfName } from './names.ts';
import type { Snapshot } from './snapshot.ts';

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
  readonly objects: readonly ListedItem[];
}

/** An object that a directory lists for vmlinux; its members are what it is linked from where it is a composite. */
export interface BuiltinItem {
  /** Relative to the tree. */
  readonly path: string;
  /** The directories on the way included. */
  readonly when: Condition;
  readonly mentions: readonly Mention[];
}

/** A `BuiltinItem` with what it is linked from. */
export interface BuiltinUnits {
  readonly item: BuiltinItem;
  /** None where it is no composite. */
  readonly members: readonly ListedItem[];
  /** That of the Kbuild file. */
  readonly directory: string;
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

/** One step on the way from the tree's root to a directory. */
interface DirectoryStep {
  readonly directory: string;
  readonly when: Condition;
  /** The lines that enter it. */
  readonly mentions: readonly Mention[];
}

const BUILTIN_LISTS = ['builtin', 'library'] as const;

/** Directories inside one another; a loop of them would have no end. */
const MAX_STEPS = 64;

/** Answers by module name, module path and symbol. */
export class ModuleIndex {
  readonly #snapshot: Snapshot;
  readonly #guards: Guards;
  /** In the order of the walk: those that somebody asked for. */
  readonly #modules: (ModuleRecord | undefined)[];
  #byPath: Map<string, ModuleRecord> | null = null;
  /** Numbers by the place of the item. */
  #byItem: Map<number, number> | null = null;
  #gates: Map<string, GatedItem[]> | null = null;

  /** @param place from `writeIndex` */
  constructor(snapshot: Snapshot, place: number) {
    this.#snapshot = snapshot;
    this.#guards = new Guards(snapshot, place);
    this.#modules = new Array<undefined>(snapshot.ints[this.#guards.end]!).fill(undefined);
  }

  get #paths(): Map<string, ModuleRecord> {
    this.#byPath ??= new Map(Array.from(this.#modules.keys(), (number) => [this.at(number).path, this.at(number)]));
    return this.#byPath;
  }

  get #items(): Map<number, number> {
    const { ints } = this.#snapshot;
    const first = this.#guards.end + 1 + Module.item;
    this.#byItem ??= new Map(
      Array.from(this.#modules.keys(), (number) => [ints[first + Module.ints * number]!, number]),
    );
    return this.#byItem;
  }

  /** How many there are, those that two directories list counted twice. */
  get count(): number {
    return this.#modules.length;
  }

  /** All modules, in the order of the walk. */
  all(): IterableIterator<ModuleRecord> {
    return this.#paths.values();
  }

  /** The same with their numbers, for `at`. */
  *numbered(): Generator<readonly [number: number, module: ModuleRecord]> {
    for (const number of this.#modules.keys()) {
      const module = this.at(number);
      if (this.#paths.get(module.path) === module) yield [number, module];
    }
  }

  /** The module with a number. */
  at(number: number): ModuleRecord {
    const place = this.#guards.end + 1 + Module.ints * number;
    this.#modules[number] ??= new ModuleRecord(this.#snapshot, this.#guards, place);
    return this.#modules[number];
  }

  /** The module at a path (relative to the tree, without suffix). */
  byPath(path: string): ModuleEntry | undefined {
    return this.byName(path).findLast((entry) => entry.path === path);
  }

  /** What is known of a module that `build` of this tree gave. The paths of all modules are not looked up for it. */
  entryOf(module: BuiltModule): ModuleEntry | undefined {
    const number = module instanceof ListedModule ? this.#items.get(module.item) : undefined;
    return number === undefined ? this.byPath(module.path) : this.at(number);
  }

  /** Every module of that name; `-` and `_` are the same. */
  byName(name: string): readonly ModuleEntry[] {
    const count = this.#modules.length;
    const inOrder = this.#guards.end + 1 + Module.ints * count;
    const moduleAt = (row: number): ModuleRecord => this.at(this.#snapshot.ints[inOrder + row]!);
    return rowsOfName(count, (row) => moduleAt(row).name, moduleName(name)).map(moduleAt);
  }

  /** The modules that a word means: a name, a path or a module's file. Of several with one name those of the path. */
  meant(word: string): readonly ModuleEntry[] {
    const path = nameInTree(word);
    const named = this.byName(path);
    const placed = named.filter((entry) => endsWithPath(entry.path, path));
    return placed.length > 0 ? placed : named;
  }

  /** Objects that the tree can only build into vmlinux: `obj-y`, `lib-y` and the like, modules left out. */
  *builtinOnly(): Generator<BuiltinItem> {
    for (const { item, guard } of this.builtinPlaces()) yield this.builtinAt(item, guard);
  }

  /** The same, with the units that they are linked from. */
  *builtinUnits(): Generator<BuiltinUnits> {
    const { ints } = this.#snapshot;
    for (const { item, guard } of this.builtinPlaces()) {
      const composite = ints[item + Item.composite]!;
      const members = composite === NO_COMPOSITE ? [] : memberPlaces(ints, composite);
      yield {
        item: this.builtinAt(item, guard),
        members: members.map((place) => new ItemRecord(this.#snapshot, place)),
        directory: this.#guards.name(guard),
      };
    }
  }

  /** The places of the objects of `builtinOnly`, with the numbers of their guards. */
  *builtinPlaces(): Generator<{ readonly item: number; readonly guard: number }> {
    const { ints } = this.#snapshot;
    for (let guard = 0; guard < this.#guards.count; guard++) {
      const directory = this.#guards.directoryOf(guard);
      for (const list of directory === NO_DIRECTORY ? [] : BUILTIN_LISTS) {
        for (const item of itemPlaces(ints, listOf(ints, directory, list))) {
          const path = this.#snapshot.text(ints[item + Item.path]!);
          if (!this.#paths.has(path.slice(0, -2))) yield { item, guard };
        }
      }
    }
  }

  /** An object of `builtinPlaces`. */
  builtinAt(item: number, guard: number): BuiltinItem {
    return new GuardedItem(this.#snapshot, item, this.#guards.condition(guard, Guard.builtin));
  }

  /** What the symbol gates in Kbuild files: modules, objects inside modules, objects of vmlinux. */
  gatedBy(symbol: string): readonly GatedItem[] {
    this.#gates ??= this.#collectGates();
    return this.#gates.get(symbol) ?? [];
  }

  /** The directories from this one up to the tree's root. */
  directoryChain(directory: string): readonly DirectoryStep[] {
    const first = this.#guards.find(directory);
    return first === undefined ? [] : this.#guards.chain(first);
  }

  /** Directories that make can enter and that have no Kbuild file. */
  missingDirectories(): DirectoryStep[] {
    return Array.from({ length: this.#guards.count }, (_, guard) => guard)
      .filter((guard) => this.#guards.directoryOf(guard) === NO_DIRECTORY)
      .filter((guard) => this.#guards.condition(guard, Guard.visited) !== FALSE)
      .map((guard) => this.#guards.chain(guard)[0]!);
  }

  /** The condition under which make enters a directory at all; FALSE where it never does. */
  whenEntered(directory: string): Condition {
    const guard = this.#guards.find(directory);
    return guard === undefined ? FALSE : this.#guards.condition(guard, Guard.visited);
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
    for (let guard = 0; guard < this.#guards.count; guard++) {
      const place = this.#guards.directoryOf(guard);
      if (place === NO_DIRECTORY) continue;
      const entries = new DirectoryRecord(this.#snapshot, place);
      for (const object of builtinObjects(entries)) add(object.mentions, null, object.path);
    }
    return gates;
  }
}

/** How directories can be entered, by number in the order of the walk. */
class Guards {
  readonly count: number;
  readonly #snapshot: Snapshot;
  readonly #place: number;
  #numbers: ReadonlyMap<string, number> | null = null;

  constructor(snapshot: Snapshot, place: number) {
    this.#snapshot = snapshot;
    this.#place = place;
    this.count = snapshot.ints[place]!;
  }

  /** The place behind them. */
  get end(): number {
    return this.#place + 1 + Guard.ints * this.count;
  }

  /** The number of a directory's guard; undefined where make never enters it. */
  find(directory: string): number | undefined {
    this.#numbers ??= new Map(Array.from({ length: this.count }, (_, guard) => [this.name(guard), guard]));
    return this.#numbers.get(directory);
  }

  name(guard: number): string {
    return this.#snapshot.text(this.#int(guard, Guard.name));
  }

  /** The place of the directory, or NO_DIRECTORY. */
  directoryOf(guard: number): number {
    return this.#int(guard, Guard.directory);
  }

  condition(guard: number, which: number): Condition {
    return this.#snapshot.condition(this.#int(guard, which));
  }

  /** The directories from this one up to the tree's root. */
  chain(guard: number): DirectoryStep[] {
    const steps: DirectoryStep[] = [];
    for (let at = guard; at !== NO_GUARD && steps.length < MAX_STEPS; at = this.parent(at)) {
      steps.push({ directory: this.name(at), when: this.condition(at, Guard.own), mentions: this.#mentions(at) });
    }
    return steps;
  }

  parent(guard: number): number {
    return this.#int(guard, Guard.parent);
  }

  #mentions(guard: number): Mention[] {
    const { ints } = this.#snapshot;
    const items = this.#int(guard, Guard.items);
    const places = ints.subarray(items + 1, items + 1 + ints[items]!);
    return [...places].flatMap((place) => new ItemRecord(this.#snapshot, place).mentions);
  }

  #int(guard: number, offset: number): number {
    return this.#snapshot.ints[this.#place + 1 + Guard.ints * guard + offset]!;
  }
}

/** A module of which all is looked up when it is asked for: of thousands a run asks after a few. */
class ModuleRecord implements ModuleEntry {
  readonly #snapshot: Snapshot;
  readonly #guards: Guards;
  readonly #place: number;
  #path: string | null = null;
  #name: string | null = null;

  constructor(snapshot: Snapshot, guards: Guards, place: number) {
    this.#snapshot = snapshot;
    this.#guards = guards;
    this.#place = place;
  }

  get name(): string {
    this.#name ??= objectName(this.#text);
    return this.#name;
  }

  get path(): string {
    this.#path ??= normalizePath(this.#text.slice(0, -2));
    return this.#path;
  }

  get #text(): string {
    return this.#snapshot.text(this.#snapshot.ints[this.#item + Item.path]!);
  }

  get directory(): string {
    return this.#guards.name(this.#int(Module.guard));
  }

  get whenModule(): Condition {
    return this.#condition(Module.whenModule);
  }

  get whenBuiltin(): Condition {
    return this.#condition(Module.whenBuiltin);
  }

  get whenLinked(): Condition {
    return this.#condition(Module.whenLinked);
  }

  get symbols(): readonly string[] {
    const deciding = this.decidingSymbols;
    return [...new Set([...deciding, ...conditionSymbols(this.whenModule)])];
  }

  get decidingSymbols(): readonly string[] {
    const own = this.#snapshot.table.symbolsAt(this.#int(Module.own));
    if (own.length > 0) return own;
    const steps = this.#guards.chain(this.#int(Module.guard));
    return steps.map(({ when }) => conditionSymbols(when)).find((symbols) => symbols.length > 0) ?? [];
  }

  get mentions(): readonly Mention[] {
    return new ItemRecord(this.#snapshot, this.#item).mentions;
  }

  get isComposite(): boolean {
    return this.#composite !== NO_COMPOSITE;
  }

  get objects(): readonly ListedItem[] {
    if (this.isComposite) return this.objectPlaces.map((place) => new ItemRecord(this.#snapshot, place));
    return [new OnlyObject(this.#snapshot, this.#item)];
  }

  /** The places of the items of its objects. */
  get objectPlaces(): readonly number[] {
    return this.isComposite ? memberPlaces(this.#snapshot.ints, this.#composite) : [this.#item];
  }

  get #item(): number {
    return this.#int(Module.item);
  }

  get #composite(): number {
    return this.#snapshot.ints[this.#item + Item.composite]!;
  }

  #condition(offset: number): Condition {
    return this.#snapshot.condition(this.#int(offset));
  }

  #int(offset: number): number {
    return this.#snapshot.ints[this.#place + offset]!;
  }
}

/** Of thousands that are gone through one or two are asked for more than their path. */
class GuardedItem extends ItemRecord implements BuiltinItem {
  readonly #table: Snapshot['table'];
  readonly #guard: Condition;

  constructor(snapshot: Snapshot, place: number, guard: Condition) {
    super(snapshot, place);
    this.#table = snapshot.table;
    this.#guard = guard;
  }

  override get when(): Condition {
    return this.#table.and(super.when, this.#guard);
  }
}

/** The object of a module that is no composite: beside the module's own, it has no condition. */
class OnlyObject extends ItemRecord {
  override get when(): Condition {
    return TRUE;
  }
}

/** What a directory lists for vmlinux, composites taken apart. */
function builtinObjects(entries: DirectoryEntries): ListedItem[] {
  const made = [...entries.extra, ...entries.always].filter((item) => item.path.endsWith('.o'));
  return [...entries.builtin, ...entries.library, ...made].flatMap(
    (item) => entries.composites.get(item.path)?.members ?? [item],
  );
}
