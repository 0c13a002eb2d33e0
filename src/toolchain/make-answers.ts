import { CacheEntry } from '../cache/cache-entry.ts';
import type { Assumption } from '../cache/speculation.ts';
import { awaitedLater, type CacheStore, type CommandRunner, type ShellPool } from '../platform/platform.ts';
import type { ShellSurroundings } from './environment.ts';

/** Commands for this shell can run in a `ShellPool`. */
const USUAL_SHELL = /^(?:\/bin\/)?sh$/;
/** The form of the content. */
const FORMAT = '1';
/** Answers in the entry; those that were asked last stay. A tree asks two or three. */
const MAX_ANSWERS = 100;

/**
 * Answers the `$(shell)`s of the Makefiles that conf's environment is found from: the compiler's version, mostly. A
 * cached answer is assumed to be right while the command runs once more. Call `verify` before any result is used.
 */
export class MakeAnswers implements Assumption {
  readonly #commands: CommandRunner;
  readonly #entry: CacheEntry | null;
  readonly #cached: Map<string, string>;
  /** The answers of this run. */
  readonly #known = new Map<string, string>();
  readonly #pools = new Map<string, ShellPool>();
  readonly #running = new Map<string, Promise<void>>();

  /** @param store null: nothing is cached */
  constructor(commands: CommandRunner, store: CacheStore | null) {
    this.#commands = commands;
    this.#entry = store && new CacheEntry(store, { kind: 'make-answers', place: '', circumstances: FORMAT });
    this.#cached = cachedAnswers(this.#entry);
  }

  /** What a command prints: as it says now, or as it said in an earlier run. */
  answer(command: string, surroundings: ShellSurroundings): string {
    const { shell, cwd, env } = surroundings;
    // Of two environments whose differences do not matter, the answers of one are good for the other.
    const key = JSON.stringify([command, shell, cwd, env['PATH'] ?? '']);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const cached = this.#cached.get(key);
    if (cached === undefined || !USUAL_SHELL.test(shell)) {
      const { stdout } = this.#commands.run(shell, ['-c', command], { cwd, env });
      this.#known.set(key, stdout);
      return stdout;
    }
    if (!this.#running.has(key)) {
      const done = this.#pool(surroundings)
        .run(command)
        .then((answer) => void this.#known.set(key, answer));
      this.#running.set(key, awaitedLater(done));
    }
    return cached;
  }

  async verify(): Promise<boolean> {
    await this.#commands.waitFor(Promise.all(this.#running.values()));
    const right = [...this.#running.keys()].every((key) => this.#known.get(key) === this.#cached.get(key));
    this.#running.clear();
    this.#save();
    return right;
  }

  /** Ends what still runs. */
  close(): void {
    for (const pool of this.#pools.values()) pool.close();
  }

  #pool({ cwd, env }: ShellSurroundings): ShellPool {
    const key = JSON.stringify([cwd, env]);
    let pool = this.#pools.get(key);
    if (!pool) {
      // One processor is left to this program, which goes on with the cached answers.
      pool = this.#commands.shells({ cwd, env }, 1);
      this.#pools.set(key, pool);
    }
    return pool;
  }

  #save(): void {
    if ([...this.#known].every(([key, answer]) => this.#cached.get(key) === answer)) return;
    for (const [key, answer] of this.#known) {
      this.#cached.delete(key);
      this.#cached.set(key, answer);
    }
    this.#entry?.writeJson([...this.#cached].slice(-MAX_ANSWERS), null);
  }
}

function cachedAnswers(entry: CacheEntry | null): Map<string, string> {
  const pairs = entry?.readJson() ?? [];
  if (!Array.isArray(pairs)) return new Map();
  const texts = pairs.filter(
    (pair): pair is [string, string] =>
      Array.isArray(pair) && pair.length === 2 && pair.every((each) => typeof each === 'string'),
  );
  return new Map(texts);
}
