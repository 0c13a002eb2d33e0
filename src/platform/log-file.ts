import { closeSync, openSync, writeSync } from 'node:fs';
import { InputError } from '../diagnostics/diagnostic.ts';
import { sharedDescriptor } from './descriptors.ts';
import type { LogFile } from './platform.ts';

/** A log on this machine's disk. */
export class NodeLogFile implements LogFile {
  readonly #file: number;
  readonly #isShared: boolean;
  #failed: string | null = null;

  /**
   * Starts anew what may be there of a run before; what this process has open is added to.
   * @throws InputError `log-unwritable`
   */
  constructor(path: string) {
    try {
      const shared = sharedDescriptor(path);
      this.#isShared = shared !== null;
      this.#file = shared ?? openSync(path, 'w');
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
      if (!this.#isShared) closeSync(this.#file);
    } catch (error) {
      this.#failed ??= errorCode(error);
    }
    return this.#failed;
  }
}

function errorCode(error: unknown): string {
  return String((error as { code?: unknown }).code ?? 'unknown');
}
