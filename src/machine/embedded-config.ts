import { PACKINGS, type Packing, unpack, unpackGzip } from './decompress/decompress.ts';
import { DecompressError } from './decompress/output.ts';

/** Largest configuration text that is accepted, unpacked, in bytes (an allmodconfig has about 0.4 MB). */
export const MAX_CONFIG_BYTES = 16 * 1024 * 1024;
/** Largest kernel image once unpacked, in bytes. */
export const MAX_IMAGE_BYTES = 512 * 1024 * 1024;
/** The same of one that does not begin as kernels do (a boot image, a raw one). */
export const MAX_OTHER_IMAGE_BYTES = 128 * 1024 * 1024;
/** Places in one image that look packed in one way and are tried at most; code can hold such bytes by chance. */
const MAX_TRIES = 16;

/** What CONFIG_IKCONFIG puts around its gzipped .config (`kernel/configs.c`). */
const START_MARK = Buffer.from('IKCFG_ST\x1f\x8b\x08', 'latin1');
const START_MARK_TEXT = 8;
const END_MARK = Buffer.from('IKCFG_ED', 'latin1');

/**
 * The configuration that a kernel image holds (`scripts/extract-ikconfig`): in the clear, or in a packed kernel inside.
 * @param image vmlinux, bzImage, vmlinuz, configs.ko and the like
 * @returns null where there is none that can be read
 */
export async function embeddedConfig(image: Uint8Array): Promise<Uint8Array | null> {
  const plain = markedConfig(image);
  if (plain) return plain;
  const bytes = asBuffer(image);
  for (const { packing, magic } of PACKINGS) {
    let at = bytes.indexOf(magic);
    for (let tries = 0; at >= 0 && tries < MAX_TRIES; tries++) {
      const inner = await unpackOrNull(packing, image.subarray(at));
      const found = inner && markedConfig(inner);
      if (found) return found;
      at = bytes.indexOf(magic, at + 1);
    }
  }
  return null;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The text between the marks. */
function markedConfig(image: Uint8Array): Uint8Array | null {
  const bytes = asBuffer(image);
  for (let at = bytes.indexOf(START_MARK); at >= 0; at = bytes.indexOf(START_MARK, at + 1)) {
    const start = at + START_MARK_TEXT;
    const end = bytes.indexOf(END_MARK, start);
    try {
      return unpackGzip(bytes.subarray(start, end < 0 ? bytes.length : end), MAX_CONFIG_BYTES);
    } catch {
      // A program that looks for the mark holds it too.
    }
  }
  return null;
}

async function unpackOrNull(packing: Packing, bytes: Uint8Array): Promise<Uint8Array | null> {
  try {
    return await unpack(packing, bytes, MAX_IMAGE_BYTES, true);
  } catch (error) {
    if (error instanceof DecompressError) return null;
    throw error;
  }
}
