/**
 * A bound on the work that input can cause. Some of it is small to write and endless to do (a variable that names
 * another one twice, thirty times over; a file that is included by each of two that are…), which no limit on depth or
 * size stops.
 */
export class Budget {
  #left: number;
  readonly #overrun: () => Error;

  /** @param overrun makes the error for when more than `limit` is spent */
  constructor(limit: number, overrun: () => Error) {
    this.#left = limit;
    this.#overrun = overrun;
  }

  /** @throws what `overrun` makes, once the budget is used up */
  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) throw this.#overrun();
  }
}
