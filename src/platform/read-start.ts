import type { ByteLimit } from './platform.ts';

/** How much is asked for at a time, in bytes; a limit is found by as much. */
const PIECE = 1024 * 1024;

/**
 * Reads from where nothing tells the size beforehand: a pipe, a file of /proc.
 * @param read fills a part of a buffer, as `readSync`; 0 at the end
 * @returns all of it, or where there is more than the limit, one byte more than that
 */
export function readStart(
  read: (into: Uint8Array, offset: number, length: number) => number,
  limit: ByteLimit,
): Uint8Array {
  const pieces: Uint8Array[] = [];
  let most = typeof limit === 'number' ? limit + 1 : Number.POSITIVE_INFINITY;
  for (let total = 0; total < most; total += PIECE) {
    const wanted = Math.min(PIECE, most - total);
    const piece = readPiece(read, wanted);
    pieces.push(piece);
    if (piece.length < wanted) break;
    if (total === 0 && typeof limit !== 'number') most = limit(piece) + 1;
  }
  const [first] = pieces;
  const whole = first && pieces.length === 1 ? first : Buffer.concat(pieces);
  return whole.subarray(0, most);
}

/** As many bytes as there are, up to a size: a pipe gives them in smaller portions. */
function readPiece(read: Parameters<typeof readStart>[0], size: number): Uint8Array {
  const piece = Buffer.allocUnsafe(size);
  let used = 0;
  while (used < size) {
    const got = read(piece, used, size - used);
    if (got === 0) break;
    used += got;
  }
  return piece.subarray(0, used);
}
