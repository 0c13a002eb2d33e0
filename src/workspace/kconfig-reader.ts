import { isAbsolute, join } from 'node:path';
import type { FilesEntry } from '../cache/files-entry.ts';
import { TracedFileSystem } from '../cache/traced-file-system.ts';
import { type Dialect, detectDialect } from '../kconfig/dialect.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import {
  attemptKconfig,
  completeKconfig,
  type Incomplete,
  type KconfigHost,
  parseKconfig,
} from '../kconfig/parse-kconfig.ts';
import { askUnknown } from '../kconfig/preprocessor.ts';
import type { FileSystem } from '../platform/platform.ts';
import { CachedKconfig, type Conversation, cacheKconfig } from './cached-kconfig.ts';

type Shell = KconfigHost['shell'];

/** What is read, and how. */
export interface KconfigSource {
  readonly fs: FileSystem;
  /** Absolute. */
  readonly tree: string;
  /** VERSION, PATCHLEVEL and SUBLEVEL. */
  readonly version: readonly [number, number, number];
  /** The first file. */
  readonly kconfig: string;
  /** conf's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Exported variables that it lacks: their values need programs. */
  readonly unevaluated: ReadonlySet<string>;
  /** Called when all files are read. */
  readonly finalising: () => void;
  /** Called now and then while files are read: how many there are nobody knows before the end. */
  readonly progress?: (done: number) => void;
  /** Where the tree is cached; null for nowhere. */
  readonly entry: FilesEntry | null;
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
}

/** Kconfig files read a variable whose value has to be evaluated first. */
export class UnevaluatedVariable extends Error {
  readonly variable: string;

  constructor(variable: string) {
    super(`the value of ${variable} is wanted`);
    this.variable = variable;
  }
}

/** Files between two reports of progress: a terminal needs time for each. */
const FILES_AT_ONCE = 100;

/** Reads a tree's Kconfig files, if need be several times, or not at all where an earlier run did; each is fetched once. */
export class KconfigReader {
  readonly #source: KconfigSource;
  readonly #fs: TracedFileSystem;
  readonly #texts = new Map<string, string | null>();
  /** The cached tree; undefined before `open`. */
  #cached: CachedKconfig | null | undefined;
  #dialect: Dialect | null = null;
  /** What the last reading of the files asked. */
  #conversation: Conversation = { variables: new Map(), commands: new Map(), messages: [] };
  #read: Kconfig | null = null;
  /** What was read without all answers. */
  #incomplete: Incomplete | null = null;
  /** What the files say with `$(info)` and `$(warning-if)`, in conf's words. */
  messages: readonly string[] = [];

  constructor(source: KconfigSource) {
    this.#source = source;
    this.#fs = new TracedFileSystem(source.fs);
  }

  /**
   * Opens what is cached, once; without it all is read. The cached tree names commands: they are asked for only where the
   * files are known to be those that it was read from.
   * @param meanwhile called with it while that is not known yet
   */
  async open(meanwhile: (kconfig: Kconfig) => void): Promise<void> {
    if (this.#cached !== undefined) return;
    const { entry, fs } = this.#source;
    const readFile = (name: string): string | null => fs.readText(this.#path(name));
    this.#cached = entry && (await CachedKconfig.open(entry, readFile, meanwhile));
  }

  /** Whether a tree was cached, and its files have changed since. */
  get wasStale(): boolean {
    return this.#source.entry?.wasStale ?? false;
  }

  /**
   * Reads with the answers that there are; null where one was missing.
   * @param assume gives answers for the cached tree, which may be those of an earlier run
   * @param incomplete called where files were read and an answer was missing
   * @throws UnevaluatedVariable
   */
  attempt(shell: Shell, assume: Shell, incomplete: (found: Incomplete) => void): Kconfig | null {
    const cached = this.#cachedTree(assume);
    if (cached) return cached;
    const answers = this.askMore(shell);
    if (!answers) return null;
    const complete = this.#completed(answers, shell);
    if (complete) return complete;
    return this.#parsed(
      (name, dialect, host) =>
        attemptKconfig(name, dialect, host, (found) => {
          this.#incomplete = found;
          incomplete(found);
        }),
      shell,
    );
  }

  /** Asks for commands that are made of answers that were missing. @returns all that were missing; null for not yet */
  askMore(shell: Shell): readonly string[] | null {
    const { commands } = this.#conversation;
    return askUnknown(this.#incomplete?.unknownCommands ?? [], (command) => {
      const answer = shell(command);
      commands.set(command, answer);
      return answer;
    });
  }

  /** The tree that was read, with the answers that were missing; null where others are no longer what they were. */
  #completed(answers: readonly string[], shell: Shell): Kconfig | null {
    const read = this.#incomplete;
    // It is large: where the files are read again, it is to be out of memory by then.
    this.#incomplete = null;
    if (!read) return null;
    const { commands } = this.#conversation;
    if ([...commands].some(([command, answer]) => shell(command) !== answer)) return null;
    this.#read = completeKconfig(read, answers, this.#dialect!, this.#host(shell, this.#conversation));
    return this.#read;
  }

  /** Reads without the answers; marks stand for them. @throws UnevaluatedVariable */
  read(): Kconfig {
    const shell = (): null => null;
    return this.#cachedTree(shell) ?? this.#parsed(parseKconfig, shell);
  }

  /** Caches the tree for the next run, if the files were read for it. @returns the tree, or null where they were not */
  writeCache(): Kconfig | null {
    const { entry, startedMs } = this.#source;
    this.#texts.clear();
    if (!entry || !this.#read) return null;
    cacheKconfig(entry, this.#read, this.#conversation, this.#fs.seen, startedMs);
    return this.#read;
  }

  #cachedTree(shell: Shell): Kconfig | null {
    const found = this.#cached?.tree({ variable: (name) => this.#variable(name), command: shell }) ?? null;
    if (!found) return null;
    this.messages = this.#cached!.messages;
    this.#read = null;
    return found;
  }

  #parsed<Result extends Kconfig | null>(
    parse: (name: string, dialect: Dialect, host: KconfigHost) => Result,
    shell: Shell,
  ): Result {
    const { tree, version, kconfig } = this.#source;
    this.#dialect ??= detectDialect(this.#fs, tree, [version[0], version[1]]);
    const host = this.#host(shell, { variables: new Map(), commands: new Map(), messages: [] });
    const result = parse(kconfig, this.#dialect, host);
    this.#read = result;
    return result;
  }

  #host(shell: Shell, conversation: Conversation): KconfigHost {
    const { finalising, progress } = this.#source;
    const { variables, commands, messages } = conversation;
    let done = 0;
    this.#conversation = conversation;
    this.messages = messages;
    return {
      readFile: (name) => {
        done++;
        if (done % FILES_AT_ONCE === 0) progress?.(done);
        return this.#text(name);
      },
      whyUnreadable: (name) => this.#fs.whyUnreadable(this.#path(name)),
      glob: () => null,
      env: (name) => {
        const value = this.#variable(name);
        variables.set(name, value ?? null);
        return value;
      },
      finalising,
      shell: (command) => {
        const answer = shell(command);
        commands.set(command, answer);
        return answer;
      },
      message: (kind, text, { file, line }) => {
        messages.push(kind === 'info' ? text : `${file}:${line}: ${text}`);
      },
    };
  }

  #variable(name: string): string | undefined {
    const { env, unevaluated } = this.#source;
    if (unevaluated.has(name)) throw new UnevaluatedVariable(name);
    return env[name];
  }

  #text(name: string): string | null {
    let text = this.#texts.get(name);
    if (text === undefined) {
      text = this.#fs.readText(this.#path(name));
      this.#texts.set(name, text);
    }
    return text;
  }

  #path(name: string): string {
    return isAbsolute(name) ? name : join(this.#source.tree, name);
  }
}
