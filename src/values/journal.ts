/** What a configuration's symbols were before a trial, so that it can be taken back without calculating anything. */
export class Journal {
  readonly #noted: Uint8Array;
  readonly #ids: number[] = [];
  readonly #states: number[] = [];
  readonly #texts: string[] = [];
  readonly #userTexts: (string | null)[] = [];
  readonly #others: (() => void)[] = [];

  /** @param count of symbols */
  constructor(count: number) {
    this.#noted = new Uint8Array(count);
  }

  /** Whether a symbol's state before the trial is still to be noted. */
  isNew(id: number): boolean {
    return this.#noted[id] === 0;
  }

  /** @param state small numbers in one, as the configuration packs them */
  note(id: number, state: number, text: string, userText: string | null): void {
    this.#noted[id] = 1;
    this.#ids.push(id);
    this.#states.push(state);
    this.#texts.push(text);
    this.#userTexts.push(userText);
  }

  /** Notes how something is taken back that is no symbol's state. */
  noteOther(restore: () => void): void {
    this.#others.push(restore);
  }

  /** Gives back every state that was noted, and takes back everything else, the last first. */
  restore(give: (id: number, state: number, text: string, userText: string | null) => void): void {
    for (let i = 0; i < this.#ids.length; i++) {
      give(this.#ids[i]!, this.#states[i]!, this.#texts[i]!, this.#userTexts[i]!);
    }
    for (const restore of this.#others.reverse()) restore();
  }
}
