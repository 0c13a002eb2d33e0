import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import { isOpenFile, MAX_LINKS, sharedDescriptor } from './descriptors.ts';
import type { FileWriter, WriteOutcome } from './platform.ts';
import { isLeftover, temporaryName } from './temporary-files.ts';

interface Stats {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  readonly mode: unknown;
  readonly uid: unknown;
  readonly gid: unknown;
  readonly ctimeMs: unknown;
}

/** The functions of `node:fs` that writing needs; memfs has the same. */
export interface NodeWriteFs {
  accessSync(path: string, mode: number): void;
  closeSync(file: number): void;
  copyFileSync(from: string, to: string, mode: number): void;
  fchmodSync(file: number, mode: number): void;
  fchownSync(file: number, uid: number, gid: number): void;
  fsyncSync(file: number): void;
  linkSync(existing: string, added: string): void;
  lstatSync(path: string, options: { throwIfNoEntry: false }): Stats | undefined;
  openSync(path: string, flags: string | number, mode?: number): number;
  readdirSync(path: string): unknown[];
  readFileSync(path: string): Uint8Array | string;
  readlinkSync(path: string): unknown;
  renameSync(from: string, to: string): void;
  statSync(path: string, options: { throwIfNoEntry: false }): Stats | undefined;
  unlinkSync(path: string): void;
  writeSync(file: number, bytes: Uint8Array, offset: number, length: number): number;
}

const NODE_FS: NodeWriteFs = {
  accessSync,
  closeSync,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
};

/** Which diagnostic an error number of the system becomes; any other is `write-failed`. */
export const CODE_OF_ERROR: Readonly<Record<string, string>> = {
  ENOSPC: 'write-no-space',
  EDQUOT: 'write-over-quota',
  EFBIG: 'write-too-large',
  EROFS: 'write-read-only',
  EACCES: 'write-denied',
  EPERM: 'write-denied',
  ENOENT: 'write-no-directory',
  ENOTDIR: 'write-below-file',
  EISDIR: 'write-is-directory',
  ELOOP: 'write-link-loop',
};

/**
 * Writes files of this machine (or of any file system with the same functions).
 *
 * The new text goes to a file of its own beside the target, is brought to the disk, and takes the target's name with
 * one rename. The name of that file is unique to the run, so runs at the same time never share one; what a killed run
 * leaves of it (`.config.….tmp`) is never read again, and the next run deletes it.
 */
export class NodeFileWriter implements FileWriter {
  readonly #fs: NodeWriteFs;

  constructor(fs: NodeWriteFs = NODE_FS) {
    this.#fs = fs;
  }

  /** See `FileWriter`; the kernel's way is in `confdata.c:conf_write`. */
  writeConfigAtomic(path: string, text: string, keepOld = true): WriteOutcome {
    const bytes = Buffer.from(text, 'latin1');
    const temporary: string[] = [];
    try {
      const target = this.#followLinks(path);
      const before = this.#fs.statSync(target, { throwIfNoEntry: false });
      if (before?.isDirectory()) throw systemError('EISDIR');
      if (isOpenFile(target) || (before && !before.isFile())) return this.#writeThrough(target, bytes);
      for (const directory of new Set([dirname(target), dirname(path)])) {
        this.#removeLeftovers(directory, [target, `${path}.old`]);
      }
      if (before && this.#holds(target, bytes)) return { changed: false, path: target, backup: null };
      // Without this, a rename would replace a file that its owner has made read-only.
      if (before) this.#fs.accessSync(target, constants.W_OK);

      const fresh = temporaryName(target);
      temporary.push(fresh);
      this.#writeNew(fresh, bytes, before);
      const undo = before && keepOld ? this.#keepOld(target, `${path}.old`, temporary) : null;
      try {
        this.#fs.renameSync(fresh, target);
      } catch (error) {
        undo?.();
        throw error;
      }
      this.#syncDirectory(dirname(target));
      return { changed: true, path: target, backup: undo ? `${path}.old` : null };
    } catch (error) {
      throw this.#asInputError(error, path);
    } finally {
      for (const file of temporary) this.#remove(file);
    }
  }

  /**
   * Finds out before a long work that its result could not be written: the directory is missing, or may not be written.
   * @throws InputError as `writeConfigAtomic` would; a full disk shows only when it is written to
   */
  requireWritable(path: string): void {
    try {
      const target = this.#followLinks(path);
      const before = this.#fs.statSync(target, { throwIfNoEntry: false });
      if (before?.isDirectory()) throw systemError('EISDIR');
      if (before) this.#fs.accessSync(target, constants.W_OK);
      const isReplaced = !isOpenFile(target) && (!before || before.isFile());
      if (isReplaced) this.#fs.accessSync(dirname(target), constants.W_OK | constants.X_OK);
    } catch (error) {
      throw this.#asInputError(error, path);
    }
  }

  /**
   * Copies a file to `FILE.old`, for one that is to be written line by line.
   * @returns where the copy is
   * @throws InputError `write-…`
   */
  copyToOld(path: string): string {
    const old = `${path}.old`;
    try {
      this.#fs.copyFileSync(path, old, 0);
    } catch (error) {
      throw this.#asInputError(error, old);
    }
    return old;
  }

  /** See `FileWriter`. */
  append(path: string, text: string): void {
    try {
      this.#addTo(path, Buffer.from(text, 'latin1'));
    } catch (error) {
      throw this.#asInputError(error, path);
    }
  }

  #asInputError(error: unknown, path: string): InputError {
    if (error instanceof InputError) return error;
    const code = String((error as { code?: unknown }).code ?? 'unknown');
    const known = code === 'ENOENT' && this.#hasDirectory(path) ? undefined : CODE_OF_ERROR[code];
    return Object.assign(new InputError({ code: known ?? 'write-failed', args: { path, error: code } }), {
      cause: error,
    });
  }

  /** Whether the directory is there; one of /proc takes no new file, and says that there is no such one. */
  #hasDirectory(path: string): boolean {
    const directory = dirname(this.#followLinks(path));
    return this.#fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  /** Where a path leads, even if nothing is there yet; an open file's name stays, as what is behind it may have none. */
  #followLinks(path: string): string {
    let at = path;
    for (
      let links = 0;
      !isOpenFile(at) && this.#fs.lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink();
      links++
    ) {
      if (links === MAX_LINKS) throw systemError('ELOOP');
      at = resolve(dirname(at), String(this.#fs.readlinkSync(at)));
    }
    return at;
  }

  /** A device, a pipe or an open file (`/dev/stderr`) can't be renamed over. What an open file has already stays before it. */
  #writeThrough(target: string, bytes: Uint8Array): WriteOutcome {
    this.#addTo(target, bytes);
    return { changed: true, path: target, backup: null };
  }

  /** Writes behind what is there. */
  #addTo(target: string, bytes: Uint8Array): void {
    const shared = sharedDescriptor(target);
    const file = shared ?? this.#fs.openSync(target, 'a');
    try {
      this.#writeAll(file, bytes);
    } finally {
      if (shared === null) this.#fs.closeSync(file);
    }
  }

  #holds(target: string, bytes: Uint8Array): boolean {
    try {
      return Buffer.compare(this.#fs.readFileSync(target) as Uint8Array, bytes) === 0;
    } catch {
      return false;
    }
  }

  /** Writes a file that must not exist yet, with the owner and the permissions of the one it is to replace. */
  #writeNew(path: string, bytes: Uint8Array, like: Stats | undefined): void {
    const file = this.#fs.openSync(path, 'wx', like ? 0o600 : 0o666);
    try {
      this.#writeAll(file, bytes);
      if (like) {
        try {
          this.#fs.fchownSync(file, Number(like.uid), Number(like.gid));
        } catch {
          // Only root can give a file away; whoever may write the directory may replace the file all the same.
        }
        this.#fs.fchmodSync(file, Number(like.mode) & 0o7777);
      }
      this.#fs.fsyncSync(file);
    } finally {
      this.#fs.closeSync(file);
    }
  }

  #writeAll(file: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      done += this.#fs.writeSync(file, bytes, done, bytes.length - done);
    }
  }

  /**
   * Gives the file at `target` the second name `old`. The target keeps its own, so that it is never missing.
   * @returns how to put back what `old` was, for when the target can't be replaced after all
   */
  #keepOld(target: string, old: string, temporary: string[]): (() => void) | null {
    const second = temporaryName(old);
    const previous = temporaryName(old);
    temporary.push(second, previous);
    this.#linkOrCopy(target, second);
    const hadOld = this.#fs.lstatSync(old, { throwIfNoEntry: false })?.isFile() ?? false;
    if (hadOld) this.#linkOrCopy(old, previous);
    this.#fs.renameSync(second, old);
    return () => (hadOld ? this.#fs.renameSync(previous, old) : this.#remove(old));
  }

  #linkOrCopy(from: string, to: string): void {
    try {
      this.#fs.linkSync(from, to);
    } catch {
      // No hard links here, or across file systems, or for files of somebody else.
      this.#fs.copyFileSync(from, to, constants.COPYFILE_EXCL);
      this.#syncFile(to);
    }
  }

  #syncFile(path: string): void {
    const file = this.#fs.openSync(path, 'r');
    try {
      this.#fs.fsyncSync(file);
    } finally {
      this.#fs.closeSync(file);
    }
  }

  #syncDirectory(path: string): void {
    try {
      this.#syncFile(path);
    } catch {
      // Some file systems can't; the rename is done, and whole either way.
    }
  }

  #removeLeftovers(directory: string, paths: readonly string[]): void {
    try {
      for (const name of this.#fs.readdirSync(directory) as string[]) {
        if (!name.endsWith('.tmp')) continue;
        const file = resolve(directory, name);
        const stats = this.#fs.lstatSync(file, { throwIfNoEntry: false });
        if (stats?.isFile() && isLeftover(name, paths, Number(stats.ctimeMs), Date.now())) this.#remove(file);
      }
    } catch {
      // They cost room, nothing else.
    }
  }

  #remove(path: string): void {
    try {
      this.#fs.unlinkSync(path);
    } catch {
      // Renamed, or never made.
    }
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Deletes a file that this program wrote. It may be gone. @throws InputError `write-failed` */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw new InputError({ code: 'write-failed', args: { path, error: (error as NodeJS.ErrnoException).code ?? '' } });
  }
}
