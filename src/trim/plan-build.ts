import type { Buildable, Condition } from '../kbuild/index.ts';
import type { KSymbol, Tristate } from '../kconfig/symbol.ts';
import type { Plan, Planner } from './plan.ts';

/** Values as Kbuild has them, those first that are taken where several cost the same. */
const VALUES: readonly (readonly [string, Tristate])[] = [
  ['m', 1],
  ['y', 2],
  ['', 0],
];

/**
 * The cheapest set of symbol values that makes one of the entries be built; null where none is found. Nothing is
 * changed.
 */
export function planBuild(planner: Planner, entries: readonly Buildable[]): Plan | null {
  let best: Plan | null = null;
  for (const entry of entries) {
    const asModule = planCondition(planner, entry.whenModule, planner.nothing);
    const linked = asModule && planCondition(planner, entry.whenLinked, asModule);
    const builtin = planCondition(planner, entry.whenBuiltin, planner.nothing);
    for (const plan of [linked, builtin]) best = planner.cheaper(best, plan);
  }
  return best;
}

/**
 * A way to make a Kbuild condition true.
 * @param given what is to be set in any case; the way goes on from there
 */
function planCondition(planner: Planner, condition: Condition, given: Plan): Plan | null {
  switch (condition.kind) {
    case 'constant':
      return condition.value ? given : null;
    case 'and': {
      // Alternatives come last, so that what is certain decides between them.
      const ordered = [...condition.operands].sort((a, b) => Number(a.kind === 'or') - Number(b.kind === 'or'));
      let whole: Plan | null = given;
      for (const operand of ordered) whole = whole && planCondition(planner, operand, whole);
      return whole;
    }
    case 'or': {
      let best: Plan | null = null;
      for (const operand of condition.operands) best = planner.cheaper(best, planCondition(planner, operand, given));
      return best;
    }
    default: {
      const symbol = planner.config.kconfig.symbols.find(condition.symbol);
      return symbol ? planLiteral(planner, symbol, condition, given) : null;
    }
  }
}

function planLiteral(
  planner: Planner,
  symbol: KSymbol,
  { values, negated }: Extract<Condition, { kind: 'symbol' }>,
  given: Plan,
): Plan | null {
  const allowed = VALUES.filter(([text]) => values.includes(text) !== negated);
  const set = given.changes.get(symbol);
  const now = typeof set === 'number' ? set : planner.config.tristate(symbol);
  if (allowed.some(([, value]) => value === now)) return given;
  let best: Plan | null = null;
  for (const [, value] of allowed) best = planner.cheaper(best, planner.exactly(symbol, value));
  return planner.both(given, best);
}
