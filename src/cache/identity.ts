/**
 * A name in front of what is kept, which nothing else has: what is made of it and kept as well is kept for that name,
 * and never taken for something made of what took its place.
 */
import { createHash } from 'node:crypto';

/** Digits of an identity: what stands behind them begins where 32-bit numbers can be read in place. */
const LENGTH = 64;

/** @returns bytes for `splitIdentity` */
export function withIdentity(content: Uint8Array): Uint8Array {
  const identity = createHash('sha256').update(content).digest('hex');
  return Buffer.concat([Buffer.from(identity, 'latin1'), content]);
}

/** What `withIdentity` put together. */
export function splitIdentity(bytes: Uint8Array): { readonly identity: string; readonly content: Uint8Array } {
  return { identity: Buffer.from(bytes.subarray(0, LENGTH)).toString('latin1'), content: bytes.subarray(LENGTH) };
}
