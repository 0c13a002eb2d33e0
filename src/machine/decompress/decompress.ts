import { gunzipSync } from 'node:zlib';
import { unpackLz4Legacy } from './lz4.ts';
import { DecompressError } from './output.ts';
import { unpackLzma, unpackXz } from './xz.ts';
import { unpackZstd } from './zstd.ts';

/** How something is packed. `bzip2` and `lzo` are recognised but not unpacked. */
export type Packing = 'gzip' | 'xz' | 'zstd' | 'lz4' | 'lzma' | 'bzip2' | 'lzo';

/**
 * The bytes that each packing starts with in a kernel image; the order is the one of the kernel's
 * `scripts/extract-ikconfig`. LZMA has no mark of its own: these are its usual properties and the low bytes of a large
 * dictionary's size.
 */
export const PACKINGS: readonly { readonly packing: Packing; readonly magic: Uint8Array }[] = [
  { packing: 'gzip', magic: Uint8Array.of(0x1f, 0x8b, 0x08) },
  { packing: 'xz', magic: Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00) },
  { packing: 'bzip2', magic: Uint8Array.of(0x42, 0x5a, 0x68) },
  { packing: 'lzma', magic: Uint8Array.of(0x5d, 0x00, 0x00, 0x00) },
  { packing: 'lzo', magic: Uint8Array.of(0x89, 0x4c, 0x5a) },
  { packing: 'lz4', magic: Uint8Array.of(0x02, 0x21, 0x4c, 0x18) },
  { packing: 'zstd', magic: Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd) },
];

/** A .lzma file of any dictionary size. No text starts so. */
const LZMA_FILE = Uint8Array.of(0x5d, 0x00, 0x00);

/** How `bytes` are packed by their first bytes (not by a file's name), or null if they are not. */
export function packingOf(bytes: Uint8Array): Packing | null {
  const starts = (magic: Uint8Array): boolean => magic.every((byte, i) => bytes[i] === byte);
  if (starts(LZMA_FILE)) return 'lzma';
  const found = PACKINGS.find(({ magic }) => starts(magic));
  return found?.packing ?? null;
}

/**
 * Unpacks `bytes`.
 * @param max bytes that may come out at most
 * @param lenient what follows the packed data is left alone (inside a kernel image)
 * @throws DecompressError (the promise is rejected with it)
 */
export async function unpack(packing: Packing, bytes: Uint8Array, max: number, lenient = false): Promise<Uint8Array> {
  switch (packing) {
    case 'gzip':
      return unpackGzip(bytes, max);
    case 'xz':
      return unpackXz(bytes, max);
    case 'lzma':
      return unpackLzma(bytes, max);
    case 'lz4':
      return unpackLz4Legacy(bytes, max);
    case 'zstd':
      return unpackZstd(bytes, max, lenient);
    default:
      throw new DecompressError('unsupported', packing);
  }
}

/**
 * Unpacks gzip; what follows the last member is left alone.
 * @throws DecompressError
 */
export function unpackGzip(bytes: Uint8Array, max: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: max });
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new DecompressError('too-large', `more than ${max} bytes`);
    throw new DecompressError('broken', code === 'Z_BUF_ERROR' ? 'cut short' : String(code));
  }
}
