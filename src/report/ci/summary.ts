import { byteStringToTerminal } from '../plain-text.ts';
import type { CiMessage, CiReport } from './ci-report.ts';

/** Findings in the table; the log has all of them. A summary may have 1 MiB. */
const ROWS_SHOWN = 200;

/** The report as Markdown: what a job's summary shows. */
export function markdownSummary(report: CiReport): string {
  const messages = report.suites.flatMap((suite) => suite.messages);
  const rest = messages.length - ROWS_SHOWN;
  return [
    `### ${plain(report.title)}: ${plain(report.verdict)}`,
    '',
    plain(report.subject),
    '',
    '| check | outcome |',
    '| --- | --- |',
    ...report.suites.map(({ title, outcome }) => `| ${plain(title)} | ${plain(outcome)} |`),
    '',
    ...(messages.length === 0
      ? []
      : ['| | finding | where |', '| --- | --- | --- |', ...messages.slice(0, ROWS_SHOWN).map(row), '']),
    ...(rest > 0 ? [`${rest} more are in the log.`, ''] : []),
    ...report.notes.map((note) => `- ${plain(note)}`),
    ...(report.notes.length > 0 ? [''] : []),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function row({ severity, at, text, details }: CiMessage): string {
  const word = severity === 'info' ? 'note' : severity;
  const where = at ? `<code>${plain(`${at.file}:${at.line}`)}</code>` : '';
  const finding = [`<b>${plain(text)}</b>`, ...details.map(plain)].join('<br>');
  return `| ${word} | ${finding} | ${where} |`;
}

/** Text in which nothing is Markdown or HTML, on one line. */
function plain(text: string): string {
  return byteStringToTerminal(text)
    .replace(/\s+/g, ' ')
    .replace(/[&<>"'`*_~|\\[\]#!@$]/g, (char) => `&#${char.charCodeAt(0)};`);
}
