/** What was read of a tree's Kbuild files, as bytes that are kept between runs. */
import { Packer, Unpacker } from '../cache/packed.ts';
import type { DomainLookup } from '../conditions/condition.ts';
import { ConditionTable } from '../conditions/condition-table.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { MakeRule } from '../make/rules.ts';
import type { DirectoryEntries } from './directory.ts';
import { DirectoryLists, NO_DIRECTORY } from './directory-lists.ts';
import type { ConcreteDirectory, Findings, Inheritance, UnansweredShell } from './kbuild-reader.ts';
import { type DirectoryPlaces, EntriesPacker, EntriesUnpacker } from './kept-entries.ts';
import { packIndex, unpackIndex } from './kept-index.ts';
import type { IndexContent } from './module-reader.ts';
import { UnitOrder } from './unit-order.ts';

/** A directory for one configuration, and where its lists are. */
export interface PlacedDirectory extends ConcreteDirectory {
  readonly place: number;
}

/** What is kept as it is used. */
interface TreeParts {
  readonly table: ConditionTable;
  readonly findings: Findings;
  readonly inheritance: Inheritance;
  readonly concrete: ReadonlyMap<string, PlacedDirectory>;
  readonly lists: DirectoryLists;
  readonly units: UnitOrder;
}

/** All that is kept. */
interface TreeContent extends TreeParts {
  readonly directories: ReadonlyMap<string, DirectoryEntries | null>;
  /** Where the lists of each of them are. */
  readonly placeOf: (directory: string) => number;
  readonly index: IndexContent;
}

/** The same after it was kept; directories and the index are taken out when they are asked for. */
export interface KeptTree extends TreeParts {
  /** Where the lists of directories are, by the numbers of their names. */
  readonly places: Map<number, number>;
  /** @returns undefined where the directory was not read */
  readonly directory: (directory: string) => DirectoryEntries | null | undefined;
  /** The rules of a directory, whatever the configuration. @returns undefined where it was not read or is open */
  readonly rules: (directory: string) => readonly MakeRule[] | undefined;
  /** @param directories the entries that the index's modules come from */
  readonly index: (directories: (directory: string) => DirectoryEntries | null) => IndexContent;
}

/** Numbers of a directory in the list of all: its name, and where the parts of it are. */
const DIRECTORY_INTS = 4;

const NO_RULES: readonly MakeRule[] = [];

/** @returns bytes for `unpackTree` */
export function packTree(content: TreeContent): Uint8Array {
  const { table, findings, inheritance, directories, concrete, index, lists, units } = content;
  const out = new Packer();
  lists.pack(out);
  out.ints(units.references);
  packTable(out, table);
  out.text(JSON.stringify([findings.diagnostics, findings.unanswered]));
  const entries = new EntriesPacker(out);
  entries.inheritance(inheritance);
  const links = out.place;
  for (let i = 0; i < 3; i++) out.int(0);
  const link = (number: number, place: number): void => out.set(links + number, place);
  const places: number[] = [];
  for (const [name, found] of directories) {
    places.push(out.reference(name), content.placeOf(name), ...packEntries(out, entries, found));
  }
  link(0, out.place);
  out.ints(places);
  const concretes = [...concrete].map(([directory, { place, lookups, entries: found }]) => {
    const [statements, rules] = packEntries(out, entries, found);
    return JSON.stringify([directory, { lists: place, statements, rules }, [...lookups]]);
  });
  link(1, out.place);
  out.int(concretes.length);
  for (const text of concretes) out.text(text);
  link(2, out.place);
  packIndex(out, index, directories, entries);
  return out.bytes();
}

/** @returns where the statements and the rules are */
function packEntries(out: Packer, entries: EntriesPacker, found: DirectoryEntries | null): [number, number] {
  if (found === null) return [NO_DIRECTORY, NO_DIRECTORY];
  const statements = out.place;
  entries.statements(found);
  const rules = out.place;
  entries.rules(found.rules);
  return [statements, rules];
}

/**
 * @param domain what symbols can be now
 * @returns null where a symbol can be something else than it could
 */
export function unpackTree(packed: Uint8Array, domain: DomainLookup | null): KeptTree | null {
  const input = new Unpacker(packed);
  const lists = DirectoryLists.unpack(input);
  const units = new UnitOrder(input.ints());
  const table = unpackTable(input, domain);
  if (table === null) return null;
  const [diagnostics, unanswered] = JSON.parse(input.text()) as [Diagnostic[], UnansweredShell[]];
  const entries = new EntriesUnpacker(input, table, lists);
  const inheritance = entries.inheritance();
  const [directories, concrete, index] = [input.int(), input.int(), input.int()];
  input.seek(directories);
  const known = new KeptDirectories(input.ints(), lists, entries);
  return {
    table,
    lists,
    units,
    findings: { diagnostics, unanswered },
    inheritance,
    concrete: unpackConcrete(input, concrete, entries),
    places: known.places,
    directory: (name) => known.directory(name),
    rules: (name) => known.rules(name),
    index: (all) => unpackIndex(input, index, all, entries),
  };
}

/** Takes directories out of what was kept. */
class KeptDirectories {
  readonly places = new Map<number, number>();
  readonly #all: Int32Array;
  readonly #lists: DirectoryLists;
  readonly #entries: EntriesUnpacker;
  /** Made when a directory is asked for by its name. */
  #byName: Map<string, number> | null = null;

  constructor(all: Int32Array, lists: DirectoryLists, entries: EntriesUnpacker) {
    this.#all = all;
    this.#lists = lists;
    this.#entries = entries;
    for (let at = 0; at < all.length; at += DIRECTORY_INTS) this.places.set(all[at]!, all[at + 1]!);
  }

  directory(name: string): DirectoryEntries | null | undefined {
    const places = this.#find(name);
    return places && this.#entries.directory(places);
  }

  rules(name: string): readonly MakeRule[] | undefined {
    const places = this.#find(name);
    if (!places) return places === null ? NO_RULES : undefined;
    if (this.#lists.isOpen(places.lists)) return undefined;
    return this.#lists.hasRules(places.lists) ? this.#entries.rules(places.rules) : NO_RULES;
  }

  #find(name: string): DirectoryPlaces | null | undefined {
    this.#byName ??= this.#nameAll();
    const at = this.#byName.get(name);
    if (at === undefined) return undefined;
    const [lists, statements, rules] = this.#all.subarray(at + 1, at + DIRECTORY_INTS);
    return lists === NO_DIRECTORY ? null : { lists: lists!, statements: statements!, rules: rules! };
  }

  #nameAll(): Map<string, number> {
    const byName = new Map<string, number>();
    for (let at = 0; at < this.#all.length; at += DIRECTORY_INTS) byName.set(this.#lists.text(this.#all[at]!), at);
    return byName;
  }
}

function unpackConcrete(input: Unpacker, start: number, entries: EntriesUnpacker): Map<string, PlacedDirectory> {
  input.seek(start);
  const texts = Array.from({ length: input.int() }, () => input.text());
  return new Map(
    texts.map((text) => {
      const [directory, places, lookups] = JSON.parse(text) as [string, DirectoryPlaces, [string, string][]];
      const found = places.lists === NO_DIRECTORY ? null : entries.directory(places);
      return [directory, { lookups: new Map(lookups), entries: found, place: places.lists }];
    }),
  );
}

function packTable(out: Packer, table: ConditionTable): void {
  const { starts, data, negations, domains, tristates } = table.freeze((text) => out.reference(text));
  for (const numbers of [starts, data, negations, domains, tristates]) out.ints(numbers);
}

function unpackTable(input: Unpacker, domain: DomainLookup | null): ConditionTable | null {
  const [starts, data, negations, domains] = [input.ints(), input.ints(), input.ints(), input.ints()];
  const tristates = input.ints();
  const text = (reference: number): string => input.textOf(reference);
  const { textCount } = input;
  return ConditionTable.thaw(domain, { starts, data, negations, domains, tristates, text, textCount });
}
