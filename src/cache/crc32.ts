import * as zlib from 'node:zlib';
import crc32InScript from 'crc-32';

/**
 * The CRC-32 of bytes, from 0 to 0xffffffff. zlib's own is there from Node 20.15 on.
 * @param before the CRC-32 of what stands before them
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  return typeof zlib.crc32 === 'function' ? zlib.crc32(bytes, before) : crc32InScript.buf(bytes, before) >>> 0;
}
