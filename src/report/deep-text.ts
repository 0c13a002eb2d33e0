import type { DeepDeparture, DeepReport } from '../trim/types.ts';
import { count, counted } from './count-text.ts';
import { formatDuration } from './duration-text.ts';
import { type Detail, LABEL_WIDTH, listedNames } from './report-detail.ts';

/** Departures and symbols that stayed which are shown before the rest is counted. */
const DEAREST = 10;
const HELD_SHOWN = 5;
const PINNED_SHOWN = 3;

/** What units are, by the directory that they are in; the first that fits counts. */
const KINDS: readonly (readonly [directory: RegExp, kind: string])[] = [
  [/^(?:drivers|sound|arch\/\w+\/(?:xen|hyperv|platform))\//, 'drivers'],
  [/^(?:fs|block)\//, 'file systems'],
  [/^net\//, 'network'],
  [/^security\//, 'security modules'],
  [/^(?:crypto|lib\/crypto|certs|arch\/\w+\/crypto)\//, 'cryptography'],
  [/^arch\//, 'the processor'],
  [/^kernel\/trace\//, 'tracing'],
  [/./, 'the kernel itself'],
];

interface Sum {
  units: number;
  seconds: number;
}

/**
 * What `--deep` turned off by kind, the dearest of it, and what stayed though nothing uses it.
 * @param scale CPU seconds here for one of the reference machine
 * @param floor symbols of modules that stay for the floor alone
 * @returns nothing without `--deep`; the first line is a heading
 */
export function deepRows(
  deep: DeepReport | null,
  scale: number,
  detail: Detail,
  floor: readonly string[] = [],
): string[] {
  if (!deep) return [];
  const { isAll, isBrief } = detail;
  const { departures, stays, usesFrom, scope } = deep;
  const time = (seconds: number): string => formatDuration(seconds * scale);
  const all = departures.map((departure) => ({ departure, ...sumOf(departure) }));
  all.sort((a, b) => b.seconds - a.seconds || (a.departure.symbol < b.departure.symbol ? -1 : 1));
  const units = all.reduce((sum, each) => sum + each.units, 0);
  const seconds = all.reduce((sum, each) => sum + each.seconds, 0);
  const what = scope === 'bold' ? 'that nothing shows a use of' : 'that nothing uses';
  const rows = [
    departures.length === 0
      ? `no built-in ${what} went`
      : `${counted(departures.length, 'built-in')} ${what} went: ${counted(units, 'object')}, ${time(seconds)} of CPU time`,
    ...[...sumsByKind(departures)].map(
      ([kind, sum]) => `${kind}: ${counted(sum.units, 'object')}, ${time(sum.seconds)}`,
    ),
  ];
  const shown = isAll ? all : all.slice(0, DEAREST);
  if (shown.length > 0) rows.push(shown.length < all.length ? `the dearest ${shown.length}:` : 'each of them:');
  for (const { departure, ...sum } of shown) {
    const evidence = isBrief ? '' : `: ${departure.evidence}`;
    rows.push(`  ${departure.symbol} (${counted(sum.units, 'object')}, ${time(sum.seconds)})${evidence}`);
  }
  if (shown.length < all.length) rows.push(`  and ${count(all.length - shown.length)} more (-v)`);
  rows.push(
    ...heldRows(
      stays.filter(({ isIdle }) => isIdle),
      time,
      detail,
    ),
  );
  if (floor.length > 0) {
    const heading = `${counted(floor.length, 'symbol')} of modules that only --deep keeps, for the floor (docs/deep.md): `;
    rows.push(heading + listedNames(floor, detail, PINNED_SHOWN, LABEL_WIDTH + heading.length));
  }
  if (usesFrom === 'listing') {
    rows.push('a record of the machine would allow more: kconfig-trim record FILE, then --lsmod FILE');
  }
  if (usesFrom === 'names') {
    rows.push('the base sets no modules: of what announces itself, what is not named or needed counts as unused');
  }
  return rows;
}

function heldRows(held: DeepReport['stays'], time: (seconds: number) => string, { isAll, isBrief }: Detail): string[] {
  if (held.length === 0) return [];
  const seconds = held.reduce((sum, each) => sum + each.seconds, 0);
  const shown = isAll ? held : held.slice(0, HELD_SHOWN);
  const rows = shown.map((each) => `  ${each.symbol} (${time(each.seconds)})${isBrief ? '' : `: ${each.by}`}`);
  if (shown.length < held.length) rows.push(`  and ${count(held.length - shown.length)} more (-v)`);
  return [`${counted(held.length, 'symbol')} stayed though unused (${time(seconds)}):`, ...rows];
}

function sumOf({ units }: DeepDeparture): Sum {
  return { units: units.length, seconds: units.reduce((sum, { seconds }) => sum + seconds, 0) };
}

/** The dearest kind first. */
function sumsByKind(departures: readonly DeepDeparture[]): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const { path, seconds } of departures.flatMap(({ units }) => units)) {
    const [, kind] = KINDS.find(([directory]) => directory.test(path))!;
    const sum = sums.get(kind) ?? { units: 0, seconds: 0 };
    sum.units++;
    sum.seconds += seconds;
    sums.set(kind, sum);
  }
  return new Map([...sums].sort(([, a], [, b]) => b.seconds - a.seconds));
}
