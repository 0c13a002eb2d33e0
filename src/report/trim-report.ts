import type { StepSavings } from '../estimate/step-savings.ts';
import type { BuildCost, EstimateBasis, Spender } from '../estimate/types.ts';
import type { KeyChange } from '../machine/keys.ts';
import type { BaseLack } from '../trim/trimmed-base.ts';
import type { TrimResult } from '../trim/types.ts';
import { count, counted } from './count-text.ts';
import { deepRows } from './deep-text.ts';
import { formatDifference, formatDuration } from './duration-text.ts';
import { machineName, wallText } from './estimate-report.ts';
import { loadedRows } from './loaded-text.ts';
import { percentText } from './percent-text.ts';
import { recordedRows } from './recorded-text.ts';
import { ALL, type Detail, LABEL_WIDTH, lessDetail, listedNames, USUAL } from './report-detail.ts';
import { settingsRows } from './settings-text.ts';
import { shellWords } from './shell-words.ts';
import { cutToLine, hanging, isTallerThanScreen, paint, REPORT_COLUMNS, type Screen, verbatim } from './styled-text.ts';
import { blockerRows, floorText } from './why-text.ts';

/** Everything that the report on a trim says. */
export interface TrimReport {
  readonly tree: { readonly version: string; readonly arch: string };
  readonly base: {
    readonly source: string;
    readonly unknown: readonly string[];
    /** Where it looks as if it was trimmed for another machine: what it lacks, and the running kernel's config. */
    readonly lack: (BaseLack & { readonly running: string | null }) | null;
  };
  readonly listings: readonly { readonly source: string; readonly modules: number }[];
  /** Whether one of the listings is a record. */
  readonly hasRecord: boolean;
  readonly result: TrimResult;
  readonly keys: readonly KeyChange[];
  readonly estimate: {
    readonly before: BuildCost;
    readonly after: BuildCost;
    readonly basis: EstimateBasis;
    /** Symbols that make everything dearer that is left, the costliest first. */
    readonly settings: readonly Spender[];
    /** What each of the result's settings saved that went, in their order. */
    readonly settingSteps: readonly StepSavings[];
    /** CPU seconds here for one of the reference machine. */
    readonly scale: number;
    /** What `--fast` and `--deep` would save beside that, in CPU seconds; 0 where they were asked for. */
    readonly more: { readonly fastSeconds: number; readonly deepSeconds: number };
  };
  /** The file that has the result; null where none was written. */
  readonly written: string | null;
  /** Whether standard output got it. */
  readonly isPrinted: boolean;
  /** Whether the file has another text than before. */
  readonly changed: boolean;
  /** What make has to be given where the report is read, to build in this tree with what was written. */
  readonly makeWords: readonly string[];
  /** Whether make would refuse the tree, as a warning says. */
  readonly isRefused: boolean;
  /** Whether make can read what was written: a device or a pipe it cannot. */
  readonly isForMake: boolean;
  readonly backup: string | null;
  /** The page of `--html`; null where none was written. */
  readonly page: { readonly path: string; readonly backup: string | null } | null;
  /** What was asked for and cannot be, beside the violations: the exit status is 1 for it. */
  readonly findings: readonly string[];
  readonly warnings: readonly string[];
  /** What the listings' readers had to say. It has been said on standard error already; `--json` has it too. */
  readonly listingWarnings: readonly string[];
}

export interface ReportStyle {
  readonly verbose: boolean;
  /** The terminal that it is for; null for a file or a pipe. */
  readonly screen: Screen | null;
}

/** Names on one line of a list before the rest is counted. */
const NAMES_SHOWN = 6;
/** What saves a smaller share of what is left is not worth a line. */
const LEAST_MORE = 0.01;
/** Symbols that changed for what was asked for, before the rest is counted. */
const CHANGES_SHOWN = 20;
/** Kept symbols that a feature's price names. */
const COSTS_SHOWN = 4;

/** Columns below which most lines are broken: a report that does not fit is as short as it can be. */
const NARROW = 60;

/**
 * The report as text for `renderText`: what a person sees after a trim. On a terminal its lists are cut until all of it
 * is on the screen; where that will not do, they are as usual, on a narrow one cut, and the result is repeated at the end.
 */
export function trimReport(report: TrimReport, { verbose, screen }: ReportStyle): string {
  const usual = verbose ? ALL : USUAL;
  const less = screen && !verbose ? lessDetail(screen.columns) : [];
  const next = nextLines(report, screen?.columns ?? REPORT_COLUMNS);
  for (const detail of [usual, ...less]) {
    const text = reportText(report, detail, next);
    if (!isTallerThanScreen(text, screen ?? undefined)) return text;
  }
  const isNarrow = screen !== null && screen.columns < NARROW;
  return reportText(report, (isNarrow && less.at(-1)) || usual, [...resultLines(report), ...next]);
}

/** @param last what to do next, and before it what is off the screen by then */
function reportText(report: TrimReport, detail: Detail, last: readonly string[]): string {
  const { result, base } = report;
  const lines = [
    ...lackLines(report),
    ...summary(report, detail),
    '',
    ...labelled('kept', loadedRows(result, base.lack !== null, detail, LABEL_WIDTH), ''),
    ...labelled('--keep', keepRows(result, detail)),
    ...requestLines(result, detail),
    ...changedLines(result, detail),
    ...labelled('record', recordedRows(result, detail, LABEL_WIDTH + 2)),
    ...settingsLines(report, detail),
    ...briefRows(deepLines(report, detail), detail),
    ...keyLines(report, detail),
    ...featureLines(result, detail),
    ...violationLines(result),
    ...(detail.isAll ? keptLines(result) : []),
    ...findingLines(report),
    ...brief(noteLines(report), detail),
    '',
    ...last,
  ];
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}

const label = (text: string): string => hanging(text.padEnd(LABEL_WIDTH));

/** Rows below each other, the first behind what they are called. @param indent of the others */
const labelled = (name: string, rows: readonly string[], indent = '  '): string[] =>
  rows.map((row, index) => (index === 0 ? label(name) + row : label('') + indent + row));

/** Lines without their ends where these do not fit. */
const brief = (lines: readonly string[], { isBrief, room }: Detail): string[] =>
  lines.map((line) => (isBrief && room ? cutToLine(line, room.columns) : line));

/** The same, but no figure is among what goes. */
const briefRows = (lines: readonly string[], detail: Detail): string[] =>
  lines.map((line) => {
    const [cut = line] = brief([line], detail);
    return figures(cut) < figures(line) ? line : cut;
  });

const figures = (text: string): number => text.match(/\d+/g)?.length ?? 0;

function summary(report: TrimReport, detail: Detail): string[] {
  const { result, estimate } = report;
  const change = (before: number, after: number): string => {
    const percent = percentText(before > 0 ? Math.abs(1 - after / before) : 0);
    const way = after > before ? 'more' : 'less';
    return `${count(before).padStart(7)} -> ${paint('bold', count(after).padStart(6))}   ${percent} ${way}`;
  };
  const { before, after, basis } = estimate;
  const saved = percentText(before.cpuSeconds > 0 ? 1 - after.cpuSeconds / before.cpuSeconds : 0);
  return [
    ...headLines(report),
    '',
    `${label('modules')}${change(result.baseBuild.modules.length, result.build.modules.length)}`,
    `${label('objects')}${change(result.baseBuild.units.length, result.build.units.length)}`,
    `${label('CPU time')}${formatDuration(before.cpuSeconds)} -> ${formatDuration(after.cpuSeconds)}: ${paint('bold', `saves ${formatDifference(before.cpuSeconds, after.cpuSeconds)}`)}, ${saved} (${machineName(basis)})`,
    ...buildLines(estimate, detail),
    ...settingLines(estimate.settings),
    ...moreLines(report),
  ];
}

/** What was read. */
export function headLines({ tree, base, listings }: TrimReport): string[] {
  const loaded = listings.map(({ source, modules }) => `${source} (${counted(modules, 'module')})`).join(', ');
  return [
    `${label('tree')}Linux ${tree.version}, ${tree.arch}`,
    `${label('base')}${base.source}`,
    `${label('loaded')}${loaded || 'no listing: the base sets no modules, and names say what stays'}`,
  ];
}

/** The time on the clock, or what has this machine's. */
function buildLines({ after, basis }: TrimReport['estimate'], { isBrief }: Detail): string[] {
  if (basis.source !== 'reference-machine') return [label('build') + wallText(after, basis)];
  return isBrief ? [] : [`${label('build')}kconfig-trim estimate measures this machine, once`];
}

/** The summary in few words. */
function resultLines({ result: { baseBuild, build }, estimate: { before, after } }: TrimReport): string[] {
  const change = (from: number, to: number): string => `${count(from)} -> ${count(to)}`;
  return [
    `${label('result')}modules ${change(baseBuild.modules.length, build.modules.length)}, objects ` +
      `${change(baseBuild.units.length, build.units.length)}, ` +
      `saves ${formatDifference(before.cpuSeconds, after.cpuSeconds)}`,
  ];
}

function settingLines(settings: readonly Spender[]): string[] {
  if (settings.length === 0) return [];
  const costs = settings.map(({ name, share }) => `${name} ${percentText(share)}`);
  return [`${label('of that')}${costs.join(', ')} (kconfig-trim estimate names more)`];
}

/** What the next step would save, where it is worth a line. */
function moreLines({ estimate: { after, more }, hasRecord }: TrimReport): string[] {
  const isWorth = (seconds: number): boolean => seconds >= after.cpuSeconds * LEAST_MORE;
  const steps = [
    { option: '--fast', seconds: more.fastSeconds, note: '' },
    { option: '--deep', seconds: more.deepSeconds, note: hasRecord ? '' : ' (with a record more)' },
  ].filter(({ seconds }) => isWorth(seconds));
  const parts = steps.map(({ option, seconds, note }, index) => {
    const saves = index === 0 ? ' saves' : '';
    return `${option}${saves} about ${formatDuration(seconds)}${note}`;
  });
  return parts.length === 0 ? [] : [label('more') + parts.join(', ')];
}

/** The base config looks trimmed for another machine: that comes first. */
export function lackText({ base }: TrimReport): string | null {
  if (!base.lack) return null;
  const { missing, of, running } = base.lack;
  const way =
    running === null
      ? 'the config of the kernel that runs there: --config /boot/config-RELEASE'
      : `--config ${running}`;
  const which = running === null ? 'that this tree has' : `that ${running} builds`;
  return `${base.source} lacks ${count(missing)} of ${count(of)} loaded modules ${which}; it looks trimmed for another machine. Start from ${way}`;
}

/** What comes before all else, where the base config is the wrong one. */
export function lackLines(report: TrimReport): string[] {
  const text = lackText(report);
  return text === null ? [] : [paint('bold', `note: ${text}`), ''];
}

/** What `--keep` names; of what was lost the broken promises tell. */
function keepRows({ keep }: TrimResult, detail: Detail): string[] {
  const names = (status: string): string[] =>
    keep
      .filter((each) => each.status === status)
      .map(({ word, symbols }) => (symbols === null ? word : `${word} (${counted(symbols, 'symbol')})`));
  const [kept, off] = [names('kept'), names('off')];
  const heading = `off in the base config (--set turns ${off.length === 1 ? 'it' : 'them'} on): `;
  return [
    ...(kept.length > 0 ? [listedNames(kept, detail, NAMES_SHOWN, LABEL_WIDTH)] : []),
    ...(off.length > 0 ? [heading + listedNames(off, detail, NAMES_SHOWN, LABEL_WIDTH + heading.length)] : []),
  ];
}

/** Values that were asked for and hold, with what they needed; of the others the broken promises tell. */
function requestLines({ requests }: TrimResult, { isAll }: Detail): string[] {
  if (requests.length === 0) return [];
  const held = requests.filter(({ holds }) => holds);
  const shown = held.filter(({ from, to, needs }) => isAll || needs.length > 0 || from !== to);
  const rows = shown.map(({ symbol, value, needs }) => {
    const list = needs.map((need) => `${need.symbol}=${need.value}`).join(', ');
    return `${label('')}  ${symbol}=${value}${list === '' ? '' : `, with ${list}`}`;
  });
  const total = `${count(held.length)} of ${counted(requests.length, 'value')} that ${requests.length === 1 ? 'was' : 'were'} asked for`;
  return [
    `${label('set')}${total} ${held.length === 1 || requests.length === 1 ? 'holds' : 'hold'}${rows.length > 0 ? ':' : ''}`,
    ...rows,
  ];
}

/** Symbols that changed beside the modules' own, and beside those that were asked for. */
function changedLines({ changed, requests }: TrimResult, { isAll }: Detail): string[] {
  if (changed.length === 0) return [];
  // A subsystem that goes by request has hundreds.
  const shown = isAll || requests.length === 0 ? changed : changed.slice(0, CHANGES_SHOWN);
  const rest = changed.length - shown.length;
  const what = requests.length === 0 ? 'turned on' : 'turned on or asked for';
  return [
    `${label('changed')}${counted(changed.length, 'symbol')} for what was ${what}:`,
    ...shown.map(({ symbol, from, to, because }) => {
      const value = from === '' ? `=${to}` : ` ${from} -> ${to === '' ? 'none' : to}`;
      return `${label('')}  ${symbol}${value}: ${because}`;
    }),
    ...(rest > 0 ? [`${label('')}  and ${count(rest)} more (-v)`] : []),
  ];
}

/** What `--fast` took, and what a person gives up by it. */
function settingsLines(
  { result: { settings }, estimate: { settingSteps }, hasRecord }: TrimReport,
  detail: Detail,
): string[] {
  const [heading, ...rows] = labelled('settings', settingsRows(settings, settingSteps, hasRecord));
  return heading === undefined ? [] : [...briefRows([heading], detail), ...brief(rows, detail)];
}

/** What `--deep` took, and what it could not take. */
function deepLines({ result: { deep, kept }, estimate: { scale } }: TrimReport, detail: Detail): string[] {
  const floor = kept.filter(({ reason }) => reason === 'floor').map(({ symbol }) => symbol);
  return labelled('deep', deepRows(deep, scale, detail, floor));
}

function keyLines({ keys }: TrimReport, detail: Detail): string[] {
  const isReplaced = ({ from, to }: KeyChange): boolean => to !== from;
  const replaced = keys.filter(isReplaced);
  const stay = keys.filter((key) => !isReplaced(key));
  const names = replaced.map(({ symbol }) => symbol);
  const heading = 'not there, so replaced: ';
  return [
    ...(detail.isDense && names.length > 1
      ? [`${label('key files')}${heading}${listedNames(names, detail, NAMES_SHOWN, LABEL_WIDTH + heading.length)}`]
      : replaced.map(
          ({ symbol, to, missing }) => `${label('key file')}${symbol}: ${missing.join(', ')} is not there, now "${to}"`,
        )),
    ...stay.map(
      ({ symbol, missing }) => `note: ${symbol} names ${missing.join(', ')}, which is not there: the build will stop`,
    ),
  ];
}

function featureLines({ features }: TrimResult, detail: Detail): string[] {
  const dropped = features.filter(({ to }) => to === 'n').map(({ symbol }) => symbol);
  const paid = features.filter(({ costs }) => costs.length > 0);
  const lines: string[] = [];
  if (dropped.length > 0) {
    lines.push(`${label('dropped')}${counted(dropped.length, 'feature')} of kept drivers (--lean):`);
    lines.push(`${label('')}  ${listedNames(dropped, detail, NAMES_SHOWN, LABEL_WIDTH + 2)}`);
  }
  if (paid.length === 0) return lines;
  const keep = paid.length === 1 ? 'keeps' : 'keep';
  const them = paid.length === 1 ? 'it' : 'them';
  if (detail.isDense) {
    const heading = `${count(paid.length)} ${keep} other modules (--lean drops ${them}): `;
    const names = paid.map(({ symbol }) => symbol);
    return [
      ...lines,
      `${label('features')}${heading}${listedNames(names, detail, NAMES_SHOWN, LABEL_WIDTH + heading.length)}`,
    ];
  }
  lines.push(
    `${label('features')}${count(paid.length)} ${keep} modules that nothing else needs (--lean drops ${them}):`,
  );
  const shown = detail.isAll ? paid : paid.slice(0, NAMES_SHOWN);
  for (const { symbol, costs } of shown) {
    const named = detail.isAll ? costs : costs.slice(0, COSTS_SHOWN);
    lines.push(`${label('')}  ${symbol} keeps ${named.join(', ')}${named.length < costs.length ? ', …' : ''}`);
  }
  if (shown.length < paid.length) lines.push(`${label('')}  and ${count(paid.length - shown.length)} more (-v)`);
  return lines;
}

/** What was asked for and cannot be, beside the violations. */
export function findingLines({ findings }: TrimReport): string[] {
  return findings.map((finding) => `${paint('red', 'warning')}: ${finding}`);
}

export function noteLines({ warnings }: TrimReport): string[] {
  return warnings.map((warning) => `note: ${warning}`);
}

/** The promises that the result breaks. */
export function violationLines(result: TrimResult): string[] {
  return result.violations.flatMap(({ promise, name, note, at, blockers }) => {
    const where = at ? ` (${at.file}:${at.line})` : '';
    const chain = blockerRows(blockers).map((row) => {
      const place = row.at ? `  ${row.at.file}:${row.at.line}` : '';
      return `${label('')}  ${row.text}${place}`;
    });
    return [paint('red', `${label('BROKEN')}${promise} ${name}: ${note}${where}`), ...chain];
  });
}

/** What stays besides the loaded modules, and what features keep, which stands above. */
function keptLines(result: TrimResult): string[] {
  const ofFeatures = new Set(result.features.flatMap(({ to, costs }) => (to === 'n' ? [] : costs)));
  const lines = result.kept
    .filter(({ reason, symbol }) => reason !== 'loaded' && !(reason === 'feature' && ofFeatures.has(symbol)))
    .map(({ symbol, value, reason, for: names }) => {
      const whom = names.length > 0 ? ` for ${names.join(', ')}` : '';
      if (reason === 'floor')
        return `${label('')}  ${symbol}=${value}: ${floorText(symbol, floorSources(names, result))}`;
      return `${label('')}  ${symbol}=${value}: ${reason}${whom}`;
    });
  return lines.length > 0 ? ['', `${label('kept also')}${counted(lines.length, 'symbol')}:`, ...lines] : [];
}

function floorSources(names: readonly string[], { deep }: TrimResult): Parameters<typeof floorText>[1] {
  const found = deep?.pinned.filter(({ symbol }) => names.includes(symbol)) ?? [];
  return { for: names, evidence: [...new Set(found.map(({ source }) => source))] };
}

/** @param columns of a line; a command that is longer goes on in the next one, as a shell reads it */
function nextLines(report: TrimReport, columns: number): string[] {
  const make = shellWords(['make', ...report.makeWords]);
  const commands = [`${make} olddefconfig &&`, `${make} -j${report.estimate.basis.jobs}`];
  const fits = LABEL_WIDTH + commands.join(' ').length <= columns;
  const shown = fits ? [commands.join(' ')] : commands;
  const old = (backup: string | null): string => (backup === null ? '' : `, the old one is ${backup}`);
  const page = report.page && `${report.page.path}${old(report.page.backup)}`;
  const pageLine = page === null ? [] : [label('') + page];
  if (report.isPrinted) return [`${label('written')}standard output`, ...pageLine];
  if (report.written === null) return [label('written') + (page === null ? 'nothing' : `${page}; no config`)];
  return [
    `${label('written')}${report.written}${report.changed ? old(report.backup) : ' (it was the same already)'}`,
    ...pageLine,
    ...(report.isForMake && report.isRefused
      ? [`${label('next')}make stops until the source tree is clean; then`]
      : []),
    ...(report.isForMake
      ? shown.map((line, index) =>
          verbatim(`${label(index === 0 && !report.isRefused ? 'next' : '')}${paint('bold', line)}`),
        )
      : []),
  ];
}
