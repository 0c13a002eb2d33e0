/**
 * What a run starts and has to end: shells, programs, threads, timers. Whoever starts something adds it; whoever made
 * the scope closes it on every way out. Afterwards nothing that was added keeps the process running.
 */
export class Scope {
  readonly #endings = new Set<() => void>();
  #isClosed = false;

  /**
   * Adds something that was started; after `close`, ends it at once.
   * @param end ends it; is called once at most, and does not throw
   * @returns a function that ends it before the scope does
   */
  add(end: () => void): () => void {
    const endOnce = (): void => {
      if (this.#endings.delete(endOnce)) end();
    };
    this.#endings.add(endOnce);
    if (this.#isClosed) endOnce();
    return endOnce;
  }

  /** Ends all that was added, the latest first. */
  close(): void {
    this.#isClosed = true;
    for (const end of [...this.#endings].reverse()) end();
  }
}
