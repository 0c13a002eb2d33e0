import { causedErrors, countFindings, findingMessage } from './check-messages.ts';
import type { CheckReport } from './check-text.ts';

/** The report as the object that `check --json` prints; its form is `kconfig-trim/check-1`. */
export function checkJson(report: CheckReport): Record<string, unknown> {
  const { tree, config, results, sound, notes, baseline, fixedFrom } = report;
  return {
    schema: 'kconfig-trim/check-1',
    tree,
    config: { source: config },
    sound,
    counts: countFindings(results),
    ...(baseline === null ? {} : { baseline }),
    ...(fixedFrom === null ? {} : { fixed: true, fixedFrom }),
    causes: causedErrors(results).map(({ cause, errors }) => ({ ...cause, errors: errors.length })),
    checks: results.map(({ name, source, cases }) => ({
      name,
      source,
      cases: cases.length,
      failed: cases.filter(({ findings }) => findings.some(({ severity }) => severity === 'error')).length,
    })),
    findings: results.flatMap(({ name, source, cases }) =>
      cases.flatMap(({ findings }) =>
        findings.map((found) => ({ check: name, source, ...found, message: findingMessage(name, found).text })),
      ),
    ),
    warnings: notes,
  };
}
