import { fstatSync, readSync, statSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { ByteLimit } from './platform.ts';
import { readStart } from './read-start.ts';

const STANDARD_INPUT = 0;

/**
 * All of standard input.
 * @param limit as that of `FileSystem.readBytes`
 * @returns null where it is a device that has no end
 */
export function readStandardInput(limit: ByteLimit): Uint8Array | null {
  const found = fstatSync(STANDARD_INPUT);
  const isDevice = found.isBlockDevice() || (found.isCharacterDevice() && !isatty(STANDARD_INPUT));
  if (isDevice && found.rdev !== statSync('/dev/null').rdev) return null;
  return readStart(readSome, limit);
}

function readSome(into: Uint8Array, offset: number, length: number): number {
  for (;;) {
    try {
      return readSync(STANDARD_INPUT, into, offset, length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
    }
  }
}
