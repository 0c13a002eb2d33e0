import { asWritten } from '../trim/as-written.ts';
import type { Configuration } from '../values/configuration.ts';
import type { KconfigLines } from './kconfig-lines.ts';
import type { Reasons } from './reasons.ts';
import { allFindings, type CheckResult, type Finding } from './types.ts';

/** Causes that a way is searched for, those that explain the most first. */
const MAX_ROOTS = 10;

/**
 * Searches for the ways of what most errors come from, where what comes from it used all searches up: with those it is
 * the ways of the others that nobody needs.
 * @param results with their causes
 */
export function withRootWays(
  results: readonly CheckResult[],
  config: Configuration,
  reasons: Reasons,
  lines: KconfigLines,
): CheckResult[] {
  const roots = new Set(mostFrequentCauses(results).slice(0, MAX_ROOTS));
  const isLeft = ({ subject, hindrances }: Finding): boolean =>
    subject.kind === 'symbol' && roots.has(subject.name) && hindrances.some(({ kind }) => kind === 'not-searched');
  if (!allFindings(results).some(isLeft)) return [...results];
  reasons.searchOn(MAX_ROOTS);
  const searched = (found: Finding): Finding => {
    if (!isLeft(found)) return found;
    const symbol = config.kconfig.symbols.find(found.subject.name)!;
    // What is to be kept may be a module.
    return asWritten({ ...found, ...reasons.why(symbol, found.wanted ?? 'm') }, lines);
  };
  return results.map((result) => ({
    ...result,
    cases: result.cases.map((each) => ({ ...each, findings: each.findings.map(searched) })),
  }));
}

function mostFrequentCauses(results: readonly CheckResult[]): string[] {
  const counts = new Map<string, number>();
  for (const { cause } of allFindings(results)) {
    if (cause) counts.set(cause.symbol, (counts.get(cause.symbol) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
}
