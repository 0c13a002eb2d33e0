/** Reports on several configs: what each has, and a table at the end. */
import { checkCiReport } from './check-ci.ts';
import { checkJson } from './check-json.ts';
import { countFindings } from './check-messages.ts';
import { type CheckReport, type CheckStyle, checkText } from './check-text.ts';
import type { CiReport } from './ci/ci-report.ts';
import { counted } from './count-text.ts';
import { paint, verbatim } from './styled-text.ts';

/** The reports as text for `renderText`, one after the other, and a table of them. */
export function checksText(reports: readonly CheckReport[], style: CheckStyle): string {
  const each = reports.map((report) => checkText(report, style)).filter((text) => text !== '');
  if (style.quiet) return each.join('');
  return `${each.join('\n')}\n${table(reports)}\n${verdict(reports)}\n`;
}

function table(reports: readonly CheckReport[]): string {
  const head = ['config', 'arch', 'errors', 'warnings', 'notes', 'result'];
  const rows = reports.map(({ config, tree, results, sound }) => {
    const { error, warning, info } = countFindings(results);
    return [config, tree.arch, String(error), String(warning), String(info), sound ? 'sound' : 'not sound'];
  });
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const isNumber = (column: number): boolean => column >= 2 && column <= 4;
  const cell = (text: string, column: number): string =>
    isNumber(column) ? text.padStart(widths[column]!) : text.padEnd(widths[column]!);
  return all.map((row) => verbatim(row.map(cell).join('  ').trimEnd())).join('\n');
}

function verdict(reports: readonly CheckReport[]): string {
  const failed = reports.filter(({ sound }) => !sound).length;
  const all = `${reports.length} configs`;
  return failed === 0
    ? `${paint('bold', `all ${all} are sound`)}`
    : paint('red', `${failed} of ${all} ${failed === 1 ? 'is' : 'are'} not sound`);
}

/** The object that `--json` prints; its form is `kconfig-trim/checks-1`. */
export function checksJson(reports: readonly CheckReport[]): Record<string, unknown> {
  return {
    schema: 'kconfig-trim/checks-1',
    sound: reports.every(({ sound }) => sound),
    configs: reports.map(checkJson),
  };
}

/** All as one report for services that run builds; suites are named by their configs. */
export function checksCiReport(reports: readonly CheckReport[]): CiReport {
  const each = reports.map(checkCiReport);
  const [{ title }] = each as [CiReport];
  const failed = each.filter(({ passed }) => !passed).length;
  return {
    title,
    subject: `${reports.length} configs for Linux ${reports[0]!.tree.version}`,
    passed: failed === 0,
    verdict: failed === 0 ? 'all sound' : `${counted(failed, 'config')} of ${reports.length} not sound`,
    suites: each.flatMap(({ suites }, index) => {
      const { config, tree } = reports[index]!;
      return suites.map((suite) => ({ ...suite, title: `${config} (${tree.arch}): ${suite.title}` }));
    }),
    notes: each.flatMap(({ notes }, index) => notes.map((note) => `${reports[index]!.config}: ${note}`)),
  };
}
