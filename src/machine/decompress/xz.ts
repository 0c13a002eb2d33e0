import { createHash } from 'node:crypto';
import { crc32 } from '../../cache/crc32.ts';
import { checkFilter, undoFilter } from './bcj.ts';
import { LzmaDecoder, type LzmaProperties, lzmaProperties } from './lzma.ts';
import { DecompressError, Output } from './output.ts';

/**
 * .xz after `xz-file-format.txt`: streams of blocks, each of them LZMA2 under up to three branch filters. Written here
 * because no decoder on npm reads the kernel images of the tests: xz-decompress (0.2.3) and the rust of @napi-rs/lzma
 * (1.5) refuse the branch filters that kernels are packed with and bytes behind the stream; xz-compat (1.2) looks for the
 * index at the end of the file, which is none in an image, and verifies no checksum; node-liblzma is LGPL-3.0, and its
 * WebAssembly (4.0) does not start. None bounds what comes out.
 */

const LZMA2 = 0x21;
const HEADER_SIZE = 12;
/** Bytes of the check after each block, by its number in the stream header. */
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const CHECK_CRC32 = 1;
const CHECK_CRC64 = 4;
const CHECK_SHA256 = 10;

interface Filter {
  readonly id: number;
  readonly properties: Uint8Array;
}

/**
 * Unpacks .xz.
 * @param bytes starts with an .xz stream; more streams may follow, and anything else after them is left alone
 * @param max bytes that may come out at most
 * @throws DecompressError
 */
export function unpackXz(bytes: Uint8Array, max: number): Uint8Array {
  const output = new Output(max);
  let at = readStream(bytes, 0, output);
  for (;;) {
    while (at + 4 <= bytes.length && bytes[at] === 0 && bytes[at + 1] === 0) at += 4;
    if (!isXz(bytes, at)) return output.result();
    at = readStream(bytes, at, output);
  }
}

function isXz(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xfd && bytes[at + 1] === 0x37 && bytes[at + 2] === 0x7a && bytes[at + 3] === 0x58;
}

function broken(what: string): DecompressError {
  return new DecompressError('broken', what);
}

function read32(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw broken('cut short');
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** One stream; returns where it ends. */
function readStream(bytes: Uint8Array, start: number, output: Output): number {
  if (start + HEADER_SIZE > bytes.length) throw broken('cut short');
  if (crc32(bytes.subarray(start + 6, start + 8)) !== read32(bytes, start + 8)) throw broken('stream header');
  const check = bytes[start + 7]! & 0x0f;
  let at = start + HEADER_SIZE;
  let blocks = 0;
  while (bytes[at] !== 0) {
    at = readBlock(bytes, at, check, output);
    blocks++;
  }
  return readIndex(bytes, at, blocks) + HEADER_SIZE;
}

/** The list of blocks at a stream's end. Its size is what matters here: each block has its own sizes already. */
function readIndex(bytes: Uint8Array, start: number, blocks: number): number {
  const reader = new Reader(bytes, start + 1);
  if (reader.number() !== blocks) throw broken('index');
  for (let i = 0; i < blocks * 2; i++) reader.number();
  const padded = reader.at + ((4 - ((reader.at - start) & 3)) & 3);
  if (crc32(bytes.subarray(start, padded)) !== read32(bytes, padded)) throw broken('index');
  if (padded + 4 + HEADER_SIZE > bytes.length) throw broken('cut short');
  return padded + 4;
}

/** Reads the format's numbers: seven bits a byte, lowest first. */
class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  number(): number {
    let value = 0;
    for (let i = 0; i < 9; i++) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw broken('cut short');
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw broken('number too long');
  }
}

/** One block; returns where the next thing starts. */
function readBlock(bytes: Uint8Array, start: number, check: number, output: Output): number {
  const length = bytes[start];
  if (length === undefined) throw broken('cut short');
  const headerEnd = start + (length + 1) * 4;
  if (crc32(bytes.subarray(start, headerEnd - 4)) !== read32(bytes, headerEnd - 4)) throw broken('block header');
  const filters = readFilters(bytes, start, headerEnd - 4);
  if (filters.at(-1)?.id !== LZMA2) throw new DecompressError('unsupported', 'a block without LZMA2');
  const branchFilters = filters.slice(0, -1);
  for (const filter of branchFilters) checkFilter(filter.id, filter.properties);

  const from = output.length;
  const dataEnd = unpackLzma2(bytes, headerEnd, output);
  const block = output.bytes.subarray(from, output.length);
  for (const filter of branchFilters.reverse()) undoFilter(filter.id, filter.properties, block);

  const checkAt = dataEnd + ((4 - ((dataEnd - headerEnd) & 3)) & 3);
  const end = checkAt + CHECK_SIZES[check]!;
  if (end > bytes.length) throw broken('cut short');
  verify(check, block, bytes.subarray(checkAt, end));
  return end;
}

function readFilters(bytes: Uint8Array, start: number, end: number): Filter[] {
  const flags = bytes[start + 1]!;
  const reader = new Reader(bytes.subarray(0, end), start + 2);
  if (flags & 0x40) reader.number();
  if (flags & 0x80) reader.number();
  const filters: Filter[] = [];
  for (let i = 0; i <= (flags & 3); i++) {
    const id = reader.number();
    const size = reader.number();
    if (reader.at + size > end) throw broken('filter properties');
    filters.push({ id, properties: bytes.subarray(reader.at, reader.at + size) });
    reader.at += size;
  }
  return filters;
}

function verify(check: number, block: Uint8Array, expected: Uint8Array): void {
  let sum: Uint8Array;
  if (check === CHECK_CRC32) sum = littleEndian([crc32(block)]);
  else if (check === CHECK_CRC64) sum = littleEndian(crc64(block));
  else if (check === CHECK_SHA256) sum = createHash('sha256').update(block).digest();
  else return;
  if (Buffer.compare(sum, expected) !== 0) throw broken('checksum');
}

function littleEndian(words: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, i) => {
    bytes.writeUInt32LE(word >>> 0, i * 4);
  });
  return bytes;
}

/** CRC-64 (ECMA-182, reflected), as two halves: low, high. */
function crc64(bytes: Uint8Array): [number, number] {
  const lowTable = new Int32Array(256);
  const highTable = new Int32Array(256);
  for (let i = 0; i < 256; i++) {
    let low = i;
    let high = 0;
    for (let bit = 0; bit < 8; bit++) {
      const odd = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (odd) {
        low ^= 0xd7870f42;
        high ^= 0xc96c5795;
      }
    }
    lowTable[i] = low;
    highTable[i] = high;
  }
  let low = -1;
  let high = -1;
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ lowTable[index]!;
    high = (high >>> 8) ^ highTable[index]!;
  }
  return [~low, ~high];
}

/** LZMA2: LZMA in chunks of up to 2 MiB, or stored ones. Returns where it ends. */
function unpackLzma2(bytes: Uint8Array, start: number, output: Output): number {
  let at = start;
  let decoder: LzmaDecoder | null = null;
  for (;;) {
    const control = bytes[at++];
    if (control === undefined) throw broken('cut short');
    if (control === 0) return at;
    const size = ((bytes[at]! << 8) | bytes[at + 1]!) + 1;
    at += 2;
    if (control < 0x80) {
      if (control > 2 || (control === 2 && !decoder)) throw broken('LZMA2 chunk');
      decoder ??= new LzmaDecoder(output, lzmaProperties(0));
      if (control === 1) decoder.resetDictionary();
      if (at + size > bytes.length) throw broken('cut short');
      output.append(bytes.subarray(at, at + size));
      at += size;
      continue;
    }
    const packed = ((bytes[at]! << 8) | bytes[at + 1]!) + 1;
    at += 2;
    const properties: LzmaProperties | undefined = control >= 0xc0 ? lzmaProperties(bytes[at++] ?? 0xff) : undefined;
    if (!decoder) {
      if (control < 0xe0 || !properties) throw broken('LZMA2 starts without its properties');
      decoder = new LzmaDecoder(output, properties);
    } else if (control >= 0xa0) {
      if (control >= 0xe0) decoder.resetDictionary();
      decoder.reset(properties);
    }
    if (at + packed > bytes.length) throw broken('cut short');
    decoder.decode(bytes, at, at + packed, size + (control & 0x1f) * 0x10000);
    at += packed;
  }
}

/** Bytes before the packed data of a .lzma file: properties, dictionary size, unpacked size. */
const LZMA_HEADER_SIZE = 13;

/**
 * Unpacks .lzma, the format before .xz. It needs no more than the decoder that .xz has as well; lzma1, lzma and js-lzma
 * have one that cannot go on from chunk to chunk, as LZMA2 does, and do not bound what comes out.
 * @param bytes starts with the file; anything after its end is left alone
 * @param max bytes that may come out at most
 * @throws DecompressError
 */
export function unpackLzma(bytes: Uint8Array, max: number): Uint8Array {
  if (bytes.length < LZMA_HEADER_SIZE) throw broken('cut short');
  const output = new Output(max);
  const decoder = new LzmaDecoder(output, lzmaProperties(bytes[0]!));
  const low = read32(bytes, 5);
  const high = read32(bytes, 9);
  const unknown = low === 0xffffffff && high === 0xffffffff;
  const size = unknown ? Number.POSITIVE_INFINITY : high * 2 ** 32 + low;
  if (!unknown && size > max) throw new DecompressError('too-large', `more than ${max} bytes`);
  decoder.decode(bytes, LZMA_HEADER_SIZE, bytes.length, size);
  return output.result();
}
