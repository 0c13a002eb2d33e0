import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { CacheEntry } from '../cache/cache-entry.ts';
import { FilesEntry } from '../cache/files-entry.ts';
import { Speculation } from '../cache/speculation.ts';
import { DirectValidator, type FilesValidator, SpeculativeValidator } from '../cache/validator.ts';
import { type Diagnostic, InputError } from '../diagnostics/diagnostic.ts';
import { answerProbes } from '../dotconfig/probe-answers.ts';
import { type ReadResult, readDotConfig } from '../dotconfig/read.ts';
import { dotConfigValue, dotConfigValues } from '../dotconfig/scan.ts';
import type { DomainLookup, KbuildTree } from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { cacheDirectory, NodeCache } from '../platform/cache.ts';
import type { Platform } from '../platform/platform.ts';
import { type CachedAnswers, unpackAnswers } from '../sources/cached-sources.ts';
import { SOURCE_THREAD, type SourceThreadStart, sourceAnswersKey } from '../sources/source-thread.ts';
import { Sources } from '../sources/sources.ts';
import { cachedConfEnvironment } from '../toolchain/cached-environment.ts';
import { compilerName, isClangText, isOtherTarget } from '../toolchain/compiler-target.ts';
import {
  type ConfEnvironment,
  compilerDiffers,
  confEnvironment,
  type EnvironmentInput,
  findProgram,
} from '../toolchain/environment.ts';
import { type KernelTree, readKernelTree, requireSrcarch } from '../toolchain/kernel-tree.ts';
import { MakeAnswers } from '../toolchain/make-answers.ts';
import { ProbeCache } from '../toolchain/probe-cache.ts';
import { Probes, toolNames } from '../toolchain/probes.ts';
import { kbuildDomain, kbuildDomainAlone } from '../trim/lookup.ts';
import { Configuration } from '../values/configuration.ts';
import { readCachedKbuild, readKbuild } from './kbuild-reader.ts';
import { KconfigReader, UnevaluatedVariable } from './kconfig-reader.ts';
import { cacheNames, type NameKind, restoreNames } from './name-lists.ts';
import { BUILD } from './version.ts';

/** Variables that the environment may set and that the base config records, for when no program may be run. */
const RECORDED_VARIABLES = ['CC_VERSION_TEXT', 'RUSTC_VERSION_TEXT', 'PAHOLE_VERSION'];

/** Kconfig files as they are read, and those who answer for the toolchain. */
interface Reading {
  readonly reader: KconfigReader;
  /** Null where no program may or can be run. */
  readonly probes: Probes | null;
  /** What the base config says then. */
  readonly recorded: ReadonlyMap<string, string>;
}

/** A Kbuild tree that was read before it was asked for: it may be dropped. */
interface KbuildAhead {
  readonly tree: KbuildTree;
  /** Called where it is what was asked for. */
  readonly onUse: () => void;
}

/** A base config as text, and where it came from. */
export interface BaseConfig {
  readonly text: string;
  /** For the report: a path, or `standard input`. */
  readonly source: string;
}

/** A config that was read into a tree. */
export interface LoadedConfig {
  readonly config: Configuration;
  readonly read: ReadResult;
}

/** What a kernel tree is opened with. What is not given, the environment says, as for make. */
export interface WorkspaceOptions {
  /** The kernel source tree; without it the working directory. */
  readonly tree?: string | undefined;
  /** The build directory, as `make O=` (`KBUILD_OUTPUT`); without it the tree. */
  readonly objtree?: string | undefined;
  /** As `make ARCH=` (`ARCH`). */
  readonly arch?: string | undefined;
  /** More variables of make's command line, such as `LLVM` or `CC`. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Whether results are cached between runs, and used. */
  readonly cache: boolean;
}

/** What a workspace does at a time. */
export type WorkspacePhase = 'environment' | 'parse' | 'finalise' | 'probes' | 'evaluate' | 'kbuild';

/** Hears what a workspace does. */
export interface WorkspaceListener {
  /** A phase begins; the one before has ended. */
  phase(name: WorkspacePhase): void;
  /**
   * So much of a phase is done: answers to the questions that Kconfig files ask the toolchain, or files that were read.
   * @param total null where nobody knows before the end
   */
  progress?(what: 'question' | 'file', done: number, total: number | null): void;
  /** What Kconfig files say with `$(info)` and `$(warning-if)`, in conf's words. */
  message(text: string): void;
}

/** A kernel tree that was opened: its Kconfig and Kbuild files, its toolchain and sources, each read when asked for. */
export class Workspace {
  readonly platform: Platform;
  readonly tree: KernelTree;
  /** Absolute. */
  readonly treePath: string;
  /** Where make would run: the build directory, or the tree. */
  readonly objtree: string;
  /** Whether the toolchain's probes were run; otherwise the base config answered for them. */
  probed = false;
  readonly #options: WorkspaceOptions;
  readonly #listener: WorkspaceListener;
  readonly #answers: MakeAnswers | null;
  #environment: ConfEnvironment | null = null;
  /** Variables of it that Kconfig files read beside the usual ones. */
  readonly #wanted = new Set<string>();
  #writeEnvironment = (): void => undefined;
  #sources: Sources | null = null;
  /** Null where programs may not be run, or nothing is cached. */
  readonly #validator: SpeculativeValidator | null;
  /** The Kconfig files, as they are read with the environment. */
  #reading: Reading | null = null;
  #expectsKbuild = false;
  /** What the compiler that was asked compiles for; empty where none was. */
  #target = '';
  /** What was read before the answers were there that decide on the Kconfig tree. */
  #kbuildAhead: KbuildAhead | null = null;

  /** @throws InputError where the directory is no kernel tree, or the build directory none */
  constructor(platform: Platform, options: WorkspaceOptions, listener: WorkspaceListener) {
    this.platform = platform;
    this.#options = options;
    this.#listener = listener;
    this.treePath = resolve(platform.cwd, options.tree ?? '.');
    this.tree = readKernelTree(platform.fs, this.treePath);
    const objtree = options.objtree ?? platform.env['KBUILD_OUTPUT'];
    this.objtree = objtree ? resolve(platform.cwd, objtree) : this.treePath;
    const found = platform.fs.stat(this.objtree);
    if (found?.isDirectory !== true) {
      throw new InputError({ code: found ? 'objtree-not-directory' : 'objtree-missing', args: { path: this.objtree } });
    }
    this.#answers = platform.commands && new MakeAnswers(platform.commands, this.cache());
    this.#validator = this.#newValidator();
  }

  /** The same tree for another architecture; what sources say is read once. @param arch as make's ARCH */
  forArchitecture(arch: string): Workspace {
    const other = new Workspace(this.platform, { ...this.#options, arch }, this.#listener);
    other.#sources = this.sources();
    return other;
  }

  /**
   * What conf is started with in this tree. Until Kconfig files have been read, what programs say in it, such as the
   * compiler's version, may be what they said in an earlier run.
   */
  environment(): ConfEnvironment {
    if (this.#environment) return this.#environment;
    this.#listener.phase('environment');
    const { fs, env, host } = this.platform;
    const answers = this.#answers;
    const arch = this.#options.arch ?? (env['ARCH'] || undefined);
    if (arch !== undefined) requireSrcarch(this.tree, arch);
    const input: EnvironmentInput = {
      fs,
      tree: this.treePath,
      objtree: this.objtree,
      env,
      host,
      overrides: this.makeVariables(),
      wanted: this.#wanted,
      shell: answers && ((command, run) => answers.answer(command, run)),
    };
    const entry = this.#filesEntry('environment', [this.treePath, this.objtree, arch ?? ''], []);
    const { environment, write } = entry
      ? cachedConfEnvironment(input, entry, this.platform.epochMs())
      : { environment: confEnvironment(input), write: () => undefined };
    this.#environment = environment;
    this.#writeEnvironment = write;
    return environment;
  }

  /** The variables that make's command line is to have: those that were given, and `--arch` (`ARCH`). */
  makeVariables(): Record<string, string> {
    const arch = this.#options.arch ?? (this.platform.env['ARCH'] || undefined);
    return { ...this.#options.variables, ...(arch === undefined ? {} : { ARCH: arch }) };
  }

  /**
   * Parses the tree's Kconfig files.
   * @param config text of the base config: it answers the toolchain's probes where no program may or can be run
   */
  kconfig(config: string | null): Promise<Kconfig> {
    return this.withKconfig(config, (kconfig) => kconfig);
  }

  /**
   * Parses the tree's Kconfig files and works on them while programs still run: cached answers of the toolchain, and that
   * cached results fit the files, are assumed to be right until they are verified.
   * @param work done once more where that turns out wrong: it must leave nothing behind but its result
   */
  async withKconfig<Result>(config: string | null, work: (kconfig: Kconfig) => Result): Promise<Result> {
    const speculation = new Speculation();
    speculation.assume({ verify: async () => (await this.#reading?.probes?.verify()) ?? true });
    if (this.#validator) {
      speculation.assume(this.#validator, () => {
        this.#sources?.forget();
        this.#kbuildAhead = null;
      });
    }
    if (this.#answers) {
      speculation.assume(this.#answers, () => {
        this.#environment = null;
        this.#endReading();
      });
    }
    try {
      const attempt = () => this.#attempt(config, (kconfig) => ({ kconfig, result: work(kconfig) }));
      const { value } = await speculation.run(
        () => attempt().catch((error) => this.#wantVariable(error)),
        () => this.#wait(),
      );
      const { reader, probes } = this.#reading!;
      await probes?.save();
      this.#target = (await probes?.target()) ?? '';
      if (this.#validator?.isUnsupported) this.#noStatEntry()?.write([], null);
      this.platform.defer(() => {
        const read = reader.writeCache();
        this.#cacheSymbolNames(read ?? value.kconfig, read !== null);
      });
      this.platform.defer(this.#writeEnvironment);
      return value.result;
    } finally {
      for (const message of this.#reading?.reader.messages ?? []) this.#listener.message(message);
      this.#endReading();
      this.#answers?.close();
    }
  }

  /** Reads the files with the answers that there are, and works on them; null where an answer is missing. */
  async #attempt<Result>(config: string | null, work: (kconfig: Kconfig) => Result): Promise<{ value: Result } | null> {
    this.#reading ??= this.#startReading(config);
    const { reader, probes, recorded } = this.#reading;
    this.#listener.phase('parse');
    await reader.open((kconfig) => this.#unpackKbuildAhead(kconfig));
    // Where Kconfig files have changed, as after a checkout, Makefiles have as well.
    if (reader.wasStale) this.#kbuildAhead = null;
    if (!probes) {
      const kconfig = reader.read();
      answerProbes(kconfig, recorded);
      return { value: work(kconfig) };
    }
    const ask = (command: string): string | null => probes.ask(command);
    let domain: DomainLookup | null = null;
    const assume = (command: string): string | null => probes.assume(command);
    const kconfig = reader.attempt(ask, assume, (found) => {
      domain = kbuildDomainAlone(found);
    });
    const mayGoOn = kconfig !== null || (domain !== null && this.#expectsKbuild);
    if (mayGoOn && this.#validator) await this.#validateBefore(reader, this.#validator);
    if (domain && this.#expectsKbuild) {
      // What was answered meanwhile is the beginning of other commands.
      await setImmediate();
      reader.askMore(ask);
      this.#readKbuildAhead(domain);
      probes.prepareSave();
    }
    return kconfig && { value: work(kconfig) };
  }

  /** Finds the environment once more, with a variable that turned out to be wanted. @throws any other error */
  #wantVariable(error: unknown): null {
    if (!(error instanceof UnevaluatedVariable)) throw error;
    this.#wanted.add(error.variable);
    this.#environment = null;
    this.#endReading();
    return null;
  }

  /** Unpacks the cached Kbuild tree while the Kconfig files are validated. */
  #unpackKbuildAhead(kconfig: Kconfig): void {
    if (!this.#expectsKbuild) return;
    const { options, entry, onDone } = this.#kbuildSource(kbuildDomain(kconfig));
    const tree = entry && readCachedKbuild(options, entry);
    this.#kbuildAhead = tree && { tree, onUse: () => this.platform.defer(() => onDone(tree, false)) };
  }

  /** Reads the Kbuild files while commands run: what symbols can be does not depend on the answers, as a rule. */
  #readKbuildAhead(domain: DomainLookup): void {
    try {
      this.#kbuildAhead = { tree: this.#readKbuild(domain), onUse: () => undefined };
    } catch (error) {
      // Errors of Kconfig files come first. This one comes again.
      if (!(error instanceof InputError)) throw error;
    }
  }

  /** Validates what it can before work begins that may be in vain. @throws Error where a file has changed */
  async #validateBefore({ wasStale }: KconfigReader, validator: SpeculativeValidator): Promise<void> {
    if (wasStale) {
      // As after a checkout: where Kconfig files have changed, others have as well.
      if (!(await validator.verify(true))) this.#sources?.forget();
    } else if (!(await validator.peek())) throw new Error('files have changed');
  }

  #startReading(config: string | null): Reading {
    const environment = this.environment();
    const probes = this.#probes(environment);
    this.probed = probes !== null;
    const recorded = probes || config === null ? new Map<string, string>() : dotConfigValues(config);
    const conf = probes ? environment : recordedEnvironment(environment, recorded);
    const validator = probes ? this.#validator : new DirectValidator(this.platform.fs);
    const entry = this.#filesEntry('kconfig', [this.treePath, conf.srcarch, this.probed], [conf.kconfig], validator);
    const reader = new KconfigReader({
      ...conf,
      unevaluated: new Set(conf.unevaluated),
      fs: this.platform.fs,
      tree: this.treePath,
      version: this.tree.versionParts,
      finalising: () => this.#listener.phase('finalise'),
      progress: (done) => this.#listener.progress?.('file', done, null),
      entry,
      startedMs: this.platform.epochMs(),
    });
    if (probes && this.#validator) {
      entry?.prefetch(this.#validator);
      if (this.#expectsKbuild) this.#kbuildEntry([])?.prefetch(this.#validator);
      this.#validator.begin(probes.pool);
    }
    return { reader, probes, recorded };
  }

  #endReading(): void {
    this.#reading?.probes?.close();
    this.#reading = null;
    this.#kbuildAhead = null;
  }

  /** Reads the tree's Kbuild files; its Kconfig files tell what symbols can be. */
  kbuild(kconfig: Kconfig): KbuildTree {
    const domain = kbuildDomain(kconfig);
    const ahead = this.#kbuildAhead;
    this.#kbuildAhead = null;
    if (!ahead?.tree.table.adopt(domain)) return this.#readKbuild(domain);
    ahead.onUse();
    return ahead.tree;
  }

  #readKbuild(domain: DomainLookup): KbuildTree {
    this.#listener.phase('kbuild');
    const { options, entry, onDone } = this.#kbuildSource(domain);
    const progress = (done: number): void => this.#listener.progress?.('file', done, null);
    return readKbuild({ ...options, progress }, entry, this.platform, this.#sources, onDone);
  }

  /** What the Kbuild tree is read from, where it is cached, and what is done when all is done. */
  #kbuildSource(domain: DomainLookup) {
    const { env, srcarch, arch } = this.environment();
    const variables: Record<string, string> = { ARCH: arch };
    for (const name of ['SUBARCH', 'CROSS_COMPILE']) if (env[name] !== undefined) variables[name] = env[name];
    const { fs } = this.platform;
    return {
      options: { fs, tree: this.treePath, srcarch, variables, domain },
      entry: this.#kbuildEntry([Object.entries(variables).sort()]),
      onDone: ({ modules }: KbuildTree, isNew: boolean): void =>
        this.#cacheNames('modules', isNew, () => [...modules.all()].map(({ name }) => name)),
    };
  }

  /** Says that `withKconfig` will be given work that asks for `kbuild`. */
  expectKbuild(): void {
    this.#expectsKbuild = true;
  }

  /** The tree's sources: what is cached of them, or a thread that reads them from now on. */
  sources(): Sources {
    if (this.#sources) return this.#sources;
    const { fs, env, threads } = this.platform;
    const start: SourceThreadStart = {
      tree: this.treePath,
      cache: this.#options.cache ? cacheDirectory(env) : null,
    };
    this.#sources = new Sources(fs, this.treePath, {
      thread: () => threads.start(SOURCE_THREAD, start),
      // This program itself would be slower at reading them than the thread.
      cached: this.#validator && cachedAnswers(this.#sourceAnswersEntry()),
    });
    return this.#sources;
  }

  /**
   * Reads a config into a tree, and calculates its values.
   * @param kconfig this workspace's
   */
  configure(kconfig: Kconfig, { text, source }: BaseConfig): LoadedConfig {
    this.#listener.phase('evaluate');
    const config = new Configuration(kconfig);
    return { config, read: readDotConfig(config, text, { file: source }) };
  }

  /** What is to be said about the toolchain and a config that was made with one. @param config its text */
  toolchainDiagnostics(config: string): Diagnostic[] {
    const environment = this.environment();
    if (!this.probed) {
      const reason = this.platform.commands === null ? 'no-exec' : 'no-compiler';
      return [...environment.diagnostics, { code: 'toolchain-not-asked', severity: 'info', args: { reason } }];
    }
    const configured = dotConfigValue(config, 'CC_VERSION_TEXT')?.replace(/^"|"$/g, '') ?? null;
    const differs = compilerDiffers(configured, environment.env['CC_VERSION_TEXT'] ?? '');
    return differs ? [...environment.diagnostics, differs] : [...environment.diagnostics];
  }

  /** Says that the compiler which was asked is one for another architecture. */
  targetDiagnostics(): Diagnostic[] {
    const { env, srcarch } = this.environment();
    if (isClangText(env['CC_VERSION_TEXT'] ?? '') || !isOtherTarget(this.#target, srcarch)) return [];
    const args = { name: compilerName(env['CC'] ?? ''), target: this.#target, srcarch };
    return [{ code: 'toolchain-other-target', severity: 'warning', args }];
  }

  /** Lets the thread that reads sources finish what it was asked, and ends it. */
  finishSources(): void {
    this.#sources?.finish();
  }

  /** Where results are cached between runs; null for nowhere. */
  cache(): NodeCache | null {
    const directory = this.#options.cache ? cacheDirectory(this.platform.env) : null;
    return directory === null ? null : new NodeCache(directory);
  }

  #newValidator(): SpeculativeValidator | null {
    const { commands, fs } = this.platform;
    const noStat = this.#noStatEntry();
    if (!commands || noStat?.open() !== null) return null;
    return new SpeculativeValidator(new DirectValidator(fs), commands);
  }

  /** Says that the programs of this machine cannot find fingerprints. */
  #noStatEntry(): CacheEntry | null {
    const store = this.cache();
    return store && BUILD !== null ? new CacheEntry(store, { kind: 'no-stat', place: '', circumstances: BUILD }) : null;
  }

  /** @param circumstances what the content depends on beside files and place */
  #kbuildEntry(circumstances: readonly unknown[]): FilesEntry | null {
    return this.#filesEntry('kbuild', [this.treePath, this.environment().srcarch], circumstances);
  }

  #sourceAnswersEntry(): FilesEntry | null {
    const store = this.cache();
    const validator = this.#validator ?? undefined;
    return store && BUILD !== null
      ? new FilesEntry(store, this.platform.fs, sourceAnswersKey(this.treePath, BUILD), validator)
      : null;
  }

  /** An entry for a result of reading files; null where nothing is cached, or this program's code may change any time. */
  #filesEntry(
    kind: string,
    place: readonly unknown[],
    circumstances: readonly unknown[],
    validator: FilesValidator | null = this.#validator,
  ): FilesEntry | null {
    const cache = this.cache();
    if (!cache || BUILD === null) return null;
    const key = {
      kind,
      place: JSON.stringify(place),
      directory: this.treePath,
      circumstances: JSON.stringify([BUILD, ...circumstances]),
    };
    return new FilesEntry(cache, this.platform.fs, key, validator ?? undefined);
  }

  #cacheSymbolNames(kconfig: Kconfig, isNew: boolean): void {
    this.#cacheNames('symbols', isNew, () =>
      kconfig.symbols.all
        .filter(({ constant, isChoice, type }) => constant === null && !isChoice && type !== 'unknown')
        .flatMap(({ name }) => name ?? []),
    );
  }

  /** Caches the names for what completes command lines. @param isNew whether they may be others than before */
  #cacheNames(kind: NameKind, isNew: boolean, names: () => readonly string[]): void {
    const store = this.cache();
    const arch = this.#options.arch ?? this.platform.env['ARCH'];
    const place = { tree: this.treePath, arch };
    if (store) (isNew ? cacheNames : restoreNames)(store, kind, place, names);
  }

  /** The config file that make would write: `KCONFIG_CONFIG` or `.config` in the build directory. */
  configPath(): string {
    return resolve(this.objtree, this.platform.env['KCONFIG_CONFIG'] || '.config');
  }

  /** Runs the `$(shell)`s of Kconfig files; null where the compiler that most of them ask is not there. */
  #probes({ env, cwd }: ConfEnvironment): Probes | null {
    const { commands, fs, epochMs } = this.platform;
    const tools = toolNames(env);
    if (!commands || findProgram(fs, tools.compiler.split(/\s+/)[0]!, env, cwd) === null) return null;
    const cache = this.cache();
    const progress = (answered: number, asked: number): void => this.#listener.progress?.('question', answered, asked);
    const probeCache = cache && new ProbeCache(cache, tools);
    return new Probes({ fs, commands, cache: probeCache, env, cwd, startedMs: epochMs(), progress });
  }

  #wait(): void {
    if (this.probed) this.#listener.phase('probes');
  }
}

/** An environment with what symbols of the same names say, for what programs say. */
function recordedEnvironment(environment: ConfEnvironment, recorded: ReadonlyMap<string, string>): ConfEnvironment {
  const env = { ...environment.env };
  for (const name of [...RECORDED_VARIABLES, ...environment.unevaluated]) {
    const value = recorded.get(name);
    if (value !== undefined) env[name] = value.replace(/^"|"$/g, '');
  }
  return { ...environment, env, unevaluated: [] };
}

function cachedAnswers(entry: FilesEntry | null): CachedAnswers | null {
  try {
    const bytes = entry?.read();
    return bytes ? unpackAnswers(bytes) : null;
  } catch {
    return null;
  }
}
