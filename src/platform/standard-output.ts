import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { InputError } from '../diagnostics/diagnostic.ts';

/**
 * Prints data. Where standard output is a file or a device, all of it is there afterwards: Node's own stream takes a write
 * that a full disk cut short for a whole one, and tells of errors later.
 * @param encoding `latin1` for byte strings
 * @throws InputError `output-unwritable`
 */
export function writeStandardOutput(text: string, encoding: 'utf8' | 'latin1' = 'utf8'): void {
  if (!isFileOrDevice(1)) {
    process.stdout.write(text, encoding);
    return;
  }
  const bytes = Buffer.from(text, encoding);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(1, bytes, done, bytes.length - done);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new InputError({ code: 'output-unwritable', args: { reason } });
  }
}

function isFileOrDevice(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() || (stats.isCharacterDevice() && !isatty(descriptor));
  } catch {
    return false;
  }
}
