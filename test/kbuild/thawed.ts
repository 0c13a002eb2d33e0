/** Tables of conditions as another run has them. */
import type { DomainLookup } from '../../src/conditions/condition.ts';
import { ConditionTable } from '../../src/conditions/condition-table.ts';

/** A table after it was frozen. @param domain says of every symbol what it said before */
export function thawed(table: ConditionTable, domain: DomainLookup | null = null): ConditionTable | null {
  const texts: string[] = [];
  const frozen = table.freeze((text) => (texts.includes(text) ? texts.indexOf(text) : texts.push(text) - 1));
  const ints = (values: ArrayLike<number>): Int32Array => Int32Array.from(values);
  return ConditionTable.thaw(domain, {
    starts: ints(frozen.starts),
    data: ints(frozen.data),
    negations: ints(frozen.negations),
    domains: ints(frozen.domains),
    tristates: ints(frozen.tristates),
    checksum: frozen.checksum,
    text: (reference) => texts[reference]!,
    textCount: texts.length,
  });
}
