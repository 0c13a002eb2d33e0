import { type FilesFingerprint, listedFingerprint, TOO_YOUNG_MS } from '../cache/fingerprint.ts';
import type { FileStat, FileSystem, TextBytes } from '../platform/platform.ts';
import {
  type CachedAnswers,
  type PackedSources,
  packSources,
  type SeenSource,
  type SourceAnswer,
  type SourcesContent,
  SourceTable,
  unpackAnswers,
} from './cached-sources.ts';
import { NO_REGISTRATIONS, registrationOf, registrationsIn } from './registrations.ts';
import {
  aliasesIn,
  type Depth,
  HEAD_BYTES,
  type Head,
  headOf,
  kindOf,
  NO_ALIASES,
  NO_DIRECTIVES,
  readHead,
  type SourceFile,
  UNKNOWN_SOURCE,
  type WholeFacts,
} from './source-facts.ts';
import { partsIn, readPart } from './source-parts.ts';
import { plainPath } from './unit-path.ts';

/** What an object may be made from, the likeliest first. */
const SUFFIXES = ['.c', '.S', '.rs'] as const;

/** How far a source's parts may have parts. */
const MAX_PARTS = 3;

/** Cached answers, two for each architecture and set of symbols: those that were wanted last. */
const MAX_ANSWERS = 8;

/** A file as it was read. */
interface ReadSource {
  /** Right before. */
  readonly stat: FileStat;
  readonly file: SourceFile;
}

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
   * @param depth how much of it is read
   */
  look(unit: string, depth: Depth): WholeFacts {
    const path = plainPath(unit);
    if (!path.endsWith('.o')) {
      const file = this.file(path, depth);
      return file ? this.#facts(file) : { ...UNKNOWN_SOURCE, kind: kindOf(path) };
    }
    const stem = path.slice(0, -2);
    for (const suffix of SUFFIXES) {
      const file = this.file(stem + suffix, depth);
      if (file) return this.#facts(file);
    }
    return UNKNOWN_SOURCE;
  }

  /** What one file says; null where it is not there. */
  protected file(path: string, depth: Depth): SourceFile | null {
    return this.read(path, depth)?.file ?? null;
  }

  protected read(path: string, depth: Depth): ReadSource | null {
    if (depth !== 'head' && kindOf(path) === 'c') {
      return this.#fs.lookAt(this.#tree + path, (bytes, stat) => {
        const registered = depth === 'registrations' ? registeredIn(path, bytes) : { registrations: null, parts: [] };
        const found = { aliases: aliasesIn(bytes), ...registered };
        return { stat, file: sourceFile(path, bytes.byteLength, headOf(bytes), found) };
      });
    }
    const head = this.#fs.readHead(this.#tree + path, HEAD_BYTES);
    if (!head?.file.isFile) return null;
    const found = depth === 'head' ? NOT_READ : NOTHING;
    const said = kindOf(path) === 'c' ? readHead(head.text) : NO_DIRECTIVES;
    return { stat: head.file, file: sourceFile(path, head.file.size, said, found) };
  }

  /** The size of another source that one includes; null where it is not there. */
  protected size(path: string): number | null {
    return this.stat(path)?.size ?? null;
  }

  protected stat(path: string): FileStat | null {
    return this.#fs.stat(this.#tree + path);
  }

  #facts(found: SourceFile): WholeFacts {
    const { kind, bytes, includes, tracePoints, sources, aliases, registrations } = found;
    let all = bytes;
    for (const source of sources) all += this.size(source) ?? 0;
    const included = registrations === null ? [] : this.#registeredByParts(found, MAX_PARTS);
    return {
      kind,
      bytes: all,
      includes,
      tracePoints,
      aliases,
      registrations: registrations && included.length > 0 ? [...registrations, ...included] : registrations,
    };
  }

  /** What a file's parts register. @param depth how far these may have parts */
  #registeredByParts({ parts }: SourceFile, depth: number): string[] {
    return parts.map(readPart).flatMap((part) => {
      const file = depth > 0 ? this.file(part.path, 'registrations') : null;
      if (!file) return [];
      const all = [...(file.registrations ?? NO_REGISTRATIONS), ...this.#registeredByParts(file, depth - 1)];
      return all.map((each) => registrationOf(each, part));
    });
  }
}

/** What is to be cached, and the fingerprint of the files that it depends on. */
export interface CacheableSources {
  readonly packed: PackedSources;
  readonly fingerprint: FilesFingerprint;
}

/** Reads those files of a tree that changed since an earlier run read them. */
export class CachingSourceReader extends SourceReader {
  readonly #directory: string;
  readonly #startedMs: number;
  readonly #cached: SourceTable | null;
  /** Cached files by path; those that changed are taken out. */
  readonly #indices: Map<string, number>;
  readonly #fresh = new Map<string, SeenSource>();
  /** Versions of files that were not there, or of which only the size was asked. */
  readonly #others = new Map<string, string>();
  readonly #answers: Map<string, SourceAnswer>;
  /** Something is known of files that is not cached, or a cached version is stale. */
  #isNews = false;
  #hasNewAnswers = false;
  /** Whether all is known that answers depend on. */
  #isWhole = true;

  /**
   * @param startedMs when reading began, in milliseconds since the epoch
   * @param packed what `pack` returned in an earlier run; what is damaged counts as nothing
   */
  constructor(fs: FileSystem, tree: string, startedMs: number, packed: PackedSources | null) {
    super(fs, tree);
    this.#directory = tree;
    this.#startedMs = startedMs;
    const { table = null, answers = null } = (packed && unpackedOrNull(packed)) ?? {};
    this.#cached = table;
    this.#answers = new Map(answers?.byList);
    this.#indices = new Map(table?.paths.map((path, index) => [path, index]));
    let hasChanged = false;
    for (const [path, index] of this.#indices) {
      if (this.#version(path) === table!.version(index)) continue;
      this.#indices.delete(path);
      hasChanged = true;
    }
    for (const [path, version] of table?.others ?? []) {
      if (this.#version(path) === version) this.#others.set(path, version);
      else hasChanged = true;
    }
    if (hasChanged) this.#answers.clear();
    this.#isNews = hasChanged;
  }

  protected override file(path: string, depth: Depth): SourceFile | null {
    const index = this.#indices.get(path);
    const known = this.#fresh.get(path)?.file ?? (index === undefined ? null : this.#cached!.file(index));
    if (known && isRead(known, depth)) return known;
    const read = this.read(path, depth);
    if (read === null) {
      if (this.#note(path)?.isFile) this.#isWhole = false;
      return null;
    }
    const { stat, file } = read;
    // Where it changes meanwhile, or changed so late that it may have done so once more, it is of no known version.
    if (stat.size === file.bytes && this.#isOld(stat) && isLine(path)) {
      this.#fresh.set(path, { version: stat.version, file });
      this.#isNews = true;
    } else {
      this.#isWhole = false;
    }
    return file;
  }

  protected override size(path: string): number | null {
    return this.#note(path)?.size ?? null;
  }

  /** An answer that is cached, or that there was in this run. */
  answer(list: string): SourceAnswer | null {
    return this.#answers.get(list) ?? null;
  }

  /** Caches an answer for the next run, too, where all can be cached that it depends on. */
  cacheAnswer(list: string, answer: Partial<SourceAnswer>): void {
    const before = this.#answers.get(list) ?? { facts: null, aliases: null, registrations: null };
    this.#answers.delete(list);
    this.#answers.set(list, { ...before, ...answer });
    this.#hasNewAnswers = true;
  }

  /**
   * All that is known, for the next run.
   * @returns null where that is what is cached already
   */
  pack(): CacheableSources | null {
    if (!this.#isNews && !(this.#hasNewAnswers && this.#isWhole)) return null;
    const seen = new Map(this.#fresh);
    // What was not asked for now may be asked for again, with another config.
    for (const [path, index] of this.#indices) {
      if (!seen.has(path)) seen.set(path, { version: this.#cached!.version(index), file: this.#cached!.file(index) });
    }
    const others = new Map<string, string>();
    for (const [path, version] of this.#others) {
      const known = seen.get(path);
      if (known === undefined) others.set(path, version);
      else if (known.version !== version) this.#isWhole = false;
    }
    const answers = this.#isWhole ? new Map([...this.#answers].slice(-MAX_ANSWERS)) : new Map<string, SourceAnswer>();
    const content: SourcesContent = { seen, others, answers };
    const fingerprint = this.#fingerprint(content);
    return { packed: packSources(content, fingerprint.digest), fingerprint };
  }

  #fingerprint({ seen, others }: SourcesContent): FilesFingerprint {
    const files = [...seen].map(([path, { version }]) => ({ path, version }));
    const missing: string[] = [];
    for (const [path, version] of others) {
      if (version === '') missing.push(path);
      else files.push({ path, version });
    }
    return listedFingerprint(files, missing, this.#directory);
  }

  /** Writes down what a file is that is not read. */
  #note(path: string): FileStat | null {
    const found = this.stat(path);
    const version = found?.version ?? '';
    const before = this.#others.get(path) ?? version;
    if (before !== version || (found && !this.#isOld(found)) || !isLine(path)) this.#isWhole = false;
    this.#others.set(path, version);
    return found;
  }

  #version(path: string): string {
    return this.stat(path)?.version ?? '';
  }

  #isOld({ ctimeMs }: FileStat): boolean {
    return ctimeMs <= this.#startedMs - TOO_YOUNG_MS;
  }
}

/** Cached paths stand one a line. */
function isLine(path: string): boolean {
  return !path.includes('\n');
}

/** What only those want to know who read a source as a whole. */
type Found = Pick<SourceFile, 'aliases' | 'registrations' | 'parts'>;

const NOT_READ: Found = { aliases: null, registrations: null, parts: [] };
const NOTHING: Found = { aliases: NO_ALIASES, registrations: NO_REGISTRATIONS, parts: [] };

function registeredIn(path: string, bytes: TextBytes): Pick<SourceFile, 'registrations' | 'parts'> {
  const text = bytes.toString('latin1');
  return { registrations: registrationsIn(text), parts: partsIn(text, path) };
}

/** With a slash behind it. */
function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Whether it is known of a file what is asked. */
function isRead({ aliases, registrations }: SourceFile, depth: Depth): boolean {
  return depth === 'head' || (depth === 'aliases' ? aliases : registrations) !== null;
}

function sourceFile(path: string, bytes: number, { includes, tracePoints, sources }: Head, found: Found): SourceFile {
  const directory = directoryOf(path);
  const beside = sources.map((source) => directory + source);
  return { kind: kindOf(path), bytes, includes, tracePoints, sources: beside, ...found };
}

/** The files, and the answers that depend on them: entries of two runs do not belong together. */
function unpackedOrNull(packed: PackedSources): { table: SourceTable; answers: CachedAnswers | null } | null {
  try {
    const table = new SourceTable(packed.files);
    const answers = unpackAnswers(packed.answers);
    return { table, answers: answers.digest === table.digest ? answers : null };
  } catch {
    return null;
  }
}
