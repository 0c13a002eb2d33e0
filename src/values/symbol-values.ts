import type { KSymbol, Tristate } from '../kconfig/symbol.ts';
import { Journal } from './journal.ts';

/** A value a user gave: tristates as 0, 1, 2, everything else as text. */
export type UserValue = Tristate | string;

/** States of a symbol's value, in `SymbolValues.valid`. */
export enum VALID {
  no,
  yes,
  begun,
}

/** What a configuration knows of each symbol, by symbol id: what the user said, and what was calculated. */
export class SymbolValues {
  readonly #symbols: readonly KSymbol[];
  readonly tri: Uint8Array;
  readonly text: string[];
  readonly visible: Uint8Array;
  readonly direct: Uint8Array;
  readonly reverse: Uint8Array;
  readonly implied: Uint8Array;
  /** `VALID` */
  readonly valid: Uint8Array;
  /** 1 for symbols that are never calculated: constants, and what has no type. */
  readonly fixed: Uint8Array;
  /** 1 for symbols that have a line in a .config. */
  readonly write: Uint8Array;
  readonly hasUser: Uint8Array;
  readonly userTri: Uint8Array;
  readonly userText: (string | null)[];
  /** Symbols that a `select` forces on against their direct dependencies. */
  readonly unmet: Set<KSymbol>;
  /** While changes are on trial: what was before. */
  #journal: Journal | null = null;

  /** @param known to begin with; without it nothing is known but of constants */
  constructor(symbols: readonly KSymbol[], known: SymbolValues | null = null) {
    this.#symbols = symbols;
    const column = (from: Uint8Array | undefined): Uint8Array => from?.slice() ?? new Uint8Array(symbols.length);
    this.tri = column(known?.tri);
    this.text = known?.text.slice() ?? new Array<string>(symbols.length).fill('');
    this.visible = column(known?.visible);
    this.direct = column(known?.direct);
    this.reverse = column(known?.reverse);
    this.implied = column(known?.implied);
    this.write = column(known?.write);
    this.hasUser = column(known?.hasUser);
    this.userTri = column(known?.userTri);
    this.userText = known?.userText.slice() ?? new Array<string | null>(symbols.length).fill(null);
    this.unmet = new Set(known?.unmet);
    this.fixed = known?.fixed ?? this.#fix();
    this.valid = known?.valid.slice() ?? this.fixed.slice();
  }

  /** Gives constants, and symbols without a type, their values. */
  #fix(): Uint8Array {
    const fixed = new Uint8Array(this.#symbols.length);
    for (const { id, constant, type, name, answer } of this.#symbols) {
      if (constant !== null) {
        this.tri[id] = constant;
        this.text[id] = name!;
        fixed[id] = 1;
      } else if (type === 'unknown') {
        this.text[id] = answer ?? name ?? '';
        if (answer === 'y') this.tri[id] = 2;
        fixed[id] = 1;
      }
    }
    return fixed;
  }

  /** Forgets all that was calculated (`symbol.c:sym_clear_all_valid`). */
  forget(): void {
    this.valid.set(this.fixed);
    this.unmet.clear();
  }

  /** Sets what is calculated back to what it is before any calculation; calculations of circles begin with it. */
  clearCalculated(): void {
    for (let id = 0; id < this.fixed.length; id++) {
      if (this.fixed[id] !== 0) continue;
      this.tri[id] = 0;
      this.text[id] = '';
    }
  }

  /** Takes all user values away; it cannot be taken back. */
  clearUser(): void {
    this.hasUser.fill(0);
    this.userTri.fill(0);
    this.userText.fill(null);
  }

  /** The value a user gave; null for none. */
  userValue(symbol: KSymbol): UserValue | null {
    if (this.hasUser[symbol.id] === 0) return null;
    return symbol.type === 'bool' || symbol.type === 'tristate' || symbol.isChoice
      ? (this.userTri[symbol.id] as Tristate)
      : (this.userText[symbol.id] ?? '');
  }

  // --- trials -------------------------------------------------------------------------------------------------------

  /** From now on what symbols were before is noted. */
  beginTrial(): void {
    this.#journal = new Journal(this.tri.length);
  }

  /** What changed since stays. */
  keepTrial(): void {
    this.#journal = null;
  }

  /** Everything is as it was before the trial. */
  takeTrialBack(): void {
    const journal = this.#journal;
    this.#journal = null;
    journal?.restore((id, state, text, userText) => this.#restore(id, state, text, userText));
  }

  /** Notes how something is taken back with the trial that is no symbol's value, if there is a trial. */
  noteOther(restore: () => void): void {
    this.#journal?.noteOther(restore);
  }

  /** To be called before anything of a symbol changes. */
  note(id: number): void {
    if (this.#journal?.isNew(id)) this.#write(this.#journal, id);
  }

  #write(journal: Journal, id: number): void {
    const state =
      this.tri[id]! |
      (this.visible[id]! << 2) |
      (this.direct[id]! << 4) |
      (this.reverse[id]! << 6) |
      (this.implied[id]! << 8) |
      (this.userTri[id]! << 10) |
      (this.hasUser[id]! << 12) |
      (this.write[id]! << 13) |
      (this.valid[id]! << 14) |
      (Number(this.unmet.has(this.#symbols[id]!)) << 16);
    journal.note(id, state, this.text[id]!, this.userText[id]!);
  }

  #restore(id: number, state: number, text: string, userText: string | null): void {
    this.tri[id] = state & 3;
    this.visible[id] = (state >> 2) & 3;
    this.direct[id] = (state >> 4) & 3;
    this.reverse[id] = (state >> 6) & 3;
    this.implied[id] = (state >> 8) & 3;
    this.userTri[id] = (state >> 10) & 3;
    this.hasUser[id] = (state >> 12) & 1;
    this.write[id] = (state >> 13) & 1;
    this.valid[id] = (state >> 14) & 3;
    this.text[id] = text;
    this.userText[id] = userText;
    const symbol = this.#symbols[id]!;
    if (state >> 16 === 1) this.unmet.add(symbol);
    else this.unmet.delete(symbol);
  }
}
