/** Two results in one entry, of which the second is looked at only where it is needed. */

/** @returns bytes for `splitParts` */
export function joinParts(first: Uint8Array, second: Uint8Array): Uint8Array {
  // Each then starts where 32-bit numbers can be read in place.
  const start = INT + ((first.length + INT - 1) & -INT);
  const joined = new Uint8Array(start + second.length);
  new DataView(joined.buffer).setUint32(0, first.length, true);
  joined.set(first, INT);
  joined.set(second, start);
  return joined;
}

/** What `joinParts` joined. @throws RangeError where the bytes are not whole */
export function splitParts(joined: Uint8Array): readonly [first: Uint8Array, second: Uint8Array] {
  const length = new DataView(joined.buffer, joined.byteOffset, joined.byteLength).getUint32(0, true);
  const start = INT + ((length + INT - 1) & -INT);
  if (start > joined.length) throw new RangeError('packed parts are not whole');
  return [joined.subarray(INT, INT + length), joined.subarray(start)];
}

/** Bytes of a number. */
const INT = 4;
