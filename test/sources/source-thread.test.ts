import { describe, expect, it } from 'vitest';
import type { ByteCache, FileSystem, Thread } from '../../src/platform/platform.ts';
import { type SourceRequest, sourceThreadWork } from '../../src/sources/source-thread.ts';
import { Sources } from '../../src/sources/sources.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const FILES = {
  '/t/a/x.c': '#include <linux/module.h>\nMODULE_ALIAS("one");\n',
  '/t/a/y.c': '#define CREATE_TRACE_POINTS\n#include <a>\n',
  '/t/a/z.S': 'text',
};
const UNITS = ['a/x.o', 'a/y.o', 'a/z.o', 'a/none.o'];
const LATER_MS = 60_000;

class MemoryCache implements ByteCache {
  readonly entries = new Map<string, Uint8Array>();
  readBytes = (name: string): Uint8Array | null => this.entries.get(name) ?? null;
  writeBytes = (name: string, bytes: Uint8Array): unknown => this.entries.set(name, bytes);
  keepNewest = (): void => undefined;
}

/** Does the work of the thread when an answer is waited for; after `answers` of them it fails. */
class LateThread implements Thread {
  readonly requests: SourceRequest[] = [];
  readonly #work: (request: SourceRequest) => unknown;
  #left: number;

  constructor(fs: FileSystem, cache: ByteCache | null = null, answers = Number.POSITIVE_INFINITY) {
    const startedMs = Date.now() + LATER_MS;
    this.#work = sourceThreadWork('/t', { fs, cache, build: 'build', startedMs, progress: () => undefined });
    this.#left = answers;
  }

  send(request: SourceRequest): void {
    this.requests.push(structuredClone(request));
  }

  receive(): { value: unknown } | null {
    return this.#left-- > 0 ? { value: structuredClone(this.#work(this.requests.shift()!)) } : null;
  }
}

describe('Sources with a thread', () => {
  const fs = memoryFs(FILES);
  const alone = new Sources(fs, '/t');
  const facts = (sources: Sources): unknown[] => UNITS.map((unit) => ({ ...sources.of(unit), aliases: 0 }));

  it.each([true, false])('says what it says without (whole: %s)', (whole) => {
    const sources = new Sources(null, '/t', new LateThread(fs));
    sources.announce(UNITS, whole);
    expect(facts(sources)).toEqual(facts(alone));
    expect([...sources.aliases(UNITS)]).toEqual([...alone.aliases(UNITS)]);
    expect([...sources.aliases(UNITS)]).toEqual([['a/x.o', ['one']]]);
  });

  it('asks the thread for nothing twice', () => {
    const thread = new LateThread(fs);
    const sources = new Sources(null, '/t', thread);
    sources.announce(['a/x.o'], true);
    sources.of('a/x.o');
    sources.announce(['a/x.o', 'a/y.o'], false);
    expect(thread.requests).toEqual([{ type: 'look', units: 'a/y.o', whole: false }]);
  });

  it('looks itself where the thread fails, or was not told', () => {
    const failing = new Sources(fs, '/t', new LateThread(fs, null, 1));
    failing.announce(['a/x.o'], false);
    failing.announce(['a/y.o'], true);
    failing.keep();
    expect(facts(failing)).toEqual(facts(alone));
    failing.finish();
    expect(facts(new Sources(fs, '/t', new LateThread(fs)))).toEqual(facts(alone));
  });

  it('has the thread keep what it saw for the next run', () => {
    const cache = new MemoryCache();
    const first = new Sources(null, '/t', new LateThread(fs, cache));
    first.announce(UNITS, true);
    first.keep();
    // Comes behind what is kept, and has its own answer.
    first.announce(['a/late.o'], true);
    expect(facts(first)).toEqual(facts(alone));
    first.finish();
    expect(cache.entries.size).toBe(1);

    const blind = readerless(fs);
    const second = new Sources(null, '/t', new LateThread(blind, cache));
    second.announce(UNITS, true);
    expect(facts(second)).toEqual(facts(alone));
    expect([...second.aliases(UNITS)]).toEqual([['a/x.o', ['one']]]);
  });

  it('keeps nothing where there is no cache', () => {
    const sources = new Sources(null, '/t', new LateThread(fs));
    sources.announce(UNITS, true);
    sources.keep();
    expect(() => sources.finish()).not.toThrow();
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
    readDirectory: () => null,
    realPath: () => null,
  };
}
