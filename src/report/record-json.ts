import type { RecordCompareReport, RecordOrigin } from './record-compare-text.ts';

/** One fact of a record, as `--json` has it. */
export interface FactJson {
  readonly fact: string;
  readonly count: number | null;
  readonly days: readonly [string, string] | null;
}

/** The object that `record --json` prints; its form is `kconfig-trim/record-1`. */
export function recordJson(facts: readonly FactJson[]): Record<string, unknown> {
  return {
    schema: 'kconfig-trim/record-1',
    facts: facts.map(({ fact, count, days }) => {
      const [kind, ...fields] = fact.split(' ');
      return { kind, fields, count, first: days?.[0] ?? null, last: days?.[1] ?? null };
    }),
  };
}

/** The object that `record --compare FILE --json` prints; its form is `kconfig-trim/record-compare-1`. */
export function recordCompareJson(report: RecordCompareReport): Record<string, unknown> {
  const { comparison, source, before, after, unseen } = report;
  return {
    schema: 'kconfig-trim/record-compare-1',
    before: { source, ...originJson(before) },
    after: originJson(after),
    compared: comparison.compared,
    missing: comparison.missing,
    absent: comparison.absent,
    unseen,
  };
}

function originJson({ kernels, days }: RecordOrigin): Record<string, unknown> {
  return { kernels, first: days?.[0] ?? null, last: days?.[1] ?? null };
}
