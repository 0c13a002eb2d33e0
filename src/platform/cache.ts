import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import type { CacheStore } from './platform.ts';

/** What is larger was not written by this program. */
const MAX_ENTRY_BYTES = 128 * 1024 * 1024;

/** Permission bits. */
const WRITABLE_BY_OTHERS = 0o022;

/** What a run that was killed left of writing an entry is this old at least, in milliseconds. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/** File systems of the kernel's own: opening a file there may wait, or do something. */
const SPECIAL_PLACE = /^\/(?:proc|sys|dev)(?:\/|$)/;

/**
 * A cache in a directory of its own. The directory and each entry count only where they belong to the user that this
 * program runs as, and nobody else can write to them: under `sudo` an entry of the other user is not there. An entry is
 * a plain file; a link, a pipe or a device in its place is not there either.
 */
export class NodeCache implements CacheStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  read(name: string): Uint8Array | null {
    if (!this.#isOwn()) return null;
    let file: number | null = null;
    try {
      file = openSync(this.#place(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      const stats = fstatSync(file);
      return stats.isFile() && isPrivate(stats) && stats.size <= MAX_ENTRY_BYTES ? readFileSync(file) : null;
    } catch {
      return null;
    } finally {
      if (file !== null) closeSync(file);
    }
  }

  write(name: string, parts: readonly Uint8Array[]): void {
    const target = this.#place(name);
    const fresh = `${target}.${process.pid}.${randomUUID()}.tmp`;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      if (!this.#isOwn()) return;
      writeParts(fresh, parts);
      renameSync(fresh, target);
    } catch {
      // A full disk or a home that cannot be written: the next run has to find out again, nothing more.
      this.#delete(fresh);
    }
  }

  pathOf(name: string): string | null {
    const path = this.#place(name);
    const stats = lookAt(path);
    return stats?.isFile() && isPrivate(stats) && this.#isOwn() ? path : null;
  }

  use(name: string): void {
    if (!this.#isOwn()) return;
    const now = Date.now() / 1000;
    try {
      lutimesSync(this.#place(name), now, now);
    } catch {
      // Another run deleted it.
    }
  }

  keepNewest(kind: string, count: number): void {
    const entries = this.#entries(kind).sort((a, b) => b.writtenMs - a.writtenMs);
    const surplus = entries.filter(({ name }) => !name.endsWith('.tmp')).slice(count);
    const old = Date.now() - LEFTOVER_AGE_MS;
    const leftovers = entries.filter(({ name, writtenMs }) => name.endsWith('.tmp') && writtenMs < old);
    for (const { name } of [...surplus, ...leftovers]) this.#delete(this.#place(name));
  }

  #isOwn(): boolean {
    const stats = lookAt(this.#directory);
    return stats?.isDirectory() === true && isPrivate(stats);
  }

  #entries(kind: string): { name: string; writtenMs: number }[] {
    try {
      return readdirSync(this.#directory)
        .filter((name) => name.startsWith(`${kind}-`))
        .map((name) => ({ name, writtenMs: lookAt(this.#place(name))?.mtimeMs ?? 0 }));
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

/** What a path is, links not followed; null where that cannot be found out: a file or a loop of links is on the way. */
function lookAt(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

function isPrivate({ uid, mode }: Stats): boolean {
  return uid === process.geteuid?.() && (mode & WRITABLE_BY_OTHERS) === 0;
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
 * The directory of the cache: `$XDG_CACHE_HOME/kconfig-trim`, or `~/.cache/kconfig-trim` (XDG Base Directory
 * Specification: a path that is not absolute does not count).
 * @returns null where neither is known, or it is below `/proc`, `/sys` or `/dev`
 */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>>): string | null {
  const { XDG_CACHE_HOME: cache, HOME: home } = env;
  const places = [cache, home && join(home, '.cache')].filter((place) => place && isAbsolute(place));
  const directory = places[0] ? normalize(join(places[0], 'kconfig-trim')) : null;
  return directory === null || SPECIAL_PLACE.test(directory) ? null : directory;
}
