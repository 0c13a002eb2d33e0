import type { ByteCache, FileSystem } from '../platform/platform.ts';
import { textDigest } from './digest.ts';
import { type FileRecord, recordFiles } from './file-state.ts';
import { type FileCheck, type FileWitness, type KeptList, PlainFileCheck } from './file-witness.ts';
import { opened, sealed } from './sealed.ts';

/** Results of one kind that are kept, those of the trees that were worked on last: each has some megabytes. */
const MAX_KEPT = 6;

/** What a result is of. */
export interface ResultKey {
  /** What sort of result: `kconfig`. */
  readonly kind: string;
  /** The tree's path and the architecture, say: of each place the last result is kept. */
  readonly place: string;
  /** The directory that most files are in. */
  readonly directory: string;
  /** Everything else that the result and its form hang on, beside files: this program's build, environment, options. */
  readonly circumstances: string;
}

/** What an entry says of itself. */
interface Heading {
  readonly key: string;
  /** Of the files that it was read from. */
  readonly digest: string;
  /** Bytes of their list. */
  readonly size: number;
}

/**
 * A result of reading files that is kept between runs. It is given back only where every file it was read from is what
 * it was, and so are the circumstances.
 */
export class KeptResult {
  readonly #cache: ByteCache;
  readonly #fs: FileSystem;
  readonly #check: FileCheck;
  readonly #key: ResultKey;
  readonly #name: string;
  /** The list of its files is an entry of its own: only programs read it that look at them. */
  readonly #listName: string;

  /** @param check tells whether the files are what they were */
  constructor(cache: ByteCache, fs: FileSystem, key: ResultKey, check: FileCheck = new PlainFileCheck(fs)) {
    this.#cache = cache;
    this.#fs = fs;
    this.#check = check;
    this.#key = key;
    const place = textDigest(key.place).slice(0, 16);
    this.#name = `${key.kind}-${place}.bin`;
    this.#listName = `${listKind(key)}-${place}.bin`;
  }

  /** The bytes that were kept; null where there are none, they are damaged, or something has changed. */
  read(): Uint8Array | null {
    const entry = this.#open();
    if (!entry) return null;
    const { heading, result } = entry;
    return this.#check.isUnchanged(this.#list(heading.size), heading.digest) ? result : null;
  }

  /** As `read`, whatever has become of the files. */
  readUnchecked(): Uint8Array | null {
    return this.#open()?.result ?? null;
  }

  /**
   * Keeps a result.
   * @param result in pieces: it may be large
   * @param paths all that it was read from
   * @param startedMs when reading began, in milliseconds since the epoch
   */
  write(result: readonly Uint8Array[], paths: Iterable<string>, startedMs: number): void {
    const record = recordFiles(this.#fs, paths, this.#key.directory, startedMs);
    if (record !== null) this.writeOf(result, record);
  }

  /** As `write`, of files whose state is known. */
  writeOf(result: readonly Uint8Array[], { list, digest }: FileRecord): void {
    const heading: Heading = { key: this.#heading(), digest, size: list.length };
    this.#cache.writeBytes(this.#listName, [list]);
    this.#cache.writeBytes(this.#name, sealed(heading, result));
    for (const kind of [this.#key.kind, listKind(this.#key)]) this.#cache.keepNewest(kind, MAX_KEPT);
  }

  /** Has its files looked at before it is read. */
  foresee(witness: FileWitness): void {
    witness.foresee(this.#list(0));
  }

  #list(size: number): KeptList {
    return {
      path: this.#cache.pathOf(this.#listName),
      directory: this.#key.directory,
      size,
      read: () => {
        const bytes = this.#cache.readBytes(this.#listName);
        return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      },
    };
  }

  #open(): { heading: Heading; result: Uint8Array } | null {
    const bytes = this.#cache.readBytes(this.#name);
    if (!bytes) return null;
    const entry = opened<Heading>(bytes);
    if (entry?.heading.key !== this.#heading()) return null;
    return { heading: entry.heading, result: entry.content };
  }

  #heading(): string {
    const { kind, place, directory, circumstances } = this.#key;
    return JSON.stringify([kind, place, directory, circumstances]);
  }
}

function listKind({ kind }: ResultKey): string {
  return `files-${kind}`;
}
