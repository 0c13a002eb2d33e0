/** How a run and the thread that looks at sources beside it speak with each other, and what the thread does. */
import { FilesEntry, type FilesKey } from '../cache/files-entry.ts';
import type { CacheStore, FileSystem } from '../platform/platform.ts';
import { type AliasesOfUnit, writeAliasAnswer } from './alias-answer.ts';
import { type PackedFacts, packFacts } from './packed-facts.ts';
import { NO_ALIASES, type WholeFacts } from './source-facts.ts';
import { CachingSourceReader, SourceReader } from './source-reader.ts';

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
 * Asks for facts about units, for aliases, or to keep what is known for the next run. Units stand one a line: a text is
 * handed over in a fraction of the time that a list of thousands takes.
 */
export type SourceRequest =
  /** `list` is the `textDigest` of the units. */
  | { readonly type: 'look'; readonly list: string; readonly units: string }
  /** Nothing is answered: they may be asked for later. */
  | { readonly type: 'ahead'; readonly units: string }
  | { readonly type: 'aliases'; readonly list: string; readonly units: string }
  | { readonly type: 'keep' };

function aliasAnswer(units: readonly string[], look: (unit: string) => WholeFacts): string {
  const found: AliasesOfUnit[] = [];
  units.forEach((unit, index) => {
    const texts = look(unit).aliases ?? NO_ALIASES;
    if (texts.length > 0) found.push({ index, texts });
  });
  return writeAliasAnswer(found);
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

/** The key of what is cached of a tree's sources. @param build names this program's build */
export function sourcesKey(tree: string, build: string): FilesKey {
  return { kind: 'sources', place: tree, directory: tree, circumstances: build };
}

/** The work of the thread: a function that answers requests. */
export function sourceThreadWork(
  tree: string,
  { fs, cache, build, startedMs, progress }: SourceThreadMeans,
): (request: SourceRequest) => PackedFacts | string | null {
  const entry = cache && build !== null ? new FilesEntry(cache, fs, sourcesKey(tree, build)) : null;
  const caching = entry && new CachingSourceReader(fs, tree, startedMs, entry.readStale());
  const reader = caching ?? new SourceReader(fs, tree);
  /** What was read ahead. */
  const seen = new Map<string, WholeFacts>();
  const look = (unit: string, whole: boolean): WholeFacts => {
    progress();
    return seen.get(unit) ?? reader.look(unit, whole);
  };
  const facts = (list: string, units: string): PackedFacts => {
    const found = packFacts(units.split('\n'), (unit) => look(unit, false));
    caching?.cacheAnswer(list, { facts: found });
    return found;
  };
  const aliases = (list: string, units: string): string => {
    const known = caching?.answer(list)?.aliases ?? null;
    if (known !== null) return known;
    const answer = aliasAnswer(units.split('\n'), (unit) => look(unit, true));
    caching?.cacheAnswer(list, { aliases: answer });
    return answer;
  };
  return (request) => {
    if (request.type === 'look') return facts(request.list, request.units);
    if (request.type === 'aliases') return aliases(request.list, request.units);
    if (request.type === 'ahead') {
      for (const unit of request.units.split('\n')) seen.set(unit, look(unit, true));
      return null;
    }
    const news = caching?.keep();
    if (news) entry?.writeWith([news.bytes], news.files);
    return null;
  };
}
