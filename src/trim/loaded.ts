import { type BuildResult, evaluateCondition, type KbuildTree, type ModuleEntry, moduleName } from '../kbuild/index.ts';
import type { Configuration } from '../values/configuration.ts';
import { kbuildLookup } from './lookup.ts';
import type { LoadedModule, LoadedReport, LoadedStatus } from './types.ts';

/** A loaded module, and what the tree and the base config make of it. */
export interface ResolvedModule {
  readonly name: string;
  /** `kept` here means: the base builds it as a module. */
  readonly status: LoadedStatus;
  /** The modules of the tree with that name; those that the base builds, where it builds any. */
  readonly entries: readonly ModuleEntry[];
  readonly note: string;
}

/** Finds the loaded modules in the tree: each name once, in order of name. */
export function resolveLoaded(
  loaded: readonly LoadedModule[],
  kbuild: KbuildTree,
  base: Configuration,
  build: BuildResult,
): ResolvedModule[] {
  const resolver = new Resolver(kbuild, base, build);
  const byName = new Map<string, LoadedModule>();
  for (const module of loaded) byName.set(moduleName(module.name), module);
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, module]) => resolver.resolve(name, module.origin));
}

/** The report on a loaded module. */
export function loadedReport(module: ResolvedModule, lost: ReadonlySet<string>): LoadedReport {
  return {
    name: module.name,
    status: lost.has(module.name) ? 'lost' : module.status,
    path: module.entries[0]?.path ?? null,
    symbols: [...new Set(module.entries.flatMap((entry) => entry.decidingSymbols))],
    note: module.note,
  };
}

class Resolver {
  readonly #kbuild: KbuildTree;
  readonly #lookup;
  readonly #built: ReadonlySet<string>;
  readonly #build: BuildResult;
  #objects: ReadonlyMap<string, string> | null = null;
  #swallowed: ReadonlyMap<string, ModuleEntry> | null = null;

  constructor(kbuild: KbuildTree, base: Configuration, build: BuildResult) {
    this.#kbuild = kbuild;
    this.#lookup = kbuildLookup(base);
    this.#build = build;
    this.#built = new Set(build.modules.map((module) => module.path));
  }

  resolve(name: string, origin: LoadedModule['origin']): ResolvedModule {
    const entries = this.#kbuild.modules.byName(name);
    if (origin === 'out-of-tree') {
      return { name, status: 'out-of-tree', entries: [], note: 'built outside the kernel tree' };
    }
    const modular = entries.filter((entry) => this.#built.has(entry.path));
    if (modular.length > 0) return { name, status: 'kept', entries: modular, note: '' };
    const builtin = entries.filter((entry) => evaluateCondition(entry.whenBuiltin, this.#lookup));
    if (builtin.length > 0) return { name, status: 'builtin', entries: builtin, note: '' };
    if (entries.length > 0) return { name, status: 'off', entries, note: 'off in the base config' };
    return this.#unmapped(name, origin);
  }

  /** A name that no module of the tree has. */
  #unmapped(name: string, origin: LoadedModule['origin']): ResolvedModule {
    const object = this.#builtinObject(name);
    if (object) return { name, status: 'builtin', entries: [], note: `${object} is part of the kernel itself` };
    const successor = this.#successor(name);
    if (successor) {
      const note = `now part of ${successor.name} (${successor.path})`;
      return { name, status: 'renamed', entries: this.#kbuild.modules.byName(successor.name), note };
    }
    if (origin === 'in-tree') return { name, status: 'removed', entries: [], note: 'not in this kernel version' };
    return { name, status: 'unknown', entries: [], note: 'not in this tree: from outside it, renamed or removed' };
  }

  /** An object of vmlinux with the module's name. */
  #builtinObject(name: string): string | undefined {
    this.#objects ??= new Map(this.#build.builtin.map((path) => [moduleName(path.replace(/\.o$/, '')), path]));
    return this.#objects.get(name);
  }

  /** The module that has the module's object inside, where just one has. */
  #successor(name: string): ModuleEntry | undefined {
    if (!this.#swallowed) {
      const swallowed = new Map<string, ModuleEntry>();
      const ambiguous = new Set<string>();
      for (const entry of this.#kbuild.modules.all()) {
        for (const object of entry.isComposite ? entry.objects : []) {
          const member = moduleName(object.path.replace(/\.o$/, ''));
          const known = swallowed.get(member);
          if (known && known !== entry) ambiguous.add(member);
          swallowed.set(member, entry);
        }
      }
      for (const member of ambiguous) swallowed.delete(member);
      this.#swallowed = swallowed;
    }
    return this.#swallowed.get(name);
  }
}
