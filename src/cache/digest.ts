import { createHash } from 'node:crypto';

/** A text's SHA-256 in hexadecimal digits: no other text has it. */
export function textDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
