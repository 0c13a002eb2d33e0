import type { FileSystem } from '../platform/platform.ts';

/** What an object may be made from, the likeliest first. */
const SUFFIXES = ['.c', '.S', '.rs'] as const;

/** How much of a source is read, in bytes: what it includes stands at its top. */
const HEAD_BYTES = 4096;

/** Character codes of what may stand between the words of a directive. */
const SPACE = 32;
const TAB = 9;

/** How a source is compiled; the costs of the kinds have little in common. */
export type SourceKind = 'c' | 'assembly' | 'rust';

/** What the cost of a translation unit is estimated from, beside its directory. */
export interface SourceFacts {
  readonly kind: SourceKind;
  /** Bytes, with those of other `.c` files that it includes; -1 where there is no file (generated, or no tree). */
  readonly bytes: number;
  /** `#include` lines in its head. */
  readonly includes: number;
  /** It defines trace points: their headers are then read many times over and make code at each. */
  readonly tracePoints: boolean;
}

/** A source that isn't there. */
const UNKNOWN: SourceFacts = { kind: 'c', bytes: -1, includes: 0, tracePoints: false };

/** The tree's sources, each looked at once. */
export class Sources {
  readonly #fs: FileSystem | null;
  readonly #tree: string;
  readonly #known = new Map<string, SourceFacts>();

  /**
   * @param fs null: nothing is looked up, every source is unknown
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
    if (!unit.endsWith('.o')) return this.#facts(unit) ?? { ...UNKNOWN, kind: kindOf(unit) };
    const stem = unit.slice(0, -2);
    for (const suffix of SUFFIXES) {
      const facts = this.#facts(stem + suffix);
      if (facts) return facts;
    }
    return UNKNOWN;
  }

  #facts(path: string): SourceFacts | null {
    const file = this.#fs?.readHead(this.#tree + path, HEAD_BYTES);
    if (!file) return null;
    const kind = kindOf(path);
    if (kind !== 'c') return { kind, bytes: file.size, includes: 0, tracePoints: false };
    const { includes, sources, tracePoints } = readHead(file.text);
    const directory = path.slice(0, path.lastIndexOf('/') + 1);
    let bytes = file.size;
    for (const source of sources) bytes += this.#fs?.stat(this.#tree + directory + source)?.size ?? 0;
    return { kind, bytes, includes, tracePoints };
  }
}

interface Head {
  readonly includes: number;
  /** The included files that are sources themselves. */
  readonly sources: readonly string[];
  readonly tracePoints: boolean;
}

/** Goes from one `#` at the start of a line to the next: thousands of files are read so. */
function readHead(text: string): Head {
  let includes = 0;
  let tracePoints = false;
  const sources: string[] = [];
  for (let hash = text.indexOf('#'); hash >= 0; hash = text.indexOf('#', hash + 1)) {
    if (hash > 0 && text.charCodeAt(hash - 1) !== 10) continue;
    let at = hash + 1;
    while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB) at++;
    if (text.startsWith('include', at)) {
      includes++;
      const name = /^include[ \t]*"([^"\n]+\.c)"/.exec(text.slice(at, at + 200))?.[1];
      if (name !== undefined) sources.push(name);
    } else if (text.startsWith('define', at)) {
      tracePoints ||= /^define[ \t]+CREATE_TRACE_POINTS\b/.test(text.slice(at, at + 60));
    }
  }
  return { includes, sources, tracePoints };
}

function kindOf(path: string): SourceKind {
  return path.endsWith('.S') || path.endsWith('.s') ? 'assembly' : path.endsWith('.rs') ? 'rust' : 'c';
}
