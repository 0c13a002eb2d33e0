/**
 * What directories list, as records of a snapshot. A configuration's walk follows the numbers; whoever wants to know
 * more of a directory gets objects that look the rest up when they are asked.
 *
 * A directory is its name, whether it is open, its rules, the place of its composites, and its lists. A list is its
 * length and its items, `Item.ints` numbers each.
 */
import type { Condition } from '../conditions/condition.ts';
import { normalizePath, parentOf } from '../make/paths.ts';
import type { MakeRule } from '../make/rules.ts';
import type { Composite, DirectoryEntries, ListedItem, Mention } from './directory.ts';
import type { Snapshot } from './snapshot.ts';

/** The lists of a directory, in the order in which they are written. */
export const LISTS = [
  'builtin',
  'modular',
  'library',
  'extra',
  'always',
  'builtinDirectories',
  'modularDirectories',
  'otherDirectories',
] as const;

/** Where the numbers of a directory are, counted from its place. `rules` is the number of a text, or NO_TEXT. */
export const Directory = { name: 0, isOpen: 1, rules: 2, composites: 3, lists: 4 } as const;

/**
 * Where the numbers of an item are. `parent` is the directory that an object lies in, `composite` the place of what an
 * item of obj-y or obj-m is linked from, `mentions` that of the statements that list it.
 */
export const Item = { path: 0, when: 1, parent: 2, composite: 3, mentions: 4, ints: 5 } as const;

/** The lists of a composite's members follow on each other. */
export const CompositePart = { path: 0, whenBuiltin: 1, whenModular: 2, lists: 3 } as const;

/** Numbers of a mention. */
const MentionPart = { file: 0, line: 1, when: 2, ints: 3 } as const;

/** Stands for the directory of what is no object. */
export const NO_OBJECT = -1;

/** Stands for the place of the composite of what is none. */
export const NO_COMPOSITE = 0;

/** Stands for the place of a directory that has no Kbuild file. */
export const NO_DIRECTORY = -1;

const NO_TEXT = -1;

/** The directory that is added, and the places of its composites by path where items may be some. */
interface Within {
  readonly directory: string;
  readonly reference: number;
  readonly composites: ReadonlyMap<string, number> | null;
}

/** Adds a directory to a snapshot. @returns its place */
export function addDirectory(snapshot: Snapshot, entries: DirectoryEntries): number {
  return new DirectoryWriter(snapshot, entries).write();
}

class DirectoryWriter {
  readonly #snapshot: Snapshot;
  readonly #entries: DirectoryEntries;

  constructor(snapshot: Snapshot, entries: DirectoryEntries) {
    this.#snapshot = snapshot;
    this.#entries = entries;
  }

  write(): number {
    const snapshot = this.#snapshot;
    const { directory, isOpen, rules } = this.#entries;
    const within = { directory, reference: snapshot.reference(directory), composites: null };
    const composites = new Map<string, number>();
    for (const [path, composite] of this.#entries.composites) {
      composites.set(path, this.#composite(path, composite, within));
    }
    const places = snapshot.push(composites.size, ...composites.values());
    const ruleText = rules.length === 0 ? NO_TEXT : snapshot.reference(snapshot.writeJson(rules));
    const lists = LISTS.map((name) => this.#entries[name]);
    const head = [within.reference, isOpen ? 1 : 0, ruleText, places];
    return this.#record(head, lists, composites.size === 0 ? within : { ...within, composites });
  }

  #composite(path: string, composite: Composite, within: Within): number {
    const { whenBuiltin, whenModular, members, modularMembers } = composite;
    const head = [this.#snapshot.reference(path), whenBuiltin.id, whenModular.id];
    return this.#record(head, [members, modularMembers], within);
  }

  /** Numbers with lists behind them. @returns their place */
  #record(head: readonly number[], lists: readonly (readonly ListedItem[])[], within: Within): number {
    // All in one piece: what the items refer to stands before.
    const record = [...head];
    for (const items of lists) {
      record.push(items.length);
      for (const item of items) this.#item(item, within, record);
    }
    return this.#snapshot.append(record);
  }

  #item({ path, when, mentions }: ListedItem, { directory, reference, composites }: Within, record: number[]): void {
    let parent = NO_OBJECT;
    if (path.endsWith('.o')) {
      const isOwn = path.lastIndexOf('/') === directory.length && path.startsWith(directory);
      parent = isOwn ? reference : this.#snapshot.reference(parentOf(normalizePath(path)));
    }
    const composite = composites?.get(path) ?? NO_COMPOSITE;
    record.push(this.#snapshot.reference(path), when.id, parent, composite, this.#mentions(mentions));
  }

  #mentions(mentions: readonly Mention[]): number {
    const list = [mentions.length];
    for (const { at, when } of mentions) {
      list.push(at === null ? NO_TEXT : this.#snapshot.reference(at.file), at?.line ?? 0, when.id);
    }
    return this.#snapshot.append(list);
  }
}

/** Where the list after this one is. */
export function nextList(ints: Int32Array, list: number): number {
  return list + 1 + Item.ints * ints[list]!;
}

/** Places of the items of a list. */
export function itemPlaces(ints: Int32Array, list: number): number[] {
  const places: number[] = [];
  for (let at = list + 1; at < nextList(ints, list); at += Item.ints) places.push(at);
  return places;
}

/** Places of the items of the directories that a directory enters. @param place the directory's */
export function directoryItems(ints: Int32Array, place: number): number[] {
  const lists = ['builtinDirectories', 'modularDirectories', 'otherDirectories'] as const;
  return lists.flatMap((name) => itemPlaces(ints, listOf(ints, place, name)));
}

/** Where a list of a directory is. @param place the directory's */
export function listOf(ints: Int32Array, place: number, name: (typeof LISTS)[number]): number {
  let list = place + Directory.lists;
  for (let left = LISTS.indexOf(name); left > 0; left--) list = nextList(ints, list);
  return list;
}

/** Places of a composite's members: those by `foo-objs` and `foo-y`, then those by `foo-m`. */
export function memberPlaces(ints: Int32Array, composite: number): number[] {
  const members = composite + CompositePart.lists;
  return [...itemPlaces(ints, members), ...itemPlaces(ints, nextList(ints, members))];
}

/** Whether the directory at a place has to be read for each configuration. */
export function isOpenAt(snapshot: Snapshot, place: number): boolean {
  return snapshot.ints[place + Directory.isOpen] === 1;
}

/** Whether the directory at a place says of files what they are made from. */
export function hasRulesAt(snapshot: Snapshot, place: number): boolean {
  return snapshot.ints[place + Directory.rules] !== NO_TEXT;
}

/** An item of a list. */
export class ItemRecord implements ListedItem {
  readonly #snapshot: Snapshot;
  readonly #place: number;

  constructor(snapshot: Snapshot, place: number) {
    this.#snapshot = snapshot;
    this.#place = place;
  }

  get path(): string {
    return this.#snapshot.text(this.#int(Item.path));
  }

  get when(): Condition {
    return this.#snapshot.condition(this.#int(Item.when));
  }

  get mentions(): readonly Mention[] {
    const { ints } = this.#snapshot;
    const place = this.#int(Item.mentions);
    return Array.from({ length: ints[place]! }, (_, index) => {
      const at = place + 1 + MentionPart.ints * index;
      const file = ints[at + MentionPart.file]!;
      return {
        at:
          file === NO_TEXT ? null : { file: this.#snapshot.text(file), line: ints[at + MentionPart.line]!, column: 0 },
        when: this.#snapshot.condition(ints[at + MentionPart.when]!),
      };
    });
  }

  #int(offset: number): number {
    return this.#snapshot.ints[this.#place + offset]!;
  }
}

/** A directory at a place. */
export class DirectoryRecord implements DirectoryEntries {
  readonly #snapshot: Snapshot;
  readonly #place: number;
  readonly #lists = new Map<number, readonly ListedItem[]>();
  #composites: ReadonlyMap<string, Composite> | null = null;
  #rules: readonly MakeRule[] | null = null;

  constructor(snapshot: Snapshot, place: number) {
    this.#snapshot = snapshot;
    this.#place = place;
  }

  get directory(): string {
    return this.#snapshot.text(this.#int(Directory.name));
  }

  get isOpen(): boolean {
    return isOpenAt(this.#snapshot, this.#place);
  }

  get builtin(): readonly ListedItem[] {
    return this.#list('builtin');
  }

  get modular(): readonly ListedItem[] {
    return this.#list('modular');
  }

  get library(): readonly ListedItem[] {
    return this.#list('library');
  }

  get extra(): readonly ListedItem[] {
    return this.#list('extra');
  }

  get always(): readonly ListedItem[] {
    return this.#list('always');
  }

  get builtinDirectories(): readonly ListedItem[] {
    return this.#list('builtinDirectories');
  }

  get modularDirectories(): readonly ListedItem[] {
    return this.#list('modularDirectories');
  }

  get otherDirectories(): readonly ListedItem[] {
    return this.#list('otherDirectories');
  }

  get composites(): ReadonlyMap<string, Composite> {
    this.#composites ??= this.#readComposites();
    return this.#composites;
  }

  get rules(): readonly MakeRule[] {
    const text = this.#int(Directory.rules);
    this.#rules ??= text === NO_TEXT ? [] : this.#snapshot.readJson<MakeRule[]>(this.#snapshot.text(text));
    return this.#rules;
  }

  #list(name: (typeof LISTS)[number]): readonly ListedItem[] {
    return this.#items(listOf(this.#snapshot.ints, this.#place, name));
  }

  #items(list: number): readonly ListedItem[] {
    let items = this.#lists.get(list);
    if (items === undefined) {
      items = itemPlaces(this.#snapshot.ints, list).map((place) => new ItemRecord(this.#snapshot, place));
      this.#lists.set(list, items);
    }
    return items;
  }

  #readComposites(): ReadonlyMap<string, Composite> {
    const { ints } = this.#snapshot;
    const list = this.#int(Directory.composites);
    const composites = new Map<string, Composite>();
    for (let i = 1; i <= ints[list]!; i++) {
      const place = ints[list + i]!;
      const members = place + CompositePart.lists;
      composites.set(this.#snapshot.text(ints[place + CompositePart.path]!), {
        whenBuiltin: this.#snapshot.condition(ints[place + CompositePart.whenBuiltin]!),
        whenModular: this.#snapshot.condition(ints[place + CompositePart.whenModular]!),
        members: this.#items(members),
        modularMembers: this.#items(nextList(ints, members)),
      });
    }
    return composites;
  }

  #int(offset: number): number {
    return this.#snapshot.ints[this.#place + offset]!;
  }
}
