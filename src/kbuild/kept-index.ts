/** The index of a tree's modules as numbers and texts; what the directories' entries hold is not written twice. */
import type { Packer, Unpacker } from '../cache/packed.ts';
import type { DirectoryEntries } from './directory.ts';
import type { EntriesPacker, EntriesUnpacker } from './kept-entries.ts';
import { type DirectoryGuard, type IndexContent, type ModuleEntry, moduleObjects } from './module-reader.ts';
import { moduleName } from './names.ts';

type Directories = ReadonlyMap<string, DirectoryEntries | null>;

/** Writes an index. @param directories the entries that its modules come from */
export function packIndex(
  out: Packer,
  { guards, modules }: IndexContent,
  directories: Directories,
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
    out.text(module.directory);
    out.int(directories.get(module.directory)!.modular.findIndex(({ mentions }) => mentions === module.mentions));
    out.text(module.path);
    for (const when of [module.whenModule, module.whenBuiltin, module.whenLinked]) out.int(when.id);
    packTexts(out, module.symbols);
    packTexts(out, module.decidingSymbols);
  }
}

/** Reads what `packIndex` wrote. */
export function unpackIndex(input: Unpacker, directories: Directories, entries: EntriesUnpacker): IndexContent {
  const guards = new Map<string, DirectoryGuard>();
  for (let count = input.int(); count > 0; count--) {
    guards.set(input.text(), {
      builtin: entries.when(),
      modular: entries.when(),
      visited: entries.when(),
      own: entries.when(),
      parent: input.text() || null,
      mentions: entries.mentions(),
    });
  }
  const modules: ModuleEntry[] = [];
  for (let count = input.int(); count > 0; count--) modules.push(unpackModule(input, directories, entries));
  return { guards, modules };
}

function unpackModule(input: Unpacker, directories: Directories, entries: EntriesUnpacker): ModuleEntry {
  const directory = input.text();
  const { modular, composites } = directories.get(directory)!;
  const item = modular[input.int()]!;
  const path = input.text();
  const composite = composites.get(item.path);
  return {
    name: moduleName(path),
    path,
    directory,
    whenModule: entries.when(),
    whenBuiltin: entries.when(),
    whenLinked: entries.when(),
    symbols: unpackTexts(input),
    decidingSymbols: unpackTexts(input),
    mentions: item.mentions,
    isComposite: composite !== undefined,
    objects: moduleObjects(composite, item),
  };
}

function packTexts(out: Packer, texts: readonly string[]): void {
  out.int(texts.length);
  for (const text of texts) out.text(text);
}

function unpackTexts(input: Unpacker): string[] {
  const texts: string[] = [];
  for (let count = input.int(); count > 0; count--) texts.push(input.text());
  return texts;
}
