/** What was seen of sources, as it is kept between runs: each with the state that its file was in. */
import { Packer, Unpacker } from '../cache/packed.ts';
import type { FileStat } from '../platform/platform.ts';
import { NO_ALIASES, type SourceFile, type SourceKind } from './source-facts.ts';

/** A file, with what it was right before it was read. */
export interface SeenSource {
  readonly state: FileStat;
  readonly file: SourceFile;
}

/** The aliases of a list of units, and what they hang on beside the kept files. */
export interface KeptAnswer {
  /** From `writeAliasAnswer`. */
  readonly text: string;
  /** Sources that were looked for and not there. */
  readonly absent: readonly string[];
}

/** What few files have. */
interface Extras {
  readonly sources: readonly string[];
  readonly aliases: readonly string[];
}

const KINDS: readonly SourceKind[] = ['c', 'assembly', 'rust'];
const NO_EXTRAS: Extras = { sources: [], aliases: NO_ALIASES };

/** Numbers of each file: size, time of change, time of change of its inode, bits, and includes. */
const COLUMNS = 5;
const [SIZE, MTIME, CTIME, BITS, INCLUDES] = [0, 1, 2, 3, 4];
const KIND_BITS = 3;
const TRACE_POINTS = 4;
const WHOLE = 8;

/** Paths and identities stand in one text each. */
const SEPARATOR = '\n';

/**
 * Kept sources. Thousands of them are unpacked in every run, most only to be held against their files: so they are
 * columns of numbers, and become objects one by one.
 */
export class KeptSources {
  readonly paths: readonly string[];
  /** By the digest of the list; of nothing but these files, as they were, and of files that were not there. */
  readonly answers: ReadonlyMap<string, KeptAnswer>;
  readonly #identities: readonly string[];
  readonly #numbers: Float64Array;
  readonly #extras = new Map<number, Extras>();

  /**
   * @param bytes what `packSources` of this very program packed
   * @throws RangeError where they are not whole
   */
  constructor(bytes: Uint8Array) {
    const from = new Unpacker(bytes);
    const count = from.int();
    this.paths = count === 0 ? [] : from.text().split(SEPARATOR);
    this.#identities = count === 0 ? [] : from.text().split(SEPARATOR);
    this.#numbers = from.doubles(count * COLUMNS);
    if (this.paths.length !== count) throw new RangeError('kept sources are not whole');
    for (let left = from.int(); left > 0; left--) {
      this.#extras.set(from.int(), { sources: unpackTexts(from), aliases: unpackTexts(from) });
    }
    const answers = new Map<string, KeptAnswer>();
    for (let left = from.int(); left > 0; left--) {
      answers.set(from.text(), { text: from.text(), absent: unpackTexts(from) });
    }
    this.answers = answers;
  }

  /** Whether a file is what it was. */
  isSame(index: number, found: FileStat): boolean {
    const row = index * COLUMNS;
    const numbers = this.#numbers;
    return (
      numbers[row + MTIME!] === found.mtimeMs &&
      numbers[row + CTIME!] === found.ctimeMs &&
      numbers[row + SIZE!] === found.size &&
      this.#identities[index] === found.identity
    );
  }

  file(index: number): SourceFile {
    const row = index * COLUMNS;
    const bits = this.#numbers[row + BITS!]!;
    const { sources, aliases } = this.#extras.get(index) ?? NO_EXTRAS;
    return {
      kind: KINDS[bits & KIND_BITS]!,
      bytes: this.#numbers[row + SIZE!]!,
      includes: this.#numbers[row + INCLUDES!]!,
      tracePoints: (bits & TRACE_POINTS) !== 0,
      sources,
      aliases: bits & WHOLE ? aliases : null,
    };
  }

  /** The file, and the state that it was in. */
  seen(index: number): SeenSource {
    const row = index * COLUMNS;
    const state = {
      isFile: true,
      isDirectory: false,
      size: this.#numbers[row + SIZE!]!,
      mtimeMs: this.#numbers[row + MTIME!]!,
      ctimeMs: this.#numbers[row + CTIME!]!,
      identity: this.#identities[index]!,
      mode: 0,
    };
    return { state, file: this.file(index) };
  }
}

/**
 * Packs sources for `KeptSources`.
 * @param seen by path
 * @param answers by the digest of the list
 */
export function packSources(
  seen: ReadonlyMap<string, SeenSource>,
  answers: ReadonlyMap<string, KeptAnswer>,
): Uint8Array {
  const paths = [...seen.keys()].filter((path) => !path.includes(SEPARATOR));
  const identities: string[] = [];
  const numbers = new Float64Array(paths.length * COLUMNS);
  const extras: [number, SourceFile][] = [];
  paths.forEach((path, index) => {
    const { state, file } = seen.get(path)!;
    identities.push(state.identity);
    const bits = KINDS.indexOf(file.kind) | (file.tracePoints ? TRACE_POINTS : 0) | (file.aliases ? WHOLE : 0);
    numbers.set([state.size, state.mtimeMs, state.ctimeMs, bits, file.includes], index * COLUMNS);
    if (file.sources.length > 0 || (file.aliases?.length ?? 0) > 0) extras.push([index, file]);
  });
  const out = new Packer();
  out.int(paths.length);
  if (paths.length > 0) {
    out.text(paths.join(SEPARATOR));
    out.text(identities.join(SEPARATOR));
  }
  out.doubles(numbers);
  out.int(extras.length);
  for (const [index, { sources, aliases }] of extras) {
    out.int(index);
    packTexts(out, sources);
    packTexts(out, aliases ?? NO_ALIASES);
  }
  out.int(answers.size);
  for (const [digest, { text, absent }] of answers) {
    out.text(digest);
    out.text(text);
    packTexts(out, absent);
  }
  return out.bytes();
}

function packTexts(out: Packer, texts: readonly string[]): void {
  out.int(texts.length);
  for (const text of texts) out.text(text);
}

function unpackTexts(from: Unpacker): readonly string[] {
  return Array.from({ length: from.int() }, () => from.text());
}
