import { crc32 } from 'node:zlib';

/** An entry: two numbers, the checksum of all behind it and the length of the heading; the heading; the content. */
const [SUM, LENGTH, HEAD] = [0, 4, 8] as const;

/** An entry that is as it was written. */
export interface Opened<Heading> {
  readonly heading: Heading;
  readonly content: Uint8Array;
}

/**
 * Puts an entry together so that damage shows.
 * @param heading what JSON can hold
 * @param content in pieces: it may be large
 * @returns the entry, in pieces
 */
export function sealed(heading: unknown, content: readonly Uint8Array[]): Uint8Array[] {
  const text = Buffer.from(JSON.stringify(heading), 'utf8');
  // The content then starts where 32-bit numbers can be read in place.
  const head = Buffer.concat([Buffer.alloc(HEAD), text, Buffer.alloc(-text.length & 3, ' ')]);
  head.writeUInt32LE(head.length - HEAD, LENGTH);
  const sum = content.reduce((sumBefore, part) => crc32(part, sumBefore), crc32(head.subarray(LENGTH)));
  head.writeUInt32LE(sum, SUM);
  return [head, ...content];
}

/** Takes an entry apart; null where it is damaged. */
export function opened<Heading>(bytes: Uint8Array): Opened<Heading> | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < HEAD || buffer.readUInt32LE(SUM) !== crc32(buffer.subarray(LENGTH))) return null;
  const head = HEAD + buffer.readUInt32LE(LENGTH);
  return { heading: JSON.parse(buffer.toString('utf8', HEAD, head)) as Heading, content: buffer.subarray(head) };
}
