import type { Cache, CommandRunner, ShellPool } from '../platform/platform.ts';
import type { ShellSurroundings } from './environment.ts';

/** What this shell runs can be run beside this program. */
const USUAL_SHELL = /^(?:\/bin\/)?sh$/;
const ENTRY = 'make-answers.json';
/** Answers that are kept; the ones that were asked last stay. A tree asks two or three. */
const MAX_ANSWERS = 100;

/**
 * Answers the `$(shell)`s of the Makefiles that conf's environment is found from: the compiler's version, mostly. What
 * a command said last time is taken as a guess, to go on with while it runs once more.
 */
export class MakeAnswers {
  readonly #commands: CommandRunner;
  readonly #cache: Cache | null;
  readonly #kept: Map<string, string>;
  /** The answers of this run. */
  readonly #known = new Map<string, string>();
  readonly #pools = new Map<string, ShellPool>();
  readonly #running = new Map<string, Promise<void>>();

  /** @param cache null: nothing is guessed, and nothing kept */
  constructor(commands: CommandRunner, cache: Cache | null) {
    this.#commands = commands;
    this.#cache = cache;
    this.#kept = readAnswers(cache);
  }

  /** What a command prints: as it says now, or a guess. */
  answer(command: string, surroundings: ShellSurroundings): string {
    const { shell, cwd, env } = surroundings;
    // Of two environments whose differences do not matter, the answers of one are a good guess for the other.
    const key = JSON.stringify([command, shell, cwd, env['PATH'] ?? '']);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const guess = this.#kept.get(key);
    if (guess === undefined || !USUAL_SHELL.test(shell)) {
      const { stdout } = this.#commands.run(shell, ['-c', command], { cwd, env });
      this.#known.set(key, stdout);
      return stdout;
    }
    if (!this.#running.has(key)) {
      const done = this.#pool(surroundings)
        .run(command)
        .then((answer) => void this.#known.set(key, answer));
      this.#running.set(key, done);
    }
    return guess;
  }

  /**
   * Waits for the commands whose answers were guessed.
   * @returns false where one was guessed wrong: what hangs on the answers has to be done again, with the right ones
   */
  async hold(): Promise<boolean> {
    await Promise.all(this.#running.values());
    const right = [...this.#running.keys()].every((key) => this.#known.get(key) === this.#kept.get(key));
    this.#running.clear();
    this.#keep();
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
      // Nobody waits for them: with what they said last, work goes on.
      pool = this.#commands.shells({ cwd, env }, 1);
      this.#pools.set(key, pool);
    }
    return pool;
  }

  #keep(): void {
    if ([...this.#known].every(([key, answer]) => this.#kept.get(key) === answer)) return;
    for (const [key, answer] of this.#known) {
      this.#kept.delete(key);
      this.#kept.set(key, answer);
    }
    this.#cache?.write(ENTRY, JSON.stringify([...this.#kept].slice(-MAX_ANSWERS)));
  }
}

/** A guess may be anything: it is held against what the command says. */
function readAnswers(cache: Cache | null): Map<string, string> {
  try {
    const pairs: unknown = JSON.parse(cache?.read(ENTRY) ?? '[]');
    return new Map((pairs as [string, string][]).filter((pair) => pair.every((each) => typeof each === 'string')));
  } catch {
    return new Map();
  }
}
