import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { availableParallelism, machine, release } from 'node:os';
import { holdingSignals } from './held-signals.ts';
import type {
  ByteLimit,
  CommandResult,
  CommandRunner,
  FileHead,
  FileStat,
  FileSystem,
  Platform,
  RunOptions,
  ShellPool,
  ShellSurroundings,
  TextBytes,
} from './platform.ts';
import { LINK_LOOP, NO_PERMISSION } from './platform.ts';
import { processorTimes } from './processor-times.ts';
import { NodeProgramStarter } from './programs.ts';
import { readStart } from './read-start.ts';
import type { Scope } from './scope.ts';
import { NodeShellPool } from './shell-pool.ts';
import { throwIfCannotFork, throwIfExhausted } from './shortage.ts';
import { NodeThreads } from './threads.ts';

/** Output of one program that is read at most, in bytes; more ends the program. */
const MAX_COMMAND_OUTPUT = 64 * 1024 * 1024;

/** What is lent at once, in bytes: most files fit, and it stays in the processor's cache. */
const LENT_BYTES = 256 * 1024;

/** Largest text that is read, in bytes: the kernel's largest source file has 22 MB. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/** Without it, opening a pipe that nobody writes to waits for ever. */
const READ_AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK;

/** Names of terminals, links followed. */
const TERMINAL = /^\/dev\/(?:console|tty[^/]*|pts\/\d+)$/;

/** The longest head of a file, in bytes. */
const MAX_HEAD = 64 * 1024;

/** What the machine's `stat` and memfs' have in common. */
interface NodeStat {
  isFile(): boolean;
  isDirectory(): boolean;
  isBlockDevice(): boolean;
  isCharacterDevice(): boolean;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly mode: bigint;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly rdev: bigint;
}

const EXACT = { bigint: true, throwIfNoEntry: false } as const;

/** Why a path has nothing that can be read, by the code of the error. */
const WHY_NOT_THERE: Readonly<Record<string, string>> = { EACCES: NO_PERMISSION, ELOOP: LINK_LOOP };

/** The functions of `node:fs` that reading needs; memfs has the same, so tests use this very class. */
export interface NodeFs {
  readFileSync(path: string | number): Uint8Array | string;
  openSync(path: string, flags: string | number): number;
  readSync(file: number, into: Uint8Array, offset: number, length: number, position: null): number;
  closeSync(file: number): void;
  fstatSync(file: number, options: typeof EXACT): NodeStat;
  existsSync(path: string): boolean;
  readdirSync(path: string): unknown[];
  realpathSync(path: string): unknown;
  statSync(path: string, options: typeof EXACT): NodeStat | undefined;
}

const NANOSECONDS = 1_000_000_000n;
const NANOSECOND_DIGITS = 9;
const MILLISECONDS_PER_SECOND = 1000;
const NANOSECONDS_PER_MILLISECOND = 1e6;

function fileStat(found: NodeStat): FileStat {
  return {
    isFile: found.isFile(),
    isDirectory: found.isDirectory(),
    size: Number(found.size),
    get mtimeMs() {
      return milliseconds(found.mtimeNs);
    },
    get ctimeMs() {
      return milliseconds(found.ctimeNs);
    },
    get version() {
      const { size, mtimeNs, ctimeNs, dev, ino } = found;
      // Joined, a string is in one piece; added up, it keeps all pieces, and thousands of these are kept.
      return [size, seconds(mtimeNs), seconds(ctimeNs), `${dev}:${ino}`].join(' ');
    },
    mode: Number(found.mode) & 0o7777,
  };
}

function milliseconds(ns: bigint): number {
  return Number(ns / NANOSECONDS) * MILLISECONDS_PER_SECOND + Number(ns % NANOSECONDS) / NANOSECONDS_PER_MILLISECOND;
}

/** With nine decimals. */
function seconds(ns: bigint): string {
  const digits = String(ns).padStart(NANOSECOND_DIGITS + 1, '0');
  return `${digits.slice(0, -NANOSECOND_DIGITS)}.${digits.slice(-NANOSECOND_DIGITS)}`;
}

/** The file system of this process, or any with the same functions. */
export class NodeFileSystem implements FileSystem {
  readonly #fs: NodeFs;
  readonly #head = Buffer.allocUnsafe(MAX_HEAD);
  #lent: Buffer | null = null;

  constructor(
    fs: NodeFs = {
      readFileSync,
      openSync,
      readSync,
      closeSync,
      fstatSync,
      existsSync,
      readdirSync,
      realpathSync,
      statSync,
    },
  ) {
    this.#fs = fs;
  }

  readText(path: string): string | null {
    this.#lent ??= Buffer.allocUnsafeSlow(LENT_BYTES);
    const filled = this.#fill(path, this.#lent);
    if (filled) return this.#lent.toString('latin1', 0, filled.got);
    const bytes = this.#readPlainFile(path);
    return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }

  readBytes(path: string, limit: ByteLimit): Uint8Array | null {
    let file: number | null = null;
    try {
      const found = this.#fs.statSync(path, EXACT);
      if (found && this.#isEndless(found, path)) return null;
      const handle = this.#fs.openSync(path, 'r');
      file = handle;
      return readStart((into, offset, length) => this.#fs.readSync(handle, into, offset, length, null), limit);
    } catch (error) {
      throwIfExhausted(error);
      return null;
    } finally {
      if (file !== null) this.#fs.closeSync(file);
    }
  }

  /** A device that is no terminal, where a person ends what is read, and not the null device. */
  #isEndless(found: NodeStat, path: string): boolean {
    if (found.isBlockDevice()) return true;
    if (!found.isCharacterDevice() || TERMINAL.test(this.realPath(path) ?? path)) return false;
    return found.rdev !== this.#fs.statSync('/dev/null', EXACT)?.rdev;
  }

  #readPlainFile(path: string): Buffer | null {
    let file: number | null = null;
    try {
      file = this.#fs.openSync(path, READ_AT_ONCE);
      const found = fileStat(this.#fs.fstatSync(file, EXACT));
      return found.isFile && found.size <= MAX_TEXT_BYTES ? (this.#fs.readFileSync(file) as Buffer) : null;
    } catch (error) {
      throwIfExhausted(error);
      return null;
    } finally {
      if (file !== null) this.#fs.closeSync(file);
    }
  }

  lookAt<Result>(path: string, look: (bytes: TextBytes, file: FileStat) => Result): Result | null {
    // Taken while it is lent, in case `look` looks at another file.
    const buffer = this.#lent ?? Buffer.allocUnsafeSlow(LENT_BYTES);
    this.#lent = null;
    const filled = this.#fill(path, buffer);
    const file = filled ? fileStat(filled.file) : this.stat(path);
    const bytes = filled ? buffer.subarray(0, filled.got) : this.#readPlainFile(path);
    const result = bytes && file && look(bytes, file);
    this.#lent = buffer;
    return result;
  }

  /** Reads a whole file into a buffer; null where it does not fit or cannot be read so. */
  #fill(path: string, buffer: Buffer): { got: number; file: NodeStat } | null {
    let handle: number | null = null;
    try {
      handle = this.#fs.openSync(path, READ_AT_ONCE);
      const file = this.#fs.fstatSync(handle, EXACT);
      // What waits in a pipe is for somebody else.
      if (!file.isFile() || file.size > buffer.length) return null;
      const got = this.#fs.readSync(handle, buffer, 0, buffer.length, null);
      return BigInt(got) === file.size ? { got, file } : null;
    } catch (error) {
      throwIfExhausted(error);
      return null;
    } finally {
      if (handle !== null) this.#fs.closeSync(handle);
    }
  }

  whyUnreadable(path: string): string {
    const found = this.stat(path);
    if (!found) return WHY_NOT_THERE[this.#errorAt(path)] ?? 'there is no such file';
    if (found.isDirectory) return 'it is a directory';
    if (!found.isFile) return 'it is no plain file';
    return found.size > MAX_TEXT_BYTES ? `it is larger than ${MAX_TEXT_BYTES} bytes` : NO_PERMISSION;
  }

  /** What keeps this process from a path: a code, empty where nothing does. */
  #errorAt(path: string): string {
    try {
      this.#fs.statSync(path, EXACT);
      return '';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? '';
    }
  }

  readHead(path: string, bytes: number): FileHead | null {
    let handle: number | null = null;
    try {
      handle = this.#fs.openSync(path, READ_AT_ONCE);
      const file = fileStat(this.#fs.fstatSync(handle, EXACT));
      const got = this.#fs.readSync(handle, this.#head, 0, Math.min(bytes, MAX_HEAD), null);
      return { text: this.#head.toString('latin1', 0, got), file };
    } catch (error) {
      throwIfExhausted(error);
      return null;
    } finally {
      if (handle !== null) this.#fs.closeSync(handle);
    }
  }

  stat(path: string): FileStat | null {
    try {
      const found = this.#fs.statSync(path, EXACT);
      return found ? fileStat(found) : null;
    } catch {
      return null;
    }
  }

  exists(path: string): boolean {
    return this.#fs.existsSync(path);
  }

  readDirectory(path: string): readonly string[] | null {
    try {
      return (this.#fs.readdirSync(path) as string[]).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    } catch (error) {
      throwIfExhausted(error);
      return null;
    }
  }

  realPath(path: string): string | null {
    try {
      return String(this.#fs.realpathSync(path));
    } catch {
      return null;
    }
  }
}

/** Runs programs with `spawnSync`, and shells beside this process. */
export class NodeCommandRunner implements CommandRunner {
  readonly #scope: Scope;

  /** @param scope ends the shells */
  constructor(scope: Scope) {
    this.#scope = scope;
  }

  run(file: string, args: readonly string[], options: RunOptions = {}): CommandResult {
    const done = spawnSync(file, args, {
      encoding: 'latin1',
      maxBuffer: MAX_COMMAND_OUTPUT,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(options.input === undefined ? {} : { input: Buffer.from(options.input, 'latin1') }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env as NodeJS.ProcessEnv }),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    });
    throwIfExhausted(done.error);
    if (done.status !== 0) throwIfCannotFork(done.stderr ?? '');
    return { status: done.status, stdout: done.stdout ?? '', stderr: done.stderr ?? '' };
  }

  shells(surroundings: ShellSurroundings, spared = 0): ShellPool {
    const shells = Math.max(1, availableParallelism() - spared);
    return new NodeShellPool(this, this.#scope, surroundings, shells);
  }

  waitFor<Result>(answers: Promise<Result>): Promise<Result> {
    return this.#scope.processGoesOn ? answers : holdingSignals(answers, () => this.#scope.close());
  }
}

/**
 * The machine this process runs on.
 * @param scope ends what is started
 * @param allowCommands false: no program may be run (`--no-exec`)
 */
export function nodePlatform(scope: Scope, allowCommands = true): Platform {
  const threads = new NodeThreads(scope);
  return {
    fs: new NodeFileSystem(),
    commands: allowCommands ? new NodeCommandRunner(scope) : null,
    programs: allowCommands ? new NodeProgramStarter(scope) : null,
    threads,
    env: process.env,
    cwd: process.cwd(),
    host: { machine: machine(), release: release() },
    monotonicMs: () => performance.now(),
    epochMs: () => Date.now(),
    defer: (work) => scope.defer(work),
    used: () => {
      const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
      const processors = processorTimes((userCPUTime + systemCPUTime) / 1000, threads.usedMs());
      return { processors, memoryBytes: maxRSS * 1024 };
    },
  };
}

/** Whether this process may change what belongs to the system. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}
