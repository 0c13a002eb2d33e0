import type { StepSavings } from '../estimate/step-savings.ts';
import type { BuildCost, EstimateBasis, Spender } from '../estimate/types.ts';
import type { KeyChange } from '../machine/keys.ts';
import type { BaseLack } from '../trim/trimmed-base.ts';
import type { LoadedReport, LoadedStatus, TrimResult } from '../trim/types.ts';
import { count, counted } from './count-text.ts';
import { deepRows } from './deep-text.ts';
import { formatDifference, formatDuration } from './duration-text.ts';
import { wallText } from './estimate-report.ts';
import { recordedRows } from './recorded-text.ts';
import { settingsRows } from './settings-text.ts';
import { shellWords } from './shell-words.ts';
import { hanging, isTallerThanScreen, paint, verbatim } from './styled-text.ts';
import { blockerRows } from './why-text.ts';

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
  /** Whether make can read what was written: a device or a pipe it cannot. */
  readonly isForMake: boolean;
  readonly backup: string | null;
  /** What was asked for and cannot be, beside the violations: the exit status is 1 for it. */
  readonly findings: readonly string[];
  readonly warnings: readonly string[];
  /** What the listings' readers had to say. It has been said on standard error already; `--json` has it too. */
  readonly listingWarnings: readonly string[];
}

export interface ReportStyle {
  readonly verbose: boolean;
}

/** Names on one line of a list before the rest is counted. */
const NAMES_SHOWN = 6;
const LABEL_WIDTH = 11;
/** What saves a smaller share of what is left is not worth a line. */
const LEAST_MORE = 0.01;
/** Symbols that changed for what was asked for, before the rest is counted. */
const CHANGES_SHOWN = 20;
/** Kept symbols that a feature's price names. */
const COSTS_SHOWN = 4;

/** Headings of the loaded modules that are not simply kept, in the order of the report. */
const STATUS_TEXT: readonly (readonly [LoadedStatus, (them: string) => string])[] = [
  ['out-of-tree', (them) => `built outside the kernel tree: build ${them} again for the new kernel, as DKMS does`],
  ['renamed', () => 'renamed'],
  ['removed', () => 'not in this kernel version'],
  ['unknown', (them) => `not in this tree: from outside it (build ${them} again), renamed or removed`],
];

/** The report as text for `renderText`: what a person sees after a trim. */
export function trimReport(report: TrimReport, style: ReportStyle): string {
  const text = reportText(report, style, []);
  return isTallerThanScreen(text) ? reportText(report, style, resultLines(report)) : text;
}

/** @param repeated lines before the last: what is off the screen by then */
function reportText(report: TrimReport, style: ReportStyle, repeated: readonly string[]): string {
  const lines = [
    ...lackLines(report),
    ...summary(report),
    '',
    ...loadedLines(report, style),
    ...requestLines(report.result, style),
    ...changedLines(report.result, style),
    ...recordedLines(report.result, style),
    ...settingsLines(report),
    ...deepLines(report, style),
    ...keyLines(report),
    ...featureLines(report.result, style),
    ...violationLines(report.result),
    ...(style.verbose ? keptLines(report.result) : []),
    ...report.findings.map((finding) => `${paint('red', 'warning')}: ${finding}`),
    ...report.warnings.map((warning) => `note: ${warning}`),
    '',
    ...repeated,
    ...nextLines(report),
  ];
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}

const label = (text: string): string => hanging(text.padEnd(LABEL_WIDTH));

function summary(report: TrimReport): string[] {
  const { result, estimate } = report;
  const change = (before: number, after: number): string => {
    const percent = before > 0 ? Math.round(Math.abs(1 - after / before) * 100) : 0;
    const way = after > before ? 'more' : 'less';
    return `${count(before).padStart(7)} -> ${paint('bold', count(after).padStart(6))}   ${percent} % ${way}`;
  };
  const { before, after, basis } = estimate;
  const saved = before.cpuSeconds > 0 ? Math.round((1 - after.cpuSeconds / before.cpuSeconds) * 100) : 0;
  const listings = report.listings.map(({ source, modules }) => `${source} (${counted(modules, 'module')})`).join(', ');
  return [
    `${label('tree')}Linux ${report.tree.version}, ${report.tree.arch}`,
    `${label('base')}${report.base.source}`,
    `${label('loaded')}${listings}`,
    '',
    `${label('modules')}${change(result.baseBuild.modules.length, result.build.modules.length)}`,
    `${label('objects')}${change(result.baseBuild.units.length, result.build.units.length)}`,
    `${label('CPU time')}${formatDuration(before.cpuSeconds)} -> ${formatDuration(after.cpuSeconds)} (${basis.source === 'reference-machine' ? 'on the reference machine' : 'estimate'}): ${paint('bold', `saves about ${formatDifference(before.cpuSeconds, after.cpuSeconds)}`)}, ${saved} %`,
    ...(basis.source === 'reference-machine' ? [] : [`${label('build')}${wallText(after, basis)}`]),
    ...settingLines(estimate.settings),
    ...moreLines(report),
  ];
}

/** The summary in few words. */
function resultLines({ result: { baseBuild, build }, estimate: { before, after } }: TrimReport): string[] {
  const saved = before.cpuSeconds > 0 ? Math.round((1 - after.cpuSeconds / before.cpuSeconds) * 100) : 0;
  const change = (from: number, to: number): string => `${count(from)} -> ${count(to)}`;
  return [
    `${label('result')}modules ${change(baseBuild.modules.length, build.modules.length)}, objects ` +
      `${change(baseBuild.units.length, build.units.length)}, ` +
      `saves ${formatDifference(before.cpuSeconds, after.cpuSeconds)} (${saved} %)`,
  ];
}

function settingLines(settings: readonly Spender[]): string[] {
  if (settings.length === 0) return [];
  const costs = settings.map(({ name, share }) => `${name} ${Math.round(share * 100)} %`);
  return [`${label('of that')}${costs.join(', ')} (kconfig-trim estimate names more that could go)`];
}

/** What the next step would save, where it is worth a line. */
function moreLines({ estimate: { after, more }, hasRecord }: TrimReport): string[] {
  const isWorth = (seconds: number): boolean => seconds >= after.cpuSeconds * LEAST_MORE;
  const parts = [
    ...(isWorth(more.fastSeconds) ? [`--fast about ${formatDuration(more.fastSeconds)}`] : []),
    ...(isWorth(more.deepSeconds)
      ? [`--deep about ${formatDuration(more.deepSeconds)}${hasRecord ? '' : ' (with a record more)'}`]
      : []),
  ];
  return parts.length === 0 ? [] : [`${label('more')}${parts.join(', ')} of CPU time`];
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

function lackLines(report: TrimReport): string[] {
  const text = lackText(report);
  return text === null ? [] : [paint('bold', `note: ${text}`), ''];
}

function loadedLines({ result: { loaded, isEnabled }, base }: TrimReport, style: ReportStyle): string[] {
  const turnedOn = loaded.filter(({ enable }) => enable === 'done');
  const given = loaded.filter(({ enable }) => enable !== 'done');
  const by = (status: LoadedStatus): LoadedReport[] => given.filter((module) => module.status === status);
  const lines = [`${label('kept')}${keptText(given, turnedOn.length)}`];
  if (by('lost').length > 0) {
    lines[0] = `${label('kept')}${counted(by('kept').length, 'loaded module')}, ${count(by('lost').length)} LOST`;
  }
  const list = (modules: readonly LoadedReport[], text: (them: string) => string, withNotes = false): void => {
    if (modules.length === 0) return;
    const heading = `${count(modules.length)} ${text(modules.length === 1 ? 'it' : 'them')}:`;
    lines.push(`${label('')}${modules[0]!.status === 'lost' ? paint('red', heading) : heading}`);
    lines.push(...nameLines(modules, withNotes, style));
  };
  const off = by('off');
  const possible = off.filter(({ enable }) => enable === 'possible');
  list(turnedOn, () => 'turned on, off in the base config');
  list(by('lost'), () => 'LOST');
  list(
    possible,
    isEnabled
      ? (them) => `off, for ${them === 'it' ? 'it' : 'they'} would take others away`
      : (them) => `off in the base config (${base.lack ? 'see the top' : `--enable turns ${them} on`})`,
  );
  list(
    off.filter(({ enable }) => enable === 'impossible'),
    () => 'off in the base config, no way on was found',
    isEnabled,
  );
  for (const [status, text] of STATUS_TEXT) {
    list(by(status), text, status === 'renamed' || by(status).some(({ note }) => note.startsWith('did you mean')));
  }
  return lines;
}

const NOT_OF_TREE: ReadonlySet<LoadedStatus> = new Set(['out-of-tree', 'removed', 'unknown']);

/** What the base config builds of the loaded modules, where none is lost. @param turnedOn how many there are besides */
function keptText(loaded: readonly LoadedReport[], turnedOn: number): string {
  const kept = loaded.filter(({ status }) => status === 'kept').length;
  const builtin = loaded.filter(({ status }) => status === 'builtin').length;
  const are = builtin === 1 ? 'is' : 'are';
  if (kept > 0) {
    const all = kept === 1 ? 'the one loaded module' : `all ${count(kept)} loaded modules`;
    return `${all} that the base config builds${builtin > 0 ? `, ${count(builtin)} more ${are} built in` : ''}`;
  }
  if (builtin > 0)
    return `no loaded module: the base config builds none as a module, ${count(builtin)} ${are} built in`;
  if (loaded.length + turnedOn === 0) return 'no loaded module: there is none';
  const isForeign = turnedOn === 0 && loaded.every(({ status }) => NOT_OF_TREE.has(status));
  return `no loaded module: ${isForeign ? 'none is of this tree' : 'the base config builds none of them'}`;
}

/** Values that were asked for and hold, with what they needed; of the others the broken promises tell. */
function requestLines({ requests }: TrimResult, { verbose }: ReportStyle): string[] {
  if (requests.length === 0) return [];
  const held = requests.filter(({ holds }) => holds);
  const shown = held.filter(({ from, to, needs }) => verbose || needs.length > 0 || from !== to);
  const rows = shown.map(({ symbol, value, needs }) => {
    const list = needs.map((need) => `${need.symbol}=${need.value}`).join(', ');
    return `${label('')}  ${symbol}=${value}${list === '' ? '' : `, with ${list}`}`;
  });
  const total = `${count(held.length)} of ${counted(requests.length, 'value')} that ${requests.length === 1 ? 'was' : 'were'} asked for`;
  return [`${label('set')}${total} ${held.length === 1 ? 'holds' : 'hold'}${rows.length > 0 ? ':' : ''}`, ...rows];
}

/** Symbols that changed beside the modules' own, and beside those that were asked for. */
function changedLines({ changed, requests }: TrimResult, { verbose }: ReportStyle): string[] {
  if (changed.length === 0) return [];
  // A subsystem that goes by request has hundreds.
  const shown = verbose || requests.length === 0 ? changed : changed.slice(0, CHANGES_SHOWN);
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

/** What stays by the record. */
function recordedLines({ recorded }: TrimResult, { verbose }: ReportStyle): string[] {
  return recordedRows(recorded, verbose).map((row, index) =>
    index === 0 ? `${label('record')}${row}` : `${label('')}  ${row}`,
  );
}

/** What `--fast` took, and what a person gives up by it. */
function settingsLines({ result: { settings }, estimate: { settingSteps }, hasRecord }: TrimReport): string[] {
  return settingsRows(settings, settingSteps, hasRecord).map((row, index) =>
    index === 0 ? `${label('settings')}${row}` : `${label('')}  ${row}`,
  );
}

/** What `--deep` took, and what it could not take. */
function deepLines({ result: { deep }, estimate: { scale } }: TrimReport, { verbose }: ReportStyle): string[] {
  return deepRows(deep, scale, verbose).map((row, index) =>
    index === 0 ? `${label('deep')}${row}` : `${label('')}  ${row}`,
  );
}

function nameLines(modules: readonly LoadedReport[], withNotes: boolean, style: ReportStyle): string[] {
  const lineOf = ({ name }: LoadedReport, rest: string): string =>
    `${label('')}  ${name}${rest === '' ? '' : `: ${rest}`}`;
  if (style.verbose) return modules.map((module) => lineOf(module, detail(module)));
  const more = modules.length - NAMES_SHOWN;
  if (withNotes) {
    const notes = modules.slice(0, NAMES_SHOWN).map((module) => lineOf(module, ownNote(module)));
    return more > 0 ? [...notes, `${label('')}  and ${count(more)} more (-v)`] : notes;
  }
  const names = modules.slice(0, NAMES_SHOWN).map(({ name }) => name);
  return [`${label('')}  ${names.join(', ')}${more > 0 ? `, and ${count(more)} more (-v)` : ''}`];
}

/** What headings say of all that is below them. */
const SAID_BY_HEADING =
  /^(?:not in this (?:tree: .*|kernel version)|built outside the kernel tree|off in the base config)$/;

/** What there is to say of a module besides its heading. */
function ownNote({ note }: LoadedReport): string {
  const said = note
    .replace(/^off in the base config[;,] (?:and )?/, '')
    .replace(/^nothing was found that turns it on for \w+$/, '');
  return SAID_BY_HEADING.test(said) ? '' : said;
}

/** The same with path and symbols, each said once. */
function detail(module: LoadedReport): string {
  const note = ownNote(module);
  const isNew = (word: string): boolean => !note.split(/[^\w/.-]+/).includes(word);
  const path = module.path !== null && isNew(module.path) ? module.path : '';
  const parts = [note, path, module.symbols.filter(isNew).join(' ')];
  return parts.filter((part) => part !== '').join(', ');
}

function keyLines(report: TrimReport): string[] {
  return report.keys.map(({ symbol, from, to, missing }) => {
    const files = missing.join(', ');
    return to === from
      ? `note: ${symbol} names ${files}, which is not there: the build will stop`
      : `${label('key file')}${symbol}: ${files} is not there, now "${to}"`;
  });
}

function featureLines(result: TrimResult, style: ReportStyle): string[] {
  const dropped = result.features.filter(({ to }) => to === 'n');
  const paid = result.features.filter(({ costs }) => costs.length > 0);
  const lines: string[] = [];
  if (dropped.length > 0) {
    lines.push(`${label('dropped')}${counted(dropped.length, 'feature')} of kept drivers (--lean):`);
    const shown = style.verbose ? dropped : dropped.slice(0, NAMES_SHOWN);
    lines.push(`${label('')}  ${shown.map(({ symbol }) => symbol).join(', ')}`);
  }
  if (paid.length > 0) {
    lines.push(
      `${label('features')}${count(paid.length)} ${paid.length === 1 ? 'keeps' : 'keep'} modules that nothing else needs (--lean drops ${paid.length === 1 ? 'it' : 'them'}):`,
    );
    for (const { symbol, costs } of style.verbose ? paid : paid.slice(0, NAMES_SHOWN)) {
      const shown = style.verbose ? costs.length : COSTS_SHOWN;
      const more = costs.length > shown ? ', …' : '';
      lines.push(`${label('')}  ${symbol} keeps ${costs.slice(0, shown).join(', ')}${more}`);
    }
  }
  return lines;
}

function violationLines(result: TrimResult): string[] {
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
      return `${label('')}  ${symbol}=${value}: ${reason}${whom}`;
    });
  return lines.length > 0 ? ['', `${label('kept also')}${counted(lines.length, 'symbol')}:`, ...lines] : [];
}

function nextLines(report: TrimReport): string[] {
  const make = shellWords(['make', ...report.makeWords]);
  const commands = `${make} olddefconfig && ${make} -j${report.estimate.basis.jobs}`;
  if (report.written === null) return [`${label('written')}${report.isPrinted ? 'standard output' : 'nothing'}`];
  const backup = report.backup === null ? '' : `, the old one is ${report.backup}`;
  return [
    `${label('written')}${report.written}${report.changed ? backup : ' (it was the same already)'}`,
    ...(report.isForMake ? [verbatim(`${label('next')}${paint('bold', commands)}`)] : []),
  ];
}
