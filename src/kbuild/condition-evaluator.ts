/** What conditions are worth to one configuration. */
import type { Condition, ConfigLookup, GroupCondition, SymbolCondition } from './condition.ts';
import { type ConditionTable, Form, type FrozenConditions } from './condition-table.ts';

/** Evaluates conditions of one table against one configuration, each at most once. */
export class ConditionEvaluator {
  readonly #table: ConditionTable;
  readonly #config: ConfigLookup;
  /** By id: 1 for those that hold, -1 for those that don't, 0 for those that nobody asked for. */
  readonly #known: Int8Array;

  constructor(table: ConditionTable, config: ConfigLookup) {
    this.#table = table;
    this.#config = config;
    this.#known = new Int8Array(table.size);
    this.#known.set([1, -1]);
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

  #ofNumbers({ starts, data, text }: FrozenConditions, id: number): boolean {
    const start = starts[id]!;
    const form = data[start];
    const end = start + 2 + data[start + 1]!;
    if (form === Form.and || form === Form.or) {
      const decides = form === Form.or;
      for (let i = start + 2; i < end; i++) if (this.holdsAt(data[i]!) === decides) return decides;
      return !decides;
    }
    const value = this.#config(text(data[end]!)) ?? '';
    for (let i = start + 2; i < end; i++) if (text(data[i]!) === value) return form === Form.oneOf;
    return form === Form.noneOf;
  }
}
