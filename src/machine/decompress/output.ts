/** A stream that is not what its format says: broken, cut, or of a kind that is not read. */
export class DecompressError extends Error {
  override readonly name = 'DecompressError';
  /** `broken`: damaged or cut; `unsupported`: valid, but with something that is not read; `too-large`: over the limit. */
  readonly kind: 'broken' | 'unsupported' | 'too-large';

  constructor(kind: 'broken' | 'unsupported' | 'too-large', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** First size of the buffer, in bytes. */
const FIRST_SIZE = 64 * 1024;

/** Bytes that come out of a decoder, in one growing buffer: the decoders look back into it for their matches. */
export class Output {
  bytes: Uint8Array = new Uint8Array(FIRST_SIZE);
  length = 0;
  readonly #max: number;

  /** @param max how many bytes there may be at most; a decompression bomb ends here */
  constructor(max: number) {
    this.#max = max;
  }

  /**
   * Makes room for `more` bytes at `length`.
   * @throws DecompressError `too-large`
   */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed > this.#max) throw new DecompressError('too-large', `more than ${this.#max} bytes`);
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.min(this.#max, Math.max(needed, this.bytes.length * 2)));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  append(chunk: Uint8Array): void {
    this.reserve(chunk.length);
    this.bytes.set(chunk, this.length);
    this.length += chunk.length;
  }

  /** What has come out so far. */
  result(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}
