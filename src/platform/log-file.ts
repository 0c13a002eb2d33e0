import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import type { LogFile } from './platform.ts';

/** A log on this machine's disk. */
export class NodeLogFile implements LogFile {
  readonly #file: number;
  #failed: string | null = null;

  /**
   * Starts anew what may be there of a run before.
   * @throws InputError `log-unwritable`
   */
  constructor(path: string) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw new InputError({ code: 'log-unwritable', args: { path, error: errorCode(error) } });
    }
  }

  write(text: string): void {
    if (this.#failed !== null) return;
    const bytes = Buffer.from(text, 'latin1');
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done, bytes.length - done);
    } catch (error) {
      this.#failed = errorCode(error);
    }
  }

  close(): string | null {
    try {
      closeSync(this.#file);
    } catch (error) {
      this.#failed ??= errorCode(error);
    }
    return this.#failed;
  }
}

function errorCode(error: unknown): string {
  return String((error as { code?: unknown }).code ?? 'unknown');
}
