import { basename } from 'node:path';
import { nearNames, symbolMeant } from '../diagnostics/near-names.ts';
import {
  type BuildResult,
  endsWithPath,
  isModuleBuilt,
  type KbuildTree,
  type ModuleEntry,
  moduleName,
  nameInTree,
} from '../kbuild/index.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { asWritten } from './as-written.ts';
import { moduleBlockers, moduleObstacles, symbolBlockers } from './blockers.ts';
import { Chains } from './chains.ts';
import { findFeatures } from './features.ts';
import { loadedReport, resolveLoaded } from './loaded.ts';
import { kbuildLookup } from './lookup.ts';
import { mentionOf } from './module-links.ts';
import { hindrances } from './no-way.ts';
import { ObjectFinder, objectPath } from './object-answers.ts';
import { applyChanges } from './plan.ts';
import { setBy } from './set-by.ts';
import { SymbolLinks } from './symbol-links.ts';
import type { LoadedReport, RecordedReport, SymbolChange, TrimResult } from './types.ts';
import { type WayOn, type WaySearch, wayToModule, wayToSymbol } from './way-on.ts';
import type {
  KeptReason,
  Link,
  ModuleAnswer,
  Remedy,
  SymbolAnswer,
  TrimmedModule,
  TrimmedName,
  TrimmedNames,
  TrimmedView,
  WhyAnswer,
} from './why-types.ts';

/** What is to be explained. */
export interface WhyInput {
  /** The config in hand. */
  readonly base: Configuration;
  readonly kbuild: KbuildTree;
  /** A trim of it for the listing; null where there is no listing. */
  readonly trimmed: TrimResult | null;
}

const LETTERS = ['n', 'm', 'y'] as const;
/** Names that are offered in place of one that is not known. */
const SUGGESTIONS = 6;

/** What a trim made of the configuration. */
interface Trimmed {
  readonly result: TrimResult;
  readonly links: SymbolLinks;
  readonly chains: Chains;
  readonly loaded: ReadonlyMap<string, LoadedReport>;
  /** Paths of the loaded modules and of what they became. */
  readonly loadedPaths: ReadonlySet<string>;
}

/** Says of symbols and modules why they are on, off or kept. */
export class Explainer {
  readonly #base: Configuration;
  readonly #kbuild: KbuildTree;
  readonly #lookup;
  readonly #links: SymbolLinks;
  readonly #trimmed: Trimmed | null;
  #scratch: Configuration | null = null;
  #build: BuildResult | null = null;
  #objects: ObjectFinder | null = null;
  #kept: readonly ModuleEntry[] | null = null;

  constructor({ base, kbuild, trimmed }: WhyInput) {
    this.#base = base;
    this.#kbuild = kbuild;
    this.#lookup = kbuildLookup(base);
    this.#links = new SymbolLinks(base);
    this.#trimmed = trimmed && this.#prepare(trimmed);
  }

  /**
   * Explains a name: of a symbol, with or without `CONFIG_`, of a module, with or without directory and suffix, or of
   * both. Case counts only where it decides.
   * @returns nothing where the name is not known
   */
  answer(name: string): WhyAnswer[] {
    return asWritten(this.#answers(name, true), this.#kbuild);
  }

  /**
   * Whether there is an answer, without looking for a way to turn anything on.
   * @param loaded names of modules, for a trim that is still to be made
   */
  knows(name: string, loaded: Iterable<string>): boolean {
    return this.#answers(name, false).length > 0 || new Set(loaded).has(moduleName(nameInTree(name)));
  }

  #answers(name: string, wantsRemedy: boolean): WhyAnswer[] {
    const path = nameInTree(name);
    const object = objectPath(path);
    if (object !== null) {
      const named = this.#finder().named(object);
      return named.length === 1 ? this.#object(named[0]!, wantsRemedy) : [];
    }
    if (path.includes('/')) {
      const entries = [...this.#kbuild.modules.all()].filter((entry) => endsWithPath(entry.path, path));
      if (entries.length > 0) return entries.map((entry) => this.module(entry, wantsRemedy));
      // A directory of that name may be a module's as well; only a module file's last part is surely its name.
      if (path === name) return [];
    }
    const word = path.replace(/^.*\//, '');
    const symbol = this.#findSymbol(word.replace(/^CONFIG_/, ''));
    const modules = this.#findModules(word);
    const ofModules =
      modules.length > 0
        ? modules.map((entry) => this.module(entry, wantsRemedy))
        : this.#absent(word, symbol, wantsRemedy);
    const ofSymbol = symbol ? [this.symbol(symbol, wantsRemedy)] : [];
    return /[a-z]/.test(word) ? [...ofModules, ...ofSymbol] : [...ofSymbol, ...ofModules];
  }

  /** The object files that a name may mean. */
  objectsNamed(name: string): string[] {
    const object = objectPath(nameInTree(name));
    return object === null ? [] : this.#finder().named(object);
  }

  /** Names like one that is not known. */
  suggestions(name: string): string[] {
    const object = objectPath(nameInTree(name));
    if (object !== null) return this.#nearObjects(object);
    const symbols = this.#base.kconfig.symbols.all.filter((symbol) => symbol.isDefined && symbol.name !== null);
    const modules = [...this.#kbuild.modules.all()];
    const all = [...symbols.map((symbol) => symbol.name!), ...modules.map((module) => module.name)];
    return nearNames(symbolMeant(name), all, SUGGESTIONS);
  }

  /**
   * Explains a symbol.
   * @param wantsRemedy whether to look for the way to turn it on, which takes by far the longest
   */
  symbol(symbol: KSymbol, wantsRemedy = true): SymbolAnswer {
    const config = this.#base;
    const prompt = symbol.properties.find(({ text }) => text !== null)?.text ?? null;
    const isOff = (symbol.type === 'bool' || symbol.type === 'tristate') && config.tristate(symbol) === 0;
    return {
      kind: 'symbol',
      name: symbol.name ?? 'choice',
      type: symbol.type,
      value: symbol.type === 'unknown' ? 'n' : config.text(symbol),
      prompt,
      visibility: LETTERS[config.visibility(symbol)],
      definedAt: symbol.nodes.map(({ at }) => ({ ...at, column: 0 })),
      setBy: setBy(symbol, config, this.#links),
      blockers: isOff ? symbolBlockers(symbol, config, this.#links) : [],
      ...this.#cure(isOff && symbol.isDefined && wantsRemedy, [symbol], true, (kept) =>
        wayToSymbol(this.#scratchConfig(), symbol, 1, kept),
      ),
      trimmed: this.#trimmed && this.#trimmedSymbol(symbol, this.#trimmed),
    };
  }

  /** Explains a module of the tree; `wantsRemedy` as for a symbol. */
  module(entry: ModuleEntry, wantsRemedy = true): ModuleAnswer {
    const value = moduleValue(entry, this.#base);
    const [first] = entry.decidingSymbols;
    const at = (first ? mentionOf(entry, first, this.#kbuild)?.at : null) ?? entry.mentions[0]?.at ?? null;
    return {
      kind: 'module',
      name: entry.name,
      path: entry.path,
      value,
      symbols: entry.decidingSymbols.map((name) => ({ name, value: this.#lookup(name) ?? 'n' })),
      at,
      blockers: value === 'n' ? moduleObstacles(entry, this.#base, this.#kbuild, this.#links) : [],
      ...this.#cure(value === 'n' && wantsRemedy, this.#failing(entry), false, (kept) =>
        wayToModule(this.#scratchConfig(), [entry], kept),
      ),
      loaded: this.#trimmed?.loaded.get(entry.name) ?? null,
      trimmed: this.#trimmed && this.#trimmedModule(entry, this.#trimmed),
    };
  }

  /** What the trim did with all that was or is on; nothing without a listing. */
  trimmedNames(): TrimmedNames {
    const trimmed = this.#trimmed;
    if (!trimmed) return { symbols: [], modules: [] };
    return { symbols: this.#trimmedSymbols(trimmed), modules: this.#trimmedModules(trimmed) };
  }

  #trimmedSymbols(trimmed: Trimmed): TrimmedName[] {
    const all = this.#base.kconfig.symbols.all.flatMap((symbol): TrimmedName[] => {
      const { name, type, constant, isChoice } = symbol;
      if (name === null || constant !== null || isChoice || (type !== 'bool' && type !== 'tristate')) return [];
      if (this.#base.tristate(symbol) === 0 && trimmed.result.config.tristate(symbol) === 0) return [];
      return [{ name, before: this.#base.text(symbol), view: this.#trimmedSymbol(symbol, trimmed) }];
    });
    return asWritten(all, this.#kbuild);
  }

  #trimmedModules(trimmed: Trimmed): TrimmedModule[] {
    return [...this.#kbuild.modules.all()].flatMap((entry): TrimmedModule[] => {
      const [before, after] = [moduleValue(entry, this.#base), moduleValue(entry, trimmed.result.config)];
      if (before === 'n' && after === 'n') return [];
      return [{ path: entry.path, before, after, symbols: entry.decidingSymbols }];
    });
  }

  #finder(): ObjectFinder {
    this.#build ??= this.#kbuild.build(this.#lookup);
    this.#objects ??= new ObjectFinder(this.#kbuild, this.#build);
    return this.#objects;
  }

  /** Object files whose names, without their directories, are like that of one. */
  #nearObjects(object: string): string[] {
    const paths = new Map<string, string[]>();
    for (const path of this.#finder().paths()) paths.set(basename(path), [...(paths.get(basename(path)) ?? []), path]);
    const near = nearNames(basename(object), paths.keys(), SUGGESTIONS);
    return near.flatMap((name) => paths.get(name)!).slice(0, SUGGESTIONS);
  }

  /** An object file: what it is part of, then the module or the symbols that decide about it. */
  #object(path: string, wantsRemedy: boolean): WhyAnswer[] {
    const answer = this.#finder().find(path, this.#lookup);
    if (!answer) return [];
    const modules = answer.modules.map((module) => this.module(this.#kbuild.modules.byPath(module)!, wantsRemedy));
    const { symbols } = this.#base.kconfig;
    const own = answer.symbols.filter(
      ({ name }) => !modules.some((module) => module.symbols.some((each) => each.name === name)),
    );
    return [
      answer,
      ...modules,
      ...own.flatMap(({ name }) => {
        const symbol = symbols.find(name);
        return symbol ? [this.symbol(symbol, wantsRemedy)] : [];
      }),
    ];
  }

  // --- names --------------------------------------------------------------------------------------------------------

  #findSymbol(word: string): KSymbol | null {
    const { symbols } = this.#base.kconfig;
    for (const name of [word, word.toUpperCase().replaceAll('-', '_')]) {
      const symbol = symbols.find(name);
      if (symbol && symbol.constant === null && (symbol.isDefined || name === word)) return symbol;
    }
    const folded = word.toLowerCase();
    const same = symbols.all.filter((symbol) => symbol.isDefined && symbol.name?.toLowerCase() === folded);
    return same.length === 1 ? same[0]! : null;
  }

  /** Modules of the name; those that are built come first. */
  #findModules(word: string): readonly ModuleEntry[] {
    const isBuilt = (entry: ModuleEntry): number => (isModuleBuilt(entry, this.#lookup) ? 0 : 1);
    const exact = this.#kbuild.modules.byName(word);
    if (exact.length > 0) return [...exact].sort((a, b) => isBuilt(a) - isBuilt(b));
    const folded = moduleName(word).toLowerCase();
    const same = [...this.#kbuild.modules.all()].filter((entry) => entry.name.toLowerCase() === folded);
    return new Set(same.map((entry) => entry.name)).size === 1 ? same : [];
  }

  /**
   * A module that the tree does not have, where something is known of it: it is loaded, or became another, which is
   * explained as well. A name in capitals that is a symbol's is a module's only if it is loaded.
   */
  #absent(word: string, symbol: KSymbol | null, wantsRemedy: boolean): ModuleAnswer[] {
    const name = moduleName(word);
    const isSymbol = symbol !== null && !/[a-z]/.test(word);
    const loaded = this.#trimmed?.loaded.get(name) ?? (isSymbol ? null : this.#resolveAbsent(name));
    if (!loaded) return [];
    const value = loaded.status === 'builtin' ? 'y' : 'n';
    const nothing = { path: null, symbols: [], at: null, blockers: [], remedy: null, hindrances: [], trimmed: null };
    const successor = loaded.path === null ? undefined : this.#kbuild.modules.byPath(loaded.path);
    return [
      { kind: 'module', name, value, ...nothing, loaded },
      ...(successor ? [this.module(successor, wantsRemedy)] : []),
    ];
  }

  #resolveAbsent(name: string): LoadedReport | null {
    this.#build ??= this.#kbuild.build(this.#lookup);
    const resolved = resolveLoaded([{ name, origin: 'unknown' }], this.#kbuild, this.#base, this.#build)[0]!;
    return resolved.status === 'unknown' ? null : loadedReport(resolved, new Set());
  }

  // --- off ----------------------------------------------------------------------------------------------------------

  /**
   * What turns something on, best without losing a loaded module; or why nothing does.
   * @param symbols those that are to blame where there is no way
   * @param isSymbol whether it is a symbol, not a module
   */
  #cure(
    isWanted: boolean,
    symbols: readonly KSymbol[],
    isSymbol: boolean,
    find: (kept: readonly ModuleEntry[]) => WaySearch,
  ): Pick<SymbolAnswer, 'remedy' | 'hindrances'> {
    if (!isWanted) return { remedy: null, hindrances: [] };
    const kept = this.#loadedEntries();
    const keeping = find(kept);
    const search = keeping.way || kept.length === 0 ? keeping : find([]);
    const { way } = search;
    if (way && way.size > 0)
      return { remedy: { changes: changesOf(way), loses: this.#losses(way, kept) }, hindrances: [] };
    const failure = { tree: this.#kbuild, search, isGoal: isSymbol };
    return { remedy: null, hindrances: hindrances(symbols, this.#base, this.#links, failure) };
  }

  /** Entries of the loaded modules that the config in hand builds. */
  #loadedEntries(): readonly ModuleEntry[] {
    this.#kept ??= [...(this.#trimmed?.loadedPaths ?? [])]
      .map((path) => this.#kbuild.modules.byPath(path)!)
      .filter((entry) => isModuleBuilt(entry, this.#lookup));
    return this.#kept;
  }

  /** Names of the modules that a way takes away. */
  #losses(way: WayOn, kept: readonly ModuleEntry[]): string[] {
    const config = this.#scratchConfig();
    const undo = applyChanges(config, way);
    const lookup = kbuildLookup(config);
    const lost = kept.filter((entry) => !isModuleBuilt(entry, lookup)).map(({ name }) => name);
    undo();
    return lost;
  }

  /** The symbols that keep a module from being built. */
  #failing(entry: ModuleEntry): KSymbol[] {
    const found = moduleBlockers(entry, this.#lookup, this.#kbuild).flatMap(({ operands }) => operands);
    return found.flatMap(({ symbol }) => this.#base.kconfig.symbols.find(symbol) ?? []);
  }

  #scratchConfig(): Configuration {
    this.#scratch ??= this.#base.clone();
    return this.#scratch;
  }

  // --- trimmed ------------------------------------------------------------------------------------------------------

  #prepare(result: TrimResult): Trimmed {
    const { config } = result;
    const { modules } = this.#kbuild;
    const lookup = kbuildLookup(config);
    const entries = result.loaded.flatMap(({ name, status, path }): readonly ModuleEntry[] => {
      if (status !== 'kept' && status !== 'builtin' && status !== 'renamed') return [];
      const named = modules.byName(name);
      // What it became, where there is no module of its name.
      return named.length > 0 || path === null ? named : [modules.byPath(path)!];
    });
    const built = entries.filter((entry) => isModuleBuilt(entry, lookup));
    const links = new SymbolLinks(config);
    const features = findFeatures(built, this.#base, config).filter(({ symbol }) => config.tristate(symbol) !== 0);
    return {
      result,
      links,
      chains: new Chains(config, this.#kbuild, links, { modules: built, features }),
      loaded: new Map(result.loaded.map((module) => [module.name, module])),
      loadedPaths: new Set(built.map(({ path }) => path)),
    };
  }

  #trimmedSymbol(symbol: KSymbol, { result, links, chains }: Trimmed): TrimmedView {
    const { config } = result;
    const value = symbol.type === 'unknown' ? 'n' : config.text(symbol);
    const requested = requestedReason(result, symbol.name ?? '');
    const nothing = { value, chain: [], reason: requested, blockers: [], beyond: beyondOf(symbol.name ?? '', result) };
    const isSwitch = symbol.type === 'bool' || symbol.type === 'tristate';
    if (isSwitch && config.tristate(symbol) === 0) {
      if (this.#base.tristate(symbol) === 0) return { fate: 'off', ...nothing };
      return { fate: 'gone', ...nothing, blockers: requested ? [] : symbolBlockers(symbol, config, links) };
    }
    if (!isSwitch) return { fate: symbol.type === 'unknown' ? 'off' : 'kept', ...nothing };
    if (requested) return { fate: 'kept', ...nothing };
    const chain = chains.toSymbol(symbol);
    const recorded =
      recordedReason(result, ({ symbols }) => symbols.includes(symbol.name!)) ?? floorReason(result, [symbol.name!]);
    // What is built in and left alone may well be there for what the record names.
    if (chain && !(recorded && fateOf(chain) === 'kept')) return { ...nothing, fate: fateOf(chain), chain };
    if (recorded) return { ...nothing, fate: 'kept', reason: recorded };
    const kept = result.kept.find((each) => each.symbol === symbol.name);
    return { ...nothing, fate: 'kept', reason: kept ? { reason: kept.reason, for: kept.for, evidence: [] } : null };
  }

  #trimmedModule(entry: ModuleEntry, { result, chains, loadedPaths }: Trimmed): TrimmedView {
    const value = moduleValue(entry, result.config);
    const nothing = { value, chain: [], reason: null, blockers: [], beyond: null };
    if (value === 'n') {
      return { ...nothing, fate: isModuleBuilt(entry, this.#lookup) ? 'gone' : 'off' };
    }
    if (loadedPaths.has(entry.path)) return { ...nothing, fate: 'loaded' };
    const recorded =
      recordedReason(result, ({ path }) => path === entry.path) ?? floorReason(result, entry.decidingSymbols);
    if (recorded) return { ...nothing, fate: 'kept', reason: recorded };
    const chain = chains.toModule(entry);
    if (chain) return { ...nothing, fate: fateOf(chain), chain };
    const kept = result.kept.find((each) => entry.decidingSymbols.includes(each.symbol));
    if (kept) return { ...nothing, fate: 'kept', reason: { reason: kept.reason, for: kept.for, evidence: [] } };
    return { ...nothing, fate: 'kept', chain: chains.toGate(entry) ?? [] };
  }
}

/** What `--deep` and `--fast` did with a symbol, or why they left it. */
function beyondOf(name: string, { deep, settings }: TrimResult): TrimmedView['beyond'] {
  const changes = (each: readonly { readonly changes: readonly SymbolChange[] }[]): SymbolChange | undefined =>
    each.flatMap((step) => step.changes).find(({ symbol }) => symbol === name);
  const bySettings = changes(settings?.steps ?? []);
  if (settings && bySettings) return { option: settings.option, isGone: true, because: bySettings.because };
  const option = deep?.scope === 'bold' ? '--deep=bold' : '--deep';
  const gone = changes(deep?.departures ?? []);
  if (gone) return { option, isGone: true, because: gone.because };
  const held = settings?.held.find(({ symbol }) => symbol === name);
  if (settings && held) return { option: settings.option, isGone: false, because: held.because };
  const stays = deep?.stays.find(({ symbol }) => symbol === name);
  return stays ? { option, isGone: false, because: stays.by } : null;
}

/** For a symbol whose value was asked for and holds: what asked for it. */
function requestedReason({ requests }: TrimResult, name: string): KeptReason | null {
  const request = requests.find(({ symbol, holds }) => symbol === name && holds);
  return request ? { reason: 'set', for: [name], evidence: [request.source] } : null;
}

/** What a record names: the facts behind it. */
function recordedReason(result: TrimResult, isIt: (recorded: RecordedReport) => boolean): KeptReason | null {
  const found = result.recorded.filter((each) => each.status === 'kept' && isIt(each));
  if (found.length === 0) return null;
  const evidence = [...new Set(found.flatMap((each) => each.evidence))];
  return { reason: 'record', for: [...new Set(found.map(({ name }) => name))], evidence };
}

/** For a module that stays for the floor of a deep trim: who asks for it. */
function floorReason(result: TrimResult, symbols: readonly string[]): KeptReason | null {
  const kept = result.kept.find(({ reason, symbol }) => reason === 'floor' && symbols.includes(symbol));
  const pinned = result.deep?.pinned ?? [];
  const sources = pinned.filter(({ symbol }) => kept?.for.includes(symbol)).map(({ source }) => source);
  return kept ? { reason: 'floor', for: kept.for, evidence: [...new Set(sources)] } : null;
}

function fateOf(chain: readonly Link[]): TrimmedView['fate'] {
  const [first] = chain;
  if (first?.kind === 'stays') return 'kept';
  return first?.kind === 'builds' && chain.length === 1 ? 'loaded' : 'needed';
}

/** `m`, `y` for built in, `n` for not built. */
function moduleValue(entry: ModuleEntry, config: Configuration): string {
  const lookup = kbuildLookup(config);
  if (!isModuleBuilt(entry, lookup)) return 'n';
  const { whenModule, whenLinked } = entry;
  return isModuleBuilt({ whenModule, whenLinked, whenBuiltin: NEVER }, lookup) ? 'm' : 'y';
}

const NEVER = { kind: 'constant', id: 1, value: false } as const;

const changesOf = (way: WayOn): Remedy['changes'] =>
  [...way].map(([symbol, value]) => ({
    symbol: symbol.name!,
    value: typeof value === 'number' ? LETTERS[value] : value,
  }));
