/** Something that work relies on before it is known to be right. */
export interface Assumption {
  /**
   * Waits until it is known. From then on nothing is assumed that was not verified.
   * @returns false where it was wrong: what relied on it has to be done again
   */
  verify(): Promise<boolean>;
}

/**
 * Work that goes on with cached answers while these are verified beside it. Where one was wrong, the work is done again;
 * a result or an error that relied on it is dropped.
 */
export class Speculation {
  readonly #assumptions: { readonly assumption: Assumption; readonly onWrong: () => void }[] = [];

  /** @param onWrong called before the work is done again: drops what relied on the assumption */
  assume(assumption: Assumption, onWrong: () => void = () => undefined): void {
    this.#assumptions.push({ assumption, onWrong });
  }

  /**
   * @param work leaves nothing behind but its result; null where an answer is missing that `verify` waits for
   * @param waiting called before there is nothing to do but to wait
   * @throws what the work throws, with assumptions that are right
   */
  async run<Result>(work: () => Promise<Result | null> | Result | null, waiting: () => void): Promise<Result> {
    for (;;) {
      const outcome = await outcomeOf(work);
      waiting();
      if (!(await this.#verify())) continue;
      if ('error' in outcome) throw outcome.error;
      if (outcome.result !== null) return outcome.result;
    }
  }

  async #verify(): Promise<boolean> {
    let areRight = true;
    for (const { assumption, onWrong } of this.#assumptions) {
      if (await assumption.verify()) continue;
      areRight = false;
      onWrong();
    }
    return areRight;
  }
}

async function outcomeOf<Result>(
  work: () => Result | Promise<Result>,
): Promise<{ result: Result } | { error: unknown }> {
  try {
    return { result: await work() };
  } catch (error) {
    return { error };
  }
}
