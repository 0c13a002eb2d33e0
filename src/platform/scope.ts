/**
 * What a run starts and has to end: shells, programs, threads, timers. Whoever starts something adds it; whoever made
 * the scope closes it on every way out. Then nothing that was added keeps the process running. A scope has deferred work
 * as well: what the run's own result can do without.
 */
export class Scope {
  readonly #endings = new Set<() => unknown>();
  readonly #deferred: (() => void)[] = [];
  #isClosed = false;
  /** Whether the process goes on after it: what was expensive to start may then wait for the next run. */
  readonly processGoesOn: boolean;

  constructor({ processGoesOn = true } = {}) {
    this.processGoesOn = processGoesOn;
  }

  /**
   * Adds something that was started; after `close`, ends it at once.
   * @param end ends it; is called once at most, and does not throw. Where that takes a moment it returns a promise, which
   *   does not fail
   * @returns a function that ends it before the scope does
   */
  add(end: () => unknown): () => void {
    const endOnce = (): unknown => (this.#endings.delete(endOnce) ? end() : undefined);
    this.#endings.add(endOnce);
    if (this.#isClosed) endOnce();
    return endOnce;
  }

  /**
   * Puts work off until the run has printed its result, such as writing the cache.
   * @param work may throw: the run succeeds all the same
   */
  defer(work: () => void): void {
    this.#deferred.push(work);
  }

  /** Does the deferred work, in order, once. It fails in silence: a later run finds the same out again, nothing more. */
  runDeferred(): void {
    for (const work of this.#deferred.splice(0)) {
      try {
        work();
      } catch {
        // Nothing was promised.
      }
    }
  }

  /**
   * Ends all that was added, the latest first. Deferred work that was not done is not done any more.
   * @returns settles when all of it has come to its end
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#endings].reverse().map((end) => end()));
  }
}
