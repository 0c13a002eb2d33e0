import { conditionSymbols, type KbuildTree, type Mention } from '../kbuild/index.ts';
import type { SymbolSuccessor } from './types.ts';

/** Letters of a file's name from which it says something without its directory. */
const TELLING = 6;

/** An object, and what decides whether it is built. */
interface NamedObject {
  readonly path: string;
  /** Conditions are those of its own lines. */
  readonly mentions: () => readonly Mention[];
  /** What it is linked into: a path without suffix; null where it is in no composite. */
  readonly whole: string | null;
  /** The symbols that decide where its own lines name none; asked for one object in thousands. */
  readonly others: () => readonly string[];
}

/** The tree's objects, by the names that symbols for them would have: ACPI_EC for drivers/acpi/ec.o. */
export class NamedObjects {
  readonly #objects = new Map<string, NamedObject | null>();
  readonly #kbuild: KbuildTree;

  constructor(kbuild: KbuildTree) {
    this.#kbuild = kbuild;
    for (const module of kbuild.modules.all()) {
      const whole = module.isComposite ? module.path : null;
      const others = (): readonly string[] => module.decidingSymbols;
      for (const object of module.objects) {
        this.#add({ path: object.path, mentions: () => object.mentions, whole, others });
      }
    }
    for (const { item, members, directory } of kbuild.modules.builtinUnits()) {
      const ofDirectory = (): readonly string[] => this.#symbolsOfDirectory(directory);
      this.#add({ path: item.path, mentions: () => item.mentions, whole: null, others: ofDirectory });
      const others = (): readonly string[] => symbolsOf(item.mentions) ?? ofDirectory();
      const whole = item.path.replace(/\.o$/, '');
      for (const object of members) this.#add({ path: object.path, mentions: () => object.mentions, whole, others });
    }
  }

  /**
   * What has an object built that has the name of a symbol which is gone: the symbol of the object's own line, what it
   * is part of, or nothing.
   * @returns null where there is none, or several
   */
  find(symbol: string): SymbolSuccessor | null {
    const found = this.#objects.get(symbol.toLowerCase());
    if (!found) return null;
    const { path, whole } = found;
    const mentions = found.mentions();
    const at = mentions[0]?.at ?? null;
    const own = symbolsOf(mentions);
    const symbols = own ?? found.others();
    if (symbols.length === 0) return { name: path, evidence: 'always', symbols, at };
    if (own === null && whole !== null) return { name: whole, evidence: 'part', symbols, at };
    return symbols.length === 1 ? { name: symbols[0]!, evidence: 'merged', symbols, at } : null;
  }

  /** The symbols of the nearest directory on the way to this one that has some. */
  #symbolsOfDirectory(directory: string): readonly string[] {
    const steps = this.#kbuild.modules.directoryChain(directory);
    return steps.map(({ when }) => conditionSymbols(when)).find((symbols) => symbols.length > 0) ?? [];
  }

  #add(object: NamedObject): void {
    // There are tens of thousands of them.
    const { path } = object;
    const slash = path.lastIndexOf('/');
    const above = slash < 0 ? 0 : path.lastIndexOf('/', slash - 1) + 1;
    const end = path.endsWith('.o') ? -2 : undefined;
    const file = path.slice(slash + 1, end).replaceAll('-', '_');
    this.#name(`${path.slice(above, Math.max(slash, 0)).replaceAll('-', '_')}_${file}`, object);
    if (file.length >= TELLING) this.#name(file, object);
  }

  #name(key: string, object: NamedObject): void {
    const known = this.#objects.get(key);
    // A name that several objects have says nothing.
    this.#objects.set(key, known === undefined || known?.path === object.path ? object : null);
  }
}

/** The symbols that lines name; null for none. */
function symbolsOf(mentions: readonly Mention[]): readonly string[] | null {
  const symbols = new Set(mentions.flatMap(({ when }) => conditionSymbols(when)));
  return symbols.size > 0 ? [...symbols] : null;
}
