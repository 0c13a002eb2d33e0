import { describe, expect, it } from 'vitest';
import {
  type Condition,
  type ConfigLookup,
  conditionSymbols,
  type DomainLookup,
  evaluateCondition,
  FALSE,
  type SymbolDomain,
  TRISTATES,
  TRUE,
} from '../../src/conditions/condition.ts';
import { ConditionEvaluator } from '../../src/conditions/condition-evaluator.ts';
import { ConditionTable } from '../../src/conditions/condition-table.ts';
import { printCondition } from '../../src/conditions/condition-text.ts';
import fc from '../helpers/fast-check.ts';
import { thawed } from '../kbuild/thawed.ts';

const NUMBERS = ['A', 'B', 'C'];

/** All that symbols can be is open; A, B and C have numbers. */
const open = (checksum: number): DomainLookup =>
  Object.assign((): SymbolDomain => 'open', {
    numbered: {
      checksum,
      numberOf: (symbol: string) => (NUMBERS.includes(symbol) ? NUMBERS.indexOf(symbol) : undefined),
    },
  });

/** A configuration that knows tristates with a number by that alone; other values are always asked for by name. */
const byNumbers = (checksum: number, values: Readonly<Record<string, string>>): ConfigLookup => {
  const byName = (symbol: string): string | undefined => {
    const value = values[symbol] || undefined;
    return NUMBERS.includes(symbol) && (value === undefined || TRISTATES.includes(value)) ? 'wrong' : value;
  };
  return Object.assign(byName, {
    numbered: { checksum, valueAt: (number: number) => values[NUMBERS[number]!] || undefined },
  });
};

describe('conditions', () => {
  it('fold what is said about one symbol', () => {
    const table = new ConditionTable();
    expect(table.and(table.is('X', 'y'), table.is('X', 'm'))).toBe(FALSE);
    expect(table.and(table.is('X', 'm'), table.not(table.is('X', 'y')))).toBe(table.is('X', 'm'));
    expect(table.or(table.is('X', 'y'), table.not(table.is('X', 'y')))).toBe(TRUE);
    expect(table.or(table.is('X', 'y'), table.is('X', 'm'))).toBe(table.isOneOf('X', ['m', 'y']));
  });

  it('print in the notation of Kconfig', () => {
    const table = new ConditionTable();
    const either = table.or(table.is('INET', 'y'), table.is('IPV6', 'm'));
    const all = table.all([table.isSet('NET'), either, table.is('UML', '')]);
    expect(printCondition(all)).toBe('!UML && (INET=y || IPV6=m) && NET');
    expect(printCondition(table.isOneOf('X', ['y', 'm']))).toBe('X');
    expect(conditionSymbols(all)).toEqual(['INET', 'IPV6', 'NET', 'UML']);
  });

  it('assume a value', () => {
    const table = new ConditionTable();
    const both = table.and(table.is('A', 'y'), table.is('B', 'm'));
    expect(table.assume(both, 'A', 'y')).toBe(table.is('B', 'm'));
    expect(table.assume(both, 'A', '')).toBe(FALSE);
  });

  it('mean after every simplification what they were built from', () => {
    type Tree =
      | { op: 'is'; symbol: string; value: string }
      | { op: 'not'; of: Tree }
      | { op: 'and' | 'or'; of: Tree[] };
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'medium', withCrossShrink: true },
        fc.record({
          op: fc.constant('is' as const),
          symbol: fc.constantFrom('A', 'B', 'C'),
          value: fc.constantFrom('', 'y', 'm', '7'),
        }),
        fc.record({ op: fc.constant('not' as const), of: tie('tree') }),
        fc.record({
          op: fc.constantFrom('and' as const, 'or' as const),
          of: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
        }),
      ),
    }));
    const build = (table: ConditionTable, t: Tree): Condition => {
      if (t.op === 'is') return table.is(t.symbol, t.value);
      if (t.op === 'not') return table.not(build(table, t.of));
      const operands = t.of.map((each) => build(table, each));
      return t.op === 'and' ? table.all(operands) : table.any(operands);
    };
    const mean = (t: Tree, values: Record<string, string>): boolean => {
      if (t.op === 'is') return values[t.symbol] === t.value;
      if (t.op === 'not') return !mean(t.of, values);
      return t.op === 'and' ? t.of.every((each) => mean(each, values)) : t.of.some((each) => mean(each, values));
    };
    const value = fc.constantFrom('', 'y', 'm', '7', '9');
    fc.assert(
      fc.property(tree, fc.record({ A: value, B: value, C: value }), (t, values) => {
        const table = new ConditionTable();
        const condition = build(table, t);
        const config = (symbol: string) => values[symbol as 'A'] || undefined;
        expect(evaluateCondition(condition, config)).toBe(mean(t, values));
        expect(new ConditionEvaluator(table, config).holds(condition)).toBe(mean(t, values));
        expect(new ConditionEvaluator(table, config).holdsAt(condition.id)).toBe(mean(t, values));
        const frozen = new ConditionEvaluator(thawed(table)!, config);
        expect([frozen.holdsAt(condition.id), frozen.holdsAt(condition.id)]).toEqual(Array(2).fill(mean(t, values)));
        const numbered = new ConditionTable(open(7));
        const { id } = build(numbered, t);
        const evaluator = new ConditionEvaluator(thawed(numbered, open(7))!, byNumbers(7, values));
        expect(evaluator.holdsAt(id)).toBe(mean(t, values));
      }),
      { numRuns: 2000 },
    );
  });

  it("asks by symbols' numbers where both have them from the same tree", () => {
    const table = new ConditionTable(open(7));
    const both = table.and(table.is('A', 'y'), table.is('NEW', 'm'));
    const values = { A: 'y', NEW: 'm' };
    const holds = (config: ConfigLookup): boolean =>
      new ConditionEvaluator(thawed(table, open(7))!, config).holdsAt(both.id);
    const asked: (string | number)[] = [];
    const asking = (checksum: number): ConfigLookup => {
      const { numbered } = byNumbers(checksum, values);
      const byName = (symbol: string) => {
        asked.push(symbol);
        return values[symbol as 'A'];
      };
      const valueAt = (number: number) => {
        asked.push(number);
        return numbered!.valueAt(number);
      };
      return Object.assign(byName, { numbered: { checksum, valueAt } });
    };
    expect(holds(asking(7))).toBe(true);
    // NEW has no number.
    expect(asked).toEqual([0, 'NEW']);
    asked.length = 0;
    expect(holds(asking(8))).toBe(true);
    expect(asked).toEqual(['A', 'NEW']);
  });
});
