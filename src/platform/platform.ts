/**
 * Everything the rest of the program may ask of the machine it runs on. The engine takes these interfaces as
 * arguments, so that tests run it on an in-memory file system and `--no-exec` is one implementation among others.
 *
 * Text is read as Latin-1 ("byte strings"): every char is one byte of the file, so that what is written back is
 * byte for byte what was read, and comparisons order as C's strcmp does. Decode to UTF-8 only to show it to a person.
 */

/** What `stat` tells of a path; links are followed. */
export interface FileStat {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number;
  /** When the file or what is known of it last changed, in milliseconds since the epoch; nobody can set it. */
  readonly ctimeMs: number;
  /**
   * Another one whenever the content changes, or another file takes the place: size, times of change in nanoseconds,
   * device and inode number, as `stat -L -c '%s %.9Y %.9Z %d:%i'` of GNU coreutils prints them.
   */
  readonly version: string;
  /** Permission bits, as in `st_mode & 0o7777`. */
  readonly mode: number;
}

/** The start of a file, and what the file was right before it was read. */
export interface FileHead {
  /** Latin-1. */
  readonly text: string;
  readonly file: FileStat;
}

/** How many bytes are read at most; or what says so by the first of them, up to a MiB. */
export type ByteLimit = number | ((start: Uint8Array) => number);

/** What `whyUnreadable` says of a file that this process may not read, or not reach. */
export const NO_PERMISSION = 'no permission';
/** … and of one that is only a symbolic link to itself, or by others. */
export const LINK_LOOP = 'symbolic links in a circle';

/**
 * The bytes of a file of text: a Buffer, as far as is asked of it. Not Node's own type: a program that uses this package
 * need not have the types of Node.
 */
export interface TextBytes extends Uint8Array {
  toString(encoding?: 'latin1', start?: number, end?: number): string;
  indexOf(value: string | number, from?: number, encoding?: 'latin1'): number;
  lastIndexOf(value: string | number, from?: number): number;
  subarray(start?: number, end?: number): TextBytes;
}

/** Reading side of a file system. All calls are synchronous: on warm files they are several times faster so. */
export interface FileSystem {
  /**
   * The file's bytes as a Latin-1 string, or null where it cannot be read: missing, no plain file (a directory, a pipe,
   * a device), no permission, or larger than any text there is reason to read.
   */
  readText(path: string): string | null;
  /** Why `readText` cannot read a file, in words. */
  whyUnreadable(path: string): string;
  /**
   * The bytes of a file, a pipe, a terminal or the null device; null where it cannot be read, or is another device:
   * those have no end, and to open some does something.
   * @param limit stop reading here: of what is longer, or has no end, as many bytes and one more come back
   */
  readBytes(path: string, limit: ByteLimit): Uint8Array | null;
  /**
   * Lends the bytes of a file of text to somebody who looks at thousands of them.
   * @param look gets them for as long as it runs: what it keeps it has to copy. Also what the file was right before
   * @returns what `look` returns, or null where the file cannot be read, as with `readText`
   */
  lookAt<Result>(path: string, look: (bytes: TextBytes, file: FileStat) => Result): Result | null;
  /**
   * The start of a file, by as few calls to the system as can be: for looking at thousands of files.
   * @param bytes how much of it, at most 64 KiB
   * @returns its Latin-1 text; null where it cannot be read
   */
  readHead(path: string, bytes: number): FileHead | null;
  /** Null where there is nothing at that path. */
  stat(path: string): FileStat | null;
  /** Whether there is anything at that path, links followed: in a fraction of the time of `stat`. */
  exists(path: string): boolean;
  /** Names in a directory, sorted by byte; null where it is none. */
  readDirectory(path: string): readonly string[] | null;
  /** The canonical path, links resolved; null where there is nothing at that path. */
  realPath(path: string): string | null;
}

/** What a finished program left behind. */
export interface CommandResult {
  /** Exit status; null when it could not be started or was ended by a signal. */
  readonly status: number | null;
  /** Latin-1. */
  readonly stdout: string;
  /** Latin-1. */
  readonly stderr: string;
}

/** Starts programs. */
export interface CommandRunner {
  /**
   * Runs a program and waits for it, without a shell.
   * @param env the whole environment of the program
   */
  run(file: string, args: readonly string[], options?: RunOptions): CommandResult;
  /**
   * Shells that run commands while this program goes on, as many at a time as there are processors.
   * @param spared how many of the processors are left to this program, as long as one remains
   */
  shells(surroundings: ShellSurroundings, spared?: number): ShellPool;
  /**
   * Waits for answers of shells. A signal that would end this process meanwhile ends it once the commands that run have
   * come to their end: they make files beside the sources, and remove them.
   * @param answers work that does nothing else: while this program itself is busy, no signal would be heard
   */
  waitFor<Result>(answers: Promise<Result>): Promise<Result>;
}

/** Where commands of a `ShellPool` run. */
export interface ShellSurroundings {
  readonly cwd: string;
  /** The whole environment of the commands. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A word of a shell command that means just this text. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * Marks work that is awaited later: that it failed shows then. Until somebody awaits it, Node would take its failure for
 * one that nobody handles.
 */
export function awaitedLater<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  return work;
}

/** Runs shell commands side by side, each in a `/bin/sh -c` of its own. */
export interface ShellPool {
  /**
   * Sees to it that a command runs, at once or as soon as a shell is free.
   * @returns what it prints (Latin-1), once everything that holds its standard output has ended; standard input is
   *   empty, standard error goes nowhere
   * @throws InputError `machine-exhausted` where no shell could start it
   */
  run(command: string): Promise<string>;
  /** Ends the shells, each behind the command that runs; others are not run any more, and all promises stay open. */
  close(): void;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which the program is killed. */
  readonly timeoutMs?: number;
  /** Latin-1 text for the program's standard input; without it there is none. */
  readonly input?: string;
}

/** A signal that ends programs. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT' | 'SIGKILL';

/** A signal that is passed on to programs. */
export type PassedSignal = EndSignal | 'SIGSTOP' | 'SIGCONT';

/** How a program came to its end: by itself with a status, or by a signal. */
export interface ProgramEnd {
  readonly status: number | null;
  readonly signal: string | null;
}

/** A program at work. */
export interface RunningProgram {
  /** Sends a signal to it and to everything that it has started, each once. */
  signal(name: PassedSignal): void;
  /** Settles when it, and what it started and that writes to its output, has come to its end. */
  readonly end: Promise<ProgramEnd>;
}

export interface StartOptions {
  readonly cwd: string;
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes what it writes to standard output and standard error, in order, as it comes: Latin-1. */
  readonly onOutput: (text: string) => void;
}

/** Starts programs that run for long. */
export interface ProgramStarter {
  /**
   * Starts a program in a process group of its own, with nothing to read on standard input.
   * @param file the program's path
   */
  start(file: string, args: readonly string[], options: StartOptions): RunningProgram;
}

/** Starts threads of this program: parts of it that work beside the run, on files as a rule. */
export interface Threads {
  /**
   * @param part what the thread is to do: the name of its file without suffix
   * @param data what it is given at its start; a copy, as of all that threads hand each other
   * @returns null where no thread can be started, as in a program that is not built
   */
  start(part: string, data: unknown): Thread | null;
  /** Processor time of all that were started, in milliseconds. */
  usedMs(): number;
}

/** A thread at work. It takes one request after the other; nobody waits for it when the run ends. */
export interface Thread {
  send(request: unknown): void;
  /**
   * Waits for the next answer. Answers come in the order of the requests.
   * @returns null where the thread failed, or has shown no progress for long: nothing more comes then
   */
  receive(): { readonly value: unknown } | null;
  /**
   * Ends it. Nothing more comes then. Where the process goes on it may wait for the next run, else its memory is freed.
   */
  end(): void;
}

/** The machine as the program sees it. */
export interface Platform {
  readonly fs: FileSystem;
  /** Null under `--no-exec`: no program may be run. */
  readonly commands: CommandRunner | null;
  /** Null under `--no-exec`. */
  readonly programs: ProgramStarter | null;
  readonly threads: Threads;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory, absolute. */
  readonly cwd: string;
  /** What `uname -m` and `uname -r` print, without running it. */
  readonly host: { readonly machine: string; readonly release: string };
  /** Milliseconds on a monotonic clock. */
  monotonicMs(): number;
  /** Milliseconds since the epoch, on the clock that files are stamped by. */
  epochMs(): number;
  /** What this process has used up to now. */
  used(): Used;
  /** Puts work off until the run has printed its result: `Scope.defer`. */
  defer(work: () => void): void;
}

/** Processor time in milliseconds, and the system's for it. */
export interface ProcessorTimes {
  readonly mainMs: number;
  /** Of `Threads`. */
  readonly threadsMs: number;
  /** Of threads in which V8 optimises and frees memory, and of Node's own. */
  readonly engineMs: number;
  /** Of programs that were started, in steps of ten; what one has started itself counts when that has ended. */
  readonly programsMs: number;
}

/** What a process has used. */
export interface Used {
  readonly processors: ProcessorTimes;
  /** The most memory it had at a time, in bytes. */
  readonly memoryBytes: number;
}

/** What a write did. */
export interface WriteOutcome {
  /** False: the file already held just this text and was not touched. */
  readonly changed: boolean;
  /** The file that now holds the text; where the path was a symbolic link, what it points to. */
  readonly path: string;
  /** Where the text of before is saved, or null where there was none to save. */
  readonly backup: string | null;
}

/** Writing side of a file system. */
export interface FileWriter {
  /**
   * Replaces a file so that at any moment, a kill or a power cut included, it holds the old text or the new one, whole.
   * Safe with other runs at the same time: the last to finish wins.
   * @param path absolute, or relative to the process's directory; a symbolic link is written through
   * @param text Latin-1 byte string
   * @param keepOld keep the text of before as `<path>.old`, as the kernel's conf does
   * @throws InputError `write-…`; then the file is what it was, and nothing is left behind
   */
  writeConfigAtomic(path: string, text: string, keepOld?: boolean): WriteOutcome;
  /**
   * Adds to the end of a file, which is made where there is none. Others may do so at the same time.
   * @param text Latin-1 byte string
   * @throws InputError `write-…`
   */
  append(path: string, text: string): void;
}

/** A folder of small files for what has to outlive a run. */
export interface StateFolder {
  /** Absolute. */
  readonly path: string;
  /** The Latin-1 text of a file; null where there is none. */
  read(name: string): string | null;
  /**
   * Replaces a file whole or not at all.
   * @throws InputError `write-…`
   */
  write(name: string, text: string): void;
  /** Deletes the folder and all that is in it. */
  remove(): void;
  /**
   * Keeps other runs out until the function that comes back is called, or this process has ended.
   * @returns null where another run has it
   */
  lock(): (() => void) | null;
  /** Whether another run keeps this one out. */
  isLocked(): boolean;
}

/** A file that a run is written down in. */
export interface LogFile {
  /** Adds text (Latin-1). Where the disk is full, what follows is dropped: a log must not end what it is about. */
  write(text: string): void;
  /** @returns the error number of the system (`ENOSPC`) where something was dropped, else null */
  close(): string | null;
}

/**
 * Where cache entries are stored. An entry may be gone, damaged or written by another version at any time: whoever reads
 * one checks it. Nothing depends on it but speed.
 */
export interface CacheStore {
  /**
   * Null where there is no entry that this user alone can have written.
   * @param name letters, digits, `-` and `.`
   */
  read(name: string): Uint8Array | null;
  /**
   * Replaces an entry whole or not at all, also with other runs at the same time. Where it can't, nothing happens.
   * @param parts one behind the other
   */
  write(name: string, parts: readonly Uint8Array[]): void;
  /** The file that an entry is in, for other programs; null where it is in none. */
  pathOf(name: string): string | null;
  /** Has an entry count as written now. */
  use(name: string): void;
  /** Deletes entries whose names start with `<kind>-` but for those that were written last. */
  keepNewest(kind: string, count: number): void;
}
