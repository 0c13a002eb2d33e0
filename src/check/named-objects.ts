import {
  type BuiltinUnits,
  conditionSymbols,
  type KbuildTree,
  type ListedItem,
  type Mention,
  type ModuleEntry,
} from '../kbuild/index.ts';
import type { SymbolSuccessor } from './types.ts';

/** Letters of a file's name from which it says something without its directory. */
const TELLING = 6;

/** An object, and the module or the objects of vmlinux that list it. */
interface NamedObject {
  /** Mentions are those of its own lines. */
  readonly object: Pick<ListedItem, 'path' | 'mentions'>;
  readonly owner: ModuleEntry | BuiltinUnits;
}

/** The tree's objects, by the names that symbols for them would have: ACPI_EC for drivers/acpi/ec.o. */
export class NamedObjects {
  /** By the names of their files, which tens of thousands have. */
  readonly #byFile = new Map<string, NamedObject[]>();
  readonly #kbuild: KbuildTree;

  constructor(kbuild: KbuildTree) {
    this.#kbuild = kbuild;
    for (const module of kbuild.modules.all()) {
      for (const object of module.objects) this.#add({ object, owner: module });
    }
    for (const units of kbuild.modules.builtinUnits()) {
      for (const object of [units.item, ...units.members]) this.#add({ object, owner: units });
    }
  }

  /**
   * What has an object built that has the name of a symbol which is gone: the symbol of the object's own line, what it
   * is part of, or nothing.
   * @returns null where there is none, or several
   */
  find(symbol: string): SymbolSuccessor | null {
    const found = this.#named(symbol.toLowerCase());
    if (!found) return null;
    const { path, mentions } = found.object;
    const whole = wholeOf(found);
    const at = mentions[0]?.at ?? null;
    const own = symbolsOf(mentions);
    const symbols = own ?? this.#symbolsOfOwner(found);
    if (symbols.length === 0) return { name: path, evidence: 'always', symbols, at };
    if (own === null && whole !== null) return { name: whole, evidence: 'part', symbols, at };
    return symbols.length === 1 ? { name: symbols[0]!, evidence: 'merged', symbols, at } : null;
  }

  /** The only object of a name: that of its file, or with its directory before it. */
  #named(name: string): NamedObject | null {
    const found = name.length >= TELLING ? [...(this.#byFile.get(name) ?? [])] : [];
    for (let at = name.indexOf('_'); at >= 0; at = name.indexOf('_', at + 1)) {
      const directory = name.slice(0, at);
      const inDirectory = this.#byFile.get(name.slice(at + 1))?.filter((each) => directoryOf(each) === directory);
      found.push(...(inDirectory ?? []));
    }
    // A name that several objects have says nothing.
    return new Set(found.map(({ object }) => object.path)).size === 1 ? found.at(-1)! : null;
  }

  /** The symbols that decide where an object's own lines name none. */
  #symbolsOfOwner({ object, owner }: NamedObject): readonly string[] {
    if (!isBuiltin(owner)) return owner.decidingSymbols;
    const ofItem = object === owner.item ? null : symbolsOf(owner.item.mentions);
    if (ofItem) return ofItem;
    // The nearest directory on the way that has some.
    const steps = this.#kbuild.modules.directoryChain(owner.directory);
    return steps.map(({ when }) => conditionSymbols(when)).find((symbols) => symbols.length > 0) ?? [];
  }

  #add(named: NamedObject): void {
    const { path } = named.object;
    const file = path.slice(path.lastIndexOf('/') + 1, path.endsWith('.o') ? -2 : undefined).replaceAll('-', '_');
    const known = this.#byFile.get(file);
    if (known) known.push(named);
    else this.#byFile.set(file, [named]);
  }
}

const isBuiltin = (owner: ModuleEntry | BuiltinUnits): owner is BuiltinUnits => 'item' in owner;

/** What an object is linked into: a path without suffix; null where it is in no composite. */
function wholeOf({ object, owner }: NamedObject): string | null {
  if (!isBuiltin(owner)) return owner.isComposite ? owner.path : null;
  return object === owner.item ? null : owner.item.path.replace(/\.o$/, '');
}

/** The name of the directory that an object lies in, without those above. */
function directoryOf({ object: { path } }: NamedObject): string {
  return (path.split('/').at(-2) ?? '').replaceAll('-', '_');
}

/** The symbols that lines name; null for none. */
function symbolsOf(mentions: readonly Mention[]): readonly string[] | null {
  const symbols = new Set(mentions.flatMap(({ when }) => conditionSymbols(when)));
  return symbols.size > 0 ? [...symbols] : null;
}
