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
  readonly directories: Map<string, DirectoryEntries | null>;
  readonly concrete: Map<string, ConcreteDirectory>;
  readonly index: IndexContent;
}

/** The same after it was kept; the index once it is asked for. */
export interface KeptTree extends Omit<TreeContent, 'index'> {
  readonly index: () => IndexContent;
}

const DOMAINS: readonly SymbolDomain[] = ['bool', 'tristate', 'none', 'open'];

/** @returns bytes for `unpackTree` */
export function packTree(content: TreeContent): Uint8Array {
  const { table, findings, inheritance, directories, concrete, index } = content;
  const out = new Packer();
  const frozen = table.freeze((text) => out.reference(text));
  out.int(frozen.domains.size);
  for (const [symbol, domain] of frozen.domains) {
    out.text(symbol);
    out.int(DOMAINS.indexOf(domain));
  }
  out.ints(frozen.starts);
  out.ints(frozen.data);
  out.ints(frozen.negations);
  out.text(JSON.stringify([findings.diagnostics, findings.unanswered]));
  const entries = new EntriesPacker(out);
  entries.inheritance(inheritance);
  out.int(directories.size);
  for (const [directory, found] of directories) {
    out.text(directory);
    entries.directory(found);
  }
  out.int(concrete.size);
  for (const [directory, { lookups, entries: found }] of concrete) {
    out.text(directory);
    out.text(JSON.stringify([...lookups]));
    entries.directory(found);
  }
  packIndex(out, index, directories, entries);
  return out.bytes();
}

/**
 * @param domain what symbols can be now
 * @returns null where a symbol can be something else than it could, or the bytes are not whole
 */
export function unpackTree(packed: Uint8Array, domain: DomainLookup | null): KeptTree | null {
  const input = new Unpacker(packed);
  const domains = new Map<string, SymbolDomain>();
  for (let count = input.int(); count > 0; count--) {
    const symbol = input.text();
    const kind = DOMAINS[input.int()]!;
    if (domain?.(symbol) !== kind) return null;
    domains.set(symbol, kind);
  }
  const [starts, data, negations] = [input.ints(), input.ints(), input.ints()];
  const text = (reference: number): string => input.textOf(reference);
  const table = ConditionTable.thaw(domain, { starts, data, negations, domains, text });
  const [diagnostics, unanswered] = JSON.parse(input.text()) as [Diagnostic[], UnansweredShell[]];
  const entries = new EntriesUnpacker(input, table);
  const inheritance = entries.inheritance();
  const directories = new Map<string, DirectoryEntries | null>();
  for (let count = input.int(); count > 0; count--) directories.set(input.text(), entries.directory());
  const concrete = new Map<string, ConcreteDirectory>();
  for (let count = input.int(); count > 0; count--) {
    const directory = input.text();
    const lookups = new Map(JSON.parse(input.text()) as [string, string][]);
    concrete.set(directory, { lookups, entries: entries.directory() });
  }
  const index = (): IndexContent => unpackIndex(input, directories, entries);
  return { table, findings: { diagnostics, unanswered }, inheritance, directories, concrete, index };
}
