import type { TurnedOn } from '../build/turned-on.ts';
import type { Position } from '../diagnostics/diagnostic.ts';
import type { BuildReport } from './build-report.ts';
import { count, counted } from './count-text.ts';
import { formatDuration } from './duration-text.ts';
import { command, hanging, paint, verbatim } from './styled-text.ts';

/** How much of it is shown. */
export interface BuildReportStyle {
  readonly verbose: boolean;
}

const LABEL_WIDTH = 11;
const NAMES_SHOWN = 8;
const WARNINGS_SHOWN = 5;
const MISSING_SHOWN = 20;

const label = (text: string): string => hanging(text.padEnd(LABEL_WIDTH));

/** The report as text for `renderText`. */
export function buildText(report: BuildReport, style: BuildReportStyle): string {
  const lines = [
    `${label('tree')}Linux ${report.tree.version}, ${report.tree.arch}`,
    `${label('config')}${report.config}`,
    ...(report.command ? [`${label('make')}${command(shownCommand(report))}`] : []),
    ...sampleLines(report),
    '',
    ...lostLines(report),
    ...failureLines(report),
    ...missingLines(report, style),
    ...(report.command
      ? [...builtLines(report), ...differenceLines(report, style), ...warningLines(report, style)]
      : []),
    ...report.notes.map((note) => `note: ${note}`),
    ...(report.log === null ? [] : [`${label('log')}${report.log}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Hundreds of targets say no more than the sample's line does. */
function shownCommand({ command, sample }: BuildReport): readonly string[] {
  return sample && command ? [...command.slice(0, command.length - sample.units), '...'] : (command ?? []);
}

function sampleLines({ sample }: BuildReport): string[] {
  if (!sample) return [];
  const { units, of, seed, rounds } = sample;
  const rest = rounds > 1 ? `; seeds 1 to ${count(rounds)} are all of them` : '';
  return [
    `${label('sample')}${count(units)} of ${counted(of, 'unit')}, seed ${seed}${rest}`,
    `${label('')}shows that they compile; nothing is linked`,
  ];
}

function lostLines({ outcome, lost }: BuildReport): string[] {
  if (lost.length === 0) return [];
  const heading = `${count(lost.length)} required, and not built by this config:`;
  const lines = lost.map(({ name, path, note }) => {
    const where = path === null ? '' : ` (${path})`;
    return `${label('')}  ${name}${where}${note === '' ? '' : `: ${note}`}`;
  });
  return [paint('red', `${label('LOST')}${heading}`), ...lines, ...(outcome === 'lost' ? [NOT_STARTED] : [])];
}

const NOT_STARTED = `${label('')}make was not started: what it builds would lack them`;

function failureLines({ failure }: BuildReport): string[] {
  if (!failure) return [];
  const { target, message, excerpt, turnedOn, command, failsAlone, others } = failure;
  const indented = (text: string): string => `${label('')}${text}`;
  const what = [target, failure.at && placeText(failure.at)].filter((part) => part !== null).join('  ');
  const failed = (text: string): string => paint('red', `${label('FAILED')}${text}`);
  const lines = what === '' ? [failed(message)] : [failed(what), indented(message)];
  if (excerpt.length > 1 || (excerpt[0] !== undefined && !excerpt[0].includes(message))) {
    lines.push('', ...excerpt.map((line) => verbatim(`  ${line}`)), '');
  }
  if (turnedOn) lines.push(`${label('turned on')}${turnedOnText(turnedOn)}`);
  if (others.length > 0) lines.push(`${label('failed too')}${nameList(others, NAMES_SHOWN)}`);
  if (failsAlone === false) {
    lines.push(`${label('again')}made alone it did not fail: out of memory, or of room, or built in a wrong order?`);
  }
  if (command !== null) lines.push(verbatim(`${label('command')}${command}`));
  return [...lines, ''];
}

/** `fs/a.c:12:3`, as much of it as is known. */
export function placeText({ file, line, column }: Position): string {
  return line === 0 ? file : `${file}:${line}${column > 0 ? `:${column}` : ''}`;
}

/** `by A=m, part of fs/a.ko  fs/Makefile:3` */
export function turnedOnText({ symbols, at, modules }: TurnedOn): string {
  const by = symbols.map(({ name, value }) => `${name}=${value}`).join(', ');
  const place = at ? `  ${at.file}:${at.line}` : '';
  const part = modules.length > 0 ? `, part of ${modules.map((path) => `${path}.ko`).join(', ')}` : '';
  return `${by === '' ? 'by no symbol: it is always built' : `by ${by}`}${part}${place}`;
}

function missingLines({ modules, files }: BuildReport, { verbose }: BuildReportStyle): string[] {
  const lines: string[] = [];
  if (files.missing.length > 0) lines.push(paint('red', `${label('MISSING')}${files.missing.join(', ')}`));
  if (modules.missing.length > 0) {
    lines.push(
      paint('red', `${label('MISSING')}${counted(modules.missing.length, 'module')} that this config builds:`),
    );
    const shown = verbose ? modules.missing : modules.missing.slice(0, MISSING_SHOWN);
    const more = modules.missing.length - shown.length;
    lines.push(...shown.map((path) => `${label('')}  ${path}`));
    if (more > 0) lines.push(`${label('')}  and ${count(more)} more (-v)`);
  }
  return lines.length > 0 ? [...lines, ''] : [];
}

/** `2,634 of 2,634 units, 36 of 36 modules, vmlinux, arch/x86/boot/bzImage`: what make has made. */
export function builtText({ outcome, units, modules, files }: BuildReport): string {
  const made = [`${count(units.compiled)} of ${counted(units.predicted, 'unit')}`];
  if (units.present > 0) made[0] += ` (${count(units.present)} ${units.present === 1 ? 'was' : 'were'} there)`;
  if (outcome === 'built' || outcome === 'missing') {
    const { paths, missing } = modules;
    if (paths.length > 0) made.push(`${count(paths.length - missing.length)} of ${counted(paths.length, 'module')}`);
    made.push(...files.present);
  }
  return made.join(', ');
}

function builtLines(report: BuildReport): string[] {
  const { outcome, interruptedBy, seconds } = report;
  const { cpu } = seconds;
  const off = Math.round(seconds.uncertainty * 20) * 5;
  const cpuTime = cpu.real === null ? '' : `, ${formatDuration(cpu.real)} of CPU time`;
  const predicted = ` (predicted: ${formatDuration(seconds.predicted)}, ± ${off} %, and ${formatDuration(cpu.predicted)})`;
  const isWhole = outcome === 'built' || outcome === 'missing';
  const built =
    outcome === 'interrupted'
      ? `interrupted by ${interruptedBy} after ${builtText(report)}; make goes on where it was`
      : `${label(outcome === 'built' ? 'built' : 'compiled')}${builtText(report)}`;
  return [built, `${label('took')}${formatDuration(seconds.real)}${cpuTime}${isWhole ? predicted : ''}`];
}

function differenceLines({ outcome, units }: BuildReport, { verbose }: BuildReportStyle): string[] {
  const shown = verbose ? Number.POSITIVE_INFINITY : NAMES_SHOWN;
  const lines: string[] = [];
  if ((outcome === 'built' || outcome === 'missing') && units.missing.length > 0) {
    lines.push(`${label('not made')}${counted(units.missing.length, 'unit')}: ${nameList(units.missing, shown)}`);
  }
  if (units.unpredicted.length > 0) {
    const heading = `${counted(units.unpredicted.length, 'unit')} that were not expected`;
    lines.push(`${label('made too')}${heading}: ${nameList(units.unpredicted, shown)}`);
  }
  return lines;
}

function warningLines({ warnings }: BuildReport, { verbose }: BuildReportStyle): string[] {
  if (warnings.count === 0) return [];
  const shown = verbose ? warnings.first : warnings.first.slice(0, WARNINGS_SHOWN);
  const lines = shown.map(({ at, message }) => `${label('')}  ${at ? `${placeText(at)}: ` : ''}${message}`);
  const more = warnings.count > shown.length ? `${label('')}  all are in the log` : [];
  return [`${label('warnings')}${count(warnings.count)}`, ...lines, ...[more].flat()];
}

function nameList(names: readonly string[], limit: number): string {
  const more = names.length - limit;
  return names.slice(0, limit).join(', ') + (more > 0 ? `, and ${count(more)} more (-v)` : '');
}
