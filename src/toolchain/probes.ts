import { TOO_YOUNG_MS } from '../cache/fingerprint.ts';
import type { Assumption } from '../cache/speculation.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import { awaitedLater, type CommandRunner, type FileSystem, type ShellPool } from '../platform/platform.ts';
import type { CommandSurroundings } from './command-dependencies.ts';
import {
  DependencyFingerprints,
  FileFingerprints,
  findDependencies,
  type RecordedDependencies,
} from './fingerprints.ts';
import { conditionOf, plainAnswer, showsWriting, type ToolNames } from './kconfig-include.ts';
import type { CachedProbes, ProbeCache } from './probe-cache.ts';
import { identifyTools, plannedPrograms, type ToolIdentity, targetIn } from './tool-identity.ts';

/** What asking the toolchain needs. */
export interface ProbesInput {
  readonly fs: FileSystem;
  readonly commands: CommandRunner;
  /** Null: nothing is cached. */
  readonly cache: ProbeCache | null;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
  /** Hears how many commands have been answered, of those that run. */
  readonly progress?: (answered: number, asked: number) => void;
}

/** Rounds with commands side by side; where each answer leads to another question, one after the other is better. */
const MAX_ROUNDS = 8;

/**
 * Asks the commands of Kconfig files, side by side. Commands are known only from reading the files, whose meaning depends
 * on the answers: so they are read as far as they can be, again and again, until no answer is missing.
 *
 * Cached answers are assumed to be right until `verify` is called. Commands whose answers may depend on anything run all
 * the same. Only those that ask nothing but the compiler or linker, or of which the dependencies are known, are not run
 * where these are the same still; and of those that write a file one runs, as that may be forbidden now.
 */
export class Probes implements Assumption {
  /** What runs the commands, for others that have some. */
  readonly pool: ShellPool;
  readonly #input: ProbesInput;
  readonly #tools: ToolNames;
  readonly #cached: CachedProbes | null;
  /** The answers of this run. */
  readonly #known = new Map<string, string>();
  /** Commands that run, or have run. */
  readonly #asked = new Map<string, Promise<void>>();
  /** Commands with a cached answer that need not run if that is still the same which it depends on. */
  readonly #spared = new Map<string, RecordedDependencies>();
  /** Commands whose cached answers were found to be right without running them. */
  readonly #verified = new Map<string, RecordedDependencies>();
  #answered = 0;
  /** Questions where the compiler searches for what commands read. */
  #searches = 0;
  /** How often answers were verified. */
  #rounds = 0;
  #wasWrong = false;
  /** The tools, or other dependencies, are no longer what they were. */
  #hasChanged = false;
  /** The command that is run to see that compiling still works here. */
  #sample: string | null = null;
  readonly #surroundings: CommandSurroundings;
  /** What commands depend on. */
  readonly #dependencies = new Map<string, Promise<RecordedDependencies['dependencies'] | null>>();
  /** Whether a command has written what it compiled; null where none tried. */
  #writes: boolean | null = null;
  /** Which programs the compiler starts. */
  #plan: Promise<string> | null = null;

  constructor(input: ProbesInput) {
    const { fs, env, cwd, cache } = input;
    this.#input = input;
    this.#tools = toolNames(env);
    this.#surroundings = { fs, tools: this.#tools, env, cwd, programs: new Map() };
    this.#cached = cache?.read() ?? null;
    // One processor is left to this program where it can go on while commands run.
    this.pool = input.commands.shells(input, this.#cached === null ? 0 : 1);
  }

  /** Ends what still runs. */
  close(): void {
    this.pool.close();
  }

  /**
   * What a command prints; null where it has to run first, or a script of the tree that it runs has to be looked at: where
   * Kconfig files have changed, these may have as well.
   */
  ask(command: string): string | null {
    const answer = this.assume(command);
    const isOpen = this.#asked.has(command) || this.#spared.get(command)?.dependencies.some(isScript) === true;
    return isOpen ? (this.#known.get(command) ?? null) : answer;
  }

  /** As `ask`, with the answers of an earlier run also for commands that run: they are assumed to be right. */
  assume(command: string): string | null {
    const known = this.#known.get(command);
    if (known !== undefined) return known;
    const plain = plainAnswer(command);
    if (plain !== null) return plain;
    if (this.#rounds >= MAX_ROUNDS) {
      const { commands, cwd, env } = this.#input;
      const answer = commands.run('/bin/sh', ['-c', command], { cwd, env }).stdout;
      this.#known.set(command, answer);
      return answer;
    }
    const recorded = this.#recorded(command);
    if (recorded === null) this.#run(command);
    else this.#spared.set(command, recorded);
    return this.#assumed(command);
  }

  #run(command: string): void {
    if (this.#asked.has(command)) return;
    const done = this.pool.run(command).then((answer) => {
      this.#known.set(command, answer);
      if (showsWriting(command, answer)) this.#writes = true;
      else if (conditionOf(command).isWriting) this.#writes ??= false;
      const assumed = this.#assumed(command);
      if (assumed !== null && assumed !== answer) this.#wasWrong = true;
      this.#showProgress();
    });
    this.#asked.set(command, awaitedLater(done));
  }

  #showProgress(): void {
    this.#input.progress?.(++this.#answered, this.#asked.size + this.#searches);
  }

  /** The answer of an earlier run. */
  #assumed(command: string): string | null {
    return this.#cached?.answers.get(command)?.answer ?? null;
  }

  /** What a cached answer depends on; null where the command has to run all the same. */
  #recorded(command: string): RecordedDependencies | null {
    const { answer, recorded = null } = this.#cached?.answers.get(command) ?? {};
    if (answer === undefined || recorded === null) return null;
    this.#askPlan();
    if (!showsWriting(command, answer)) return recorded;
    this.#sample ??= command;
    return this.#sample === command ? null : recorded;
  }

  /** @throws InputError `toolchain-directory-unwritable` where commands fail because they cannot write */
  async verify(): Promise<boolean> {
    this.#rounds++;
    await this.#answers();
    if (this.#spared.size > 0) await this.#validateSpared();
    if (this.#writes === false) await this.#requireWritable();
    const isRight = !this.#wasWrong;
    this.#wasWrong = false;
    return isRight;
  }

  /** Waits for all commands that were asked. */
  async #answers(): Promise<void> {
    await this.#input.commands.waitFor(Promise.all(this.#asked.values()));
  }

  /** Cached answers of commands that did not run are right, or the commands have to run after all. */
  async #validateSpared(): Promise<void> {
    const files = new FileFingerprints(this.#input.fs);
    const now = await this.#identityNow(files);
    const fingerprints = new DependencyFingerprints(this.#surroundings, now, files);
    const sample = this.#sample;
    const works = sample !== null && this.#assumed(sample) === this.#known.get(sample);
    for (const [command, recorded] of this.#spared) {
      const isSame = fingerprints.of(recorded.dependencies) === recorded.fingerprint;
      if (isSame && (works || !recorded.dependencies.includes('compiler'))) {
        this.#known.set(command, this.#assumed(command)!);
        this.#verified.set(command, recorded);
      } else this.#run(command);
      this.#hasChanged ||= !isSame;
    }
    this.#spared.clear();
    await this.#answers();
  }

  /** Where all fails that writes, it may be for the compiler, or because nothing can be written. */
  async #requireWritable(): Promise<void> {
    const tried = this.pool.run('mkdir .tmp_$$ && rmdir .tmp_$$ && echo yes');
    const answer = await this.#input.commands.waitFor(tried);
    if (answer !== 'yes\n') {
      throw new InputError({ code: 'toolchain-directory-unwritable', args: { directory: this.#input.cwd } });
    }
    this.#writes = true;
  }

  #askPlan(): Promise<string> {
    const command = plannedPrograms(this.#tools.compiler, this.#input.env['CLANG_FLAGS'] ?? '');
    this.#plan ??= awaitedLater(this.pool.run(command));
    return this.#plan;
  }

  /**
   * What the compiler compiles for (`x86_64-linux-gnu`); empty where it does not say. Where anything is cached, it was
   * asked already.
   */
  async target(): Promise<string> {
    return targetIn(await this.#input.commands.waitFor(this.#askPlan()));
  }

  /** What the tools are at this fingerprints. */
  async #identity(files: FileFingerprints): Promise<ToolIdentity> {
    const { fs, env, cwd } = this.#input;
    return identifyTools(fs, this.#tools, await this.#askPlan(), env, cwd, files);
  }

  /** As `#identity`; nothing else is to be done meanwhile. */
  async #identityNow(files: FileFingerprints): Promise<ToolIdentity> {
    await this.#input.commands.waitFor(this.#askPlan());
    return this.#identity(files);
  }

  /** Finds out what the answers depend on that are to be cached, while there is nothing to do but to wait for them. */
  prepareSave(): void {
    if (!this.#input.cache) return;
    const identity = awaitedLater(this.#identity(new FileFingerprints(this.#input.fs)));
    for (const command of this.#asked.keys()) void this.#dependenciesOf(command, identity);
  }

  #dependenciesOf(
    command: string,
    identity: ToolIdentity | Promise<ToolIdentity>,
  ): Promise<RecordedDependencies['dependencies'] | null> {
    let found = this.#dependencies.get(command);
    if (found === undefined) {
      found = awaitedLater(findDependencies(command, this.#surroundings, identity, (text) => this.#search(text)));
      this.#dependencies.set(command, found);
    }
    return found;
  }

  /** Caches the answers of this run. */
  async save(): Promise<void> {
    const { cache, startedMs, fs } = this.#input;
    const cached = this.#cached;
    const isNews = [...this.#known].some(([command, answer]) => this.#assumed(command) !== answer);
    if (!cache || !(isNews || this.#hasChanged || cached?.compiler === null || cached?.linker === null)) return;
    const files = new FileFingerprints(fs);
    const identity = await this.#identityNow(files);
    const { compiler, linker } = identity;
    // What changed while this run asked may have answered as one or the other.
    if (files.youngest > startedMs - TOO_YOUNG_MS) return;
    const isSame = cached && cached.compiler === compiler && cached.linker === linker;
    if (isSame && !isNews && !this.#hasChanged) return;
    const answers = new Map(isSame ? cached.answers : []);
    // Sorted, for the same bytes whichever command ends first.
    const known = [...this.#known].sort();
    const found = await this.#input.commands.waitFor(
      Promise.all(
        known.map(([command]) => (this.#verified.has(command) ? null : this.#dependenciesOf(command, identity))),
      ),
    );
    for (const [at, [command, answer]] of known.entries()) {
      const dependencies = found[at];
      const recorded = dependencies ? this.#record(dependencies, identity) : (this.#verified.get(command) ?? null);
      answers.delete(command);
      answers.set(command, { answer, recorded });
    }
    cache.write({ compiler, linker, answers });
  }

  #record(dependencies: RecordedDependencies['dependencies'], identity: ToolIdentity): RecordedDependencies {
    const files = new FileFingerprints(this.#input.fs);
    const fingerprint = new DependencyFingerprints(this.#surroundings, identity, files).of(dependencies);
    // A fingerprint that fits nothing has the next run ask once more.
    return { dependencies, fingerprint: files.youngest > this.#input.startedMs - TOO_YOUNG_MS ? '' : fingerprint };
  }

  async #search(command: string): Promise<string> {
    this.#searches++;
    const answer = await this.pool.run(command);
    this.#showProgress();
    return answer;
  }
}

function isScript(dependency: string): boolean {
  return dependency.startsWith('script ');
}

/** What the cache of answers is for: the tools that most commands ask. */
export function toolNames(env: Readonly<Record<string, string>>): ToolNames {
  return { compiler: env['CC']?.trim() ?? '', linker: env['LD']?.trim() ?? '' };
}
