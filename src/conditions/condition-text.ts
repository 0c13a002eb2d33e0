/** Conditions as people read them. */
import type { Condition, SymbolCondition } from './condition.ts';

/** The condition in Kconfig's notation: `NET=y && (INET || IPV6=m) && !UML`. */
export function printCondition(condition: Condition): string {
  if (condition.kind === 'constant') return condition.value ? 'y' : 'n';
  if (condition.kind === 'symbol') return printLiteral(condition);
  const operands = [...condition.operands]
    .map((c) =>
      c.kind === 'or' || (c.kind === 'symbol' && isDisjunction(c)) ? `(${printCondition(c)})` : printCondition(c),
    )
    .sort();
  return operands.join(condition.kind === 'and' ? ' && ' : ' || ');
}

function isDisjunction(literal: SymbolCondition): boolean {
  return printLiteral(literal).includes(' ');
}

function printLiteral({ symbol, values, negated }: SymbolCondition): string {
  const on = values.length === 2 && values[0] === 'm' && values[1] === 'y';
  if (on) return negated ? `!${symbol}` : symbol;
  if (values.length === 1 && values[0] === '') return negated ? symbol : `!${symbol}`;
  const parts = values.map((v) => `${symbol}${negated ? '!=' : '='}${v === '' ? 'n' : v}`);
  return parts.join(negated ? ' && ' : ' || ');
}
