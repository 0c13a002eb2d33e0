/** How a run and the thread that looks at sources beside it speak with each other, and what the thread does. */
import { CacheEntry } from '../cache/cache-entry.ts';
import { FilesEntry, type FilesKey } from '../cache/files-entry.ts';
import type { CacheStore, FileSystem } from '../platform/platform.ts';
import type { PackedSources } from './cached-sources.ts';
import { type PackedFacts, packFacts } from './packed-facts.ts';
import type { Depth, WholeFacts } from './source-facts.ts';
import { type CacheableSources, CachingSourceReader, SourceReader } from './source-reader.ts';
import { type UnitTexts, writeUnitTexts } from './unit-texts.ts';

/** The name of the thread's file. */
export const SOURCE_THREAD = 'source-thread';

/** What the thread is started with. */
export interface SourceThreadStart {
  /** The kernel tree's directory. */
  readonly tree: string;
  /** The cache's directory; null for none. */
  readonly cache: string | null;
}

/**
 * Asks for facts about units, for their aliases or what they register, or to write the cache. Units stand one a line: a
 * text is handed over in a fraction of the time that a list of thousands takes.
 */
export type SourceRequest =
  /** `list` is the `textDigest` of the units. */
  | { readonly type: 'look'; readonly list: string; readonly units: string }
  /** Nothing is answered: they may be asked for later. */
  | { readonly type: 'ahead'; readonly units: string; readonly depth: Depth }
  | { readonly type: TextKind; readonly list: string; readonly units: string }
  | { readonly type: 'write-cache' };

/** What is answered in texts. */
export type TextKind = 'aliases' | 'registrations';

function textAnswer(units: readonly string[], look: (unit: string) => readonly string[] | null): string {
  const found: UnitTexts[] = [];
  units.forEach((unit, index) => {
    const texts = look(unit);
    if (texts && texts.length > 0) found.push({ index, texts });
  });
  return writeUnitTexts(found);
}

/** What the thread has of the machine. */
export interface SourceThreadMeans {
  readonly fs: FileSystem;
  readonly cache: CacheStore | null;
  /** Names this program's build; null where it is none: nothing is cached then. */
  readonly build: string | null;
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
  /** Called with every unit. */
  readonly progress: () => void;
}

/** The key of the cached answers about a tree's sources. @param build names this program's build */
export function sourceAnswersKey(tree: string, build: string): FilesKey {
  return { kind: 'source-answers', place: tree, directory: tree, circumstances: build };
}

/** What is cached of a tree's sources. */
class SourceEntries {
  readonly #answers: FilesEntry;
  readonly #files: CacheEntry;

  constructor(cache: CacheStore, fs: FileSystem, tree: string, build: string) {
    this.#answers = new FilesEntry(cache, fs, sourceAnswersKey(tree, build));
    this.#files = new CacheEntry(cache, { kind: 'source-files', place: tree, circumstances: build });
  }

  /** What was written last, whatever has become of the files; null where a part is missing. */
  read(): PackedSources | null {
    const [answers, files] = [this.#answers.readStale(), this.#files.open()?.content];
    return answers && files ? { answers, files } : null;
  }

  write({ packed, fingerprint }: CacheableSources): void {
    this.#files.write([packed.files], null);
    this.#answers.writeWith([packed.answers], fingerprint);
  }
}

/** The work of the thread: a function that answers requests. */
export function sourceThreadWork(
  tree: string,
  { fs, cache, build, startedMs, progress }: SourceThreadMeans,
): (request: SourceRequest) => PackedFacts | string | null {
  const entries = cache && build !== null ? new SourceEntries(cache, fs, tree, build) : null;
  const caching = entries && new CachingSourceReader(fs, tree, startedMs, entries.read());
  const reader = caching ?? new SourceReader(fs, tree);
  /** What was read ahead. */
  const seen = new Map<string, WholeFacts>();
  const look = (unit: string, depth: Depth): WholeFacts => {
    progress();
    const known = seen.get(unit);
    return known && (depth !== 'registrations' || known.registrations) ? known : reader.look(unit, depth);
  };
  const facts = (list: string, units: string): PackedFacts => {
    const found = packFacts(units.split('\n'), (unit) => look(unit, 'head'));
    caching?.cacheAnswer(list, { facts: found });
    return found;
  };
  const texts = (kind: TextKind, list: string, units: string): string => {
    const known = caching?.answer(list)?.[kind] ?? null;
    if (known !== null) return known;
    const answer = textAnswer(units.split('\n'), (unit) => look(unit, kind)[kind]);
    caching?.cacheAnswer(list, { [kind]: answer });
    return answer;
  };
  return (request) => {
    if (request.type === 'look') return facts(request.list, request.units);
    if (request.type === 'aliases' || request.type === 'registrations') {
      return texts(request.type, request.list, request.units);
    }
    if (request.type === 'ahead') {
      for (const unit of request.units.split('\n')) seen.set(unit, look(unit, request.depth));
      return null;
    }
    const news = caching?.pack();
    if (news) entries?.write(news);
    return null;
  };
}
