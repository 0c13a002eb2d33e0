import type { Severity } from '../diagnostics/diagnostic.ts';
import type { CheckName, CheckResult, Finding } from './types.ts';

/** By check how severe its findings are. */
export type Severities = ReadonlyMap<CheckName, Severity>;

function withSeverity(found: Finding, severity: Severity): Finding {
  if (found.severity === 'info' || found.severity === severity) return found;
  return { ...found, severity, was: found.severity };
}

/**
 * Gives the errors and warnings of checks another severity; notes stay notes.
 * @param severities what is not named stays as it is
 */
export function withSeverities(results: readonly CheckResult[], severities: Severities): CheckResult[] {
  return results.map((result) => {
    const severity = severities.get(result.name);
    if (severity === undefined) return result;
    const cases = result.cases.map((each) => ({
      ...each,
      findings: each.findings.map((found) => withSeverity(found, severity)),
    }));
    return { ...result, cases };
  });
}
