import { setImmediate } from 'node:timers/promises';
import type { FileSystem, ShellPool } from '../platform/platform.ts';
import { DIGEST_LENGTH, digestOfNow, type PathList, stateCommand } from './file-state.ts';

/** Of fewer files, in bytes of their list, this program tells sooner itself than another is started. */
const WORTH_ASKING_BYTES = 24_000;

/** A list of files that is kept. */
export interface KeptList {
  /** The file that it is in; null where it is in none. */
  readonly path: string | null;
  /** What its paths are relative to. */
  readonly directory: string;
  /** Bytes. */
  readonly size: number;
  /** Null where it is gone. */
  read(): PathList | null;
}

/** Tells whether files are what they were. */
export interface FileCheck {
  /**
   * @param digest what that of the files was
   * @returns whether it still is, or may be taken to be until somebody else has told
   */
  isUnchanged(list: KeptList, digest: string): boolean;
}

/** Looks at once. */
export class PlainFileCheck implements FileCheck {
  readonly #fs: FileSystem;

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  isUnchanged(list: KeptList, digest: string): boolean {
    const paths = list.read();
    return paths !== null && digestOfNow(this.#fs, paths, list.directory) === digest;
  }
}

/** What was taken for granted. */
interface Claim {
  readonly list: KeptList;
  readonly digest: string;
  readonly look: Look;
}

/** Somebody who looks at the files of a list, or will. */
interface Look {
  readonly list: KeptList;
  /** Null as long as nobody has begun. */
  end: Promise<void> | null;
  /** The digest; null as long as nothing is told. */
  told: string | null;
}

/**
 * Has other programs look whether files are what they were, while this one goes on as if they were. Before anything is
 * made of that, `hold` has to be asked.
 */
export class FileWitness implements FileCheck {
  readonly #plain: FileCheck;
  #pool: ShellPool | null = null;
  /** By the path of the list. */
  readonly #looks = new Map<string, Look>();
  #claims: Claim[] = [];
  #takesForGranted = true;
  #hasChanged = false;
  #isDeaf = false;

  constructor(plain: FileCheck) {
    this.#plain = plain;
  }

  /**
   * Gives it programs to ask.
   * @param pool of its environment only `PATH` matters
   */
  begin(pool: ShellPool): void {
    this.#pool = pool;
  }

  /** Has a list looked at that will be asked for. */
  foresee(list: KeptList): void {
    if (this.#takesForGranted && list.path !== null) this.#look(list);
  }

  isUnchanged(list: KeptList, digest: string): boolean {
    const { path, size } = list;
    if (path === null || size < WORTH_ASKING_BYTES) return this.#plain.isUnchanged(list, digest);
    if (this.#looks.get(path)?.told === digest) return true;
    if (!this.#takesForGranted) return this.#plain.isUnchanged(list, digest);
    const claim = { list, digest, look: this.#look(list) };
    if (claim.look.told !== null) return this.#holds(claim);
    this.#claims.push(claim);
    return true;
  }

  /**
   * Has all lists looked at that were asked for, and hears those who have looked by now.
   * @returns false where something has changed: whoever goes on does so in vain
   */
  async peek(): Promise<boolean> {
    for (const { list } of this.#looks.values()) this.#look(list);
    await setImmediate();
    const heard = this.#claims.filter(({ look }) => look.told !== null);
    this.#claims = this.#claims.filter(({ look }) => look.told === null);
    this.#hasChanged ||= !heard.every((claim) => this.#holds(claim));
    return !this.#hasChanged;
  }

  /**
   * Waits for those who look. From then on nothing is taken for granted.
   * @returns false where something has changed: what was made of it has to be made again
   */
  async hold(): Promise<boolean> {
    this.#takesForGranted = false;
    const claims = this.#claims.splice(0);
    await Promise.all(claims.map(({ list }) => this.#look(list).end));
    const isSame = !this.#hasChanged && claims.every((claim) => this.#holds(claim));
    this.#hasChanged = false;
    return isSame;
  }

  /** Whether something else was told than there is: this machine has another `stat`, or none. */
  get isDeaf(): boolean {
    return this.#isDeaf;
  }

  #holds({ list, digest, look }: Claim): boolean {
    if (look.told === digest) return true;
    const isSame = this.#plain.isUnchanged(list, digest);
    this.#isDeaf ||= isSame;
    return isSame;
  }

  #look(list: KeptList): Look {
    let look = this.#looks.get(list.path!);
    if (look === undefined) {
      look = { list, end: null, told: null };
      this.#looks.set(list.path!, look);
    }
    if (look.end === null && this.#pool !== null) look.end = hear(look, this.#pool);
    return look;
  }
}

async function hear(look: Look, pool: ShellPool): Promise<void> {
  const { path, directory } = look.list;
  const text = await pool.run(stateCommand(path!, directory));
  look.told = text.slice(0, DIGEST_LENGTH);
}
