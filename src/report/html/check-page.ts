import { type CheckMessage, checkMessages, countText, detailText } from '../check-messages.ts';
import { type CheckReport, checkOutcome, LABELS } from '../check-text.ts';
import { count } from '../count-text.ts';
import { byteStringToTerminal } from '../plain-text.ts';
import type { PageData, Row, Section } from './page-data.ts';
import { placeText } from './symbol-index.ts';

/** Findings that a page has room for. */
const MOST_FINDINGS = 1_500;
/** Lines below one finding. */
const DETAILS_SHOWN = 12;

const SEVERITY_WORDS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** The page of one check, or of several configs. */
export function checkPage(reports: readonly CheckReport[]): PageData {
  const [first] = reports as readonly [CheckReport];
  const isOne = reports.length === 1;
  const failed = reports.filter(({ sound }) => !sound).length;
  return {
    title: `Check of ${isOne ? first.config : `${reports.length} configs`}`,
    summary: isOne
      ? verdict(first)
      : failed === 0
        ? 'All are sound.'
        : `${count(failed)} of ${reports.length} not sound.`,
    notices: [...new Set(reports.flatMap(({ notes }) => notes))].map((note) => ({
      level: 'note',
      text: byteStringToTerminal(note),
    })),
    facts: reports.map(({ config, tree }) => ['Config', `${config}, for Linux ${tree.version}, ${tree.arch}`]),
    figures: [],
    time: null,
    sections: reports.flatMap((report, index) =>
      reportSections(report, isOne ? '' : `${report.config}: `, index, reports.length),
    ),
    symbols: null,
  };
}

const verdict = ({ sound, results }: CheckReport): string =>
  `The config is ${sound ? 'sound' : 'not sound'}${countText(results)}.`;

function reportSections(report: CheckReport, prefix: string, index: number, reports: number): Section[] {
  const { results } = report;
  const messages = results.flatMap((result) => checkMessages(result, false, [], report.again, ''));
  const order = ['error', 'warning', 'info'];
  messages.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const shown = messages.slice(0, Math.floor(MOST_FINDINGS / reports));
  const more = messages.length - shown.length;
  return [
    {
      id: `findings-${index + 1}`,
      heading: `${prefix}Findings`,
      intro: `${verdict(report)}${more > 0 ? ` The first ${count(shown.length)} of ${count(messages.length)} are here.` : ''}`,
      columns: [{ name: 'Level', isText: true }, { name: 'Finding' }, { name: 'Check' }, { name: 'Where' }],
      rows: shown.map(messageRow),
    },
    {
      id: `checks-${index + 1}`,
      heading: `${prefix}Checks`,
      intro: 'What was checked, and what each check came to.',
      columns: [{ name: 'Check', isText: true }, { name: 'Result' }, { name: 'Against' }],
      rows: results.map((result) => [
        LABELS[result.name],
        byteStringToTerminal(checkOutcome(result, results)),
        result.name === 'config' ? '' : result.source,
      ]),
    },
  ];
}

function messageRow({ severity, text, details, check, at }: CheckMessage): Row {
  const lines = details
    .slice(0, DETAILS_SHOWN)
    .map((detail) => ({ text: byteStringToTerminal(detailText(detail)), at: placeText(detail.at) }));
  const rest = details.length - lines.length;
  return [
    { text: SEVERITY_WORDS[severity], level: severity === 'error' ? 'bad' : 'plain' },
    {
      text: byteStringToTerminal(text),
      lines: rest > 0 ? [...lines, { text: `and ${count(rest)} more`, at: '' }] : lines,
    },
    LABELS[check],
    placeText(at),
  ];
}
