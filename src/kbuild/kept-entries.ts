/** What directories list, as numbers and texts. */
import type { Packer, Unpacker } from '../cache/packed.ts';
import type { Position } from '../diagnostics/diagnostic.ts';
import type { Condition } from './condition.ts';
import type { ConditionTable } from './condition-table.ts';
import type { Composite, DirectoryEntries, ListedItem, Mention } from './directory.ts';
import type { MakeRule } from './evaluator.ts';
import type { Inheritance } from './kbuild-reader.ts';
import type { Piece, Value } from './value.ts';

/** The lists of a directory, in the order in which they are written. */
const LISTS = [
  'builtin',
  'modular',
  'library',
  'extra',
  'always',
  'builtinDirectories',
  'modularDirectories',
  'otherDirectories',
] as const;

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

  directory(entries: DirectoryEntries | null): void {
    this.#out.int(entries === null ? 0 : 1);
    if (entries === null) return;
    this.#out.text(entries.directory);
    this.#out.int(entries.isOpen ? 1 : 0);
    for (const list of LISTS) this.#items(entries[list]);
    this.#list([...entries.composites], ([path, composite]) => {
      this.#out.text(path);
      this.#when(composite.whenBuiltin);
      this.#when(composite.whenModular);
      this.#items(composite.members);
      this.#items(composite.modularMembers);
    });
    this.#list(entries.rules, (rule) => this.#rule(rule));
  }

  /** Each in as many numbers as the other, so that they can be skipped. */
  mentions(mentions: readonly Mention[]): void {
    this.#list(mentions, ({ at, when }) => {
      this.#out.int(at?.line ?? NOWHERE);
      this.#out.text(at?.file ?? '');
      this.#when(when);
    });
  }

  #items(items: readonly ListedItem[]): void {
    this.#list(items, ({ path, when, mentions }) => {
      this.#out.text(path);
      this.#when(when);
      this.mentions(mentions);
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

/** Reads what an `EntriesPacker` wrote. */
export class EntriesUnpacker {
  readonly #in: Unpacker;
  readonly #table: ConditionTable;

  constructor(input: Unpacker, table: ConditionTable) {
    this.#in = input;
    this.#table = table;
  }

  inheritance(): Inheritance {
    const exported = new Map(this.#list((): [string, Value] => [this.#in.text(), this.#value()]));
    return { exported, holes: this.#list(() => this.#in.text()) };
  }

  directory(): DirectoryEntries | null {
    if (this.#in.int() === 0) return null;
    const directory = this.#in.text();
    const isOpen = this.#in.int() === 1;
    return {
      directory,
      isOpen,
      builtin: this.#items(),
      modular: this.#items(),
      library: this.#items(),
      extra: this.#items(),
      always: this.#items(),
      builtinDirectories: this.#items(),
      modularDirectories: this.#items(),
      otherDirectories: this.#items(),
      composites: this.#composites(),
      rules: this.#list(() => this.#rule()),
    };
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

  #items(): readonly ListedItem[] {
    let count = this.#in.int();
    if (count === 0) return NO_ITEMS;
    const items: ListedItem[] = [];
    for (; count > 0; count--) {
      items.push(new KeptItem(this.#in.text(), this.when(), this, this.skipMentions()));
    }
    return items;
  }

  #composites(): ReadonlyMap<string, Composite> {
    let count = this.#in.int();
    if (count === 0) return NO_COMPOSITES;
    const composites = new Map<string, Composite>();
    for (; count > 0; count--) {
      composites.set(this.#in.text(), {
        whenBuiltin: this.when(),
        whenModular: this.when(),
        members: this.#items(),
        modularMembers: this.#items(),
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
const NO_COMPOSITES: ReadonlyMap<string, Composite> = new Map();
