/**
 * Programs that run only where a value needs their answers. The kernel's Makefiles ask the compiler about a hundred
 * options, of which a run may need two: `X := $(shell …)` waits until somebody asks for `X`, and after
 * `ifeq ($(shell …),y)` both branches are read, each under a condition that is decided when somebody asks.
 */
import { type Condition, evaluateCondition } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';

/** Thrown where a program would have to run and none may. */
export class NeedsProgram extends Error {}

/** The tests of one run of make that wait for programs. */
export class Demand {
  readonly #table: ConditionTable;
  readonly #tests: (() => boolean)[] = [];
  /** Whether programs may run. */
  mayRun = true;

  constructor(table: ConditionTable) {
    this.#table = table;
  }

  /** A condition that stands for what a test is going to say. */
  defer(test: () => boolean): Condition {
    return this.#table.is(String(this.#tests.push(test) - 1), 'y');
  }

  /** Whether a condition holds. @throws NeedsProgram where only a program can tell, and none may run */
  holds(condition: Condition): boolean {
    if (condition.kind === 'constant') return condition.value;
    return evaluateCondition(condition, (index) => (this.#tests[Number(index)]!() ? 'y' : undefined));
  }
}
