import { conditionSymbols, type KbuildTree, type Mention } from '../kbuild/index.ts';
import type { SymbolSuccessor } from './types.ts';

/** Letters of a file's name from which it says something without its directory. */
const TELLING = 6;

/** The tree's objects, by the names that symbols for them would have: ACPI_EC for drivers/acpi/ec.o. */
export class NamedObjects {
  readonly #mentions = new Map<string, { readonly path: string; readonly mentions: readonly Mention[] } | null>();

  constructor(kbuild: KbuildTree) {
    for (const { objects } of kbuild.modules.all()) for (const object of objects) this.#add(object);
    for (const item of kbuild.modules.builtinOnly()) this.#add(item);
  }

  /**
   * What has an object built that has the name of a symbol which is gone: symbols of the object's own line, or nothing.
   * @returns null where there is none, or several
   */
  find(symbol: string): SymbolSuccessor | null {
    const found = this.#mentions.get(symbol.toLowerCase());
    if (!found) return null;
    const { path, mentions } = found;
    const at = mentions[0]?.at ?? null;
    const symbols = [...new Set(mentions.flatMap(({ when }) => conditionSymbols(when)))];
    if (symbols.length === 0) return { name: path, evidence: 'always', at };
    return symbols.length === 1 ? { name: symbols[0]!, evidence: 'merged', at } : null;
  }

  #add(object: { readonly path: string; readonly mentions: readonly Mention[] }): void {
    const [file = '', directory = ''] = object.path.replace(/\.o$/, '').replaceAll('-', '_').split('/').reverse();
    const keys = new Set([`${directory}_${file}`, ...(file.length >= TELLING ? [file] : [])]);
    for (const key of keys) {
      const known = this.#mentions.get(key);
      // A name that several objects have says nothing.
      this.#mentions.set(key, known === undefined || known?.path === object.path ? object : null);
    }
  }
}
