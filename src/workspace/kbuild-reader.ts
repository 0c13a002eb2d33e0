import type { FilesEntry } from '../cache/files-entry.ts';
import { TracedFileSystem } from '../cache/traced-file-system.ts';
import { type DirectoryEntries, type KbuildOptions, KbuildTree, moduleObjects } from '../kbuild/index.ts';
import type { Platform } from '../platform/platform.ts';
import type { Sources } from '../sources/sources.ts';

/** Makefiles between two reports of progress: a terminal needs time for each. */
const MAKEFILES_AT_ONCE = 100;
/** Units in one message: each has its price. */
const AT_ONCE = 500;

/** What is read, and who hears how many Makefiles are. */
interface ReadOptions extends KbuildOptions {
  readonly progress?: (done: number) => void;
}

/**
 * Reads a tree's Kbuild files, or takes them from the cache.
 * @param entry where it is cached; null to read all and cache nothing
 * @param platform gives the time, and puts off writing the cache
 * @param sources looks at modules' sources while their Makefiles are read; null for nobody
 * @param onDone called when all is done, with whether the tree was read and cached anew
 * @throws InputError where the top makefile cannot be parsed
 */
export function readKbuild(
  options: ReadOptions,
  entry: FilesEntry | null,
  platform: Pick<Platform, 'epochMs' | 'defer'>,
  sources: Sources | null,
  onDone: (tree: KbuildTree, isNew: boolean) => void,
): KbuildTree {
  if (!entry) return readAll(options, sources);
  const found = readCachedKbuild(options, entry);
  if (found) {
    platform.defer(() => onDone(found, false));
    return found;
  }
  const startedMs = platform.epochMs();
  const makefiles = new TracedFileSystem(options.fs);
  const read = readAll({ ...options, makefiles }, sources);
  platform.defer(() => {
    entry.write([read.pack()], makefiles.seen, startedMs);
    onDone(read, true);
  });
  return read;
}

/** As `readKbuild`, from the cache alone. @returns null where nothing is cached, or a file has changed */
export function readCachedKbuild(options: KbuildOptions, entry: FilesEntry): KbuildTree | null {
  const packed = entry.read();
  return packed && KbuildTree.unpack(options, packed);
}

function readAll({ progress, ...options }: ReadOptions, sources: Sources | null): KbuildTree {
  const ahead = sources && lookingAhead(sources);
  let done = 0;
  const read = (entries: DirectoryEntries): void => {
    done++;
    if (done % MAKEFILES_AT_ONCE === 0) progress?.(done);
    ahead?.(entries);
  };
  return KbuildTree.load({ ...options, read });
}

/** Has the sources of modules read, whose names may be asked for when all Makefiles are read. */
function lookingAhead(sources: Sources): (entries: DirectoryEntries) => void {
  let units: string[] = [];
  return ({ modular, composites }) => {
    for (const item of modular) {
      for (const { path } of moduleObjects(composites.get(item.path), item)) units.push(path);
    }
    if (units.length < AT_ONCE) return;
    sources.lookAhead(units);
    units = [];
  };
}
