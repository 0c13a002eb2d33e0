import { describe, expect, it } from 'vitest';
import { textDigest } from '../../src/cache/digest.ts';
import { FilesEntry } from '../../src/cache/files-entry.ts';
import type { CacheStore, FileStat, FileSystem, TextBytes, Thread } from '../../src/platform/platform.ts';
import { type CachedAnswers, unpackAnswers } from '../../src/sources/cached-sources.ts';
import { type SourceRequest, sourceAnswersKey, sourceThreadWork } from '../../src/sources/source-thread.ts';
import { type SourceHelpers, Sources } from '../../src/sources/sources.ts';
import type { UnitList } from '../../src/sources/unit-list.ts';
import { MemoryCache } from '../helpers/memory-cache.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const FILES = {
  '/t/a/x.c': '#include <linux/module.h>\nMODULE_ALIAS("one");\n',
  '/t/a/y.c': '#define CREATE_TRACE_POINTS\n#include <a>\n',
  '/t/a/z.S': 'text',
};
const UNITS = ['a/x.o', 'a/y.o', 'a/z.o', 'a/none.o'];
const LIST: UnitList = { digest: 'units', paths: () => UNITS };
const LATER_MS = 60_000;

/** Does the work of the thread when an answer is waited for; after `answers` of them it fails. */
class LateThread implements Thread {
  readonly requests: SourceRequest[] = [];
  readonly #work: (request: SourceRequest) => unknown;
  #left: number;

  constructor(fs: FileSystem, cache: CacheStore | null = null, answers = Number.POSITIVE_INFINITY) {
    const startedMs = Date.now() + LATER_MS;
    this.#work = sourceThreadWork('/t', { fs, cache, build: 'build', startedMs, progress: () => undefined });
    this.#left = answers;
  }

  send(request: SourceRequest): void {
    this.requests.push(structuredClone(request));
  }

  end(): void {
    this.#left = 0;
  }

  receive(): { value: unknown } | null {
    return this.#left-- > 0 ? { value: structuredClone(this.#work(this.requests.shift()!)) } : null;
  }
}

/** Also records what it was asked. */
class RecordingThread extends LateThread {
  readonly sent: SourceRequest[] = [];

  override send(request: SourceRequest): void {
    this.sent.push(request);
    super.send(request);
  }
}

const helpers = (thread: Thread): SourceHelpers => ({ thread: () => thread, cached: null });

describe('Sources with a thread', () => {
  const fs = memoryFs(FILES);
  const alone = new Sources(fs, '/t');
  const facts = (sources: Sources): unknown[] =>
    UNITS.map((unit) => ({ ...sources.of(unit), aliases: 0, registrations: 0 }));

  it.each([true, false])('says what it says without (aliases first: %s)', (first) => {
    const sources = new Sources(null, '/t', helpers(new LateThread(fs)));
    if (first) sources.announceAliases(LIST);
    sources.announce(UNITS);
    expect(facts(sources)).toEqual(facts(alone));
    expect([...sources.aliases(LIST)]).toEqual([...alone.aliases(LIST)]);
    expect([...sources.aliases(LIST)]).toEqual([{ index: 0, texts: ['one'] }]);
  });

  it('says the same of what was prefetched, which is read once', () => {
    const read: string[] = [];
    const counting = Object.assign(memoryFs(FILES), {
      lookAt: (path: string, look: (bytes: TextBytes, file: FileStat) => unknown) => {
        read.push(path);
        return fs.lookAt(path, look);
      },
    }) as FileSystem;
    const sources = new Sources(null, '/t', helpers(new LateThread(counting)));
    sources.lookAhead(UNITS);
    sources.announce(UNITS);
    expect(facts(sources)).toEqual(facts(alone));
    expect([...sources.aliases(LIST)]).toEqual([...alone.aliases(LIST)]);
    expect(read.filter((path) => path === '/t/a/x.c')).toHaveLength(1);
  });

  it('asks the thread for nothing twice', () => {
    const thread = new LateThread(fs);
    const sources = new Sources(null, '/t', helpers(thread));
    sources.announce(['a/x.o']);
    sources.of('a/x.o');
    sources.announce(['a/x.o', 'a/y.o']);
    expect(thread.requests).toEqual([{ type: 'look', list: textDigest('a/y.o'), units: 'a/y.o' }]);
  });

  it('reads itself where the thread fails, or was not asked', () => {
    const failing = new Sources(fs, '/t', helpers(new LateThread(fs, null, 1)));
    failing.announce(['a/x.o']);
    failing.announce(['a/y.o']);
    failing.writeCache();
    expect(facts(failing)).toEqual(facts(alone));
    failing.finish();
    expect(facts(new Sources(fs, '/t', helpers(new LateThread(fs))))).toEqual(facts(alone));
  });

  it('has the thread cache what it read for the next run', () => {
    const cache = new MemoryCache();
    const first = new Sources(null, '/t', helpers(new LateThread(fs, cache)));
    first.announce(UNITS);
    first.announceAliases(LIST);
    first.writeCache();
    // Comes behind what is cached, and has its own answer.
    first.announce(['a/late.o']);
    expect(facts(first)).toEqual(facts(alone));
    first.finish();
    expect([...cache.entries.keys()].filter((name) => name.startsWith('source-'))).toHaveLength(2);

    const blind = readerless(fs);
    const second = new Sources(null, '/t', helpers(new LateThread(blind, cache)));
    second.announce(UNITS);
    expect(facts(second)).toEqual(facts(alone));
    expect(second.aliases(LIST)).toEqual([{ index: 0, texts: ['one'] }]);
  });

  it('reads aliases itself where the thread fails', () => {
    expect(new Sources(fs, '/t', helpers(new LateThread(fs, null, 0))).aliases(LIST)).toEqual(alone.aliases(LIST));
  });

  it('caches nothing where there is no cache', () => {
    const sources = new Sources(null, '/t', helpers(new LateThread(fs)));
    sources.announce(UNITS);
    sources.writeCache();
    expect(() => sources.finish()).not.toThrow();
  });
});

describe('Sources with a cache entry', () => {
  const fs = memoryFs(FILES);
  const alone = new Sources(fs, '/t');
  const facts = (sources: Sources): unknown[] =>
    UNITS.map((unit) => ({ ...sources.of(unit), aliases: 0, registrations: 0 }));

  function kept(): CachedAnswers {
    const cache = new MemoryCache();
    const sources = new Sources(null, '/t', helpers(new LateThread(fs, cache)));
    sources.announce(UNITS);
    sources.announceAliases(LIST);
    sources.writeCache();
    sources.finish();
    return unpackAnswers(new FilesEntry(cache, fs, sourceAnswersKey('/t', 'build')).readStale()!);
  }

  it('starts no thread, and says the same', () => {
    const thread = (): Thread => {
      throw new Error('started');
    };
    const sources = new Sources(null, '/t', { thread, cached: kept() });
    sources.announce(UNITS);
    sources.announceAliases(LIST);
    expect(facts(sources)).toEqual(facts(alone));
    expect([...sources.aliases(LIST)]).toEqual([...alone.aliases(LIST)]);
    sources.writeCache();
    sources.finish();
  });

  it('starts a thread for what was not cached', () => {
    const thread = new RecordingThread(fs);
    const sources = new Sources(null, '/t', { thread: () => thread, cached: kept() });
    sources.announce(UNITS);
    sources.announce([...UNITS, 'a/x.c']);
    expect(thread.sent).toEqual([{ type: 'look', list: textDigest('a/x.c'), units: 'a/x.c' }]);
    expect(sources.of('a/x.c').bytes).toBe(alone.of('a/x.c').bytes);
  });

  it('says what is there now after it was asked to forget', () => {
    const changed = memoryFs({ ...FILES, '/t/a/x.c': '' });
    const sources = new Sources(null, '/t', { thread: () => new LateThread(changed), cached: kept() });
    sources.announce(UNITS);
    expect(facts(sources)).toEqual(facts(alone));
    expect(sources.aliases(LIST)).not.toEqual([]);
    sources.forget();
    sources.announce(UNITS);
    expect(facts(sources)).toEqual(facts(new Sources(changed, '/t')));
    expect(sources.aliases(LIST)).toEqual([]);
  });
});

/** A file system that reads nothing. */
function readerless(fs: FileSystem): FileSystem {
  return {
    readText: () => null,
    whyUnreadable: () => '',
    readBytes: () => null,
    lookAt: () => null,
    readHead: () => null,
    stat: (path) => fs.stat(path),
    exists: (path) => fs.exists(path),
    readDirectory: () => null,
    realPath: () => null,
  };
}
