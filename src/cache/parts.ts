/** Two results in one entry, of which the second is looked at only where it is needed. */

/** @returns what `splitParts` splits when it stands in one piece */
export function joinParts(first: Uint8Array, second: Uint8Array): readonly Uint8Array[] {
  const length = new Uint8Array(INT);
  new DataView(length.buffer).setUint32(0, first.length, true);
  // Each then starts where 32-bit numbers can be read in place.
  return [length, first, new Uint8Array(-first.length & (INT - 1)), second];
}

/** The two that `joinParts` joined. @throws RangeError where the bytes are not whole */
export function splitParts(joined: Uint8Array): readonly [first: Uint8Array, second: Uint8Array] {
  const length = new DataView(joined.buffer, joined.byteOffset, joined.byteLength).getUint32(0, true);
  const start = INT + ((length + INT - 1) & -INT);
  if (start > joined.length) throw new RangeError('packed parts are not whole');
  return [joined.subarray(INT, INT + length), joined.subarray(start)];
}

/** Bytes of a number. */
const INT = 4;
