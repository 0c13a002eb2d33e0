/**
 * What directories list, as numbers: one block for all directories of a tree, which is walked for a configuration
 * without an object for every item. Texts and conditions stand there by their numbers; equal texts have one number.
 *
 * A directory is its name, whether it is open, the number of its rules, the place of its composites, and its lists. A
 * list is its length and its items, `Item.ints` numbers each.
 */
import type { Packer, Unpacker } from '../cache/packed.ts';
import { normalizePath, parentOf } from '../make/paths.ts';
import type { Composite, DirectoryEntries, ListedItem } from './directory.ts';

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

/** Where the numbers of a directory are, counted from its place. */
export const Directory = { name: 0, isOpen: 1, rules: 2, composites: 3, lists: 4 } as const;

/**
 * Where the numbers of an item are. `parent` is the directory that an object lies in, `composite` the place of what an
 * item of obj-y or obj-m is linked from.
 */
export const Item = { path: 0, when: 1, parent: 2, composite: 3, ints: 4 } as const;

/** The lists of a composite's members follow on each other. */
export const CompositePart = { path: 0, whenBuiltin: 1, whenModular: 2, lists: 3 } as const;

/** Stands for the directory of what is no object. */
export const NO_OBJECT = -1;

/** Stands for the place of the composite of what is none. */
export const NO_COMPOSITE = 0;

/** Stands for the place of a directory that has no Kbuild file. */
export const NO_DIRECTORY = -1;

/** The number of the root directory's name. */
export const ROOT = 0;

const FIRST_CAPACITY = 1 << 16;

/** The directory that is added, and its composites by path where items may be some. */
interface Within {
  readonly directory: string;
  readonly reference: number;
  readonly composites: ReadonlyMap<string, number> | null;
}

/** What was kept. */
interface KeptLists {
  readonly ints: Int32Array;
  readonly textCount: number;
  readonly text: (reference: number) => string;
}

/** The lists of the directories that were added. */
export class DirectoryLists {
  readonly #kept: KeptLists | null;
  #ints: Int32Array;
  #length: number;
  /** Those that were not kept. */
  readonly #texts: string[] = [];
  /** Made when something is added. */
  #references: Map<string, number> | null = null;

  constructor(kept: KeptLists | null = null) {
    this.#kept = kept;
    this.#ints = kept?.ints ?? new Int32Array(FIRST_CAPACITY);
    this.#length = kept?.ints.length ?? 0;
    if (kept !== null) return;
    this.reference('.');
    // Nothing is at this place.
    this.#int(NO_COMPOSITE);
  }

  /** The numbers; others after `add`. */
  get ints(): Int32Array {
    return this.#ints;
  }

  /** How many texts there are; their numbers are below it. */
  get textCount(): number {
    return (this.#kept?.textCount ?? 0) + this.#texts.length;
  }

  /** The text with this number. */
  text(reference: number): string {
    const kept = this.#kept;
    if (kept === null) return this.#texts[reference]!;
    return reference < kept.textCount ? kept.text(reference) : this.#texts[reference - kept.textCount]!;
  }

  /** The number of a text, which is given one where it has none. */
  reference(text: string): number {
    this.#references ??= this.#numberTexts();
    let reference = this.#references.get(text);
    if (reference === undefined) {
      reference = this.textCount;
      this.#texts.push(text);
      this.#references.set(text, reference);
    }
    return reference;
  }

  /** Whether the directory at a place has to be read for each configuration. */
  isOpen(place: number): boolean {
    return this.#ints[place + Directory.isOpen] === 1;
  }

  /** Whether the directory at a place says of files what they are made from. */
  hasRules(place: number): boolean {
    return this.#ints[place + Directory.rules]! > 0;
  }

  /** Adds a directory. @returns its place */
  add(entries: DirectoryEntries): number {
    const { directory } = entries;
    const within = { directory, reference: this.reference(directory), composites: null };
    const composites = new Map<string, number>();
    for (const [path, composite] of entries.composites) {
      composites.set(path, this.#addComposite(path, composite, within));
    }
    const list = this.#length;
    this.#int(composites.size);
    for (const place of composites.values()) this.#int(place);
    const place = this.#length;
    this.#int(within.reference);
    this.#int(entries.isOpen ? 1 : 0);
    this.#int(entries.rules.length);
    this.#int(list);
    const linked = { ...within, composites: composites.size === 0 ? null : composites };
    for (const name of LISTS) this.#addItems(entries[name], linked);
    return place;
  }

  /** Writes all of it, first of all: the numbers of the texts are then the same there. */
  pack(out: Packer): void {
    for (let reference = 0; reference < this.textCount; reference++) out.reference(this.text(reference));
    out.ints(this.#ints.subarray(0, this.#length));
  }

  /** Reads what `pack` wrote. */
  static unpack(input: Unpacker): DirectoryLists {
    const text = (reference: number): string => input.textOf(reference);
    return new DirectoryLists({ ints: input.ints(), textCount: input.textCount, text });
  }

  #addComposite(
    path: string,
    { whenBuiltin, whenModular, members, modularMembers }: Composite,
    within: Within,
  ): number {
    const place = this.#length;
    this.#int(this.reference(path));
    this.#int(whenBuiltin.id);
    this.#int(whenModular.id);
    this.#addItems(members, within);
    this.#addItems(modularMembers, within);
    return place;
  }

  #addItems(items: readonly ListedItem[], { directory, reference, composites }: Within): void {
    this.#int(items.length);
    this.#reserve(items.length * Item.ints);
    const ints = this.#ints;
    let at = this.#length;
    for (const { path, when } of items) {
      ints[at + Item.path] = this.reference(path);
      ints[at + Item.when] = when.id;
      ints[at + Item.parent] = NO_OBJECT;
      if (path.endsWith('.o')) {
        const isOwn = path.lastIndexOf('/') === directory.length && path.startsWith(directory);
        ints[at + Item.parent] = isOwn ? reference : this.reference(parentOf(normalizePath(path)));
      }
      ints[at + Item.composite] = composites === null ? NO_COMPOSITE : (composites.get(path) ?? NO_COMPOSITE);
      at += Item.ints;
    }
    this.#length = at;
  }

  #int(value: number): void {
    this.#reserve(1);
    this.#ints[this.#length++] = value;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#ints.length) return;
    const grown = new Int32Array((this.#length + more) * 2);
    grown.set(this.#ints);
    this.#ints = grown;
  }

  #numberTexts(): Map<string, number> {
    const references = new Map<string, number>();
    for (let reference = 0; reference < this.textCount; reference++) references.set(this.text(reference), reference);
    return references;
  }
}
