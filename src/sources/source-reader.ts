import type { FileSystem } from '../platform/platform.ts';
import { isSameState, type KeptSource, packSources, type SourceFile, stateOf, unpackSources } from './kept-sources.ts';
import { aliasesIn, HEAD_BYTES, kindOf, NO_ALIASES, readHead, type WholeFacts } from './source-facts.ts';
import { plainPath } from './unit-path.ts';

/** What an object may be made from, the likeliest first. */
const SUFFIXES = ['.c', '.S', '.rs'] as const;

/** A source that isn't there. */
const UNKNOWN: WholeFacts = { kind: 'c', bytes: -1, includes: 0, tracePoints: false, aliases: NO_ALIASES };

/** Looks at a tree's sources. */
export class SourceReader {
  readonly #fs: FileSystem;
  readonly #tree: string;
  readonly #keeps: boolean;
  /** By path relative to the tree: files that are there and were looked at in this run. */
  readonly #files = new Map<string, KeptSource>();
  /** The same from the run before; a file is looked at before it is believed. */
  readonly #old: Map<string, KeptSource>;
  #hasNews = false;

  /**
   * @param tree the kernel tree's directory
   * @param keeps whether `keep` will be called: then the state of every file is asked for as well
   * @param kept what an earlier run kept; anything that does not come from `keep` counts as nothing
   */
  constructor(fs: FileSystem, tree: string, keeps = false, kept: Uint8Array | null = null) {
    this.#fs = fs;
    this.#tree = tree.endsWith('/') ? tree : `${tree}/`;
    this.#keeps = keeps;
    this.#old = kept ? unpackedOrNone(kept) : new Map();
  }

  /** Holds all that was kept against the files, before anything is asked for. */
  checkKept(): void {
    for (const path of this.#old.keys()) this.#takeOld(path, false);
  }

  /**
   * Facts about a unit's source.
   * @param unit object or source, relative to the tree
   * @param whole also its aliases
   */
  look(unit: string, whole: boolean): WholeFacts {
    const path = plainPath(unit);
    if (!path.endsWith('.o')) {
      const file = this.#file(path, whole);
      return file ? this.#facts(file) : { ...UNKNOWN, kind: kindOf(path) };
    }
    const stem = path.slice(0, -2);
    for (const suffix of SUFFIXES) {
      const file = this.#file(stem + suffix, whole);
      if (file) return this.#facts(file);
    }
    return UNKNOWN;
  }

  /**
   * All that is known, for the next run.
   * @param startedMs when reading began, in milliseconds since the epoch
   * @returns null where that is what was kept before
   */
  keep(startedMs: number): Uint8Array | null {
    // What was not asked for may be asked for again in a run with another config.
    return this.#hasNews ? packSources(new Map([...this.#old, ...this.#files]), startedMs) : null;
  }

  #facts({ kind, bytes, includes, tracePoints, sources, aliases }: SourceFile): WholeFacts {
    let all = bytes;
    for (const source of sources) all += this.#fs.stat(this.#tree + source)?.size ?? 0;
    return { kind, bytes: all, includes, tracePoints, aliases };
  }

  #file(path: string, whole: boolean): SourceFile | null {
    const known = this.#files.get(path) ?? this.#takeOld(path, whole);
    if (known && (known.file.aliases || !whole)) return known.file;
    const found = this.#keeps ? this.#fs.stat(this.#tree + path) : undefined;
    if (found === null || found?.isFile === false) return null;
    const file = whole ? this.#readWhole(path) : this.#readHead(path);
    if (!file || !found) return file;
    this.#files.set(path, { state: stateOf(found), file });
    this.#hasNews = true;
    return file;
  }

  /** What was kept of a file, if that is what it was. */
  #takeOld(path: string, whole: boolean): KeptSource | null {
    const old = this.#old.get(path);
    if (!old || (whole && !old.file.aliases)) return null;
    this.#old.delete(path);
    const found = this.#fs.stat(this.#tree + path);
    if (!found || !isSameState(old.state, found)) {
      this.#hasNews = true;
      return null;
    }
    this.#files.set(path, old);
    return old;
  }

  #readHead(path: string): SourceFile | null {
    const head = this.#fs.readHead(this.#tree + path, HEAD_BYTES);
    return head && sourceFile(path, head.size, head.text, null);
  }

  #readWhole(path: string): SourceFile | null {
    const isC = kindOf(path) === 'c';
    if (!isC) {
      const file = this.#readHead(path);
      return file && { ...file, aliases: NO_ALIASES };
    }
    return this.#fs.lookAt(this.#tree + path, (bytes) => {
      const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(HEAD_BYTES, bytes.byteLength));
      return sourceFile(path, bytes.byteLength, head.toString('latin1'), aliasesIn(bytes));
    });
  }
}

function sourceFile(path: string, bytes: number, head: string, aliases: readonly string[] | null): SourceFile {
  const kind = kindOf(path);
  if (kind !== 'c') return { kind, bytes, includes: 0, tracePoints: false, sources: [], aliases };
  const { includes, sources, tracePoints } = readHead(head);
  const directory = path.slice(0, path.lastIndexOf('/') + 1);
  return { kind, bytes, includes, tracePoints, sources: sources.map((source) => directory + source), aliases };
}

function unpackedOrNone(bytes: Uint8Array): Map<string, KeptSource> {
  try {
    return unpackSources(bytes);
  } catch {
    return new Map();
  }
}
