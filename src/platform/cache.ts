import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { ByteCache, Cache } from './platform.ts';

/** What is larger was not written by this program. */
const MAX_ENTRY_BYTES = 128 * 1024 * 1024;

/** Permission bits. */
const WRITABLE_BY_OTHERS = 0o022;

/** What a run that was killed left of writing an entry is this old at least, in milliseconds. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/** A cache in a directory of its own. */
export class NodeCache implements Cache, ByteCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  read(name: string): string | null {
    const bytes = this.readBytes(name);
    return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }

  readBytes(name: string): Uint8Array | null {
    try {
      const bytes = readFileSync(this.#place(name));
      return bytes.length > MAX_ENTRY_BYTES ? null : bytes;
    } catch {
      return null;
    }
  }

  readOwnBytes(name: string): Uint8Array | null {
    let file: number | null = null;
    try {
      file = openSync(this.#place(name), 'r');
      const { uid, mode } = fstatSync(file);
      return uid === process.geteuid?.() && (mode & WRITABLE_BY_OTHERS) === 0 ? readFileSync(file) : null;
    } catch {
      return null;
    } finally {
      if (file !== null) closeSync(file);
    }
  }

  write(name: string, text: string): void {
    this.writeBytes(name, [Buffer.from(text, 'latin1')]);
  }

  writeBytes(name: string, parts: readonly Uint8Array[]): void {
    const target = this.#place(name);
    const fresh = `${target}.${process.pid}.${crypto.randomUUID()}.tmp`;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      writeParts(fresh, parts);
      renameSync(fresh, target);
    } catch {
      // A full disk or a home that cannot be written: the next run has to find out again, nothing more.
      this.#delete(fresh);
    }
  }

  pathOf(name: string): string | null {
    const path = this.#place(name);
    return existsSync(path) ? path : null;
  }

  keepNewest(kind: string, count: number): void {
    const entries = this.#entries(kind).sort((a, b) => b.writtenMs - a.writtenMs);
    const surplus = entries.filter(({ name }) => !name.endsWith('.tmp')).slice(count);
    const old = Date.now() - LEFTOVER_AGE_MS;
    const leftovers = entries.filter(({ name, writtenMs }) => name.endsWith('.tmp') && writtenMs < old);
    for (const { name } of [...surplus, ...leftovers]) this.#delete(this.#place(name));
  }

  #entries(kind: string): { name: string; writtenMs: number }[] {
    try {
      return readdirSync(this.#directory)
        .filter((name) => name.startsWith(`${kind}-`))
        .map((name) => ({
          name,
          writtenMs: statSync(this.#place(name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
        }));
    } catch {
      return [];
    }
  }

  #place(name: string): string {
    return join(this.#directory, name);
  }

  #delete(path: string): void {
    try {
      unlinkSync(path);
    } catch {
      // It was never made, or another run was faster.
    }
  }
}

/** Makes a file of its own user. */
function writeParts(path: string, parts: readonly Uint8Array[]): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    for (const part of parts) writeFileSync(file, part);
  } finally {
    closeSync(file);
  }
}

/**
 * Where this program keeps things between runs: `$XDG_CACHE_HOME/kconfig-trim`, or `~/.cache/kconfig-trim` (XDG Base
 * Directory Specification: a path that is not absolute does not count).
 * @returns null where neither is known
 */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>>): string | null {
  const { XDG_CACHE_HOME: cache, HOME: home } = env;
  if (cache && isAbsolute(cache)) return join(cache, 'kconfig-trim');
  return home && isAbsolute(home) ? join(home, '.cache', 'kconfig-trim') : null;
}
