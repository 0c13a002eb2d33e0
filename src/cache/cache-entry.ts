import type { CacheStore } from '../platform/platform.ts';
import { crc32 } from './crc32.ts';
import { textDigest } from './digest.ts';

/** Of the form of all entries. An entry of another one counts as missing. */
const FORMAT = 1;

/** Entries of one kind: those that were written or used last. The largest have some megabytes. */
const MAX_ENTRIES = 6;

/** An entry: two numbers, the checksum of all behind it and the length of the heading; the heading; the content. */
const [SUM, LENGTH, HEAD] = [0, 4, 8] as const;

/** What an entry is of. */
export interface CacheKey {
  /** What sort of result: `kconfig`. */
  readonly kind: string;
  /** The tree's path and the architecture, say: each place has one entry. */
  readonly place: string;
  /** Everything else that the content and its form depend on, beside files: this program's build, options. */
  readonly circumstances: string;
}

/** What an entry says of itself. */
interface Heading<Extra> {
  readonly format: number;
  readonly key: CacheKey;
  readonly extra: Extra;
}

/** An entry that is as it was written. */
interface OpenedEntry<Extra> {
  readonly extra: Extra;
  readonly content: Uint8Array;
}

/**
 * Something that is cached between runs. It is given back only as it was written, under the same key.
 * @typeParam Extra what else is written down with the content: what JSON can hold
 */
export class CacheEntry<Extra = null> {
  readonly #store: CacheStore;
  readonly #key: CacheKey;
  readonly #name: string;
  readonly #count: number;

  /** @param count how many of its kind there may be */
  constructor(store: CacheStore, key: CacheKey, count = MAX_ENTRIES) {
    this.#count = count;
    this.#store = store;
    this.#key = key;
    this.#name = entryName(key);
  }

  /** Null where there is no entry, or one that is damaged, of another form or of something else. */
  open(): OpenedEntry<Extra> | null {
    const bytes = this.#store.read(this.#name);
    if (!bytes) return null;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (buffer.length < HEAD || buffer.readUInt32LE(SUM) !== crc32(buffer.subarray(LENGTH))) return null;
    const head = HEAD + buffer.readUInt32LE(LENGTH);
    const heading = parsed(buffer.toString('utf8', HEAD, head)) as Heading<Extra> | null;
    if (heading?.format !== FORMAT || JSON.stringify(heading.key) !== JSON.stringify(this.#key)) return null;
    return { extra: heading.extra, content: buffer.subarray(head) };
  }

  /** The content as `writeJson` wrote it; null as with `open`. Whether it has the form that is expected is not known. */
  readJson(): unknown {
    const entry = this.open();
    return entry && parsed(Buffer.from(entry.content).toString('utf8'));
  }

  /** @param content in pieces: it may be large */
  write(content: readonly Uint8Array[], extra: Extra): void {
    const text = JSON.stringify({ format: FORMAT, key: this.#key, extra } satisfies Heading<Extra>);
    const heading = Buffer.from(text, 'utf8');
    // The content then starts where 32-bit numbers can be read in place.
    const head = Buffer.concat([Buffer.alloc(HEAD), heading, Buffer.alloc(-heading.length & 3, ' ')]);
    head.writeUInt32LE(head.length - HEAD, LENGTH);
    const sum = content.reduce((before, part) => crc32(part, before), crc32(head.subarray(LENGTH)));
    head.writeUInt32LE(sum, SUM);
    this.#store.write(this.#name, [head, ...content]);
    this.#store.keepNewest(this.#key.kind, this.#count);
  }

  /** Has an entry that is there count as written now: those of its kind that were written before it go first. */
  use(): void {
    this.#store.use(this.#name);
  }

  writeJson(content: unknown, extra: Extra): void {
    this.write([Buffer.from(JSON.stringify(content), 'utf8')], extra);
  }
}

/** The name that an entry is stored under. */
export function entryName({ kind, place }: Pick<CacheKey, 'kind' | 'place'>): string {
  return `${kind}-${textDigest(place).slice(0, 16)}.bin`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
