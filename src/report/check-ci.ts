import type { CheckName, CheckResult } from '../check/types.ts';
import { type CheckMessage, checkMessages, countText, detailText, findingMessage } from './check-messages.ts';
import { type CheckReport, checkOutcome, LABELS } from './check-text.ts';
import type { CiCase, CiMessage, CiReport, CiSuite } from './ci/ci-report.ts';

/** Checks that go through a list that was given; the others have cases only where something was found. */
const LISTS: ReadonlySet<CheckName> = new Set(['fragments', 'listings', 'record', 'keep', 'tools']);

/** What a check came to, as services that run builds want it: tests that passed or failed, and messages. */
export function checkCiReport(report: CheckReport): CiReport {
  const { tree, config, results, sound, notes } = report;
  return {
    title: 'kconfig-trim check',
    subject: `${config} for Linux ${tree.version}, ${tree.arch}`,
    passed: sound,
    verdict: `${sound ? 'sound' : 'not sound'}${countText(results)}`,
    suites: results.map((result) => suite(result, report)),
    notes,
  };
}

/** Checks that are about the file that they are named by; the others are about the config. */
const OF_SOURCE: ReadonlySet<CheckName> = new Set(['fragments', 'listings', 'record']);

function suite(result: CheckResult, { config, results, strict, again }: CheckReport): CiSuite {
  const { name, source } = result;
  const messages = checkMessages(result, false, [], again, '').map(asCi);
  const findings = checkMessages(result, true, [], again).map(asCi);
  const outcome = checkOutcome(result, results);
  const cases = [...errorCases(result, again), ...(strict ? warningCases(findings) : [])];
  return {
    name,
    title: source === '' || name === 'config' ? LABELS[name] : `${LABELS[name]} ${source}`,
    outcome,
    file: OF_SOURCE.has(name) && source !== '' ? source : config,
    cases: cases.length > 0 ? cases : [{ name: outcome, failures: [] }],
    messages,
    findings,
  };
}

/** What failed, and of a list what passed. */
function errorCases({ name, cases }: CheckResult, again: CheckReport['again']): CiCase[] {
  const found = cases.map((each) => ({
    name: each.name,
    failures: each.findings
      .filter(({ severity }) => severity === 'error')
      .map((finding) => asCi(findingMessage(name, finding, again))),
  }));
  return LISTS.has(name) ? found : found.filter(({ failures }) => failures.length > 0);
}

/** With --strict warnings fail. */
function warningCases(findings: readonly CiMessage[]): CiCase[] {
  return findings
    .filter(({ severity }) => severity === 'warning')
    .map((message) => ({ name: message.text, failures: [message] }));
}

function asCi({ severity, code, at, text, details }: CheckMessage): CiMessage {
  const lines = details.map((detail) =>
    detail.at ? `${detailText(detail)} (${detail.at.file}:${detail.at.line})` : detailText(detail),
  );
  return { severity, code, at, text, details: lines };
}
