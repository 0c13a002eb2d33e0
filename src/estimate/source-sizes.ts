import type { FileSystem } from '../platform/platform.ts';

/** What an object may be made from, the likeliest first. */
const SUFFIXES = ['.c', '.S', '.rs'] as const;

/** How a source is compiled; the costs of the kinds have little in common. */
export type SourceKind = 'c' | 'assembly' | 'rust';

/** Source of a translation unit. */
export interface SourceFacts {
  readonly kind: SourceKind;
  /** Bytes; -1 where the file isn't there (it is generated, or no tree is at hand). */
  readonly bytes: number;
}

/** Sizes of the tree's sources, looked up once. */
export class SourceSizes {
  readonly #fs: FileSystem | null;
  readonly #tree: string;
  readonly #known = new Map<string, SourceFacts>();

  /**
   * @param fs null: nothing is looked up, every size is unknown
   * @param tree the kernel tree's directory
   */
  constructor(fs: FileSystem | null, tree: string) {
    this.#fs = fs;
    this.#tree = tree.endsWith('/') ? tree : `${tree}/`;
  }

  /** @param unit object or source, relative to the tree */
  of(unit: string): SourceFacts {
    let facts = this.#known.get(unit);
    if (!facts) {
      facts = this.#lookUp(unit);
      this.#known.set(unit, facts);
    }
    return facts;
  }

  #lookUp(unit: string): SourceFacts {
    if (!unit.endsWith('.o')) return { kind: kindOf(unit), bytes: this.#bytes(unit) };
    const stem = unit.slice(0, -2);
    for (const suffix of SUFFIXES) {
      const bytes = this.#bytes(stem + suffix);
      if (bytes >= 0) return { kind: kindOf(suffix), bytes };
    }
    return { kind: 'c', bytes: -1 };
  }

  #bytes(path: string): number {
    return this.#fs?.stat(this.#tree + path)?.size ?? -1;
  }
}

function kindOf(path: string): SourceKind {
  return path.endsWith('.S') || path.endsWith('.s') ? 'assembly' : path.endsWith('.rs') ? 'rust' : 'c';
}
