/**
 * Finds every module that a tree can build, whatever the configuration: the conditions under which make enters the
 * directories, and under which it builds the modules that they list.
 */
import { type Condition, FALSE, TRUE } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import {
  CompositePart,
  Item,
  itemPlaces,
  type LISTS,
  listOf,
  memberPlaces,
  NO_COMPOSITE,
  NO_DIRECTORY,
} from './directory-records.ts';
import { inOrderOfName, objectName } from './names.ts';
import { ROOT, type Snapshot } from './snapshot.ts';

/**
 * Where the numbers of a guard are: how make enters a directory. `own` is the condition of the last step alone, `parent`
 * the number of the guard that it starts from, `items` the place of a list of the items that enter the directory.
 */
export const Guard = {
  name: 0,
  directory: 1,
  builtin: 2,
  modular: 3,
  visited: 4,
  own: 5,
  parent: 6,
  items: 7,
  ints: 8,
} as const;

/**
 * Where the numbers of a module are: the place of its item, the number of its directory's guard, and conditions: that of
 * its own line, and when it is built as a module, is part of vmlinux, and has an object at all.
 */
export const Module = { item: 0, guard: 1, own: 2, whenModule: 3, whenBuiltin: 4, whenLinked: 5, ints: 6 } as const;

/** Stands for the parent of the root. */
export const NO_GUARD = -1;

/** How often a directory is walked again because its guard has grown: a loop of directories would do so forever. */
const MAX_ROUNDS = 8;

/** How a directory can be entered, as far as that is known. */
interface Entering {
  readonly number: number;
  readonly name: number;
  readonly parent: number;
  builtin: Condition;
  modular: Condition;
  visited: Condition;
  own: Condition;
  /** Places of the items that enter it. */
  readonly items: Set<number>;
}

/**
 * Writes guards and modules into a snapshot, a list of each, in the order of the walk; then the numbers of the modules in
 * order of name.
 * @param placeOf reads a directory, by the number of its name, if need be
 * @returns the place of the list of guards; that of modules is behind it
 * @throws InputError where a makefile cannot be parsed
 */
export function writeIndex(snapshot: Snapshot, placeOf: (directory: number) => number): number {
  return new IndexWriter(snapshot, placeOf).write();
}

class IndexWriter {
  readonly #snapshot: Snapshot;
  readonly #table: ConditionTable;
  readonly #placeOf: (directory: number) => number;
  /** By the numbers of directories' names. */
  readonly #guards = new Map<number, Entering>();
  readonly #modules: number[] = [];

  constructor(snapshot: Snapshot, placeOf: (directory: number) => number) {
    this.#snapshot = snapshot;
    this.#table = snapshot.table;
    this.#placeOf = placeOf;
  }

  write(): number {
    this.#enterDirectories();
    const guards: number[] = [];
    for (const guard of this.#guards.values()) {
      const { name, builtin, modular, visited, own, parent, items } = guard;
      const place = this.#placeOf(name);
      if (place !== NO_DIRECTORY) this.#addModules(place, guard);
      const entries = this.#snapshot.push(items.size, ...items);
      guards.push(name, place, builtin.id, modular.id, visited.id, own.id, parent, entries);
    }
    const place = this.#snapshot.push(this.#guards.size);
    this.#snapshot.append(guards);
    const count = this.#modules.length / Module.ints;
    this.#snapshot.push(count);
    this.#snapshot.append(this.#modules);
    this.#snapshot.append(inOrderOfName(count, (module) => this.#moduleName(module)));
    return place;
  }

  #moduleName(module: number): string {
    const item = this.#modules[Module.ints * module + Module.item]!;
    return objectName(this.#snapshot.text(this.#snapshot.ints[item + Item.path]!));
  }

  /** Parents first; a directory that several lines enter gets the `or` of them. */
  #enterDirectories(): void {
    const always = { builtin: TRUE, modular: TRUE, visited: TRUE, own: TRUE };
    this.#guards.set(ROOT, { number: 0, name: ROOT, parent: NO_GUARD, ...always, items: new Set() });
    const queue: number[] = [ROOT];
    const rounds = new Map<number, number>();
    for (let directory = queue.shift(); directory !== undefined; directory = queue.shift()) {
      const round = (rounds.get(directory) ?? 0) + 1;
      rounds.set(directory, round);
      const place = round > MAX_ROUNDS ? NO_DIRECTORY : this.#placeOf(directory);
      if (place !== NO_DIRECTORY) queue.push(...this.#enterChildren(place, this.#guards.get(directory)!));
    }
  }

  /** @returns the children that can be entered in more ways than was known */
  #enterChildren(place: number, { number, builtin, modular, visited }: Entering): Iterable<number> {
    const grown = new Set<number>();
    const enter = (list: (typeof LISTS)[number], asBuiltin: Condition, asModular: Condition): void => {
      for (const item of itemPlaces(this.#snapshot.ints, listOf(this.#snapshot.ints, place, list))) {
        const when = this.#condition(item + Item.when);
        const how = {
          visited: this.#table.and(visited, when),
          builtin: this.#table.and(asBuiltin, when),
          modular: this.#table.and(asModular, when),
        };
        if (this.#grow(item, when, how, number)) grown.add(this.#snapshot.ints[item + Item.path]!);
      }
    };
    enter('builtinDirectories', builtin, modular);
    enter('modularDirectories', FALSE, modular);
    enter('otherDirectories', FALSE, FALSE);
    return grown;
  }

  #grow(
    item: number,
    when: Condition,
    how: Pick<Entering, 'builtin' | 'modular' | 'visited'>,
    parent: number,
  ): boolean {
    const table = this.#table;
    const name = this.#snapshot.ints[item + Item.path]!;
    const known = this.#guards.get(name);
    if (known === undefined) {
      this.#guards.set(name, { number: this.#guards.size, name, parent, ...how, own: when, items: new Set([item]) });
      return true;
    }
    const builtin = table.or(known.builtin, how.builtin);
    const modular = table.or(known.modular, how.modular);
    const visited = table.or(known.visited, how.visited);
    const isSame = builtin === known.builtin && modular === known.modular && visited === known.visited;
    if (known.parent === parent) known.own = table.or(known.own, when);
    known.items.add(item);
    Object.assign(known, { builtin, modular, visited });
    return !isSame;
  }

  #addModules(place: number, guard: Entering): void {
    const { ints } = this.#snapshot;
    const modular = itemPlaces(ints, listOf(ints, place, 'modular'));
    if (modular.length === 0) return;
    const builtin = new Map<number, Condition>();
    for (const item of itemPlaces(ints, listOf(ints, place, 'builtin'))) {
      builtin.set(ints[item + Item.path]!, this.#condition(item + Item.when));
    }
    for (const item of modular) this.#addModule(item, builtin.get(ints[item + Item.path]!), guard);
  }

  #addModule(item: number, builtin: Condition | undefined, guard: Entering): void {
    const table = this.#table;
    const when = this.#condition(item + Item.when);
    const own = builtin === undefined ? when : table.without(when, builtin);
    if (own === FALSE) return;
    const whenModule = table.and(own, guard.modular);
    const whenBuiltin = builtin === undefined ? FALSE : table.and(builtin, guard.builtin);
    const whenLinked = this.#whenLinked(this.#snapshot.ints[item + Item.composite]!);
    this.#modules.push(item, guard.number, own.id, whenModule.id, whenBuiltin.id, whenLinked.id);
  }

  /** A composite without members cannot be linked. */
  #whenLinked(composite: number): Condition {
    if (composite === NO_COMPOSITE) return TRUE;
    const table = this.#table;
    const members = memberPlaces(this.#snapshot.ints, composite).map((member) => this.#condition(member + Item.when));
    return table.or(table.any(members), table.not(this.#condition(composite + CompositePart.whenModular)));
  }

  /** The condition of which the number is at a place. */
  #condition(place: number): Condition {
    return this.#snapshot.condition(this.#snapshot.ints[place]!);
  }
}
