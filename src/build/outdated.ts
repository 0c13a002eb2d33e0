import { posix } from 'node:path';
import type { FileSystem } from '../platform/platform.ts';

/**
 * Tells of objects of an earlier build whether make will compile them again, by what make goes by itself: the `.cmd`
 * file beside each object (scripts/basic/fixdep.c) names all files that it was made of, and the symbols that these look
 * at. Not seen are changes in the command and files that the build is only about to make anew.
 */
export class OutdatedUnits {
  readonly #fs: FileSystem;
  readonly #objtree: string;
  readonly #changed: ReadonlySet<string>;
  readonly #times = new Map<string, number>();
  readonly #lines = new Map<string, number>();

  /**
   * @param objtree where make runs, absolute
   * @param changed symbols that have another value than in the build before
   */
  constructor(fs: FileSystem, objtree: string, changed: ReadonlySet<string>) {
    this.#fs = fs;
    this.#objtree = objtree;
    this.#changed = changed;
  }

  /**
   * Whether the object has to be compiled again.
   * @param unit relative to the build directory
   * @returns null where there is no object
   */
  isOutdated(unit: string): boolean | null {
    const made = this.#time(unit);
    if (made === MISSING) return null;
    const { dir, base } = posix.parse(unit);
    const text = this.#fs.readText(`${this.#objtree}/${dir === '' ? '' : `${dir}/`}.${base}.cmd`);
    const start = text?.indexOf(`\ndeps_${unit} :=`) ?? -1;
    if (text === null || start < 0) return true;
    const source = /^source_\S+ := (.*)$/m.exec(text)?.[1];
    if (source !== undefined && this.#newness(source) > made) return true;
    for (let from = text.indexOf('\n', start + 1) + 1; from > 0 && text.startsWith('  ', from); ) {
      const end = text.indexOf('\n', from);
      if (this.#changedAt(text.slice(from, end < 0 ? text.length : end)) > made) return true;
      from = end + 1;
    }
    return false;
  }

  /**
   * When what a line of the list names was changed: `  include/linux/fs.h \\`, `    $(wildcard include/config/SMP) \\`.
   * The same lines come thousands of times.
   */
  #changedAt(line: string): number {
    let time = this.#lines.get(line);
    if (time === undefined) {
      const word = line.trim().replace(/ \\$/, '');
      const wildcard = /^\$\(wildcard (\S+)\)$/.exec(word)?.[1];
      if (wildcard === undefined) time = this.#newness(word);
      else time = this.#changed.has(symbolOf(wildcard)) ? Number.POSITIVE_INFINITY : this.#time(wildcard);
      this.#lines.set(line, time);
    }
    return time;
  }

  /** A file that is gone counts as new: its rule, an empty one, makes all that depends on it. */
  #newness(path: string): number {
    const time = this.#time(path);
    return time === MISSING ? Number.POSITIVE_INFINITY : time;
  }

  /** Milliseconds since the epoch, or MISSING. */
  #time(path: string): number {
    let time = this.#times.get(path);
    if (time === undefined) {
      time = this.#fs.stat(path.startsWith('/') ? path : `${this.#objtree}/${path}`)?.mtimeMs ?? MISSING;
      this.#times.set(path, time);
    }
    return time;
  }
}

const MISSING = -1;

/** `include/config/FOO_BAR`, or before Linux 5.14 `include/config/foo/bar.h`. */
function symbolOf(path: string): string {
  const name = path.slice('include/config/'.length);
  return name.endsWith('.h') ? name.slice(0, -2).replaceAll('/', '_').toUpperCase() : name;
}

/**
 * The symbols that have other values than in an earlier build: those whose files make touches (confdata.c:
 * conf_touch_deps).
 * @param before values in include/config/auto.conf
 * @param now values in the .config; `n` is none
 */
export function changedSymbols(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const changed = new Set<string>();
  // Since Linux 5.19, auto.conf has texts without quotes.
  const valueIn = (values: ReadonlyMap<string, string>, name: string): string => {
    const value = values.get(name) ?? 'n';
    if (value === 'n') return '';
    return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value;
  };
  for (const name of new Set([...before.keys(), ...now.keys()])) {
    if (valueIn(before, name) !== valueIn(now, name)) changed.add(name);
  }
  return changed;
}
