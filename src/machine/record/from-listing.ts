import type { Listing } from '../listing.ts';
import type { MachineRecord, Sighting } from './format.ts';

/** What a listing of modules says, as a record: no listing tells days, and the number of users is not read. */
export function recordOfListing({ modules }: Pick<Listing, 'modules'>): MachineRecord {
  const record = new Map<string, Sighting>();
  for (const { name, outOfTree } of modules) {
    record.set(`module ${name}`, { count: 0, days: null });
    if (outOfTree) record.set(`out-of-tree ${name}`, { count: null, days: null });
  }
  return record;
}
