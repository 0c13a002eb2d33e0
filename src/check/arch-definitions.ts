import type { Position } from '../diagnostics/diagnostic.ts';
import type { FileSystem } from '../platform/platform.ts';

/** Directories below that of an architecture which are looked into: arch/arm/mach-omap2. */
const DEPTH = 2;

/** What the Kconfig files below arch/ define: read once, when first asked for, however many architectures ask. */
export class ArchDefinitions {
  readonly #fs: FileSystem;
  readonly #tree: string;
  /** By name, the first place in each directory of arch/. */
  #places: ReadonlyMap<string, ReadonlyMap<string, Position>> | null = null;

  /** @param tree the kernel tree, absolute */
  constructor(fs: FileSystem, tree: string) {
    this.#fs = fs;
    this.#tree = tree;
  }

  /** Where the Kconfig files of another architecture define a symbol; null where none does. */
  find(name: string, srcarch: string): Position | null {
    this.#places ??= this.#read();
    for (const [architecture, at] of this.#places.get(name) ?? []) if (architecture !== srcarch) return at;
    return null;
  }

  #read(): Map<string, Map<string, Position>> {
    const places = new Map<string, Map<string, Position>>();
    for (const architecture of this.#fs.readDirectory(`${this.#tree}/arch`) ?? []) {
      for (const { name, at } of this.#definitions(`arch/${architecture}`, DEPTH)) {
        const known = places.get(name) ?? new Map<string, Position>();
        if (!known.has(architecture)) known.set(architecture, at);
        places.set(name, known);
      }
    }
    return places;
  }

  *#definitions(directory: string, depth: number): Generator<{ readonly name: string; readonly at: Position }> {
    for (const entry of this.#fs.readDirectory(`${this.#tree}/${directory}`) ?? []) {
      const file = `${directory}/${entry}`;
      if (entry.startsWith('Kconfig')) {
        const lines = (this.#fs.readText(`${this.#tree}/${file}`) ?? '').split('\n');
        for (const [index, text] of lines.entries()) {
          const name = /^\s*(?:menu)?config\s+(\w+)\s*$/.exec(text)?.[1];
          if (name) yield { name, at: { file, line: index + 1, column: 0 } };
        }
      } else if (depth > 0 && !entry.includes('.') && this.#fs.stat(`${this.#tree}/${file}`)?.isDirectory) {
        yield* this.#definitions(file, depth - 1);
      }
    }
  }
}
