import { byBytes, type MachineRecord, RECORD_HEADER, SEEN, SIZE, type Sighting } from './format.ts';

/**
 * The text of a record, which `parseRecord` reads back. The days of most facts stand in one line, `seen FIRST LAST`: from
 * the first day on which anything was seen to the last one. A fact that was seen on others has a line of its own. By the
 * size, a record that was cut is known.
 */
export function formatRecord(record: MachineRecord): string {
  const common = commonDays([...record.values()]);
  const lines: string[] = [];
  if (common) lines.push(seenLine(common));
  for (const [fact, { count, days }] of record) {
    lines.push(count === null ? fact : `${fact} ${count}`);
    if (common && (days?.[0] !== common[0] || days[1] !== common[1])) lines.push(`${seenLine(days)} ${fact}`);
  }
  const size = [RECORD_HEADER, ...lines].reduce((sum, line) => sum + line.length, 0);
  lines.push(`${SIZE} ${size}`);
  return [RECORD_HEADER, ...lines.sort(byBytes)].map((line) => `${line}\n`).join('');
}

function seenLine(days: Sighting['days']): string {
  return `${SEEN} ${days?.[0] ?? '-'} ${days?.[1] ?? '-'}`;
}

function commonDays(sightings: readonly Sighting[]): Sighting['days'] {
  const all = sightings.flatMap(({ days }) => (days ? [days] : []));
  if (all.length === 0) return null;
  const first = all.map((days) => days[0]).reduce((a, b) => (a < b ? a : b));
  const last = all.map((days) => days[1]).reduce((a, b) => (a > b ? a : b));
  return [first, last];
}
