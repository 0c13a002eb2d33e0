import { readSync } from 'node:fs';

/** Bytes of standard input that are read at most: a config or a listing. */
const MAX_STDIN_BYTES = 64 * 1024 * 1024;
const CHUNK = 65_536;

/** All of standard input, up to a limit. */
export function readStandardInput(): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let total = 0; total < MAX_STDIN_BYTES; ) {
    const chunk = new Uint8Array(CHUNK);
    const count = readChunk(chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    total += count;
  }
  return Buffer.concat(chunks);
}

function readChunk(chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(0, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
    }
  }
}
