import type { MachineRecord, Sighting } from './format.ts';

/** What two records know of one fact: the larger number, the earlier first day and the later last one. */
export function uniteSightings(a: Sighting, b: Sighting): Sighting {
  const count = a.count === null ? b.count : b.count === null ? a.count : Math.max(a.count, b.count);
  if (!a.days || !b.days) return { count, days: a.days ?? b.days };
  const first = a.days[0] < b.days[0] ? a.days[0] : b.days[0];
  const last = a.days[1] > b.days[1] ? a.days[1] : b.days[1];
  return { count, days: [first, last] };
}

/**
 * Everything that at least one of the records says. In whatever order and however often records are united, the result
 * is the same: that is what makes it safe to do from a timer, on copies, and again.
 */
export function uniteRecords(records: readonly MachineRecord[]): MachineRecord {
  const united = new Map<string, Sighting>();
  for (const record of records) {
    for (const [fact, sighting] of record) {
      const known = united.get(fact);
      united.set(fact, known ? uniteSightings(known, sighting) : sighting);
    }
  }
  return united;
}
