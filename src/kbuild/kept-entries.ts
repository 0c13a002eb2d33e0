/** What stands in Kbuild files beside the paths and conditions of their lists, as numbers and texts. */
import type { Packer, Unpacker } from '../cache/packed.ts';
import type { Condition } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import type { Position } from '../diagnostics/diagnostic.ts';
import type { MakeRule } from '../make/rules.ts';
import type { Piece, Value } from '../make/values.ts';
import type { Composite, DirectoryEntries, ListedItem, Mention } from './directory.ts';
import { CompositePart, Directory, type DirectoryLists, Item, LISTS } from './directory-lists.ts';
import type { Inheritance } from './kbuild-reader.ts';

/** Stands for the line of a statement that is not known. */
const NOWHERE = -1;

/** Line, file and condition of a mention. */
const MENTION_INTS = 3;

/** How a value is written: a plain text, or which sort of pieces. */
const ValueForm = { plain: 0, text: 1, words: 2 } as const;

/** Writes entries; conditions by their numbers. */
export class EntriesPacker {
  readonly #out: Packer;

  constructor(out: Packer) {
    this.#out = out;
  }

  inheritance({ exported, holes }: Inheritance): void {
    this.#list([...exported], ([name, value]) => {
      this.#out.text(name);
      this.#value(value);
    });
    this.#list(holes, (symbol) => this.#out.text(symbol));
  }

  /** The statements of a directory's lists, then those of its composites' members. */
  statements({ composites, ...entries }: DirectoryEntries): void {
    const members = [...composites.values()].flatMap((composite) => [composite.members, composite.modularMembers]);
    for (const items of [...LISTS.map((list) => entries[list]), ...members]) {
      for (const item of items) this.mentions(item.mentions);
    }
  }

  rules(rules: readonly MakeRule[]): void {
    this.#list(rules, (rule) => this.#rule(rule));
  }

  /** Each in as many numbers as the other, so that they can be skipped. */
  mentions(mentions: readonly Mention[]): void {
    this.#list(mentions, ({ at, when }) => {
      this.#out.int(at?.line ?? NOWHERE);
      this.#out.text(at?.file ?? '');
      this.#when(when);
    });
  }

  #rule(rule: MakeRule): void {
    this.#out.text(rule.target);
    this.#list(rule.pattern === null ? [] : [rule.pattern], (pattern) => this.#out.text(pattern));
    this.#when(rule.when);
    this.#pieces(rule.prerequisites);
    this.#out.int(rule.hasRecipe ? 1 : 0);
    this.#list(rule.descents, (descent) => this.#pieces(descent));
    this.#position(rule.at);
  }

  #value(value: Value): void {
    if (typeof value === 'string') {
      this.#out.int(ValueForm.plain);
      this.#out.text(value);
    } else {
      this.#out.int(ValueForm[value.kind]);
      this.#pieces(value.pieces);
    }
  }

  #pieces(pieces: readonly Piece[]): void {
    this.#list(pieces, ({ when, text, at }) => {
      this.#when(when);
      this.#out.text(text);
      this.#position(at);
    });
  }

  #position(at: Position | null): void {
    this.#out.int(at === null ? NOWHERE : at.line);
    if (at !== null) this.#out.text(at.file);
  }

  #when(when: Condition): void {
    this.#out.int(when.id);
  }

  #list<Item>(items: readonly Item[], write: (item: Item) => void): void {
    this.#out.int(items.length);
    for (const item of items) write(item);
  }
}

/** An item whose statements are read when somebody asks where it comes from. */
class KeptItem implements ListedItem {
  readonly path: string;
  readonly when: Condition;
  readonly #source: EntriesUnpacker;
  readonly #place: number;

  constructor(path: string, when: Condition, source: EntriesUnpacker, place: number) {
    this.path = path;
    this.when = when;
    this.#source = source;
    this.#place = place;
  }

  get mentions(): readonly Mention[] {
    return this.#source.mentionsAt(this.#place);
  }
}

/** Where what was written of a directory is. */
export interface DirectoryPlaces {
  /** Of its lists. */
  readonly lists: number;
  readonly statements: number;
  readonly rules: number;
}

/** Reads what an `EntriesPacker` wrote. */
export class EntriesUnpacker {
  readonly #in: Unpacker;
  readonly #table: ConditionTable;
  readonly #lists: DirectoryLists;

  constructor(input: Unpacker, table: ConditionTable, lists: DirectoryLists) {
    this.#in = input;
    this.#table = table;
    this.#lists = lists;
  }

  inheritance(): Inheritance {
    const exported = new Map(this.#list((): [string, Value] => [this.#in.text(), this.#value()]));
    return { exported, holes: this.#list(() => this.#in.text()) };
  }

  /** A directory as it was read. */
  directory({ lists: place, statements, rules }: DirectoryPlaces): DirectoryEntries {
    const { ints } = this.#lists;
    this.#in.seek(statements);
    const items = { at: place + Directory.lists };
    return {
      directory: this.#lists.text(ints[place + Directory.name]!),
      isOpen: ints[place + Directory.isOpen] === 1,
      builtin: this.#items(items),
      modular: this.#items(items),
      library: this.#items(items),
      extra: this.#items(items),
      always: this.#items(items),
      builtinDirectories: this.#items(items),
      modularDirectories: this.#items(items),
      otherDirectories: this.#items(items),
      composites: this.#composites(ints[place + Directory.composites]!),
      rules: this.rules(rules),
    };
  }

  /** The rules at a place. */
  rules(place: number): MakeRule[] {
    this.#in.seek(place);
    return this.#list(() => this.#rule());
  }

  /** What `mentions` wrote at a place. */
  mentionsAt(place: number): Mention[] {
    const mentions: Mention[] = [];
    for (let at = place + 1; mentions.length < this.#in.intAt(place); at += MENTION_INTS) {
      const line = this.#in.intAt(at);
      const file = this.#in.textOf(this.#in.intAt(at + 1));
      const when = this.#table.at(this.#in.intAt(at + 2));
      mentions.push({ at: line === NOWHERE ? null : { file, line, column: 0 }, when });
    }
    return mentions;
  }

  /** Passes by what `mentions` wrote. @returns its place */
  skipMentions(): number {
    const { place } = this.#in;
    this.#in.seek(place + 1 + MENTION_INTS * this.#in.intAt(place));
    return place;
  }

  when(): Condition {
    return this.#table.at(this.#in.int());
  }

  /** The condition that a number stands for. */
  condition(id: number): Condition {
    return this.#table.at(id);
  }

  /** @param from where the list is; afterwards, where the next is */
  #items(from: { at: number }): readonly ListedItem[] {
    const { ints } = this.#lists;
    const count = ints[from.at++]!;
    if (count === 0) return NO_ITEMS;
    const items: ListedItem[] = [];
    for (const end = from.at + count * Item.ints; from.at < end; from.at += Item.ints) {
      const path = this.#lists.text(ints[from.at + Item.path]!);
      items.push(new KeptItem(path, this.condition(ints[from.at + Item.when]!), this, this.skipMentions()));
    }
    return items;
  }

  #composites(list: number): ReadonlyMap<string, Composite> {
    const { ints } = this.#lists;
    const composites = new Map<string, Composite>();
    for (let i = 1; i <= ints[list]!; i++) {
      const place = ints[list + i]!;
      const items = { at: place + CompositePart.lists };
      composites.set(this.#lists.text(ints[place + CompositePart.path]!), {
        whenBuiltin: this.condition(ints[place + CompositePart.whenBuiltin]!),
        whenModular: this.condition(ints[place + CompositePart.whenModular]!),
        members: this.#items(items),
        modularMembers: this.#items(items),
      });
    }
    return composites;
  }

  #rule(): MakeRule {
    return {
      target: this.#in.text(),
      pattern: this.#list(() => this.#in.text())[0] ?? null,
      when: this.when(),
      prerequisites: this.#pieces(),
      hasRecipe: this.#in.int() === 1,
      descents: this.#list(() => this.#pieces()),
      at: this.#position()!,
    };
  }

  #value(): Value {
    const form = this.#in.int();
    if (form === ValueForm.plain) return this.#in.text();
    return { kind: form === ValueForm.text ? 'text' : 'words', pieces: this.#pieces() };
  }

  #pieces(): readonly Piece[] {
    return this.#list(() => ({ when: this.when(), text: this.#in.text(), at: this.#position() }));
  }

  #position(): Position | null {
    const line = this.#in.int();
    if (line === NOWHERE) return null;
    return { file: this.#in.text(), line, column: 0 };
  }

  #list<Item>(read: () => Item): Item[] {
    const items: Item[] = [];
    for (let count = this.#in.int(); count > 0; count--) items.push(read());
    return items;
  }
}

const NO_ITEMS: readonly ListedItem[] = [];
