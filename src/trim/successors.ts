import {
  type BuildResult,
  type BuiltinItem,
  type ConfigLookup,
  conditionSymbols,
  evaluateCondition,
  type KbuildTree,
  type ModuleEntry,
  moduleName,
} from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import type { Sources } from '../sources/sources.ts';
import { type ModuleAlias, readModuleAliases } from './module-aliases.ts';

/**
 * What the tree shows of a module that no longer exists under its name.
 * `object`: its object can only be part of vmlinux; `alias`: a module's source bears the name as `MODULE_ALIAS`;
 * `symbol`: the symbol of its name gates a module, or an object in one; `member`: a module has an object of its name
 * inside; `core`: there is a module of its name with `_core`.
 */
export type Evidence = 'object' | 'alias' | 'symbol' | 'member' | 'core';

/** What became of a module. */
export type Successor =
  | {
      readonly evidence: 'object';
      readonly object: string;
      /** Null where it is a member of a composite: then nothing tells its condition. */
      readonly item: BuiltinItem | null;
      readonly isOn: boolean;
      readonly symbols: readonly string[];
    }
  | { readonly evidence: Exclude<Evidence, 'object'>; readonly module: ModuleEntry; readonly what: string };

interface Member {
  readonly module: ModuleEntry;
  readonly path: string;
}

/**
 * Finds successors of modules that the tree has no module for. All it knows of the old module is its name, so it goes
 * by what the tree still says of that name; names that several places bear tell nothing and are passed over.
 */
export class SuccessorFinder {
  readonly #kbuild: KbuildTree;
  readonly #kconfig: Kconfig;
  readonly #build: BuildResult;
  readonly #lookup: ConfigLookup;
  readonly #sources: Sources;
  #objects: ReadonlyMap<string, BuiltinItem> | null = null;
  #members: ReadonlyMap<string, readonly Member[]> | null = null;
  #aliases: ReadonlyMap<string, readonly ModuleAlias[]> | null = null;
  #makefiles: readonly { readonly path: string; readonly objects: ReadonlySet<string> }[] | null = null;

  /**
   * @param build what `lookup` builds
   * @param sources the tree's
   */
  constructor(
    kbuild: KbuildTree,
    kconfig: Kconfig,
    build: BuildResult,
    lookup: ConfigLookup,
    sources: Sources = kbuild.sources(),
  ) {
    this.#kbuild = kbuild;
    this.#kconfig = kconfig;
    this.#build = build;
    this.#lookup = lookup;
    this.#sources = sources;
  }

  /**
   * The successor of a module, null where the tree shows none. The strongest evidence counts.
   * @param name as listings have it; no module of the tree has that name
   */
  find(name: string): Successor | null {
    return (
      this.#byObject(name) ?? this.#bySymbol(name) ?? this.#byAlias(name) ?? this.#byMember(name) ?? this.#byCore(name)
    );
  }

  /**
   * A makefile of another architecture that builds a module of this name; null for none.
   * @returns its path: `arch/arm64/crypto/Makefile`
   */
  otherArchitecture(name: string): string | null {
    this.#makefiles ??= this.#archMakefiles();
    return this.#makefiles.find(({ objects }) => objects.has(`${name}.o`))?.path ?? null;
  }

  #byObject(name: string): Successor | null {
    this.#objects ??= new Map([...this.#kbuild.modules.builtinOnly()].map((item) => [objectName(item.path), item]));
    const item = this.#objects.get(name);
    if (item) {
      const symbols = item.mentions.flatMap(({ when }) => conditionSymbols(when));
      return { evidence: 'object', object: item.path, item, isOn: evaluateCondition(item.when, this.#lookup), symbols };
    }
    // Inside a composite of vmlinux: file names of one word (core, main, multipath) are used again and again.
    const inside = name.includes('_') ? this.#build.builtin.filter((path) => objectName(path) === name) : [];
    return inside.length === 1 ? { evidence: 'object', object: inside[0]!, item: null, isOn: true, symbols: [] } : null;
  }

  #bySymbol(name: string): Successor | null {
    const what = name.toUpperCase();
    const symbol = this.#kconfig.symbols.find(what);
    if (!symbol?.isDefined) return null;
    const modules = new Set<string>();
    for (const { module, when } of this.#kbuild.modules.gatedBy(what)) {
      const needed = !evaluateCondition(when, (each) => (each === what ? undefined : 'y'));
      if (module !== null && needed) modules.add(module);
    }
    const [path] = modules;
    const module = modules.size === 1 ? this.#kbuild.modules.byPath(path!) : undefined;
    return module ? { evidence: 'symbol', module, what } : null;
  }

  #byAlias(name: string): Successor | null {
    this.#aliases ??= readModuleAliases(this.#kbuild, this.#sources);
    const exact = only(this.#aliases.get(name) ?? []);
    if (exact) return { evidence: 'alias', module: exact.module, what: exact.text };
    // `ledtrig:audio-mute` was an alias of ledtrig-audio. One word alone (`platform`) would fit too much.
    if (!name.includes('_')) return null;
    const longer = [...this.#aliases.values()].flat().filter(({ text }) => words(text).startsWith(`${name}_`));
    const found = only(longer);
    return found ? { evidence: 'alias', module: found.module, what: found.text } : null;
  }

  #byMember(name: string): Successor | null {
    this.#members ??= this.#collectMembers();
    const related = (this.#members.get(name) ?? []).filter(({ module }) => isRelated(name, module));
    const found = only(related);
    return found ? { evidence: 'member', module: found.module, what: found.path } : null;
  }

  #byCore(name: string): Successor | null {
    const module = only(this.#kbuild.modules.byName(`${name}_core`).map((module) => ({ module })))?.module;
    return module ? { evidence: 'core', module, what: module.path } : null;
  }

  /** Objects inside composite modules, by name. */
  #collectMembers(): ReadonlyMap<string, readonly Member[]> {
    const members = new Map<string, Member[]>();
    for (const module of this.#kbuild.modules.all()) {
      for (const { path } of module.isComposite ? module.objects : []) {
        const name = objectName(path);
        const known = members.get(name);
        if (known) known.push({ module, path });
        else members.set(name, [{ module, path }]);
      }
    }
    return members;
  }

  /** Makefiles of the other architectures, two levels deep, and the objects that they name, `-` as `_`. */
  #archMakefiles(): { path: string; objects: ReadonlySet<string> }[] {
    const found: { path: string; objects: ReadonlySet<string> }[] = [];
    for (const arch of this.#kbuild.readDirectory('arch')) {
      if (arch === this.#kbuild.srcarch) continue;
      for (const directory of this.#kbuild.readDirectory(`arch/${arch}`)) {
        const path = `arch/${arch}/${directory}/Makefile`;
        const text = this.#kbuild.readText(path)?.replaceAll('-', '_');
        if (text === undefined) continue;
        const lists = text.replaceAll('\\\n', ' ').matchAll(/^\s*obj_(?:\$\(CONFIG_\w+\)|m)\s*[+:]?=(.*)$/gm);
        found.push({ path, objects: new Set([...lists].flatMap(([, list = '']) => list.trim().split(/\s+/))) });
      }
    }
    return found;
  }
}

const objectName = (path: string): string => moduleName(path.endsWith('.o') ? path.slice(0, -2) : path);

/**
 * Whether an object's name says that its module once had that name. A file name of one word says little:
 * drivers/nvme/host/multipath.c is not md's module multipath. With the module's name or its directory's it does:
 * net/tipc/diag.c in tipc_diag.
 */
function isRelated(name: string, module: ModuleEntry): boolean {
  if (name.includes('_') || name.startsWith(module.name)) return true;
  const directories = moduleName(module.directory.replaceAll('/', '_')).split('_');
  return directories.includes(name) || module.name === `${directories.at(-1)}_${name}`;
}

const words = (text: string): string => text.replace(/[^A-Za-z0-9]+/g, '_');

/** The one module among these; null where there are none or several. */
function only<Found extends { readonly module: ModuleEntry }>(found: readonly Found[]): Found | null {
  const first = found[0];
  return first && found.every(({ module }) => module === first.module) ? first : null;
}
