/** The index of a tree's modules as numbers and texts; what the directories' entries hold is not written twice. */
import type { Packer, Unpacker } from '../cache/packed.ts';
import type { Condition } from '../conditions/condition.ts';
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
  out.ints(inOrderOfName(modules));
  out.int(guards.size);
  for (const [directory, guard] of guards) {
    out.text(directory);
    for (const when of [guard.builtin, guard.modular, guard.visited, guard.own]) out.int(when.id);
    out.text(guard.parent ?? '');
    entries.mentions(guard.mentions);
  }
}

/** The numbers of modules by their names; namesakes stay in their order. */
function inOrderOfName(modules: readonly ModuleEntry[]): number[] {
  const names = modules.map(({ name }) => name);
  return [...names.keys()].sort((a, b) => (names[a]! < names[b]! ? -1 : names[a] === names[b] ? a - b : 1));
}

/** Reads what `packIndex` wrote at a place. @param directories the same entries */
export function unpackIndex(
  input: Unpacker,
  place: number,
  directories: (directory: string) => DirectoryEntries | null,
  entries: EntriesUnpacker,
): IndexContent {
  return new KeptIndex({ input, directories, entries }, place);
}

class KeptIndex implements IndexContent {
  readonly modules: readonly ModuleEntry[];
  readonly #source: ModuleSource;
  /** Numbers of modules in the order of their names. */
  readonly #byName: Int32Array;
  readonly #guardsPlace: number;
  #guards: ReadonlyMap<string, DirectoryGuard> | null = null;

  constructor(source: ModuleSource, place: number) {
    const { input } = source;
    input.seek(place);
    const modules: ModuleEntry[] = [];
    for (let count = input.int(); count > 0; count--) modules.push(new KeptModule(source));
    this.modules = modules;
    this.#source = source;
    this.#byName = input.ints();
    this.#guardsPlace = input.place;
  }

  named(name: string): readonly ModuleEntry[] {
    const at = (place: number): ModuleEntry | undefined => this.modules[this.#byName[place]!];
    let [low, high] = [0, this.#byName.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(middle)!.name < name) low = middle + 1;
      else high = middle;
    }
    const found: ModuleEntry[] = [];
    for (let module = at(low); module?.name === name; module = at(++low)) found.push(module);
    return found;
  }

  /** Of all directories together; most runs ask for none. */
  get guards(): ReadonlyMap<string, DirectoryGuard> {
    this.#guards ??= this.#unpackGuards();
    return this.#guards;
  }

  #unpackGuards(): ReadonlyMap<string, DirectoryGuard> {
    const { input, entries } = this.#source;
    const guards = new Map<string, DirectoryGuard>();
    input.seek(this.#guardsPlace);
    for (let count = input.int(); count > 0; count--) guards.set(input.text(), new KeptGuard(input, entries));
    return guards;
  }
}

/** Where the numbers of a guard are. */
const GuardOffset = { builtin: 0, modular: 1, visited: 2, own: 3, parent: 4, mentions: 5 } as const;

/** A guard of which all is read when it is asked for. */
class KeptGuard implements DirectoryGuard {
  readonly #input: Unpacker;
  readonly #entries: EntriesUnpacker;
  readonly #place: number;

  constructor(input: Unpacker, entries: EntriesUnpacker) {
    this.#input = input;
    this.#entries = entries;
    this.#place = input.place;
    input.seek(this.#place + GuardOffset.mentions);
    entries.skipMentions();
  }

  get builtin(): Condition {
    return this.#when(GuardOffset.builtin);
  }

  get modular(): Condition {
    return this.#when(GuardOffset.modular);
  }

  get visited(): Condition {
    return this.#when(GuardOffset.visited);
  }

  get own(): Condition {
    return this.#when(GuardOffset.own);
  }

  get parent(): string | null {
    return this.#input.textOf(this.#input.intAt(this.#place + GuardOffset.parent)) || null;
  }

  get mentions(): readonly Mention[] {
    return this.#entries.mentionsAt(this.#place + GuardOffset.mentions);
  }

  #when(offset: number): Condition {
    return this.#entries.condition(this.#input.intAt(this.#place + offset));
  }
}

/** What modules are read from. */
interface ModuleSource {
  readonly input: Unpacker;
  readonly directories: (directory: string) => DirectoryEntries | null;
  readonly entries: EntriesUnpacker;
}

/** Where the numbers of a module are. */
const Offset = {
  name: 0,
  path: 1,
  directory: 2,
  item: 3,
  whenModule: 4,
  whenBuiltin: 5,
  whenLinked: 6,
  symbols: 7,
} as const;

/** A module of which all is read when it is asked for: of a thousand modules a run asks after a few. */
class KeptModule implements ModuleEntry {
  readonly #source: ModuleSource;
  readonly #place: number;

  constructor(source: ModuleSource) {
    const { input } = source;
    this.#source = source;
    this.#place = input.place;
    const symbols = this.#place + Offset.symbols;
    const deciding = symbols + 1 + input.intAt(symbols);
    input.seek(deciding + 1 + input.intAt(deciding));
  }

  get name(): string {
    return this.#source.input.textOf(this.#int(Offset.name));
  }

  get path(): string {
    return this.#source.input.textOf(this.#int(Offset.path));
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
    const texts: string[] = [];
    for (let i = 1; i <= input.intAt(place); i++) texts.push(input.textOf(input.intAt(place + i)));
    return texts;
  }
}

function packTexts(out: Packer, texts: readonly string[]): void {
  out.int(texts.length);
  for (const text of texts) out.text(text);
}
