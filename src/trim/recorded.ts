/** What a machine's record says to keep beside the loaded modules, each with the facts that say so. */
import type { Position } from '../diagnostics/diagnostic.ts';
import { allUnits, type FactAnswer, type Provider, ProviderMap } from '../evidence/provider-map.ts';
import {
  type BuildResult,
  conditionSymbols,
  isModuleBuilt,
  type KbuildTree,
  type ModuleEntry,
} from '../kbuild/index.ts';
import { containsSymbol } from '../kconfig/expression.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import { type FactWord, factsOf, type MachineRecord, textOf } from '../machine/record/format.ts';
import type { Sources } from '../sources/sources.ts';
import type { Configuration } from '../values/configuration.ts';
import { LoadedResolver } from './loaded.ts';
import { kbuildLookup } from './lookup.ts';
import type { RecordedReport, RecordedUse } from './types.ts';

/** Something that a record wants, and what of the tree has to stay for it. */
export interface Recorded {
  readonly report: RecordedReport;
  readonly modules: readonly ModuleEntry[];
  /** Parts of modules and of the kernel itself. */
  readonly symbols: readonly KSymbol[];
  /** What is left out of code that is built otherwise; null where that is nothing. */
  readonly lacking: LackingPart | null;
}

/** A part of a module or of the kernel itself that a configuration leaves out. */
export interface LackingPart {
  /** The object that has it, or that is it; null where only its module is known. */
  readonly unit: string | null;
  /** As the record has it. */
  readonly name: string;
  /** Those that are off, of the symbols which it needs; none where another value than on is what it needs. */
  readonly symbols: readonly KSymbol[];
  /** Where the source registers what it is for. */
  readonly at: Position | null;
}

/** Facts of which a trim keeps what they stand on, and what for. Of file systems those that are mounted, or will be. */
const USES: Partial<Readonly<Record<FactWord, RecordedUse>>> = {
  fs: 'file-system',
  nls: 'charset',
  cipher: 'encryption',
  crypttab: 'encryption',
  crypto: 'encryption',
  swap: 'swap',
  zram: 'swap',
  raid: 'raid',
  dm: 'device-mapper',
  target: 'device-mapper',
};

/** Settings that say which character set a file system takes where nobody names one. */
const DEFAULT_CHARSET = /(?:IOCHARSET|CODEPAGE|NLS_DEFAULT)$/;

/** Whether a record has a fact that only the tree's sources explain. */
export function asksSources(record: MachineRecord): boolean {
  return (
    Object.keys(USES).some((word) => usedFacts(record, word as FactWord).length > 0) ||
    builtinDrivers(record).length > 0
  );
}

/** Drivers that have devices. */
function usedDrivers(record: MachineRecord): Fact[] {
  return [...factsOf(record, 'driver')]
    .filter(({ count }) => count !== 0)
    .map(({ fields }) => ({ text: ['driver', ...fields].join(' '), fields }));
}

/** Those that were built into the kernel that ran there. */
const builtinDrivers = (record: MachineRecord): Fact[] => usedDrivers(record).filter(({ fields }) => fields[2] === '-');

/** A fact, as the record has it, and its fields. */
interface Fact {
  readonly text: string;
  readonly fields: readonly string[];
}

function usedFacts(record: MachineRecord, word: FactWord): Fact[] {
  return [...factsOf(record, word)]
    .filter(({ fields }) => word !== 'fs' || fields[1] !== 'registered')
    .map(({ fields }) => ({ text: [word, ...fields].join(' '), fields }));
}

/** What the record is read with. */
export interface RecordedInput {
  readonly record: MachineRecord;
  readonly base: Configuration;
  readonly kbuild: KbuildTree;
  readonly resolver: LoadedResolver;
  /** Of what the base builds. */
  readonly providers: ProviderMap;
  /** Of all modules of the tree, with the same configuration. */
  readonly moduleProviders: ProviderMap;
  /** Of the loaded modules that stay. */
  readonly loaded: ReadonlySet<ModuleEntry>;
  /** Hardware whose driver is neither loaded nor built in is left alone. */
  readonly isLean: boolean;
  /** Also drivers that have devices, and hardware that the base has no driver for: all that a config is checked for. */
  readonly isWhole?: boolean;
}

/** Everything that a record wants beside loaded modules, in order of use and name. */
export function findRecorded(input: RecordedInput): Recorded[] {
  return new RecordedFinder(input).all();
}

class RecordedFinder {
  readonly #input: RecordedInput;
  /** By use and name. */
  readonly #found = new Map<string, Recorded>();

  constructor(input: RecordedInput) {
    this.#input = input;
  }

  all(): Recorded[] {
    const { record, isLean } = this.#input;
    for (const word of Object.keys(USES) as FactWord[]) {
      for (const { text, fields } of usedFacts(record, word)) {
        this.#take(USES[word]!, fields[0] ?? '', [text], this.#find(word, fields));
      }
    }
    if (this.#input.isWhole) this.#drivers();
    else this.#builtinDrivers();
    if (!isLean) this.#hardware();
    return [...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  }

  /** Drivers that have devices, but for those of loaded modules. */
  #drivers(): void {
    const { record } = this.#input;
    const words = ['module', 'out-of-tree'] as const;
    const modules = new Set(words.flatMap((word) => [...factsOf(record, word)].map(({ fields }) => fields[0])));
    for (const { text, fields } of usedDrivers(record)) {
      if (modules.has(fields[2])) continue;
      this.#take('driver', fields[1] ?? '', [text], this.#find('driver', fields));
    }
  }

  /** Drivers that were built in there, and that the base has as modules. */
  #builtinDrivers(): void {
    const { record, base, loaded } = this.#input;
    for (const { text, fields } of builtinDrivers(record)) {
      const answer = this.#find('driver', fields);
      for (const { module, isBuilt } of answer.kind === 'mapped' ? answer.providers : []) {
        if (!isBuilt || module === null || loaded.has(module) || !isModular(module, base)) continue;
        this.#add('driver', module.name, [text], 'kept', [module], []);
      }
    }
  }

  /** Modules of the kernel that ran there which have hardware, loaded or not: the tree may call them otherwise. */
  #hardware(): void {
    const { record, resolver, loaded } = this.#input;
    const outside = new Set([...factsOf(record, 'out-of-tree')].map(({ fields }) => fields[0]));
    const facts = new Map<string, string[]>();
    for (const { fields } of factsOf(record, 'match')) {
      const [name = '', state] = fields;
      if (state !== 'module' || outside.has(name)) continue;
      const known = facts.get(name) ?? [];
      facts.set(name, [...known, ['match', ...fields].join(' ')]);
    }
    const answered = new Set<string>();
    for (const module of resolver.all([...facts.keys()].map((name) => ({ name, origin: 'in-tree' })))) {
      if (module.entries.length > 0 || module.object) {
        for (const fact of facts.get(module.name) ?? []) answered.add(fact.split(' ').at(-1)!);
      }
      const status = module.status === 'renamed' ? 'kept' : module.status;
      if (status !== 'kept' && (status !== 'off' || !this.#input.isWhole)) continue;
      for (const entry of module.entries.filter((each) => !loaded.has(each))) {
        this.#add('hardware', entry.name, facts.get(module.name) ?? [], status, [entry], []);
      }
    }
    if (isOfAnotherKernel(record, this.#input.kbuild)) this.#undriven(answered);
  }

  /** Devices without a driver that the kernel which ran there knew no module for: this tree's tables may. */
  #undriven(answered: ReadonlySet<string>): void {
    const { record, base, providers, moduleProviders, loaded, isWhole } = this.#input;
    for (const { fields } of factsOf(record, 'device')) {
      const [bus = '', driver, alias = ''] = fields;
      if (driver !== '-' || answered.has(alias)) continue;
      const own = providers.ofDevice(textOf(alias));
      const found = own.length > 0 || !isWhole ? own : moduleProviders.ofDevice(textOf(alias));
      for (const { module, isBuilt } of found) {
        if (module === null || loaded.has(module) || (isBuilt ? !isModular(module, base) : !isWhole)) continue;
        this.#add('hardware', module.name, [`device ${bus} - ${alias}`], isBuilt ? 'kept' : 'off', [module], []);
      }
    }
  }

  /** What the base does not build, another configuration of the tree may. */
  #find(word: FactWord, fields: readonly string[]): FactAnswer {
    const { providers, moduleProviders } = this.#input;
    const answer = providers.find(word, fields);
    return answer.kind === 'unknown' ? moduleProviders.find(word, fields) : answer;
  }

  #take(use: RecordedUse, name: string, evidence: readonly string[], answer: FactAnswer): void {
    if (answer.kind === 'none') return;
    if (answer.kind === 'unknown') {
      this.#add(use, name, evidence, 'unknown', [], []);
      return;
    }
    const built = answer.providers.filter(({ isBuilt }) => isBuilt);
    for (const provider of built) this.#provided(use, evidence, provider);
    if (built.length === 0) this.#off(use, name, evidence, answer.providers);
    if (use === 'file-system') this.#charsets(evidence, built);
  }

  #provided(use: RecordedUse, evidence: readonly string[], provider: Provider): void {
    const { base, loaded } = this.#input;
    const { module, symbols, inside } = provider;
    const parts = [...symbols, ...inside].filter((name) => !module?.decidingSymbols.includes(name));
    const found = parts
      .flatMap((name) => base.kconfig.symbols.find(name) ?? [])
      .filter((each) => base.tristate(each) > 0);
    const name = module?.name ?? provider.unit!.replace(/.*\/|\.o$/g, '');
    const isKept = module === null || loaded.has(module);
    if (isKept && found.length === 0) return;
    const modules = module === null ? [] : [module];
    this.#add(use, name, evidence, module && base && isModular(module, base) ? 'kept' : 'builtin', modules, found);
  }

  #off(use: RecordedUse, name: string, evidence: readonly string[], providers: readonly Provider[]): void {
    const { symbols } = this.#input.base.kconfig;
    const lookup = kbuildLookup(this.#input.base);
    const withPart = providers.find(({ module }) => module && isModuleBuilt(module, lookup));
    if (withPart) {
      const lacking = this.#lacking(name, withPart);
      this.#add(use, name, evidence, 'off', [withPart.module!], lacking.symbols, lacking);
      return;
    }
    const modules = providers.flatMap(({ module }) => module ?? []);
    // That a loaded module is off is said of the module.
    if (modules.length > 0 && modules.every((module) => this.#input.loaded.has(module))) return;
    const parts = providers.filter(({ module }) => module === null).flatMap((provider) => provider.symbols);
    const found = parts.flatMap((part) => symbols.find(part) ?? []);
    const lacking = this.#lacking(name, providers[0]!);
    const known = lacking.symbols.length > 0 ? lacking : null;
    this.#add(use, modules[0]?.name ?? name, evidence, 'off', modules, found, known);
  }

  /** What a part that is not built needs and has not, beside its module. */
  #lacking(name: string, { unit, module, symbols, inside, at }: Provider): LackingPart {
    const { base } = this.#input;
    const names = new Set([...symbols, ...inside].filter((each) => !module?.decidingSymbols.includes(each)));
    const found = [...names].flatMap((each) => base.kconfig.symbols.find(each) ?? []);
    return { unit, name, symbols: found.filter((symbol) => base.tristate(symbol) === 0), at };
  }

  /** Character sets that settings of the base name for a file system, or for all that ask for one. */
  #charsets(evidence: readonly string[], providers: readonly Provider[]): void {
    const { base } = this.#input;
    const { symbols } = base.kconfig;
    const own = providers.flatMap((provider) => provider.symbols).flatMap((name) => symbols.find(name) ?? []);
    const owners = new Set(own);
    for (const symbol of owners) {
      for (const { kind, value } of symbol.properties) if (kind === 'select' && value?.sym) owners.add(value.sym);
    }
    for (const symbol of symbols.all) {
      if (symbol.name === null || !DEFAULT_CHARSET.test(symbol.name) || !base.isWritten(symbol)) continue;
      if (![...owners].some((owner) => containsSymbol(symbol.directDependency, owner))) continue;
      const value = base.text(symbol).replace(/^"|"$/g, '');
      const charset = symbol.type === 'int' ? `cp${value}` : value;
      this.#take('charset', charset, [...evidence, `${symbol.name}=${value}`], this.#find('nls', [charset]));
    }
  }

  #add(
    use: RecordedUse,
    name: string,
    evidence: readonly string[],
    status: RecordedReport['status'],
    modules: readonly ModuleEntry[],
    symbols: readonly KSymbol[],
    lacking: LackingPart | null = null,
  ): void {
    const known = this.#found.get(`${use} ${name}`);
    const all = [...new Set([...(known?.report.evidence ?? []), ...evidence])].sort();
    const names = [...modules.flatMap(({ decidingSymbols }) => decidingSymbols), ...symbols.map((each) => each.name!)];
    const report: RecordedReport = {
      name,
      use,
      status,
      path: modules[0]?.path ?? null,
      symbols: [...new Set([...(known?.report.symbols ?? []), ...names])],
      evidence: all,
    };
    this.#found.set(`${use} ${name}`, {
      report,
      modules: [...new Set([...(known?.modules ?? []), ...modules])],
      symbols: [...new Set([...(known?.symbols ?? []), ...symbols])],
      lacking: known?.lacking ?? lacking,
    });
  }
}

/** Whether a record does not tell which modules of a tree's version have a device. */
function isOfAnotherKernel(record: MachineRecord, kbuild: KbuildTree): boolean {
  const makefile = kbuild.readText('Makefile') ?? '';
  const number = (name: string): string => new RegExp(`^${name}\\s*=\\s*(\\d+)`, 'm').exec(makefile)?.[1] ?? '';
  const series = `${number('VERSION')}.${number('PATCHLEVEL')}.`;
  const hasRun = [...factsOf(record, 'kernel')].some(({ fields }) => fields[0]?.startsWith(series));
  return !hasRun || record.get('source aliases')?.count !== 1;
}

/** Whether the base builds it as a module: one of its symbols is `m`. */
function isModular(module: ModuleEntry, base: Configuration): boolean {
  const names = conditionSymbols(module.whenModule);
  return names.some((name) => {
    const symbol = base.kconfig.symbols.find(name);
    return symbol !== undefined && base.tristate(symbol) === 1;
  });
}

/** What a config is asked for beside the modules of a record. */
export interface WholeRecordInput {
  readonly record: MachineRecord;
  readonly config: Configuration;
  readonly kbuild: KbuildTree;
  readonly build: BuildResult;
  readonly sources: Sources;
}

/**
 * Everything beside loaded modules that a machine uses, and what a config makes of it: what a trim keeps, drivers of its
 * devices, and hardware whose driver is not loaded.
 */
export function wholeRecord({ record, config, kbuild, build, sources }: WholeRecordInput): Recorded[] {
  const lookup = kbuildLookup(config);
  const resolver = new LoadedResolver(kbuild, config, build, sources);
  const names = [...factsOf(record, 'module')].map(({ fields }) => fields[0] ?? '');
  const loaded = new Set(
    resolver.all(names.map((name) => ({ name, origin: 'in-tree' }))).flatMap(({ entries }) => entries),
  );
  return findRecorded({
    record,
    base: config,
    kbuild,
    resolver,
    providers: new ProviderMap({ kbuild, sources, units: build.units, lookup }),
    moduleProviders: new ProviderMap({ kbuild, sources, units: allUnits(kbuild), lookup }),
    loaded,
    isLean: false,
    isWhole: true,
  });
}
