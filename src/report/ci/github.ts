import type { Position, Severity } from '../../diagnostics/diagnostic.ts';
import { byteStringToTerminal } from '../plain-text.ts';
import type { CiMessage, CiReport } from './ci-report.ts';

/** Annotations of one kind that GitHub shows of a step. */
const SHOWN = 10;

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * The report as annotations: workflow commands, a line each.
 * @param locate a place's path in the repository; null where it is in none
 */
export function githubAnnotations(report: CiReport, locate: (at: Position) => string | null): string {
  const lines: string[] = [];
  for (const severity of ['error', 'warning', 'info'] as const) {
    const own = report.suites.flatMap((suite) =>
      suite.messages
        .filter((message) => message.severity === severity)
        .map((message) => annotation(message, `${report.title}: ${suite.title}`, locate)),
    );
    const fits = own.length <= SHOWN;
    lines.push(...(fits ? own : own.slice(0, SHOWN - 1)));
    if (!fits) lines.push(more(severity, own.length - SHOWN + 1, report.title));
  }
  return lines.map((line) => `${line}\n`).join('');
}

function annotation(message: CiMessage, title: string, locate: (at: Position) => string | null): string {
  const { severity, at, text, details } = message;
  const file = at && locate(at);
  const place = at && file !== null ? { file: file!, line: String(at.line) } : {};
  // A place that no link can lead to is said.
  const said = at && file === null ? `${at.file}:${at.line}: ` : '';
  return command(severity, { ...place, title }, [`${said}${text}`, ...details].join('\n'));
}

function more(severity: Severity, count: number, title: string): string {
  return command(severity, { title }, `${count} more; the job's log and summary have them`);
}

function command(severity: Severity, properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${COMMANDS[severity]} ${list.join(',')}::${escapeData(message)}`;
}

/** What of a message would end or change a workflow command. */
function escapeData(text: string): string {
  return byteStringToTerminal(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/**
 * A report that is to be printed in a job, with nothing in it that the runner would take for a command of ours: at the
 * start of a line `::`, anywhere `##[`.
 */
export function withoutCommands(text: string): string {
  return text.replace(/##\[/g, '## [').replace(/^(\s*):(?=:)/gm, '$1: ');
}

/** The same for JSON, which stays the same object. */
export function jsonWithoutCommands(text: string): string {
  return text.replace(/##\[/g, '##\\u005b');
}
