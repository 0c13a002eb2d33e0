import type { CheckResult } from '../check/types.ts';
import type { Redefinition } from '../dotconfig/merge.ts';
import {
  type CheckMessage,
  causedErrors,
  causeText,
  checkMessages,
  countFindings,
  findingMessage,
} from './check-messages.ts';
import { checkOutcome, messageText } from './check-text.ts';
import { count, counted } from './count-text.ts';
import { hanging, paint } from './styled-text.ts';

/** Everything that `conf merge` says. */
export interface MergeReport {
  readonly tree: { readonly version: string; readonly arch: string };
  /** The files in their order, the base first. */
  readonly files: readonly string[];
  readonly redefined: readonly Redefinition[];
  /** For each file whether it holds what it asks for; null where the files were merged only. */
  readonly results: readonly CheckResult[] | null;
  /** With `--strict`: whether a file says otherwise than one before it, so that nothing was written. */
  readonly isRefused: boolean;
  /** The file that has the result; null where none was written. */
  readonly written: string | null;
  readonly notes: readonly string[];
  /** The options with which another command reads the same tree and the result; null where it is no file. */
  readonly again: readonly string[] | null;
}

/** What of it a person wants to read. */
export interface MergeStyle {
  readonly verbose: boolean;
  /** Errors only. */
  readonly quiet: boolean;
  /** Whether lines are shown that say what was said before. */
  readonly redundant: boolean;
  /** Whether lines are shown that take the place of others. */
  readonly overridden: boolean;
}

const LABEL_WIDTH = 13;
/** Symbols that do not hold and are named. */
const NAMES_SHOWN = 20;

/** The report as text for `renderText`. */
export function mergeText(report: MergeReport, style: MergeStyle): string {
  const results = report.results ?? [];
  const caused = style.verbose ? [] : causedErrors(results);
  const messages = results
    .flatMap((result) => bySeverity(checkMessages(result, style.verbose, caused, report.again)))
    .filter(({ severity }) => !style.quiet || severity === 'error')
    .map(messageText);
  if (style.quiet) return [...messages, ...refusal(report)].map((line) => `${line}\n`).join('');
  const above = [...redefinedLines(report, style), ...messages, ...report.notes.map((note) => `note: ${note}`)];
  const lines = [...above, ...(above.length > 0 ? [''] : []), ...summaryLines(report, style), ...refusal(report)];
  return `${lines.join('\n')}\n`;
}

const bySeverity = (messages: readonly CheckMessage[]): CheckMessage[] =>
  (['error', 'warning', 'info'] as const).flatMap((level) => messages.filter(({ severity }) => severity === level));

/** The report as the object that `--json` prints; its form is `kconfig-trim/merge-1`. */
export function mergeJson(report: MergeReport): Record<string, unknown> {
  const { tree, files, redefined, results, written, notes } = report;
  return {
    schema: 'kconfig-trim/merge-1',
    tree,
    files,
    written,
    redefined: redefined.map(({ kind, name, before, beforeAt, after, afterAt }) => ({
      kind,
      name,
      from: before.join('\n'),
      to: after.join('\n'),
      at: afterAt,
      before: beforeAt,
    })),
    holds: results === null ? null : countFindings(results).error === 0,
    requests: (results ?? []).map(({ source, cases }) => ({ source, values: cases.length })),
    notHeld: errorNames(results ?? []),
    causes: causedErrors(results ?? []).map(({ cause, errors }) => ({ ...cause, errors: errors.length })),
    findings: (results ?? []).flatMap(({ name, source, cases }) =>
      cases.flatMap(({ findings }) =>
        findings.map((found) => ({ source, ...found, message: findingMessage(name, found).text })),
      ),
    ),
    warnings: notes,
  };
}

/** The symbols whose values do not hold, in the order of the files. */
function errorNames(results: readonly CheckResult[]): string[] {
  return results.flatMap(({ cases }) =>
    cases.flatMap(({ findings }) =>
      findings.filter(({ severity }) => severity === 'error').map(({ subject }) => subject.name),
    ),
  );
}

function redefinedLines({ redefined }: MergeReport, { verbose, redundant, overridden }: MergeStyle): string[] {
  return redefined.filter(({ kind }) => (kind === 'redundant' ? redundant || verbose : overridden)).map(redefinedLine);
}

function redefinedLine({ kind, before, beforeAt, after, afterAt }: Redefinition): string {
  const [was, is] = [before, after].map((lines) => [...new Set(lines)].join(', '));
  const said = {
    redundant: `${is}: said before`,
    overridden: `${is} takes the place of ${was}`,
    'kept-builtin': `${is} is not taken: what is built in stays so (--builtin)`,
  };
  return `${placeText(afterAt)}: note: ${said[kind]}  ${placeText(beforeAt)}`;
}

const placeText = ({ file, line }: Redefinition['afterAt']): string => `${file}:${line}`;

function summaryLines(report: MergeReport, { verbose, redundant, overridden }: MergeStyle): string[] {
  const { tree, files, redefined, results, written } = report;
  const label = (text: string): string => hanging(text.padEnd(LABEL_WIDTH));
  const number = (kind: Redefinition['kind']): number => redefined.filter((each) => each.kind === kind).length;
  const [others, same] = [number('overridden'), number('redundant')];
  const names = [...new Set(errorNames(results ?? []))];
  const named = verbose ? names : names.slice(0, NAMES_SHOWN);
  const rest = names.length - named.length;
  return [
    `${label('tree')}Linux ${tree.version}, ${tree.arch}`,
    ...files.map((file, index) => {
      const result = results?.[index];
      return `${label(index === 0 ? 'base' : 'fragment')}${file}${result ? `: ${checkOutcome(result, results!)}` : ''}`;
    }),
    ...(overridden && others > 0 ? [`${label('overridden')}${counted(others, 'value')}`] : []),
    ...(same > 0
      ? [`${label('redundant')}${counted(same, 'value')}${redundant || verbose ? '' : ' (-r names them)'}`]
      : []),
    // Where not each error is shown, the causes stand above.
    ...(verbose ? causedErrors(results ?? []) : []).map((group) => `${label('cause')}${causeText(group, results!)}`),
    ...(names.length > 0
      ? [`${label('not held')}${named.join(', ')}${rest > 0 ? `, and ${count(rest)} more (-v)` : ''}`]
      : []),
    ...(written === null ? [] : [`${label('written')}${written}${results === null ? ' (merged only)' : ''}`]),
  ];
}

/** Why nothing was written. */
function refusal({ isRefused }: MergeReport): string[] {
  return isRefused ? [`${paint('red', 'refused')}: a fragment changes a value of one before it (--strict)`] : [];
}
