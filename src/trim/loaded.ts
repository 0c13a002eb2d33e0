import {
  type Buildable,
  type BuildResult,
  type BuiltinItem,
  builtinOnly,
  evaluateCondition,
  type KbuildTree,
  type ModuleEntry,
  moduleName,
} from '../kbuild/index.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Sources } from '../sources/sources.ts';
import type { Configuration } from '../values/configuration.ts';
import { kbuildLookup } from './lookup.ts';
import { type Successor, SuccessorFinder } from './successors.ts';
import type { LoadedModule, LoadedReport, LoadedStatus } from './types.ts';
import { conditionsCrossed, type WayOn, type WaySearch, wayToModule } from './way-on.ts';

/** A loaded module, and what the tree and the base config make of it. */
export interface ResolvedModule {
  readonly name: string;
  /** `kept` here means: the base builds it as a module; `renamed`: the base builds what it became. */
  readonly status: LoadedStatus;
  /**
   * The modules of the tree with that name; those that the base builds, where it builds any. Of a renamed one what it
   * became.
   */
  readonly entries: readonly ModuleEntry[];
  /** What it became where that can only be part of vmlinux. */
  readonly object?: BuiltinItem;
  /** Of one that is off: whether a way was found that turns it on. */
  readonly canBeOn?: boolean;
  readonly note: string;
}

/** Symbols that the way to turn a module on names before the rest is counted. */
const CHANGES_SHOWN = 4;

/**
 * Finds the loaded modules in the tree: each name once, in order of name.
 * @param sources the tree's sources, where somebody looks at them beside this
 */
export function resolveLoaded(
  loaded: readonly LoadedModule[],
  kbuild: KbuildTree,
  base: Configuration,
  build: BuildResult,
  sources?: Sources,
): ResolvedModule[] {
  return new LoadedResolver(kbuild, base, build, sources).all(loaded);
}

/**
 * Whether the trimmed config has to build the module's entries: G1, and for what a renamed module became. A built-in
 * is among them: it can depend on a module that goes.
 */
export function mustStay({ status }: ResolvedModule): boolean {
  return status === 'kept' || status === 'renamed' || status === 'builtin';
}

/** All of which one has to be built for the module to be: its entries, or the object that it became. */
export function buildables({ entries, object }: ResolvedModule): readonly Buildable[] {
  return object ? [builtinOnly(object)] : entries;
}

/**
 * The report on a loaded module.
 * @param lost names of modules that the result does not build
 * @param turnedOn names of modules that `--enable` turned on
 */
export function loadedReport(
  module: ResolvedModule,
  lost: ReadonlySet<string>,
  turnedOn: ReadonlySet<string> = new Set(),
): LoadedReport {
  const isTurnedOn = turnedOn.has(module.name);
  return {
    name: module.name,
    status: lost.has(module.name) ? 'lost' : module.status,
    path: module.entries[0]?.path ?? null,
    symbols: [...new Set(module.entries.flatMap((entry) => entry.decidingSymbols))],
    enable: isTurnedOn ? 'done' : module.status === 'off' ? (module.canBeOn ? 'possible' : 'impossible') : null,
    note: module.note,
  };
}

/** The values to set, as a .config has them: `SND=m, SND_HDA_INTEL=m`. */
export function formatWay(way: WayOn, limit = Number.POSITIVE_INFINITY): string {
  const all = [...way].map(([symbol, value]) => `${symbol.name}=${['n', 'm', 'y'][Number(value)] ?? value}`);
  return all.slice(0, limit).join(', ') + (all.length > limit ? ` and ${all.length - limit} more` : '');
}

/** Tells what the tree and a base config make of names of modules; of each name it finds that out once. */
export class LoadedResolver {
  readonly #kbuild: KbuildTree;
  readonly #base: Configuration;
  readonly #lookup;
  readonly #built: ReadonlySet<string>;
  readonly #build: BuildResult;
  readonly #successors: SuccessorFinder;
  readonly #known = new Map<string, ResolvedModule>();
  #scratch: Configuration | null = null;

  constructor(kbuild: KbuildTree, base: Configuration, build: BuildResult, sources?: Sources) {
    this.#kbuild = kbuild;
    this.#base = base;
    this.#lookup = kbuildLookup(base);
    this.#build = build;
    this.#built = new Set(build.modules.map((module) => module.path));
    this.#successors = new SuccessorFinder(kbuild, base.kconfig, build, this.#lookup, sources);
  }

  /** Finds loaded modules in the tree: each name once, in order of name. */
  all(loaded: readonly LoadedModule[]): ResolvedModule[] {
    const byName = new Map<string, LoadedModule>();
    for (const module of loaded) byName.set(moduleName(module.name), module);
    return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, module]) => this.#once(name, module.origin));
  }

  #once(name: string, origin: LoadedModule['origin']): ResolvedModule {
    const key = `${name} ${origin}`;
    const known = this.#known.get(key);
    if (known) return known;
    const resolved = this.#resolve(name, origin);
    this.#known.set(key, resolved);
    return resolved;
  }

  #resolve(name: string, origin: LoadedModule['origin']): ResolvedModule {
    const entries = this.#kbuild.modules.byName(name);
    if (origin === 'out-of-tree') {
      return { name, status: 'out-of-tree', entries: [], note: 'built outside the kernel tree' };
    }
    if (entries.length === 0) return this.#unmapped(name, origin);
    const modular = entries.filter((entry) => this.#built.has(entry.path));
    if (modular.length > 0) return { name, status: 'kept', entries: modular, note: '' };
    const builtin = entries.filter((entry) => evaluateCondition(entry.whenBuiltin, this.#lookup));
    if (builtin.length > 0) return { name, status: 'builtin', entries: builtin, note: '' };
    const whole = this.#swallowing(entries);
    if (whole) return { name, status: 'renamed', entries: [whole], note: `here part of ${whole.name} (${whole.path})` };
    return { name, status: 'off', entries, ...this.#off(entries) };
  }

  /** A module that the base builds and that has all objects of one that it does not: libphy has those of mdio-bus. */
  #swallowing(entries: readonly ModuleEntry[]): ModuleEntry | null {
    for (const { path, isComposite, objects } of entries) {
      const own = isComposite ? objects.map((object) => object.path) : [`${path}.o`];
      const whole = this.#build.modules.find((module) => own.every((object) => module.objects.includes(object)));
      if (whole && own.length > 0) return this.#kbuild.modules.byPath(whole.path) ?? null;
    }
    return null;
  }

  /** @param before what else there is to say of it */
  #off(entries: readonly Buildable[], before = ''): Pick<ResolvedModule, 'note' | 'canBeOn'> {
    this.#scratch ??= this.#base.clone();
    const search = wayToModule(this.#scratch, entries);
    const { way } = search;
    const note = way
      ? `off in the base config; on with ${formatWay(way, CHANGES_SHOWN)}`
      : this.#noWayNote(search, conditionsCrossed(this.#scratch, entries));
    return { note: before + note, canBeOn: way !== null };
  }

  #noWayNote({ moved, isGivenUp }: WaySearch, crossed: readonly KSymbol[]): string {
    const names = [...new Set([...crossed, ...moved].map(({ name }) => name!))].sort();
    const without = names.length > 0 ? ` without changing ${names.join(' or ')}` : '';
    const end = isGivenUp ? '; the search was given up' : '';
    return `off in the base config, and nothing was found that turns it on for ${this.#kbuild.srcarch}${without}${end}`;
  }

  /** A name that no module of the tree has. */
  #unmapped(name: string, origin: LoadedModule['origin']): ResolvedModule {
    const part = origin === 'sys-module' ? this.#successors.partOfKernel(name) : null;
    if (part !== null) return { name, status: 'builtin', entries: [], note: `${part} is part of the kernel itself` };
    const successor = this.#successors.find(name);
    if (successor) return this.#succeeded(name, successor);
    const makefile = this.#kbuild.names.elsewhere(name);
    if (makefile) {
      return { name, status: 'unknown', entries: [], note: `a module of another architecture (${makefile})` };
    }
    // What is built into the kernel that ran there is no module from outside the tree either.
    if (origin === 'in-tree' || origin === 'sys-module') {
      return { name, status: 'removed', entries: [], note: 'not in this kernel version' };
    }
    const folded = name.toLowerCase();
    const [meant] = folded === name ? [] : this.#kbuild.modules.byName(folded);
    const note = meant ? `did you mean ${meant.name}?` : 'not in this tree: from outside it, renamed or removed';
    return { name, status: 'unknown', entries: [], note };
  }

  #succeeded(name: string, successor: Successor): ResolvedModule {
    if (successor.evidence === 'object') {
      const { object, item, isOn, symbols } = successor;
      const found = { name, entries: [], ...(item && { object: item }) };
      if (isOn) return { ...found, status: 'builtin', note: `${object} is part of the kernel itself` };
      const by = symbols.length > 0 ? ` by ${symbols.join(', ')}` : '';
      const what = `${object} can only be built in now${by}; `;
      const off = item ? this.#off([builtinOnly(item)], what) : { note: `${what}off in the base config` };
      return { ...found, status: 'off', ...off };
    }
    const { module } = successor;
    const note = successorNote(successor);
    if (this.#built.has(module.path)) return { name, status: 'renamed', entries: [module], note };
    if (evaluateCondition(module.whenBuiltin, this.#lookup)) {
      const isInside = successor.evidence === 'member';
      const by = isInside ? `, which is built in by ${module.decidingSymbols.join(', ')}` : '';
      return { name, status: isInside ? 'builtin' : 'renamed', entries: [module], note: note + by };
    }
    return { name, status: 'off', entries: [module], ...this.#off([module], `${note}; `) };
  }
}

function successorNote({ evidence, module, what }: Exclude<Successor, { evidence: 'object' }>): string {
  const now = `${module.name} (${module.path})`;
  switch (evidence) {
    case 'alias':
      return `now ${now}, whose alias is ${what}`;
    case 'symbol':
      return module.decidingSymbols.includes(what)
        ? `likely now ${now}, by its symbol ${what}`
        : `likely now part of ${now}, by the symbol ${what}`;
    case 'member':
      return `now part of ${now}`;
    case 'core':
      return `likely now ${now}`;
  }
}
