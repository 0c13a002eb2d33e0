/** The index of a tree's modules as numbers and texts; what the directories' entries hold is not written twice. */
import type { Packer, Unpacker } from '../cache/packed.ts';
import type { Condition } from './condition.ts';
import type { Composite, DirectoryEntries, ListedItem, Mention } from './directory.ts';
import type { EntriesPacker, EntriesUnpacker } from './kept-entries.ts';
import {
  type DirectoryGuard,
  type GatedObject,
  type IndexContent,
  type ModuleEntry,
  moduleObjects,
} from './module-reader.ts';

/** Writes an index. @param directories the entries that its modules come from */
export function packIndex(
  out: Packer,
  { guards, modules }: IndexContent,
  directories: ReadonlyMap<string, DirectoryEntries | null>,
  entries: EntriesPacker,
): void {
  out.int(guards.size);
  for (const [directory, guard] of guards) {
    out.text(directory);
    for (const when of [guard.builtin, guard.modular, guard.visited, guard.own]) out.int(when.id);
    out.text(guard.parent ?? '');
    entries.mentions(guard.mentions);
  }
  out.int(modules.length);
  for (const module of modules) {
    out.text(module.name);
    out.text(module.path);
    out.text(module.directory);
    out.int(directories.get(module.directory)!.modular.findIndex(({ mentions }) => mentions === module.mentions));
    for (const when of [module.whenModule, module.whenBuiltin, module.whenLinked]) out.int(when.id);
    packTexts(out, module.symbols);
    packTexts(out, module.decidingSymbols);
  }
}

/** Reads what `packIndex` wrote at a place. @param directories the same entries */
export function unpackIndex(
  input: Unpacker,
  place: number,
  directories: (directory: string) => DirectoryEntries | null,
  entries: EntriesUnpacker,
): IndexContent {
  input.seek(place);
  const guards = new Map<string, DirectoryGuard>();
  for (let count = input.int(); count > 0; count--) guards.set(input.text(), new KeptGuard(input, entries));
  const modules: ModuleEntry[] = [];
  const source = { input, directories, entries };
  for (let count = input.int(); count > 0; count--) modules.push(new KeptModule(source));
  return { guards, modules };
}

/** A guard whose statements are read when they are asked for. */
class KeptGuard implements DirectoryGuard {
  readonly builtin: Condition;
  readonly modular: Condition;
  readonly visited: Condition;
  readonly own: Condition;
  readonly parent: string | null;
  readonly #entries: EntriesUnpacker;
  readonly #mentions: number;

  constructor(input: Unpacker, entries: EntriesUnpacker) {
    this.builtin = entries.when();
    this.modular = entries.when();
    this.visited = entries.when();
    this.own = entries.when();
    this.parent = input.text() || null;
    this.#entries = entries;
    this.#mentions = entries.skipMentions();
  }

  get mentions(): readonly Mention[] {
    return this.#entries.mentionsAt(this.#mentions);
  }
}

/** What modules are read from. */
interface ModuleSource {
  readonly input: Unpacker;
  readonly directories: (directory: string) => DirectoryEntries | null;
  readonly entries: EntriesUnpacker;
}

/** Where the numbers of a module are, counted from the one that stands for its directory. */
const Offset = { directory: 0, item: 1, whenModule: 2, whenBuiltin: 3, whenLinked: 4, symbols: 5 } as const;

/** A module of which only the names are read at once: of a thousand modules a run asks after a few. */
class KeptModule implements ModuleEntry {
  readonly name: string;
  readonly path: string;
  readonly #source: ModuleSource;
  readonly #place: number;

  constructor(source: ModuleSource) {
    const { input } = source;
    this.name = input.text();
    this.path = input.text();
    this.#source = source;
    this.#place = input.place;
    const symbols = this.#place + Offset.symbols;
    const deciding = symbols + 1 + input.intAt(symbols);
    input.seek(deciding + 1 + input.intAt(deciding));
  }

  get directory(): string {
    return this.#source.input.textOf(this.#int(Offset.directory));
  }

  get whenModule(): Condition {
    return this.#source.entries.condition(this.#int(Offset.whenModule));
  }

  get whenBuiltin(): Condition {
    return this.#source.entries.condition(this.#int(Offset.whenBuiltin));
  }

  get whenLinked(): Condition {
    return this.#source.entries.condition(this.#int(Offset.whenLinked));
  }

  get symbols(): readonly string[] {
    return this.#texts(this.#place + Offset.symbols);
  }

  get decidingSymbols(): readonly string[] {
    const symbols = this.#place + Offset.symbols;
    return this.#texts(symbols + 1 + this.#source.input.intAt(symbols));
  }

  get mentions(): readonly Mention[] {
    return this.#item.mentions;
  }

  get isComposite(): boolean {
    return this.#composite !== undefined;
  }

  get objects(): readonly GatedObject[] {
    return moduleObjects(this.#composite, this.#item);
  }

  get #entries(): DirectoryEntries {
    return this.#source.directories(this.directory)!;
  }

  get #item(): ListedItem {
    return this.#entries.modular[this.#int(Offset.item)]!;
  }

  get #composite(): Composite | undefined {
    return this.#entries.composites.get(this.#item.path);
  }

  #int(offset: number): number {
    return this.#source.input.intAt(this.#place + offset);
  }

  #texts(place: number): string[] {
    const { input } = this.#source;
    return Array.from({ length: input.intAt(place) }, (_, i) => input.textOf(input.intAt(place + 1 + i)));
  }
}

function packTexts(out: Packer, texts: readonly string[]): void {
  out.int(texts.length);
  for (const text of texts) out.text(text);
}
