/** The values of configuration symbols in makefiles: what a configuration says, or all that they can be. */
import { type Condition, type ConfigLookup, FALSE } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import type { Alternative, Piece, Value } from './values.ts';

/** The first of the chars that stand for the values of symbols. */
export const HOLE_BASE = 0xe000;

/** Values of symbols, by their names without CONFIG_. */
export class SymbolValues {
  /** Whether symbols are open: no configuration gives them values. */
  readonly areOpen: boolean;
  readonly #table: ConditionTable;
  readonly #config: ConfigLookup | null;
  readonly #holes: string[];
  readonly #known = new Map<string, Value>();

  /** @param holes symbols whose values stand open in texts, by number */
  constructor(table: ConditionTable, config: ConfigLookup | null, holes: string[]) {
    this.areOpen = config === null;
    this.#table = table;
    this.#config = config;
    this.#holes = holes;
  }

  /** What the configuration says, or y, m and a char that stands for any other value. */
  value(symbol: string): Value {
    if (this.#config !== null) return this.#config(symbol) ?? '';
    let value = this.#known.get(symbol);
    if (value === undefined) {
      const { isYes, isModule, isOther } = this.#table.usual(symbol);
      const pieces: Piece[] = [];
      const add = (when: Condition, text: string): void => {
        if (when !== FALSE) pieces.push({ when, text, at: null });
      };
      add(isYes, 'y');
      add(isModule, 'm');
      if (isOther !== FALSE) add(isOther, this.#hole(symbol));
      value = pieces.length === 0 ? '' : { kind: 'text', pieces };
      this.#known.set(symbol, value);
    }
    return value;
  }

  /** The names that `prefix$(CONFIG_symbol)` can be; other values than y and m count as none. */
  names(prefix: string, symbol: string): readonly Alternative[] {
    const { isYes, isModule, isNeither } = this.#table.usual(symbol);
    const found: Alternative[] = [];
    if (isYes !== FALSE) found.push({ when: isYes, text: `${prefix}y` });
    if (isModule !== FALSE) found.push({ when: isModule, text: `${prefix}m` });
    if (isNeither !== FALSE) found.push({ when: isNeither, text: prefix });
    return found;
  }

  /** The symbol whose value a char stands for. */
  symbolOf(hole: string): string {
    return this.#holes[hole.charCodeAt(0) - HOLE_BASE]!;
  }

  #hole(symbol: string): string {
    let index = this.#holes.indexOf(symbol);
    if (index < 0) index = this.#holes.push(symbol) - 1;
    return String.fromCharCode(HOLE_BASE + index);
  }
}
