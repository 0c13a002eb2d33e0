import { createHash } from 'node:crypto';
import type { ByteCache, FileSystem } from '../platform/platform.ts';
import { isUnchanged, recordFiles } from './file-trace.ts';

/** Results of one kind that are kept, those of the trees that were worked on last: each has some megabytes. */
const MAX_KEPT = 6;

/** An entry: the checksum of the rest in hexadecimal digits, the length of what it is of, that, and the result. */
const SUM = 64;
const HEAD = SUM + 4;

/** What a result is of. */
export interface ResultKey {
  /** What sort of result: `kconfig`. */
  readonly kind: string;
  /** The tree's path and the architecture, say: of each place the last result is kept. */
  readonly place: string;
  /** Everything else that the result and its form hang on, beside files: this program's build, environment, options. */
  readonly circumstances: string;
}

/**
 * A result of reading files that is kept between runs. It is given back only where every file it was read from is what
 * it was, and so are the circumstances.
 */
export class KeptResult {
  readonly #cache: ByteCache;
  readonly #fs: FileSystem;
  readonly #key: ResultKey;
  readonly #name: string;

  constructor(cache: ByteCache, fs: FileSystem, key: ResultKey) {
    this.#cache = cache;
    this.#fs = fs;
    this.#key = key;
    this.#name = `${key.kind}-${digest(key.place).slice(0, 16)}.bin`;
  }

  /** The bytes that were kept; null where there are none, they are damaged, or something has changed. */
  read(): Uint8Array | null {
    const bytes = this.#cache.readBytes(this.#name);
    if (!bytes) return null;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (buffer.length < HEAD || buffer.toString('latin1', 0, SUM) !== digest(buffer.subarray(SUM))) return null;
    const head = HEAD + buffer.readUInt32LE(SUM);
    const [heading, record] = JSON.parse(buffer.toString('utf8', HEAD, head)) as [string, string];
    if (heading !== this.#heading() || !isUnchanged(this.#fs, record)) return null;
    return buffer.subarray(head);
  }

  /**
   * Keeps a result.
   * @param paths all that it was read from
   * @param startedMs when reading began, in milliseconds since the epoch
   */
  write(result: Uint8Array, paths: Iterable<string>, startedMs: number): void {
    const record = recordFiles(this.#fs, paths, startedMs);
    if (record === null) return;
    const heading = Buffer.from(JSON.stringify([this.#heading(), record]), 'utf8');
    // The result then starts where 32-bit numbers can be read in place.
    const head = Buffer.concat([heading, Buffer.alloc(-heading.length & 3, ' ')]);
    const entry = Buffer.alloc(HEAD + head.length + result.length);
    entry.writeUInt32LE(head.length, SUM);
    entry.set(head, HEAD);
    entry.set(result, HEAD + head.length);
    entry.write(digest(entry.subarray(SUM)), 'latin1');
    this.#cache.writeBytes(this.#name, entry);
    this.#cache.keepNewest(this.#key.kind, MAX_KEPT);
  }

  #heading(): string {
    const { kind, place, circumstances } = this.#key;
    return JSON.stringify([kind, place, circumstances]);
  }
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
