import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Cache } from './platform.ts';

/** Entries are small; what is larger was not written by this program. */
const MAX_ENTRY_BYTES = 16 * 1024 * 1024;

/** A cache in a directory of its own. */
export class NodeCache implements Cache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  read(name: string): string | null {
    try {
      const bytes = readFileSync(join(this.#directory, name));
      return bytes.length > MAX_ENTRY_BYTES ? null : bytes.toString('latin1');
    } catch {
      return null;
    }
  }

  write(name: string, text: string): void {
    const target = join(this.#directory, name);
    const fresh = `${target}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      writeFileSync(fresh, text, { encoding: 'latin1', mode: 0o600, flag: 'wx' });
      renameSync(fresh, target);
    } catch {
      // A full disk or a home that cannot be written: the next run has to find out again, nothing more.
      try {
        unlinkSync(fresh);
      } catch {
        // It was never made.
      }
    }
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
