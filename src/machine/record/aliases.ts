import type { FileSystem } from '../../platform/platform.ts';

/** What has a driver for a device, going by its alias. */
export interface AliasOwner {
  readonly module: string;
  readonly state: 'module' | 'builtin';
}

interface Pattern extends AliasOwner {
  readonly pattern: string;
  /** Its longest piece without a wildcard: what does not have it cannot match. */
  readonly literal: string;
}

/** Patterns are looked up by how they begin, up to this many characters. */
const MAX_START = 60;

/**
 * Which module, or which part of the kernel itself, has an alias: `modules.alias`, and the same of built-in modules in
 * `modules.builtin.modinfo`, as `modprobe` goes by them.
 */
export class AliasTable {
  readonly #byStart = new Map<string, Pattern[]>();

  /** @param release of the kernel whose modules in /lib/modules are looked up; null: none */
  constructor(fs: FileSystem, release: string | null) {
    const directory = `/lib/modules/${release}`;
    if (release === null) return;
    for (const line of (fs.readText(`${directory}/modules.alias`) ?? '').split('\n')) {
      const match = /^alias (.*) ([^ ]*)$/.exec(line);
      if (match) this.#add(match[1]!, { module: match[2]!, state: 'module' });
    }
    for (const line of (fs.readText(`${directory}/modules.builtin.modinfo`) ?? '').split('\0')) {
      const match = /^([^.]*)\.alias=(.*)$/.exec(line);
      if (match) this.#add(match[2]!, { module: match[1]!, state: 'builtin' });
    }
  }

  #add(pattern: string, owner: AliasOwner): void {
    const wildcard = pattern.search(/[*?[]/);
    const start = (wildcard < 0 ? pattern : pattern.slice(0, wildcard)).slice(0, MAX_START);
    const literal = pattern
      .split(/[*?]|\[[^\]]*\]/)
      .reduce((best, part) => (part.length > best.length ? part : best), '');
    const known = this.#byStart.get(start);
    if (known) known.push({ ...owner, pattern, literal });
    else this.#byStart.set(start, [{ ...owner, pattern, literal }]);
  }

  /** Everything that has a pattern for this alias. */
  owners(alias: string): readonly AliasOwner[] {
    const found: AliasOwner[] = [];
    for (let length = 1; length <= Math.min(alias.length, MAX_START); length++) {
      for (const { pattern, literal, module, state } of this.#byStart.get(alias.slice(0, length)) ?? []) {
        if (alias.includes(literal) && matches(pattern, alias)) found.push({ module, state });
      }
    }
    return found;
  }
}

/** As fnmatch(3): `*`, `?` and ranges in brackets. */
function matches(pattern: string, alias: string): boolean {
  const expression = pattern
    .replace(/[.+$(){}|]/g, '[$&]')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  try {
    return new RegExp(`^${expression}$`).test(alias);
  } catch {
    // A bracket without an end: depmod writes none.
    return false;
  }
}
