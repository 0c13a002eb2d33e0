import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import type { StateFolder } from './platform.ts';
import { CODE_OF_ERROR, NodeFileWriter } from './write-file.ts';

const LOCK = 'lock';

/** How long a lock may have no number of its owner, in milliseconds: one that is being written has none yet. */
const UNWRITTEN_MS = 10_000;

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
        writeLock(path);
        return () => rmSync(path, { force: true });
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        if (code !== 'EEXIST')
          throw new InputError({ code: CODE_OF_ERROR[code] ?? 'write-failed', args: { path, error: code } });
        if (attempt === 2 || this.#hasOwner()) return null;
        unlinkSync(path);
      }
    }
    return null;
  }

  isLocked(): boolean {
    return Number(this.read(LOCK)) !== process.pid && this.#hasOwner();
  }

  /** Whether there is a lock, of a process that is there. */
  #hasOwner(): boolean {
    const owner = this.read(LOCK);
    if (owner === null) return false;
    if (owner !== '') return isAlive(Number(owner));
    const written = statSync(join(this.path, LOCK), { throwIfNoEntry: false });
    return written !== undefined && Date.now() - written.mtimeMs < UNWRITTEN_MS;
  }
}

function writeLock(path: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, String(process.pid));
  } catch (error) {
    // On a full disk there is an empty one, which would have no owner.
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
