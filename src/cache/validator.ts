import { setImmediate } from 'node:timers/promises';
import { awaitedLater, type CommandRunner, type FileSystem, type ShellPool } from '../platform/platform.ts';
import { currentFingerprint, DIGEST_LENGTH, fingerprintCommand, type PathList } from './fingerprint.ts';
import type { Assumption } from './speculation.ts';

/** Of fewer files, in bytes of their list, this program itself finds the fingerprint sooner than a child is started. */
const WORTH_A_CHILD_BYTES = 24_000;

/** A cached list of files. */
export interface ListEntry {
  /** The file that it is in; null where it is in none. */
  readonly path: string | null;
  /** What its paths are relative to. */
  readonly directory: string;
  /** Bytes. */
  readonly size: number;
  /** Null where it is gone. */
  read(): PathList | null;
}

/** Tells whether files still have a fingerprint. */
export interface FilesValidator {
  /** @returns whether they have it, or may be assumed to have it until `confirm` or `verify` is called */
  isValid(list: ListEntry, digest: string): boolean;
  /** Waits until it is known whether files of which `isValid` has said that they have a fingerprint do have it. */
  confirm(list: ListEntry, digest: string): Promise<boolean>;
}

/** Validates at once. */
export class DirectValidator implements FilesValidator {
  readonly #fs: FileSystem;

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  isValid(list: ListEntry, digest: string): boolean {
    const paths = list.read();
    return paths !== null && currentFingerprint(this.#fs, paths, list.directory) === digest;
  }

  confirm(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

/** A list that was assumed to have a fingerprint. */
interface AssumedList {
  readonly list: ListEntry;
  readonly digest: string;
  readonly check: Check;
}

/** A child process that finds the fingerprint of a list. */
interface Check {
  readonly list: ListEntry;
  /** Null as long as none was started. */
  end: Promise<void> | null;
  /** What it printed; null as long as it runs. */
  digest: string | null;
}

/** Validates cached file lists in a child process while the run continues. Call `verify` before any result is used. */
export class SpeculativeValidator implements FilesValidator, Assumption {
  readonly #direct: FilesValidator;
  readonly #commands: Pick<CommandRunner, 'waitFor'>;
  #pool: ShellPool | null = null;
  /** By the path of the list. */
  readonly #checks = new Map<string, Check>();
  /** Fingerprints that lists no longer have. */
  readonly #stale = new Set<string>();
  #assumed: AssumedList[] = [];
  #assumes = true;
  #hasChanged = false;
  #isUnsupported = false;

  /**
   * @param direct decides where no child process can
   * @param commands waits for the child processes
   */
  constructor(direct: FilesValidator, commands: Pick<CommandRunner, 'waitFor'>) {
    this.#direct = direct;
    this.#commands = commands;
  }

  /**
   * Starts to validate what was asked for, the shortest list first, as they may have to wait for one another.
   * @param pool starts the child processes; of its environment only `PATH` matters
   */
  begin(pool: ShellPool): void {
    this.#pool = pool;
    const lists = Array.from(this.#checks.values(), ({ list }) => list);
    for (const list of lists.sort((a, b) => a.size - b.size)) this.#check(list);
  }

  /** Starts to validate a list that will be asked for. */
  prefetch(list: ListEntry): void {
    if (this.#assumes && list.path !== null && list.size >= WORTH_A_CHILD_BYTES) this.#check(list);
  }

  isValid(list: ListEntry, digest: string): boolean {
    const { path, size } = list;
    if (path === null || size < WORTH_A_CHILD_BYTES) return this.#direct.isValid(list, digest);
    if (this.#checks.get(path)?.digest === digest) return true;
    if (this.#stale.has(digest)) return false;
    if (!this.#assumes) return this.#direct.isValid(list, digest);
    const assumed = { list, digest, check: this.#check(list) };
    if (assumed.check.digest !== null) return this.#isRight(assumed);
    this.#assumed.push(assumed);
    return true;
  }

  async confirm({ path }: ListEntry, digest: string): Promise<boolean> {
    const assumed = this.#assumed.find((each) => each.list.path === path && each.digest === digest);
    if (assumed === undefined) return true;
    await this.#commands.waitFor(this.#check(assumed.list).end ?? Promise.resolve());
    this.#assumed = this.#assumed.filter((each) => each !== assumed);
    return this.#isRight(assumed);
  }

  /**
   * Starts to validate all lists that were asked for, and takes the results that there are by now.
   * @returns false where something has changed: to go on is useless
   */
  async peek(): Promise<boolean> {
    for (const { list } of this.#checks.values()) this.#check(list);
    await setImmediate();
    const known = this.#assumed.filter(({ check }) => check.digest !== null);
    this.#assumed = this.#assumed.filter(({ check }) => check.digest === null);
    this.#hasChanged ||= !known.every((assumed) => this.#isRight(assumed));
    return !this.#hasChanged;
  }

  /**
   * @param knowsOfChanges whether files are known to have changed: where a child process prints another fingerprint, it
   *   is then believed
   */
  async verify(knowsOfChanges = false): Promise<boolean> {
    this.#assumes = false;
    // This program validates those again that have changed, up to the first.
    const assumed = this.#assumed.splice(0).sort((a, b) => a.list.size - b.list.size);
    await this.#commands.waitFor(Promise.all(assumed.map(({ list }) => this.#check(list).end)));
    const isRight = (each: AssumedList): boolean => this.#isRight(each, knowsOfChanges);
    const isSame = !this.#hasChanged && assumed.every(isRight);
    this.#hasChanged = false;
    return isSame;
  }

  /** Whether a child process printed another fingerprint than this program found: the machine has another `stat`. */
  get isUnsupported(): boolean {
    return this.#isUnsupported;
  }

  #isRight({ list, digest, check }: AssumedList, believes = false): boolean {
    if (check.digest === digest) return true;
    const isSame = !(believes && check.digest !== null) && this.#direct.isValid(list, digest);
    this.#isUnsupported ||= isSame && check.digest !== null;
    if (!isSame) this.#stale.add(digest);
    return isSame;
  }

  #check(list: ListEntry): Check {
    let check = this.#checks.get(list.path!);
    if (check === undefined) {
      check = { list, end: null, digest: null };
      this.#checks.set(list.path!, check);
    }
    if (check.end === null && this.#pool !== null) check.end = awaitedLater(runCheck(check, this.#pool));
    return check;
  }
}

async function runCheck(check: Check, pool: ShellPool): Promise<void> {
  const { path, directory } = check.list;
  const text = await pool.run(fingerprintCommand(path!, directory));
  check.digest = text.slice(0, DIGEST_LENGTH);
}
