/**
 * A name in front of what is kept, which nothing else has: what is made of it and kept as well is kept for that name,
 * and never taken for something made of what took its place.
 */
import { createHash } from 'node:crypto';

/** Digits of an identity: what stands behind them begins where 32-bit numbers can be read in place. */
const LENGTH = 64;

/** @returns what `splitIdentity` splits when it stands in one piece */
export function withIdentity(content: readonly Uint8Array[]): readonly Uint8Array[] {
  const hash = createHash('sha256');
  for (const part of content) hash.update(part);
  return [Buffer.from(hash.digest('hex'), 'latin1'), ...content];
}

/** What `withIdentity` put together. */
export function splitIdentity(bytes: Uint8Array): { readonly identity: string; readonly content: Uint8Array } {
  return { identity: Buffer.from(bytes.subarray(0, LENGTH)).toString('latin1'), content: bytes.subarray(LENGTH) };
}
