import { closeSync, mkdirSync, openSync, readFileSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import type { StateFolder } from './platform.ts';
import { NodeFileWriter } from './write-file.ts';

const LOCK = 'lock';

/** A folder on this machine's disk. */
export class NodeStateFolder implements StateFolder {
  readonly path: string;
  readonly #writer = new NodeFileWriter();

  /** @param path absolute */
  constructor(path: string) {
    this.path = path;
  }

  read(name: string): string | null {
    try {
      return readFileSync(join(this.path, name), 'latin1');
    } catch {
      return null;
    }
  }

  write(name: string, text: string): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    this.#writer.writeConfigAtomic(join(this.path, name), text, false);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  lock(): (() => void) | null {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const path = join(this.path, LOCK);
    // The second attempt is for a lock that a killed run has left.
    for (const attempt of [1, 2]) {
      try {
        const file = openSync(path, 'wx', 0o600);
        writeSync(file, String(process.pid));
        closeSync(file);
        return () => rmSync(path, { force: true });
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'EEXIST') throw new InputError({ code: 'write-failed', args: { path, error: code ?? '' } });
        if (attempt === 2 || isAlive(Number(this.read(LOCK)))) return null;
        unlinkSync(path);
      }
    }
    return null;
  }

  isLocked(): boolean {
    const owner = this.read(LOCK);
    return owner !== null && Number(owner) !== process.pid && isAlive(Number(owner));
  }
}

/** Whether a process is there. A lock that is being written has no number yet: its owner is alive. */
function isAlive(pid: number): boolean {
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
