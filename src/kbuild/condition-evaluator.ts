/** What conditions are worth to one configuration. */
import type { Condition, ConfigLookup, GroupCondition, SymbolCondition } from './condition.ts';
import type { ConditionTable } from './condition-table.ts';

/** Evaluates conditions of one table against one configuration, each at most once. */
export class ConditionEvaluator {
  readonly #config: ConfigLookup;
  #known: Int8Array;

  constructor(table: ConditionTable, config: ConfigLookup) {
    this.#config = config;
    this.#known = new Int8Array(table.size);
  }

  /** Whether the condition holds. */
  holds(condition: Condition): boolean {
    if (condition.kind === 'constant') return condition.value;
    const known = this.#known[condition.id];
    if (known !== undefined && known !== 0) return known > 0;
    const result = this.#evaluate(condition);
    if (condition.id < this.#known.length) this.#known[condition.id] = result ? 1 : -1;
    return result;
  }

  #evaluate(condition: SymbolCondition | GroupCondition): boolean {
    if (condition.kind === 'symbol') {
      return condition.values.includes(this.#config(condition.symbol) ?? '') !== condition.negated;
    }
    if (condition.kind === 'and') return condition.operands.every((c) => this.holds(c));
    return condition.operands.some((c) => this.holds(c));
  }
}
