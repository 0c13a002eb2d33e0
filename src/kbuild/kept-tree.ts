/** What was read of a tree's Kbuild files, as bytes that are kept between runs. */
import { Packer, Unpacker } from '../cache/packed.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { DomainLookup, SymbolDomain } from './condition.ts';
import { ConditionTable } from './condition-table.ts';
import type { DirectoryEntries } from './directory.ts';
import type { ConcreteDirectory, Findings, Inheritance, UnansweredShell } from './kbuild-reader.ts';
import { EntriesPacker, EntriesUnpacker } from './kept-entries.ts';
import { packIndex, unpackIndex } from './kept-index.ts';
import type { IndexContent } from './module-reader.ts';

/** All that is kept. */
interface TreeContent {
  readonly table: ConditionTable;
  readonly findings: Findings;
  readonly inheritance: Inheritance;
  readonly directories: ReadonlyMap<string, DirectoryEntries | null>;
  readonly concrete: ReadonlyMap<string, ConcreteDirectory>;
  readonly index: IndexContent;
}

/** The same after it was kept; directories and the index are taken out when they are asked for. */
export interface KeptTree extends Pick<TreeContent, 'table' | 'findings' | 'inheritance' | 'concrete'> {
  /** @returns undefined where the directory was not read */
  readonly directory: (directory: string) => DirectoryEntries | null | undefined;
  /** @param directories the entries that the index's modules come from */
  readonly index: (directories: (directory: string) => DirectoryEntries | null) => IndexContent;
}

const DOMAINS: readonly SymbolDomain[] = ['bool', 'tristate', 'none', 'open'];

/** @returns bytes for `unpackTree` */
export function packTree(content: TreeContent): Uint8Array {
  const { table, findings, inheritance, directories, concrete, index } = content;
  const out = new Packer();
  packTable(out, table);
  out.text(JSON.stringify([findings.diagnostics, findings.unanswered]));
  const entries = new EntriesPacker(out);
  entries.inheritance(inheritance);
  out.int(concrete.size);
  for (const [directory, { lookups, entries: found }] of concrete) {
    out.text(directory);
    out.text(JSON.stringify([...lookups]));
    entries.directory(found);
  }
  const links = out.place;
  out.int(0);
  out.int(0);
  out.set(
    links,
    packPlaces(out, directories, (found) => entries.directory(found)),
  );
  out.set(links + 1, out.place);
  packIndex(out, index, directories, entries);
  return out.bytes();
}

/**
 * @param domain what symbols can be now
 * @returns null where a symbol can be something else than it could
 */
export function unpackTree(packed: Uint8Array, domain: DomainLookup | null): KeptTree | null {
  const input = new Unpacker(packed);
  const table = unpackTable(input, domain);
  if (table === null) return null;
  const [diagnostics, unanswered] = JSON.parse(input.text()) as [Diagnostic[], UnansweredShell[]];
  const entries = new EntriesUnpacker(input, table);
  const inheritance = entries.inheritance();
  const concrete = new Map<string, ConcreteDirectory>();
  for (let count = input.int(); count > 0; count--) {
    const directory = input.text();
    const lookups = new Map(JSON.parse(input.text()) as [string, string][]);
    concrete.set(directory, { lookups, entries: entries.directory() });
  }
  const [list, index] = [input.int(), input.int()];
  const places = unpackPlaces(input, list);
  const directory: KeptTree['directory'] = (name) => {
    const place = places.get(name);
    if (place === undefined) return undefined;
    input.seek(place);
    return entries.directory();
  };
  return {
    table,
    findings: { diagnostics, unanswered },
    inheritance,
    concrete,
    directory,
    index: (directories) => unpackIndex(input, index, directories, entries),
  };
}

function packTable(out: Packer, table: ConditionTable): void {
  const frozen = table.freeze((text) => out.reference(text));
  out.int(frozen.domains.size);
  for (const [symbol, domain] of frozen.domains) {
    out.text(symbol);
    out.int(DOMAINS.indexOf(domain));
  }
  out.ints(frozen.starts);
  out.ints(frozen.data);
  out.ints(frozen.negations);
}

function unpackTable(input: Unpacker, domain: DomainLookup | null): ConditionTable | null {
  const domains = new Map<string, SymbolDomain>();
  for (let count = input.int(); count > 0; count--) {
    const symbol = input.text();
    const kind = DOMAINS[input.int()]!;
    if (domain?.(symbol) !== kind) return null;
    domains.set(symbol, kind);
  }
  const [starts, data, negations] = [input.ints(), input.ints(), input.ints()];
  const text = (reference: number): string => input.textOf(reference);
  return ConditionTable.thaw(domain, { starts, data, negations, domains, text });
}

/** Writes values, then where each of them is. @returns the place of the list of places */
function packPlaces<Item>(out: Packer, items: ReadonlyMap<string, Item>, write: (item: Item) => void): number {
  const places: [string, number][] = [];
  for (const [name, item] of items) {
    places.push([name, out.place]);
    write(item);
  }
  const start = out.place;
  out.int(places.length);
  for (const [name, place] of places) {
    out.text(name);
    out.int(place);
  }
  return start;
}

function unpackPlaces(input: Unpacker, start: number): Map<string, number> {
  const places = new Map<string, number>();
  input.seek(start);
  for (let count = input.int(); count > 0; count--) places.set(input.text(), input.int());
  return places;
}
