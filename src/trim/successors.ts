import {
  type BuildResult,
  type BuiltinItem,
  type ConfigLookup,
  conditionSymbols,
  evaluateCondition,
  isModuleBuilt,
  type KbuildTree,
  type ModuleEntry,
  objectName,
} from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import type { Sources } from '../sources/sources.ts';
import { type ModuleAlias, ModuleAliases } from './module-aliases.ts';

/**
 * What the tree shows of a module that no longer exists under its name.
 * `object`: its object can only be part of vmlinux; `alias`: a module's source gives it the name as an alias;
 * `symbol`: the symbol of its name gates a module, or an object in one; `member`: a module has an object of its name
 * inside; `core`: there is a module of its name with `_core`, or without `_mod`.
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
  #builtin: string | null = null;
  #paths: readonly string[] | null = null;
  #aliases: ModuleAliases | null = null;

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

  #byObject(name: string): Successor | null {
    const item = this.#kbuild.names.builtinOnly(name);
    const isBeside = (path: string) => (other: string) => directoryOf(other) === directoryOf(path);
    if (item && this.#saysSomething(name, item.path, isBeside(item.path))) {
      const symbols = item.mentions.flatMap(({ when }) => conditionSymbols(when));
      return { evidence: 'object', object: item.path, item, isOn: evaluateCondition(item.when, this.#lookup), symbols };
    }
    // Inside a composite of vmlinux.
    const inside = this.#builtinNamed(name).filter((path) => this.#saysSomething(name, path, isBeside(path)));
    if (inside.length !== 1) return null;
    const [path] = inside;
    const whole = only(this.#kbuild.names.withMember(name).filter((member) => member.path === path));
    // A composite that can be a module too has a name and a symbol.
    if (whole) return { evidence: 'member', module: whole.module, what: whole.path };
    return { evidence: 'object', object: path!, item: null, isOn: true, symbols: [] };
  }

  /**
   * What of vmlinux has a name in /sys/module: an object, or a directory, of which all objects share one (drivers/pnp/).
   * @returns its path; null where nothing has
   */
  partOfKernel(name: string): string | null {
    const [object] = this.#builtinNamed(name);
    if (object !== undefined) return object;
    const inside = this.#build.builtin.find((path) => `/${path}`.includes(`/${name}/`));
    return inside === undefined ? null : inside.slice(0, `/${inside}`.indexOf(`/${name}/`) + name.length + 1);
  }

  /** The objects of vmlinux that have a name. */
  #builtinNamed(name: string): readonly string[] {
    // Most names are not there at all, which one look at all paths shows.
    this.#builtin ??= this.#build.builtin.join('\n').replace(/[-,]/g, '_');
    if (!this.#builtin.includes(name)) return [];
    return this.#build.builtin.filter((path) => objectName(path) === name);
  }

  #bySymbol(name: string): Successor | null {
    const what = name.toUpperCase();
    // In capitals it is a symbol's name already: somebody's list of symbols, not of modules.
    if (what === name) return null;
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
    this.#aliases ??= new ModuleAliases(this.#kbuild, this.#sources);
    const exact = this.#oneOf(this.#aliases.named(name), name);
    if (exact) return { evidence: 'alias', module: exact.module, what: exact.text };
    // `ledtrig:audio-mute` was an alias of ledtrig-audio. One word alone (`platform`) would fit too much.
    const found = name.includes('_') ? only(this.#aliases.beginningWith(name)) : null;
    return found ? { evidence: 'alias', module: found.module, what: found.text } : null;
  }

  /**
   * The one module that an alias means. Many crypto modules are `aes`: a person means the one for every processor, which
   * calls itself generic, and whoever has but one of them means that.
   */
  #oneOf(found: readonly ModuleAlias[], name: string): ModuleAlias | null {
    const generic = found.filter(({ module }) => module.name === `${name}_generic`);
    const anyGeneric = found.filter(({ module }) => module.name.endsWith('_generic'));
    const built = found.filter(({ module }) => isModuleBuilt(module, this.#lookup));
    return only(found) ?? only(generic) ?? only(anyGeneric) ?? only(built);
  }

  #byMember(name: string): Successor | null {
    const members = this.#kbuild.names.withMember(name);
    const found = only(
      members.filter(({ path, module }) => {
        const own = new Set([module.path, ...module.objects.map((object) => object.path)]);
        return this.#saysSomething(name, path, (other) => own.has(other));
      }),
    );
    // The file of firewire-ohci that is named ohci has its name from the module, not the module's old one.
    if (found?.module.name.endsWith(`_${name}`)) return null;
    return found ? { evidence: 'member', module: found.module, what: found.path } : null;
  }

  /** A module of its name with `_core`, or without `_mod`: a composite cannot have the name of a file in it. */
  #byCore(name: string): Successor | null {
    const names = [`${name}_core`, ...(name.endsWith('_mod') ? [name.slice(0, -'_mod'.length)] : [])];
    const modules = names.flatMap((each) => this.#kbuild.modules.byName(each)).map((module) => ({ module }));
    const module = only(modules)?.module;
    return module ? { evidence: 'core', module, what: module.path } : null;
  }

  /**
   * Whether an object's name says by itself that a module once had it. A file name of one word mostly says nothing
   * (core, main, fbdev, ohci): it does where the word stands nowhere else in the tree, in no name of a directory, and in
   * none of another object or module (bitblit, binder).
   * @param isOwn what belongs to the same whole
   */
  #saysSomething(name: string, path: string, isOwn: (path: string) => boolean): boolean {
    if (name.includes('_')) return true;
    const directory = directoryOf(path);
    return !directory.split(/[^A-Za-z0-9]/).includes(name) && this.#pathsWith(name).every(isOwn);
  }

  /** All paths of objects and modules in which a word stands. */
  #pathsWith(word: string): readonly string[] {
    this.#paths ??= [
      ...this.#build.builtin,
      ...Array.from(this.#kbuild.modules.all(), ({ path }) => path),
      ...this.#kbuild.names.moduleUnits.paths(),
    ];
    const whole = new RegExp(`(^|[^A-Za-z0-9])${word}([^A-Za-z0-9]|$)`);
    return this.#paths.filter((path) => path.includes(word) && whole.test(path));
  }
}

/** With the last slash. */
function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The one module among these; null where there are none or several. */
function only<Found extends { readonly module: ModuleEntry }>(found: readonly Found[]): Found | null {
  const first = found[0];
  return first && found.every(({ module }) => module === first.module) ? first : null;
}
