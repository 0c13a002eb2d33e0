/** What is known of sources, as cache entries: each with the version of its file. */
import { Packer, Unpacker } from '../cache/packed.ts';
import type { PackedFacts } from './packed-facts.ts';
import { NO_REGISTRATIONS } from './registrations.ts';
import { NO_ALIASES, type SourceFile, type SourceKind } from './source-facts.ts';

/** A file, with the version of it that was read. */
export interface SeenSource {
  readonly version: string;
  readonly file: SourceFile;
}

/** What was answered about a list of units, for as long as none of the files has changed. */
export interface SourceAnswer {
  readonly facts: PackedFacts | null;
  /** From `writeUnitTexts`. */
  readonly aliases: string | null;
  /** From `writeUnitTexts`. */
  readonly registrations: string | null;
}

/** What is cached. */
export interface SourcesContent {
  /** By path. */
  readonly seen: ReadonlyMap<string, SeenSource>;
  /** Versions of files of which nothing else is known but that answers depend on them; empty where there was none. */
  readonly others: ReadonlyMap<string, string>;
  /** By the digest of the list. */
  readonly answers: ReadonlyMap<string, SourceAnswer>;
}

/** What few files have. */
interface Extras {
  readonly sources: readonly string[];
  readonly aliases: readonly string[];
  readonly registrations: readonly string[];
  readonly parts: readonly string[];
}

const KINDS: readonly SourceKind[] = ['c', 'assembly', 'rust'];
const NO_EXTRAS: Extras = { sources: [], aliases: NO_ALIASES, registrations: NO_REGISTRATIONS, parts: [] };

/** Numbers of each file: size, bits, and includes. */
const COLUMNS = 3;
const [SIZE, BITS, INCLUDES] = [0, 1, 2] as const;
const KIND_BITS = 3;
const TRACE_POINTS = 4;
const WHOLE = 8;
const REGISTRATIONS = 16;

const HAS_FACTS = 1;
const HAS_ALIASES = 2;
const HAS_REGISTRATIONS = 4;

/** Paths and versions stand in one text each. */
const SEPARATOR = '\n';

/** Two entries: the answers, which each run reads, and the files, which only who reads sources wants to know. */
export interface PackedSources {
  readonly answers: Uint8Array;
  readonly files: Uint8Array;
}

/** Cached answers. */
export interface CachedAnswers {
  /** The fingerprint of the files that they depend on. */
  readonly digest: string;
  /** By the digest of the list. */
  readonly byList: ReadonlyMap<string, SourceAnswer>;
}

/**
 * Reads `PackedSources.answers`.
 * @param bytes what `packSources` of this very program packed
 * @throws RangeError where they are not whole
 */
export function unpackAnswers(bytes: Uint8Array): CachedAnswers {
  const from = new Unpacker(bytes);
  return { digest: from.text(), byList: unpackLists(from) };
}

/**
 * The files, by their numbers. Thousands of them are unpacked, most only to be compared with what they are now: so they
 * are columns of numbers, and become objects one by one.
 */
export class SourceTable {
  /** Their fingerprint. */
  readonly digest: string;
  readonly paths: readonly string[];
  /** As `SourcesContent` has them. */
  readonly others: ReadonlyMap<string, string>;
  readonly #versions: readonly string[];
  readonly #numbers: Float64Array;
  readonly #extras = new Map<number, Extras>();

  /**
   * @param bytes `PackedSources.files`, as `packSources` of this very program packed them
   * @throws RangeError where they are not whole
   */
  constructor(bytes: Uint8Array) {
    const from = new Unpacker(bytes);
    this.digest = from.text();
    this.paths = unpackLines(from);
    this.#versions = unpackLines(from);
    const others = unpackLines(from);
    const versions = unpackLines(from);
    this.others = new Map(others.map((path, index) => [path, versions[index]!]));
    this.#numbers = from.doubles(this.paths.length * COLUMNS);
    for (let left = from.int(); left > 0; left--) {
      this.#extras.set(from.int(), {
        sources: unpackTexts(from),
        aliases: unpackTexts(from),
        registrations: unpackTexts(from),
        parts: unpackTexts(from),
      });
    }
  }

  version(index: number): string {
    return this.#versions[index]!;
  }

  file(index: number): SourceFile {
    const row = index * COLUMNS;
    const bits = this.#numbers[row + BITS]!;
    const { sources, aliases, registrations, parts } = this.#extras.get(index) ?? NO_EXTRAS;
    return {
      kind: KINDS[bits & KIND_BITS]!,
      bytes: this.#numbers[row + SIZE]!,
      includes: this.#numbers[row + INCLUDES]!,
      tracePoints: (bits & TRACE_POINTS) !== 0,
      sources,
      aliases: bits & WHOLE ? aliases : null,
      registrations: bits & REGISTRATIONS ? registrations : null,
      parts,
    };
  }
}

/**
 * Packs sources. No path holds a line feed.
 * @param digest the fingerprint of the files
 */
export function packSources({ answers, ...files }: SourcesContent, digest: string): PackedSources {
  const out = new Packer();
  out.text(digest);
  packLists(out, answers);
  return { answers: out.bytes(), files: packFiles(files, digest) };
}

function packFiles({ seen, others }: Omit<SourcesContent, 'answers'>, digest: string): Uint8Array {
  const out = new Packer();
  out.text(digest);
  const paths = [...seen.keys()];
  packLines(out, paths);
  packLines(
    out,
    [...seen.values()].map(({ version }) => version),
  );
  packLines(out, [...others.keys()]);
  packLines(out, [...others.values()]);
  const numbers = new Float64Array(paths.length * COLUMNS);
  const extras: [number, SourceFile][] = [];
  paths.forEach((path, index) => {
    const { file } = seen.get(path)!;
    numbers.set([file.bytes, bitsOf(file), file.includes], index * COLUMNS);
    const lists = [file.sources, file.aliases, file.registrations, file.parts];
    if (lists.some((list) => list !== null && list.length > 0)) extras.push([index, file]);
  });
  out.doubles(numbers);
  out.int(extras.length);
  for (const [index, { sources, aliases, registrations, parts }] of extras) {
    out.int(index);
    packTexts(out, sources);
    packTexts(out, aliases ?? NO_ALIASES);
    packTexts(out, registrations ?? NO_REGISTRATIONS);
    packTexts(out, parts);
  }
  return out.bytes();
}

function bitsOf({ kind, tracePoints, aliases, registrations }: SourceFile): number {
  const read = (aliases ? WHOLE : 0) | (registrations ? REGISTRATIONS : 0);
  return KINDS.indexOf(kind) | (tracePoints ? TRACE_POINTS : 0) | read;
}

function packLists(out: Packer, answers: SourcesContent['answers']): void {
  out.int(answers.size);
  for (const [digest, { facts, aliases, registrations }] of answers) {
    out.text(digest);
    out.int(
      (facts ? HAS_FACTS : 0) | (aliases === null ? 0 : HAS_ALIASES) | (registrations === null ? 0 : HAS_REGISTRATIONS),
    );
    if (facts) {
      out.int(facts.length);
      out.doubles(facts);
    }
    if (aliases !== null) out.text(aliases);
    if (registrations !== null) out.text(registrations);
  }
}

function unpackLists(from: Unpacker): Map<string, SourceAnswer> {
  const answers = new Map<string, SourceAnswer>();
  for (let left = from.int(); left > 0; left--) {
    const digest = from.text();
    const has = from.int();
    const facts = has & HAS_FACTS ? from.doubles(from.int()) : null;
    const aliases = has & HAS_ALIASES ? from.text() : null;
    answers.set(digest, { facts, aliases, registrations: has & HAS_REGISTRATIONS ? from.text() : null });
  }
  return answers;
}

function packLines(out: Packer, lines: readonly string[]): void {
  out.int(lines.length);
  if (lines.length > 0) out.text(lines.join(SEPARATOR));
}

function unpackLines(from: Unpacker): readonly string[] {
  const count = from.int();
  const lines = count === 0 ? [] : from.text().split(SEPARATOR);
  if (lines.length !== count) throw new RangeError('cached sources are not whole');
  return lines;
}

function packTexts(out: Packer, texts: readonly string[]): void {
  out.int(texts.length);
  for (const text of texts) out.text(text);
}

function unpackTexts(from: Unpacker): readonly string[] {
  return Array.from({ length: from.int() }, () => from.text());
}
