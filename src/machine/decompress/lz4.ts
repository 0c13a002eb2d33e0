import { DecompressError, Output } from './output.ts';

/** Largest block of the legacy format once unpacked, in bytes. */
const LEGACY_BLOCK = 8 * 1024 * 1024;
const HEADER_SIZE = 4;

/**
 * Unpacks LZ4's legacy format, the one in which kernels are packed (`lz4 -l`). Decoders on npm read the later format; of
 * lz4js the block decoder alone could serve, but it does not see where a damaged block reads or writes out of bounds.
 * @param bytes starts with the file; it ends before the first block that can't be one (kernels append their size)
 * @param max bytes that may come out at most
 * @throws DecompressError
 */
export function unpackLz4Legacy(bytes: Uint8Array, max: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const output = new Output(max);
  let at = HEADER_SIZE;
  while (at + 4 <= bytes.length) {
    const size = view.getUint32(at, true);
    const full = output.length % LEGACY_BLOCK === 0;
    if (!full || size === 0 || at + 4 + size > bytes.length) break;
    unpackBlock(bytes, at + 4, at + 4 + size, output);
    at += 4 + size;
  }
  if (output.length === 0) throw new DecompressError('broken', 'cut short');
  return output.result();
}

function broken(): DecompressError {
  return new DecompressError('broken', 'LZ4 block');
}

/** One block (`lz4_Block_format.md`): literals and a match in turn, the last sequence without its match. */
function unpackBlock(bytes: Uint8Array, start: number, end: number, output: Output): void {
  const blockStart = output.length;
  let at = start;
  const longer = (length: number): number => {
    let total = length;
    for (let byte = 255; byte === 255; total += byte) {
      if (at >= end) throw broken();
      byte = bytes[at++]!;
    }
    return total;
  };
  while (at < end) {
    const token = bytes[at++]!;
    const literals = token >> 4 === 15 ? longer(15) : token >> 4;
    if (at + literals > end) throw broken();
    output.append(bytes.subarray(at, at + literals));
    at += literals;
    if (at === end) break;
    if (at + 2 > end) throw broken();
    const distance = bytes[at]! | (bytes[at + 1]! << 8);
    at += 2;
    const length = ((token & 15) === 15 ? longer(15) : token & 15) + 4;
    if (distance === 0 || distance > output.length - blockStart) throw broken();
    output.reserve(length);
    const into = output.bytes;
    const matchEnd = output.length + length;
    for (let to = output.length; to < matchEnd; to++) into[to] = into[to - distance]!;
    output.length = matchEnd;
  }
  if (output.length - blockStart > LEGACY_BLOCK) throw broken();
}
