/** What conditions are worth to one configuration. */
import {
  type Condition,
  type ConfigLookup,
  type GroupCondition,
  type SymbolCondition,
  TRISTATES,
} from './condition.ts';
import type { ConditionTable } from './condition-table.ts';
import { Form, type FrozenConditions, NO_NUMBER } from './frozen-conditions.ts';

/** Stands for a value that no tristate can have; not -1, to which 1 is added. */
const OTHER_VALUE = -2;

/** Evaluates conditions of one table against one configuration, each at most once. */
export class ConditionEvaluator {
  readonly #table: ConditionTable;
  readonly #config: ConfigLookup;
  /** By id: 1 for those that hold, -1 for those that don't, 0 for those that nobody asked for. */
  readonly #known: Int8Array;
  /** By the number of a symbol's name in the frozen table: that of its value, plus one; 0 where nobody asked. */
  readonly #values: Int32Array;
  /** By the number of a symbol's name: its number for `config.numbered`; null where both are not of the same tree. */
  readonly #symbolNumbers: Int32Array | null;

  constructor(table: ConditionTable, config: ConfigLookup) {
    this.#table = table;
    this.#config = config;
    this.#known = new Int8Array(table.size);
    this.#known.set([1, -1]);
    this.#values = new Int32Array(table.frozen?.textCount ?? 0);
    this.#symbolNumbers = config.numbered ? table.symbolNumbers(config.numbered.checksum) : null;
  }

  /** Whether the condition holds. */
  holds(condition: Condition): boolean {
    if (condition.kind === 'constant') return condition.value;
    const known = this.#known[condition.id];
    if (known !== undefined && known !== 0) return known > 0;
    return this.#keep(condition.id, this.#ofObject(condition));
  }

  /** Whether the condition with this number holds; no object is made of one that is frozen. */
  holdsAt(id: number): boolean {
    const known = this.#known[id];
    if (known !== undefined && known !== 0) return known > 0;
    const { frozen } = this.#table;
    if (frozen === null) return this.holds(this.#table.at(id));
    return this.#keep(id, this.#ofNumbers(frozen, id));
  }

  #keep(id: number, holds: boolean): boolean {
    if (id < this.#known.length) this.#known[id] = holds ? 1 : -1;
    return holds;
  }

  #ofObject(condition: SymbolCondition | GroupCondition): boolean {
    if (condition.kind === 'symbol') {
      return condition.values.includes(this.#config(condition.symbol) ?? '') !== condition.negated;
    }
    if (condition.kind === 'and') return condition.operands.every((c) => this.holds(c));
    return condition.operands.some((c) => this.holds(c));
  }

  #ofNumbers(frozen: FrozenConditions, id: number): boolean {
    const { data } = frozen;
    const start = frozen.starts[id]!;
    const form = data[start]!;
    const end = start + 2 + data[start + 1]!;
    if (form === Form.and || form === Form.or) {
      const decides = form === Form.or;
      for (let i = start + 2; i < end; i++) if (this.holdsAt(data[i]!) === decides) return decides;
      return !decides;
    }
    const value = this.#valueOf(data[end]!, frozen);
    if (value === OTHER_VALUE) return this.#ofObject(this.#table.at(id) as SymbolCondition);
    for (let i = start + 2; i < end; i++) if (data[i] === value) return form === Form.oneOf;
    return form === Form.noneOf;
  }

  /** The number of a symbol's value: most symbols have several literals. */
  #valueOf(symbol: number, { text, tristates }: FrozenConditions): number {
    const known = this.#values[symbol]!;
    if (known !== 0) return known - 1;
    const config = this.#config;
    const number = this.#symbolNumbers?.[symbol] ?? NO_NUMBER;
    const found = number === NO_NUMBER ? config(text(symbol)) : config.numbered!.valueAt(number);
    const value = tristates[TRISTATES.indexOf(found ?? '')] ?? OTHER_VALUE;
    this.#values[symbol] = value + 1;
    return value;
  }
}
