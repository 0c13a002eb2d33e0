import type { FileSystem } from '../../platform/platform.ts';
import { AliasPatterns } from '../alias-patterns.ts';

/** What has a driver for a device, going by its alias. */
export interface AliasOwner {
  readonly module: string;
  readonly state: 'module' | 'builtin';
}

/** What a line of modules.alias begins with. */
const ALIAS = 'alias ';

/**
 * Which module, or which part of the kernel itself, has an alias: `modules.alias`, and the same of built-in modules in
 * `modules.builtin.modinfo`, as `modprobe` goes by them.
 */
export class AliasTable {
  readonly #patterns = new AliasPatterns<AliasOwner>();

  /** @param release of the kernel whose modules in /lib/modules are looked up; null: none */
  constructor(fs: FileSystem, release: string | null) {
    const directory = `/lib/modules/${release}`;
    if (release === null) return;
    for (const line of (fs.readText(`${directory}/modules.alias`) ?? '').split('\n')) {
      const end = line.lastIndexOf(' ');
      if (!line.startsWith(ALIAS) || end < ALIAS.length) continue;
      this.#patterns.add(line.slice(ALIAS.length, end), { module: line.slice(end + 1), state: 'module' });
    }
    for (const line of (fs.readText(`${directory}/modules.builtin.modinfo`) ?? '').split('\0')) {
      const match = /^([^.]*)\.alias=(.*)$/.exec(line);
      if (match) this.#patterns.add(match[2]!, { module: match[1]!, state: 'builtin' });
    }
  }

  /** Everything that has a pattern for this alias. */
  owners(alias: string): readonly AliasOwner[] {
    return this.#patterns.owners(alias);
  }
}
