import { fstatSync, writeSync } from 'node:fs';
import { InputError } from '../diagnostics/diagnostic.ts';

/**
 * Prints data. Where standard output is a file, all of it is in the file afterwards: Node's own stream takes a write
 * that a full disk cut short for a whole one.
 * @param encoding `latin1` for byte strings
 * @throws InputError `output-unwritable`
 */
export function writeStandardOutput(text: string, encoding: 'utf8' | 'latin1' = 'utf8'): void {
  if (!isFile(1)) {
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

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}
