import type { CacheStore, FileSystem } from '../platform/platform.ts';
import { CacheEntry, type CacheKey, entryName } from './cache-entry.ts';
import { type FilesFingerprint, takeFingerprint } from './fingerprint.ts';
import type { SeenPath } from './traced-file-system.ts';
import { DirectValidator, type FilesValidator, type ListEntry, type SpeculativeValidator } from './validator.ts';

/** Entries of file lists, of any kind. */
const MAX_LISTS = 24;
const LIST_KIND = 'files';

/** A key of a result that was read from files. */
export interface FilesKey extends CacheKey {
  /** The directory that most files are in. */
  readonly directory: string;
}

/** Of the files that a result was read from. */
interface Dependencies {
  /** Their fingerprint. */
  readonly digest: string;
  /** Bytes of their list. */
  readonly size: number;
}

/**
 * A cached result of reading files. It is given back only where every file that it was read from is what it was, and
 * every missing one is missing still.
 */
export class FilesEntry {
  readonly #store: CacheStore;
  readonly #fs: FileSystem;
  readonly #validator: FilesValidator;
  readonly #directory: string;
  readonly #entry: CacheEntry<Dependencies>;
  /** The list of files is stored by itself: only programs that validate it read it. */
  readonly #listName: string;
  /** What `read` found. */
  #dependencies: Dependencies | null = null;
  #wasStale = false;

  constructor(
    store: CacheStore,
    fs: FileSystem,
    { directory, ...key }: FilesKey,
    validator: FilesValidator = new DirectValidator(fs),
  ) {
    this.#store = store;
    this.#fs = fs;
    this.#validator = validator;
    this.#directory = directory;
    this.#entry = new CacheEntry(store, { ...key, circumstances: JSON.stringify([directory, key.circumstances]) });
    this.#listName = entryName({ kind: LIST_KIND, place: `${key.kind} ${key.place}` });
  }

  /** The content; null where there is none, it is damaged, or a file has changed. */
  read(): Uint8Array | null {
    const entry = this.#entry.open();
    if (!entry) return null;
    this.#dependencies = entry.extra;
    const { digest, size } = entry.extra;
    this.#wasStale = !this.#validator.isValid(this.#list(size), digest);
    return this.#wasStale ? null : entry.content;
  }

  /**
   * Waits until it is known whether what `read` gave is valid; until then that may only be assumed.
   * @returns false where a file has changed
   */
  async confirm(): Promise<boolean> {
    if (this.#dependencies === null) return true;
    const { digest, size } = this.#dependencies;
    this.#wasStale ||= !(await this.#validator.confirm(this.#list(size), digest));
    return !this.#wasStale;
  }

  /** Whether there is one of which a file has changed, as `read` or `confirm` found. */
  get wasStale(): boolean {
    return this.#wasStale;
  }

  /** As `read`, whatever has become of the files. */
  readStale(): Uint8Array | null {
    return this.#entry.open()?.content ?? null;
  }

  /**
   * @param content in pieces: it may be large
   * @param seen all that it was read from, missing files included
   * @param startedMs when reading began, in milliseconds since the epoch
   */
  write(content: readonly Uint8Array[], seen: ReadonlyMap<string, SeenPath>, startedMs: number): void {
    const fingerprint = takeFingerprint(this.#fs, seen, this.#directory, startedMs);
    if (fingerprint !== null) this.writeWith(content, fingerprint);
  }

  /** As `write`, with a fingerprint that was taken before. */
  writeWith(content: readonly Uint8Array[], { list, digest }: FilesFingerprint): void {
    this.#store.write(this.#listName, [list]);
    this.#store.keepNewest(LIST_KIND, MAX_LISTS);
    this.#entry.write(content, { digest, size: list.length });
  }

  /** Has the files validated before the entry is read. */
  prefetch(validator: SpeculativeValidator): void {
    validator.prefetch(this.#list(this.#store.read(this.#listName)?.length ?? 0));
  }

  #list(size: number): ListEntry {
    return {
      path: this.#store.pathOf(this.#listName),
      directory: this.#directory,
      size,
      read: () => this.#store.read(this.#listName),
    };
  }
}
