import type { Lost, LostReason, RecordComparison } from '../machine/record/compare.ts';
import { hanging, paint } from './styled-text.ts';

/** Everything that `record --compare` says. */
export interface RecordCompareReport {
  /** The record of before: a path. */
  readonly source: string;
  /** Kernel and days of before, where the record tells. */
  readonly before: RecordOrigin;
  readonly after: RecordOrigin;
  /** Whether a tree was there to name symbols. */
  readonly hasTree: boolean;
  readonly comparison: RecordComparison;
  /** What the record of now could not see. */
  readonly unseen: readonly string[];
  /** Whether root made the record of now: nobody sees more. */
  readonly isRoot: boolean;
}

/** Where a record comes from. */
export interface RecordOrigin {
  /** Releases of kernels; several where records were united. */
  readonly kernels: readonly string[];
  readonly days: readonly [first: string, last: string] | null;
}

/** Things of one list before the rest is counted. */
const SHOWN = 40;

const REASONS: Readonly<Record<LostReason, string>> = {
  undriven: 'its device is there, and nothing drives it',
  'unknown-here': 'this kernel does not have it',
  'without-card': 'its driver is there, the card is not',
  inactive: 'this kernel does not have it, or it is not on',
  'not-loaded': 'this kernel has the module; it is not loaded',
  'no-device': 'this kernel has the driver; its device is not there',
  'other-driver': 'another driver has its device',
  'not-used': 'this kernel has it; nothing uses it',
  idle: 'it had no policy, and does nothing without one',
  'cannot-tell': 'nobody can tell from here',
};

/** Of swap the tree registers nothing under a name, but all of it needs this symbol. */
const SWAP_OFF = 'nothing is swapped to now: swapped off, or this kernel cannot swap: SWAP';

/** The comparison as text, with the marks of `paint` in it. */
export function recordCompareText(
  report: RecordCompareReport,
  style: { readonly verbose: boolean; readonly quiet: boolean },
): string {
  const { missing, absent, compared } = report.comparison;
  const lines: string[] = [];
  if (!style.quiet) {
    lines.push(`before     ${report.source}${originText(report.before)}`);
    lines.push(`now        this machine${originText(report.after)}`, '');
  }
  lines.push(...section(paint('red', 'missing'), 'missing', missing, style.verbose, report.hasTree));
  if (style.verbose) lines.push(...section('not in use', 'not in use', absent, true, report.hasTree));
  if (!style.quiet) lines.push(...summary(report, style.verbose, missing.length, absent.length, compared));
  return lines.map((line) => `${line}\n`).join('');
}

function originText({ kernels, days }: RecordOrigin): string {
  const when = days === null ? '' : days[0] === days[1] ? `, ${days[0]}` : `, ${days[0]} to ${days[1]}`;
  return kernels.length === 0 ? when : `: Linux ${[...new Set(kernels)].join(', ')}${when}`;
}

function section(label: string, plain: string, all: readonly Lost[], verbose: boolean, hasTree: boolean): string[] {
  if (all.length === 0) return [];
  const shown = verbose ? all : all.slice(0, SHOWN);
  const width = Math.min(40, Math.max(...shown.map((lost) => lost.name.length)));
  const lines = shown.map((lost, at) => {
    const head = at === 0 ? `${label}${' '.repeat(11 - plain.length)}` : ' '.repeat(11);
    return `${hanging(`${head}${lost.kind.padEnd(12)}`)}${lost.name.padEnd(width)}  ${reasonText(lost, hasTree)}`;
  });
  if (all.length > shown.length) lines.push(`${' '.repeat(11)}… and ${all.length - shown.length} more (-v)`);
  return [...lines, ''];
}

function reasonText(lost: Lost, hasTree: boolean): string {
  const reason = REASONS[lost.reason];
  if (lost.kind === 'swap' && lost.reason === 'inactive' && lost.symbols.length === 0) return SWAP_OFF;
  if (lost.outOfTree) return `${reason}; it is from outside the tree: build it again`;
  if (lost.symbols.length > 0) return `${reason}: ${lost.symbols.join(', ')}`;
  return hasTree ? `${reason}; no symbol known` : reason;
}

function summary(
  { hasTree, unseen, isRoot }: RecordCompareReport,
  verbose: boolean,
  missing: number,
  absent: number,
  compared: number,
): string[] {
  const lines = [
    missing === 0 ? `nothing is missing of ${compared} things` : `${missing} of ${compared} things are missing`,
  ];
  if (absent > 0 && !verbose) lines.push(`${absent} more are not in use now (-v names them)`);
  if (missing > 0 && !hasTree) lines.push('with -C TREE, the symbols that bring them back are named');
  if (unseen.length > 0) lines.push(`not seen here: ${unseen.join(', ')}${isRoot ? '' : '; sudo may see more'}`);
  return lines;
}
