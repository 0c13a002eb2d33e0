import { resolve } from 'node:path';
import { FileWitness, PlainFileCheck } from '../cache/file-witness.ts';
import { KeptResult } from '../cache/kept-result.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { answerProbes } from '../dotconfig/probe-answers.ts';
import { type ReadResult, readDotConfig } from '../dotconfig/read.ts';
import { dotConfigValue, dotConfigValues } from '../dotconfig/scan.ts';
import type { KbuildTree } from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { cacheDirectory, NodeCache } from '../platform/cache.ts';
import type { Platform } from '../platform/platform.ts';
import { KeptSources } from '../sources/kept-sources.ts';
import { SOURCE_THREAD, type SourceThreadStart, sourcesKey } from '../sources/source-thread.ts';
import { Sources } from '../sources/sources.ts';
import {
  type ConfEnvironment,
  compilerDiffers,
  confEnvironment,
  type EnvironmentInput,
  findProgram,
} from '../toolchain/environment.ts';
import { keptConfEnvironment } from '../toolchain/kept-environment.ts';
import { type KernelTree, readKernelTree, requireSrcarch } from '../toolchain/kernel-tree.ts';
import { MakeAnswers } from '../toolchain/make-answers.ts';
import { ProbeCache } from '../toolchain/probe-cache.ts';
import { Probes, toolNames } from '../toolchain/probes.ts';
import { kbuildDomain } from '../trim/lookup.ts';
import { Configuration } from '../values/configuration.ts';
import { afterwards } from './afterwards.ts';
import { readKbuild } from './kbuild-reader.ts';
import { KconfigReader } from './kconfig-reader.ts';
import { BUILD } from './version.ts';

/** Variables that the environment may set and that the base config records, for when no program may be run. */
const RECORDED_VARIABLES = ['CC_VERSION_TEXT', 'RUSTC_VERSION_TEXT'];

/** Says of which build that the programs of this machine cannot tell what files are. */
const DEAF = 'no-stat';

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
  /** Whether results are kept between runs, and used. */
  readonly cache: boolean;
}

/** What a workspace does at a time. */
export type WorkspacePhase = 'environment' | 'parse' | 'finalise' | 'probes' | 'evaluate' | 'kbuild';

/** Hears what a workspace does. */
export interface WorkspaceListener {
  /** A phase begins; the one before has ended. */
  phase(name: WorkspacePhase): void;
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
  #keepEnvironment = (): void => undefined;
  #sources: Sources | null = null;
  /** Looks at files that results were kept of; null where programs may not be run, or nothing is kept. */
  readonly #witness: FileWitness | null;
  #expectsKbuild = false;

  /** @throws InputError where the directory is no kernel tree */
  constructor(platform: Platform, options: WorkspaceOptions, listener: WorkspaceListener) {
    this.platform = platform;
    this.#options = options;
    this.#listener = listener;
    this.treePath = resolve(platform.cwd, options.tree ?? '.');
    this.tree = readKernelTree(platform.fs, this.treePath);
    const objtree = options.objtree ?? platform.env['KBUILD_OUTPUT'];
    this.objtree = objtree ? resolve(platform.cwd, objtree) : this.treePath;
    this.#answers = platform.commands && new MakeAnswers(platform.commands, this.cache());
    this.#witness = this.#newWitness();
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
      shell: answers && ((command, run) => answers.answer(command, run)),
    };
    const entry = this.kept('environment', [this.treePath, this.objtree, arch ?? ''], []);
    const { environment, keep } = entry
      ? keptConfEnvironment(input, entry, this.platform.today())
      : { environment: confEnvironment(input), keep: () => undefined };
    this.#environment = environment;
    this.#keepEnvironment = keep;
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
   * Parses the tree's Kconfig files and works on them, while programs still run: what the toolchain said in an earlier
   * run is taken for granted until it is heard, and that files are what they were.
   * @param work done once more where that turns out wrong: it must leave nothing behind but its result
   */
  async withKconfig<Result>(config: string | null, work: (kconfig: Kconfig) => Result): Promise<Result> {
    try {
      for (;;) {
        const { result, reader, isSame } = await this.#read(config, this.environment(), work);
        const areRight = (await this.#answers?.hold()) ?? true;
        if (!areRight) this.#environment = null;
        if (!isSame) this.#sources?.forget();
        if (!areRight || !isSame) continue;
        // As conf words them; standard output is for data.
        for (const message of reader.messages) this.#listener.message(message);
        if ('error' in result) throw result.error;
        afterwards(() => reader.keep());
        afterwards(this.#keepEnvironment);
        return result.value;
      }
    } finally {
      this.#answers?.close();
    }
  }

  /**
   * One reading with an environment.
   * @returns also whether all files are what they were taken to be
   */
  async #read<Result>(
    config: string | null,
    environment: ConfEnvironment,
    work: (kconfig: Kconfig) => Result,
  ): Promise<{ result: { value: Result } | { error: unknown }; reader: KconfigReader; isSame: boolean }> {
    this.#listener.phase('parse');
    const probes = this.#probes(environment);
    this.probed = probes !== null;
    const recorded = probes || config === null ? new Map<string, string>() : dotConfigValues(config);
    const conf = probes ? environment : { ...environment, env: { ...environment.env, ...recordedVariables(recorded) } };
    const entry = this.kept('kconfig', [this.treePath, conf.srcarch, this.probed], [conf.kconfig]);
    const reader = new KconfigReader({
      ...conf,
      fs: this.platform.fs,
      tree: this.treePath,
      version: this.tree.versionParts,
      finalising: () => this.#listener.phase('finalise'),
      entry,
      today: this.platform.today(),
    });
    try {
      if (probes) this.#haveFilesLookedAt(probes, entry);
      const result = await this.#outcome(reader, probes, recorded, work);
      const isSame = (await this.#witness?.hold()) ?? true;
      if (this.#witness?.isDeaf) this.cache()?.write(DEAF, `${BUILD}`);
      return { result, reader, isSame };
    } finally {
      probes?.close();
    }
  }

  async #outcome<Result>(
    reader: KconfigReader,
    probes: Probes | null,
    recorded: ReadonlyMap<string, string>,
    work: (kconfig: Kconfig) => Result,
  ): Promise<{ value: Result } | { error: unknown }> {
    try {
      if (probes) {
        return await probes.answer(
          async (shell) => {
            const kconfig = this.#attempt(reader, shell);
            // Files that have changed are most often among those that were looked at first.
            if ((await this.#witness?.peek()) === false) throw new Error('files have changed');
            return kconfig && { value: work(kconfig) };
          },
          () => this.#wait(),
        );
      }
      const kconfig = reader.read();
      answerProbes(kconfig, recorded);
      return { value: work(kconfig) };
    } catch (error) {
      return { error };
    }
  }

  /** Reads the tree's Kbuild files; its Kconfig files tell what symbols can be. */
  kbuild(kconfig: Kconfig): KbuildTree {
    this.#listener.phase('kbuild');
    const { env, srcarch, arch } = this.environment();
    const variables: Record<string, string> = { ARCH: arch };
    for (const name of ['SUBARCH', 'CROSS_COMPILE']) if (env[name] !== undefined) variables[name] = env[name];
    const { fs } = this.platform;
    const options = { fs, tree: this.treePath, srcarch, variables, domain: kbuildDomain(kconfig) };
    const entry = this.#kbuildEntry([Object.entries(variables).sort()]);
    return readKbuild(options, entry, this.platform.today(), this.#sources);
  }

  /** Says that `withKconfig` will be given work that asks for `kbuild`. */
  expectKbuild(): void {
    this.#expectsKbuild = true;
  }

  /** The tree's sources: what was kept of them, or a thread that looks at them from now on. */
  sources(): Sources {
    if (this.#sources) return this.#sources;
    const { fs, env, threads } = this.platform;
    const start: SourceThreadStart = {
      tree: this.treePath,
      cache: this.#options.cache ? cacheDirectory(env) : null,
    };
    this.#sources = new Sources(fs, this.treePath, {
      thread: () => threads.start(SOURCE_THREAD, start),
      // This program itself would be slower at looking at them than the thread.
      kept: this.#witness && keptSources(this.#sourcesEntry()),
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

  /** Lets the thread that reads sources finish what it was asked, and ends it. */
  finishSources(): void {
    this.#sources?.finish();
  }

  /** What is kept between runs; null for nothing. */
  cache(): NodeCache | null {
    const directory = this.#options.cache ? cacheDirectory(this.platform.env) : null;
    return directory === null ? null : new NodeCache(directory);
  }

  /** Has the files looked at that are asked for first, before the toolchain is asked. */
  #haveFilesLookedAt({ pool }: Probes, kconfig: KeptResult | null): void {
    if (!this.#witness) return;
    this.#witness.begin(pool);
    kconfig?.foresee(this.#witness);
    if (this.#expectsKbuild) this.#kbuildEntry([])?.foresee(this.#witness);
  }

  #newWitness(): FileWitness | null {
    const { commands, fs } = this.platform;
    const cache = this.cache();
    if (!commands || BUILD === null || !cache || cache.read(DEAF) === BUILD) return null;
    return new FileWitness(new PlainFileCheck(fs));
  }

  /** @param circumstances what the result hangs on beside files and place */
  #kbuildEntry(circumstances: readonly unknown[]): KeptResult | null {
    return this.kept('kbuild', [this.treePath, this.environment().srcarch], circumstances);
  }

  #sourcesEntry(): KeptResult | null {
    const cache = this.cache();
    const check = this.#witness ?? undefined;
    return cache && BUILD !== null
      ? new KeptResult(cache, this.platform.fs, sourcesKey(this.treePath, BUILD), check)
      : null;
  }

  /** Where a result of reading files is kept; null where nothing is, or this program's code may change at any time. */
  kept(kind: string, place: readonly unknown[], circumstances: readonly unknown[]): KeptResult | null {
    const cache = this.cache();
    if (!cache || BUILD === null) return null;
    const key = {
      kind,
      place: JSON.stringify(place),
      directory: this.treePath,
      circumstances: JSON.stringify([BUILD, ...circumstances]),
    };
    return new KeptResult(cache, this.platform.fs, key, this.#witness ?? undefined);
  }

  /** The config file that make would write: `KCONFIG_CONFIG` or `.config` in the build directory. */
  configPath(): string {
    return resolve(this.objtree, this.platform.env['KCONFIG_CONFIG'] || '.config');
  }

  /** Runs the `$(shell)`s of Kconfig files; null where the compiler that most of them ask is not there. */
  #probes({ env, cwd }: ConfEnvironment): Probes | null {
    const { commands, fs, today } = this.platform;
    const tools = toolNames(env);
    if (!commands || findProgram(fs, tools.compiler.split(/\s+/)[0]!, env, cwd) === null) return null;
    const cache = this.cache();
    return new Probes({ fs, commands, cache: cache && new ProbeCache(cache, tools), env, cwd, today: today() });
  }

  #attempt(reader: KconfigReader, shell: (command: string) => string | null): Kconfig | null {
    this.#listener.phase('parse');
    return reader.attempt(shell);
  }

  #wait(): void {
    this.#listener.phase('probes');
  }
}

function recordedVariables(recorded: ReadonlyMap<string, string>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of RECORDED_VARIABLES) {
    const value = recorded.get(name);
    if (value !== undefined) found[name] = value.replace(/^"|"$/g, '');
  }
  return found;
}

function keptSources(entry: KeptResult | null): KeptSources | null {
  try {
    const bytes = entry?.read();
    return bytes ? new KeptSources(bytes) : null;
  } catch {
    return null;
  }
}
