/** When two values are the same text, as `ifeq` compares them. */
import { type Condition, FALSE, TRUE } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import { hasHole, isUnknown, type Value, type Values } from './values.ts';

/** What comparing needs of the run of make that does it. */
export interface EqualityContext {
  readonly table: ConditionTable;
  readonly values: Values;
  /** The symbol whose value a char stands for. */
  symbolOf(hole: string): string;
  /** A condition of its own that no configuration decides. */
  unknown(): Condition;
}

/** When two values are the same text. @throws TooManyAlternatives */
export function equalValues(left: Value, right: Value, context: EqualityContext): Condition {
  const { table, values } = context;
  if (left === '') return table.not(values.nonEmpty(right));
  if (right === '') return table.not(values.nonEmpty(left));
  const same: Condition[] = [];
  const rights = values.alternatives(right);
  for (const a of values.alternatives(left)) {
    for (const b of rights) {
      const both = table.and(a.when, b.when);
      if (both !== FALSE) same.push(table.and(both, equalTexts(a.text, b.text, context)));
    }
  }
  return table.any(same);
}

function equalTexts(a: string, b: string, context: EqualityContext): Condition {
  if (a === b && !isUnknown(a)) return TRUE;
  if (isUnknown(a) || isUnknown(b)) return context.unknown();
  const [open, fixed] = hasHole(a) ? [a, b] : [b, a];
  if (!hasHole(open)) return FALSE;
  if (hasHole(fixed)) return context.unknown();
  return fillHole(open, fixed, context);
}

/** When the one open symbol in `open` makes it equal to `fixed`. Two open symbols never meet a text in practice. */
function fillHole(open: string, fixed: string, { table, symbolOf }: EqualityContext): Condition {
  const at = [...open].findIndex((c) => hasHole(c));
  const prefix = open.slice(0, at);
  const suffix = open.slice(at + 1);
  if (hasHole(suffix)) return FALSE;
  if (fixed.length <= prefix.length + suffix.length) return FALSE;
  if (!fixed.startsWith(prefix) || !fixed.endsWith(suffix)) return FALSE;
  return table.is(symbolOf(open[at]!), fixed.slice(prefix.length, fixed.length - suffix.length));
}
