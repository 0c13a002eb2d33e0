import { crc32 } from 'node:zlib';
import type { ByteCache } from '../platform/platform.ts';
import { opened, sealed } from './sealed.ts';

/** Entries that are kept, those that were written last: each command has one of a megabyte or two. */
const MAX_KEPT = 12;

/** What an entry says of itself. */
interface Heading {
  readonly key: string;
  readonly isSettled: boolean;
}

/** What a compiler made of a file of this program. */
export interface CompiledCode {
  readonly bytes: Uint8Array;
  /** Whether it was made by a run that is as later ones will be: it has the functions that they need. */
  readonly isSettled: boolean;
}

/**
 * Compiled code that is kept between runs. The compiler takes what it is given on trust, so an entry is given back only
 * as it was written, and only to the user who wrote it.
 */
export class KeptCode {
  readonly #cache: ByteCache;
  readonly #key: string;
  readonly #name: string;

  /** @param circumstances everything that the code hangs on: the file, the compiler and its settings */
  constructor(cache: ByteCache, circumstances: readonly unknown[]) {
    this.#cache = cache;
    this.#key = JSON.stringify(circumstances);
    this.#name = `code-${crc32(this.#key).toString(16).padStart(8, '0')}.bin`;
  }

  /** Null where there is none, or it is damaged or of something else. */
  read(): CompiledCode | null {
    const bytes = this.#cache.readOwnBytes(this.#name);
    const entry = bytes && opened<Heading>(bytes);
    if (entry?.heading.key !== this.#key) return null;
    return { bytes: entry.content, isSettled: entry.heading.isSettled };
  }

  write({ bytes, isSettled }: CompiledCode): void {
    const heading: Heading = { key: this.#key, isSettled };
    this.#cache.writeBytes(this.#name, sealed(heading, [bytes]));
    this.#cache.keepNewest('code', MAX_KEPT);
  }
}
