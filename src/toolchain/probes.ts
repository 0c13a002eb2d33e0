import { TOO_YOUNG_MS } from '../cache/file-state.ts';
import type { CommandRunner, FileSystem, ShellPool } from '../platform/platform.ts';
import type { CommandSurroundings } from './command-dependencies.ts';
import {
  DependencyFingerprints,
  FileFingerprints,
  findDependencies,
  type RecordedDependencies,
} from './fingerprints.ts';
import type { KeptProbes, ProbeCache } from './probe-cache.ts';
import { askedTool, plainAnswer, showsWriting, type ToolNames } from './tool-commands.ts';
import { identifyTools, plannedPrograms, type ToolIdentity } from './tool-identity.ts';

/** What asking the toolchain needs. */
export interface ProbesInput {
  readonly fs: FileSystem;
  readonly commands: CommandRunner;
  /** Answers that earlier runs kept; null for none, and nothing is kept then. */
  readonly cache: ProbeCache | null;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Milliseconds since the epoch. */
  readonly today: number;
}

/** Why a command need not run: the tool is the same that it asks, or all is the same that it is proved to hang on. */
type Ground = keyof ToolNames | RecordedDependencies;

/** Reads with the answers that there are; null where one was missing. */
export type Attempt<Result> = (shell: (command: string) => string | null) => Result | null | Promise<Result | null>;

/** Attempts with commands side by side; where each answer leads to another question, one after the other is better. */
const MAX_ATTEMPTS = 8;

/**
 * Asks the commands of Kconfig files, side by side. Commands are known only from reading the files, whose meaning hangs
 * on the answers: so they are read as far as they can be, again and again, until no answer is missing.
 *
 * What earlier runs kept is taken as a guess. Commands whose answers can hang on anything are run all the same, and
 * where one was guessed wrong, all is read again. Only those that ask nothing but the compiler or linker, or for which
 * it is known what else they hang on, are not run where that is the same still; and of those that write a file one is,
 * as it may be forbidden now.
 */
export class Probes {
  /** What runs the commands, for others that have some. */
  readonly pool: ShellPool;
  readonly #input: ProbesInput;
  readonly #tools: ToolNames;
  readonly #kept: KeptProbes | null;
  /** The answers of this run. */
  readonly #known = new Map<string, string>();
  /** Commands that run, or have run. */
  readonly #asked = new Map<string, Promise<void>>();
  /** Commands that were answered by what was kept, and that need not run if the tools are the same. */
  readonly #spared = new Map<string, Ground>();
  /** Commands whose kept answers were proved to be the ones of this run. */
  readonly #verified = new Map<string, RecordedDependencies>();
  #guessedWrong = false;
  /** The tools, or what else answers hang on, are no longer what they were. */
  #hasChanged = false;
  /** The command that is run to see that compiling still works here. */
  #sample: string | null = null;
  /** Which programs the compiler starts. */
  #plan: Promise<string> | null = null;

  constructor(input: ProbesInput) {
    const { env, cache } = input;
    this.#input = input;
    this.#tools = toolNames(env);
    this.#kept = cache?.read() ?? null;
    // Where answers can be guessed, work goes on while the commands run.
    this.pool = input.commands.shells(input, this.#kept === null ? 0 : 1);
  }

  /**
   * Repeats an attempt until its answers are all there and right.
   * @param waits called before there is nothing to do but to wait
   * @throws what the attempt throws, with answers that are right
   */
  async answer<Result>(attempt: Attempt<Result>, waits: () => void): Promise<Result> {
    for (let attempts = 1; ; attempts++) {
      const sideBySide = attempts <= MAX_ATTEMPTS;
      const outcome = await outcomeOf(() => attempt((command) => this.#ask(command, sideBySide)));
      waits();
      if (!(await this.#settle())) continue;
      if ('error' in outcome) throw outcome.error;
      if (outcome.result === null) continue;
      await this.#keep();
      return outcome.result;
    }
  }

  /** Ends what still runs. */
  close(): void {
    this.pool.close();
  }

  #ask(command: string, sideBySide: boolean): string | null {
    const known = this.#known.get(command);
    if (known !== undefined) return known;
    const plain = plainAnswer(command);
    if (plain !== null) return plain;
    if (!sideBySide) {
      const { commands, cwd, env } = this.#input;
      const answer = commands.run('/bin/sh', ['-c', command], { cwd, env }).stdout;
      this.#known.set(command, answer);
      return answer;
    }
    const guess = this.#kept?.answers.get(command) ?? null;
    const ground = guess === null ? null : this.#sparingGround(command, guess);
    if (ground === null) this.#run(command);
    else this.#spared.set(command, ground);
    return guess;
  }

  #run(command: string): void {
    if (this.#asked.has(command)) return;
    const done = this.pool.run(command).then((answer) => {
      this.#known.set(command, answer);
      const guess = this.#kept?.answers.get(command);
      if (guess !== undefined && guess !== answer) this.#guessedWrong = true;
    });
    this.#asked.set(command, done);
  }

  /** Why a command need not run if that is the same still; null where it has to run. */
  #sparingGround(command: string, guess: string): Ground | null {
    const tool = askedTool(command, this.#tools);
    const ground = tool ?? this.#kept?.dependencies.get(command) ?? null;
    if (ground === null || (tool !== null && this.#kept?.[tool] === null)) return null;
    this.#askPlan();
    if (!showsWriting(command, guess)) return ground;
    this.#sample ??= command;
    return this.#sample === command ? null : ground;
  }

  /** Waits for what runs. False where what was answered before has turned out wrong. */
  async #settle(): Promise<boolean> {
    await Promise.all(this.#asked.values());
    if (this.#spared.size > 0) await this.#judgeSpared();
    if (!this.#guessedWrong) return true;
    this.#guessedWrong = false;
    return false;
  }

  /** The answers that were not asked for are as good as the ones of this run, or have to be asked for after all. */
  async #judgeSpared(): Promise<void> {
    const files = new FileFingerprints(this.#input.fs);
    const now = await this.#identity(files);
    const fingerprints = new DependencyFingerprints(this.#surroundings, now, files);
    const kept = this.#kept!;
    const sample = this.#sample;
    const works = sample !== null && kept.answers.get(sample) === this.#known.get(sample);
    for (const [command, ground] of this.#spared) {
      const isRecorded = typeof ground === 'object';
      const isSame = isRecorded
        ? fingerprints.of(ground.dependencies) === ground.fingerprint
        : now[ground] !== null && now[ground] === kept[ground];
      const compiles = isRecorded ? ground.dependencies.compiler : ground === 'compiler';
      if (isSame && (works || !compiles)) {
        this.#known.set(command, kept.answers.get(command)!);
        if (isRecorded) this.#verified.set(command, ground);
      } else this.#run(command);
      this.#hasChanged ||= !isSame;
    }
    this.#spared.clear();
    await Promise.all(this.#asked.values());
  }

  #askPlan(): Promise<string> {
    const command = plannedPrograms(this.#tools.compiler, this.#input.env['CLANG_FLAGS'] ?? '');
    this.#plan ??= this.pool.run(command);
    return this.#plan;
  }

  /** What the tools are at this fingerprints. */
  async #identity(files: FileFingerprints): Promise<ToolIdentity> {
    const { fs, env, cwd } = this.#input;
    return identifyTools(fs, this.#tools, await this.#askPlan(), env, cwd, files);
  }

  get #surroundings(): CommandSurroundings {
    const { fs, env, cwd } = this.#input;
    return { fs, tools: this.#tools, env, cwd };
  }

  /** Keeps what this run has learned, for the next one. */
  async #keep(): Promise<void> {
    const { cache, today, fs } = this.#input;
    const kept = this.#kept;
    const isNews = [...this.#known].some(([command, answer]) => kept?.answers.get(command) !== answer);
    if (!cache || !(isNews || this.#hasChanged || kept?.compiler === null || kept?.linker === null)) return;
    const files = new FileFingerprints(fs);
    const identity = await this.#identity(files);
    const { compiler, linker } = identity;
    // What changed while this run asked may have answered as one or the other.
    if (files.youngest > today - TOO_YOUNG_MS) return;
    const isSame = kept && kept.compiler === compiler && kept.linker === linker;
    if (isSame && !isNews && !this.#hasChanged) return;
    const answers = new Map(isSame ? kept.answers : []);
    // Sorted, for the same bytes whichever command ends first.
    for (const [command, answer] of [...this.#known].sort()) {
      answers.delete(command);
      answers.set(command, answer);
    }
    cache.write({
      compiler,
      linker,
      answers,
      dependencies: await this.#recordedDependencies(isSame ? kept.dependencies : new Map(), identity),
    });
  }

  /** What proves the answers of this run, beside those of others. */
  async #recordedDependencies(
    others: ReadonlyMap<string, RecordedDependencies>,
    identity: ToolIdentity,
  ): Promise<ReadonlyMap<string, RecordedDependencies>> {
    const dependencies = new Map(others);
    const records = [...this.#known.keys()].map(async (command) => {
      if (askedTool(command, this.#tools) === null) return { command, recorded: await this.#record(command, identity) };
      return { command, recorded: null };
    });
    for (const { command, recorded } of await Promise.all(records)) {
      if (recorded) dependencies.set(command, recorded);
      else dependencies.delete(command);
    }
    return dependencies;
  }

  async #record(command: string, identity: ToolIdentity): Promise<RecordedDependencies | null> {
    const before = this.#verified.get(command);
    if (before) return before;
    const dependencies = await findDependencies(command, this.#surroundings, identity, (text) => this.pool.run(text));
    if (!dependencies) return null;
    const files = new FileFingerprints(this.#input.fs);
    const fingerprint = new DependencyFingerprints(this.#surroundings, identity, files).of(dependencies);
    // A fingerprint that fits nothing has the next run ask once more.
    return { dependencies, fingerprint: files.youngest > this.#input.today - TOO_YOUNG_MS ? '' : fingerprint };
  }
}

/** What the cache of answers is for: the tools that most commands ask. */
export function toolNames(env: Readonly<Record<string, string>>): ToolNames {
  return { compiler: env['CC']?.trim() ?? '', linker: env['LD']?.trim() ?? '' };
}

async function outcomeOf<Result>(
  work: () => Result | Promise<Result>,
): Promise<{ result: Result } | { error: unknown }> {
  try {
    return { result: await work() };
  } catch (error) {
    return { error };
  }
}
