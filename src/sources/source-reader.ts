import { TOO_YOUNG_MS } from '../cache/file-trace.ts';
import type { FileStat, FileSystem } from '../platform/platform.ts';
import { type KeptAnswer, KeptSources, packSources, type SeenSource } from './kept-sources.ts';
import {
  aliasesIn,
  HEAD_BYTES,
  kindOf,
  NO_ALIASES,
  readHead,
  type SourceFile,
  UNKNOWN_SOURCE,
  type WholeFacts,
} from './source-facts.ts';
import { cSource, plainPath } from './unit-path.ts';

/** What an object may be made from, the likeliest first. */
const SUFFIXES = ['.c', '.S', '.rs'] as const;

/** Answers that are kept, one for each architecture and set of symbols: those that were wanted last. */
const MAX_ANSWERS = 4;

/** Looks at a tree's sources. */
export class SourceReader {
  readonly #fs: FileSystem;
  readonly #tree: string;

  /** @param tree the kernel tree's directory */
  constructor(fs: FileSystem, tree: string) {
    this.#fs = fs;
    this.#tree = tree.endsWith('/') ? tree : `${tree}/`;
  }

  /**
   * Facts about a unit's source.
   * @param unit object or source, relative to the tree
   * @param whole also its aliases
   */
  look(unit: string, whole: boolean): WholeFacts {
    const path = plainPath(unit);
    if (!path.endsWith('.o')) {
      const file = this.file(path, whole);
      return file ? this.#facts(file) : { ...UNKNOWN_SOURCE, kind: kindOf(path) };
    }
    const stem = path.slice(0, -2);
    for (const suffix of SUFFIXES) {
      const file = this.file(stem + suffix, whole);
      if (file) return this.#facts(file);
    }
    return UNKNOWN_SOURCE;
  }

  /** What one file says; null where it is not there. */
  protected file(path: string, whole: boolean): SourceFile | null {
    if (whole && kindOf(path) === 'c') {
      return this.#fs.lookAt(this.#tree + path, (bytes) => {
        const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(HEAD_BYTES, bytes.byteLength));
        return sourceFile(path, bytes.byteLength, head.toString('latin1'), aliasesIn(bytes));
      });
    }
    const head = this.#fs.readHead(this.#tree + path, HEAD_BYTES);
    return head && sourceFile(path, head.size, head.text, whole ? NO_ALIASES : null);
  }

  protected stat(path: string): FileStat | null {
    return this.#fs.stat(this.#tree + path);
  }

  #facts({ kind, bytes, includes, tracePoints, sources, aliases }: SourceFile): WholeFacts {
    let all = bytes;
    for (const source of sources) all += this.stat(source)?.size ?? 0;
    return { kind, bytes: all, includes, tracePoints, aliases };
  }
}

/** Looks at those files of a tree that changed since an earlier run looked at them. */
export class KeepingSourceReader extends SourceReader {
  readonly #startedMs: number;
  readonly #kept: KeptSources | null;
  /** Kept files by path; those that changed are taken out. */
  readonly #indices: Map<string, number>;
  readonly #fresh = new Map<string, SeenSource>();
  readonly #absent = new Set<string>();
  /** Answers of this run. */
  readonly #answers = new Map<string, { readonly text: string; readonly units: readonly string[] }>();
  #hasChanged = false;

  /**
   * @param startedMs when reading began, in milliseconds since the epoch
   * @param bytes what `keep` returned in an earlier run; what is damaged counts as nothing
   */
  constructor(fs: FileSystem, tree: string, startedMs: number, bytes: Uint8Array | null) {
    super(fs, tree);
    this.#startedMs = startedMs;
    this.#kept = bytes && unpackedOrNull(bytes);
    this.#indices = new Map(this.#kept?.paths.map((path, index) => [path, index]));
    for (const [path, index] of this.#indices) {
      const found = this.stat(path);
      if (found && this.#kept!.isSame(index, found)) continue;
      this.#indices.delete(path);
      this.#hasChanged = true;
    }
  }

  protected override file(path: string, whole: boolean): SourceFile | null {
    const index = this.#indices.get(path);
    const known = this.#fresh.get(path)?.file ?? (index === undefined ? null : this.#kept!.file(index));
    if (known && (known.aliases || !whole)) return known;
    // Before it is read: if it changes meanwhile, what is kept of it is of no state that it will be in.
    const state = this.stat(path);
    if (!state?.isFile) {
      this.#absent.add(path);
      return null;
    }
    const file = super.file(path, whole);
    if (file?.bytes === state.size) this.#fresh.set(path, { state, file });
    return file;
  }

  /**
   * The answer that an earlier run kept for a list of units.
   * @param list its digest
   * @returns null where there is none, or any source has changed, come or gone since
   */
  keptAnswer(list: string): string | null {
    const answer = this.#hasChanged ? undefined : this.#kept?.answers.get(list);
    return answer?.absent.every((path) => !this.stat(path)?.isFile) ? answer.text : null;
  }

  /** Keeps an answer for the next run, too, where all can be kept that it hangs on. */
  keepAnswer(list: string, units: readonly string[], text: string): void {
    this.#answers.set(list, { units, text });
  }

  /**
   * All that is known, for the next run. Files that changed since this one began or just before are left out: they may
   * have changed once more without a trace.
   * @returns null where that is what was kept before
   */
  keep(): Uint8Array | null {
    const seen = new Map<string, SeenSource>();
    for (const [path, each] of this.#fresh) {
      if (each.state.ctimeMs <= this.#startedMs - TOO_YOUNG_MS) seen.set(path, each);
      else if (this.#indices.has(path)) this.#hasChanged = true;
    }
    const isKnown = (path: string): boolean => seen.has(path) || (this.#indices.has(path) && !this.#fresh.has(path));
    const answers = this.#newAnswers(isKnown);
    if (!this.#hasChanged && seen.size === 0 && answers.size === 0) return null;
    // What was not asked for now may be asked for again, with another config.
    for (const [path, index] of this.#indices) if (!this.#fresh.has(path)) seen.set(path, this.#kept!.seen(index));
    const before = this.#hasChanged ? [] : [...(this.#kept?.answers ?? [])].filter(([list]) => !answers.has(list));
    return packSources(seen, new Map([...before, ...answers].slice(-MAX_ANSWERS)));
  }

  /** Answers of this run that hang on files alone that are kept, and on files that were not there. */
  #newAnswers(isKnown: (path: string) => boolean): Map<string, KeptAnswer> {
    const answers = new Map<string, KeptAnswer>();
    for (const [list, { units, text }] of this.#answers) {
      const others = units.map(cSource).filter((path) => path !== null && !isKnown(path)) as string[];
      if (others.every((path) => this.#absent.has(path))) answers.set(list, { text, absent: others });
    }
    return answers;
  }
}

function sourceFile(path: string, bytes: number, head: string, aliases: readonly string[] | null): SourceFile {
  const kind = kindOf(path);
  if (kind !== 'c') return { kind, bytes, includes: 0, tracePoints: false, sources: [], aliases };
  const { includes, sources, tracePoints } = readHead(head);
  const directory = path.slice(0, path.lastIndexOf('/') + 1);
  return { kind, bytes, includes, tracePoints, sources: sources.map((source) => directory + source), aliases };
}

function unpackedOrNull(bytes: Uint8Array): KeptSources | null {
  try {
    return new KeptSources(bytes);
  } catch {
    return null;
  }
}
