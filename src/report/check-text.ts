import type { Packages } from '../check/preflight/tools.ts';
import type { CheckCase, CheckName, CheckResult, Finding } from '../check/types.ts';
import type { Severity } from '../diagnostics/diagnostic.ts';
import { type CheckMessage, causedErrors, causeText, checkMessages, countText, type Detail } from './check-messages.ts';
import { textWidth } from './columns.ts';
import { count, counted } from './count-text.ts';
import { command, hanging, paint, REPORT_COLUMNS } from './styled-text.ts';

/** Everything that `check` says of one config. */
export interface CheckReport {
  readonly tree: { readonly version: string; readonly arch: string };
  /** The config: a path, or `standard input`. */
  readonly config: string;
  readonly results: readonly CheckResult[];
  /** Whether the exit status is 0. */
  readonly sound: boolean;
  /** Whether warnings count. */
  readonly strict: boolean;
  /** What is to be said about toolchain and versions. */
  readonly notes: readonly string[];
  /** The family of distributions of this machine; null where it is not known. */
  readonly distribution: keyof Packages | null;
  /** What is known by the baseline and was left out, and what it has that is found no longer; null without one. */
  readonly baseline: { readonly known: number; readonly fixed: readonly string[] } | null;
  /** The options with which another command reads the same tree and config; null for standard input. */
  readonly again: readonly string[] | null;
  /** Where the file of before is, which was replaced by what `savedefconfig` writes; null where none was. */
  readonly fixedFrom: string | null;
}

export interface CheckStyle {
  readonly verbose: boolean;
  /** Errors only. */
  readonly quiet: boolean;
}

const LABEL_WIDTH = 13;
/** Columns before a detail. */
const DETAIL_INDENT = 4;
/** Messages of one check and severity before the rest is counted. */
const MESSAGES_SHOWN = 20;

/** Findings of the baseline that are named which are found no longer. */
const FIXED_SHOWN = 10;

const SEVERITY_TEXT: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** The report as text for `renderText`: findings as a compiler prints them, then a line for each check. */
export function checkText(report: CheckReport, style: CheckStyle): string {
  // Of errors that come from one symbol the first says what all do.
  const caused = style.verbose ? [] : causedErrors(report.results);
  const messages = report.results.flatMap((result) =>
    shownMessages(checkMessages(result, style.verbose, caused, report.again), style, report.strict),
  );
  if (style.quiet) return messages.map((message) => `${messageText(message)}\n`).join('');
  const notes = report.notes.map((note) => `note: ${note}`);
  const findings = [...messages.map(messageText), ...notes];
  const lines = [...findings, ...(findings.length > 0 ? [''] : []), ...summaryLines(report, style)];
  return `${lines.join('\n')}\n`;
}

/** A message that stands for the rest of its kind. */
export type Shown = CheckMessage | { readonly more: number; readonly severity: Severity; readonly check: CheckName };

/** @param strict whether warnings are why the exit status is 1, too */
function shownMessages(messages: readonly CheckMessage[], { verbose, quiet }: CheckStyle, strict: boolean): Shown[] {
  const isFailure = ({ severity }: CheckMessage): boolean => severity === 'error' || (strict && severity === 'warning');
  const wanted = quiet ? messages.filter(isFailure) : messages;
  if (verbose) return [...wanted];
  return (['error', 'warning', 'info'] as const).flatMap((severity): Shown[] => {
    const own = wanted.filter((message) => message.severity === severity);
    if (own.length <= MESSAGES_SHOWN) return own;
    return [...own.slice(0, MESSAGES_SHOWN), { more: own.length - MESSAGES_SHOWN, severity, check: own[0]!.check }];
  });
}

/** A message as a compiler prints it, its details below it. */
export function messageText(message: Shown): string {
  if ('more' in message)
    return `${SEVERITY_TEXT[message.severity]}: ${message.check}: ${count(message.more)} more (-v)`;
  const { at, severity, text, details } = message;
  const place = at ? `${at.file}:${at.line}: ` : '';
  const word = severity === 'error' ? paint('red', 'error') : SEVERITY_TEXT[severity];
  return [`${place}${word}: ${text}`, ...detailLines(details)].join('\n');
}

/** Details, their places in one column. */
function detailLines(details: readonly Detail[]): string[] {
  const width = textWidth(
    details.map(({ text, at }) => [text, at ? `${at.file}:${at.line}` : '']),
    REPORT_COLUMNS - DETAIL_INDENT,
  );
  return details.map(({ text, at, command: words }) => {
    const said = words ? `${text}: ${command(words)}` : text;
    return `    ${at ? `${said.padEnd(width)}  ${at.file}:${at.line}` : said}`;
  });
}

function summaryLines(report: CheckReport, { verbose }: CheckStyle): string[] {
  const { tree, config, results, sound } = report;
  const verdict = sound ? 'sound' : 'not sound';
  return [
    `${hanging('config'.padEnd(LABEL_WIDTH))}${config} for Linux ${tree.version}, ${tree.arch}`,
    ...results.map((result) => summaryLine(result, results)),
    // Where not each error is shown, the causes stand above.
    ...(verbose ? causedErrors(results) : []).map((group, i) => {
      const { at } = group.cause;
      return `${hanging((i === 0 ? 'cause' : '').padEnd(LABEL_WIDTH))}${causeText(group, results)}${at ? `  ${at.file}:${at.line}` : ''}`;
    }),
    ...installLine(report),
    ...baselineLines(report),
    ...(report.fixedFrom === null
      ? []
      : [
          `${hanging('fixed'.padEnd(LABEL_WIDTH))}${config} is what savedefconfig writes now; what was checked is ${report.fixedFrom}`,
        ]),
    `${hanging('result'.padEnd(LABEL_WIDTH))}${paint(sound ? 'bold' : 'red', verdict)}${countText(results)}`,
  ];
}

function baselineLines({ baseline }: CheckReport): string[] {
  if (baseline === null) return [];
  const { known, fixed } = baseline;
  const label = (text: string): string => hanging(text.padEnd(LABEL_WIDTH));
  const rest = fixed.length - FIXED_SHOWN;
  const more = rest > 0 ? [`${label('')}and ${count(rest)} more`] : [];
  return [
    `${label('baseline')}${counted(known, 'known finding')} left out, ${count(fixed.length)} fixed`,
    ...fixed.slice(0, FIXED_SHOWN).map((text) => `${label('')}fixed: ${text}`),
    ...more,
  ];
}

const INSTALL: Readonly<Record<keyof Packages, string>> = {
  debian: 'apt-get install',
  fedora: 'dnf install',
  arch: 'pacman -S',
  opensuse: 'zypper install',
};

/** The command that installs all that is missing here. */
function installLine({ results, distribution }: CheckReport): string[] {
  if (distribution === null) return [];
  const findings = results.flatMap(({ cases }) => cases.flatMap(({ findings: own }) => own));
  const packages = findings.flatMap(({ args }) => String(args[distribution] ?? '').split(' '));
  const names = [...new Set(packages.filter((name) => name !== ''))].sort();
  if (names.length === 0) return [];
  return [`${hanging('install'.padEnd(LABEL_WIDTH))}${INSTALL[distribution]} ${names.join(' ')}`];
}

/** What checks are called in reports. */
export const LABELS: Readonly<Record<CheckName, string>> = {
  config: 'lines',
  fixpoint: 'fixpoint',
  minimal: 'minimal',
  dependencies: 'dependencies',
  fragments: 'fragment',
  listings: 'listing',
  record: 'record',
  keep: 'keep',
  against: 'against',
  files: 'files',
  tools: 'tools',
};

/** Lines of a fragment that ask for nothing that a user can set, or that a later one overrides. */
const NO_REQUEST: ReadonlySet<string> = new Set([
  'request-ignored',
  'request-none',
  'request-overridden',
  'request-follows',
]);
const NOT_OF_TREE: ReadonlySet<string> = new Set(['module-unknown', 'module-out-of-tree', 'record-unknown']);

/** What one check came to, in a few words, and how much of it a baseline has. */
export function checkOutcome(result: CheckResult, results: readonly CheckResult[]): string {
  const cases = result.cases.map((each) => ({ ...each, findings: [...each.findings, ...(each.known ?? [])] }));
  const left = failedCases(result.cases);
  const known = failedCases(cases) - left;
  const text = outcome({ ...result, cases }, results);
  if (known === 0) return text;
  return `${text}, ${left > 0 ? `${count(known)} of them known` : known === 1 ? 'known' : 'all known'}`;
}

const failedCases = (cases: readonly CheckCase[]): number =>
  cases.filter(({ findings }) => findings.some(({ severity, was }) => severity === 'error' || was === 'error')).length;

function outcome({ name, cases, isFixable = false }: CheckResult, results: readonly CheckResult[]): string {
  const failed = failedCases(cases);
  const passed = cases.length - failed;
  switch (name) {
    case 'config':
      if (cases.some(({ findings }) => findings.some(({ code }) => code === 'other-architecture')))
        return 'not checked';
      return failed === 0
        ? 'each is taken as it stands'
        : `${failed} not taken as ${failed === 1 ? 'it stands' : 'they stand'}`;
    case 'fixpoint':
      if (failed > 0) return `olddefconfig would change ${counted(failed, 'value')}`;
      if (results.some((other) => other.name === 'config' && other.cases.length > 0)) {
        return 'olddefconfig would change no other value';
      }
      return cases.length === 0
        ? 'olddefconfig would change nothing'
        : 'olddefconfig would change nothing that was set';
    case 'minimal': {
      const unasked = cases.filter(({ findings }) => findings.some(({ code }) => code === 'line-unasked')).length;
      if (failed > 0) {
        return `savedefconfig would change ${counted(failed, 'line')}${isFixable ? ' (--fix does)' : ''}`;
      }
      if (unasked > 0) return `${counted(unasked, 'line')} ${unasked === 1 ? 'is' : 'are'} up to the toolchain`;
      return 'it is what savedefconfig writes';
    }
    case 'dependencies':
      return failed === 0 ? 'no select breaks any' : `${failed} broken by select`;
    case 'fragments': {
      const isRequest = ({ code, subject }: Finding): boolean => subject.kind === 'symbol' && !NO_REQUEST.has(code);
      const asked = cases.filter(({ findings }) => findings.every(isRequest)).length;
      if (asked === 0) return 'no value is asked for';
      return `${asked - failed} of ${counted(asked, 'value')} ${asked === 1 ? 'is' : 'are'} held`;
    }
    case 'listings':
    case 'record': {
      const absent = cases.filter(({ findings }) => findings.some(({ code }) => NOT_OF_TREE.has(code))).length;
      const present = cases.length - absent;
      if (present === 0) return absent === 0 ? 'no module is loaded' : 'none of its modules is of this tree';
      const rest = absent === 0 ? '' : `, ${absent} not of this tree`;
      const what = name === 'record' ? 'other part' : 'module';
      return `${passed - absent} of ${counted(present, what)} ${present === 1 ? 'is' : 'are'} built${rest}`;
    }
    case 'keep':
      return `${passed} of ${cases.length} kept`;
    case 'against':
      return failed === 0
        ? 'nothing that was on is off'
        : `${failed} that ${failed === 1 ? 'was on is' : 'were on are'} off`;
    case 'files':
      return failed === 0 ? 'none is missing' : `${failed} missing`;
    case 'tools':
      return `${passed} of ${cases.length} there`;
  }
}

function summaryLine(result: CheckResult, results: readonly CheckResult[]): string {
  const { name, source } = result;
  // Its source is the config, which the line above names.
  const file = name === 'config' || source === '' ? '' : `${source}: `;
  return `${hanging(LABELS[name].padEnd(LABEL_WIDTH))}${file}${checkOutcome(result, results)}`;
}
