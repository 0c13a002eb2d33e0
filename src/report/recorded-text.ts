import type { RecordedReport, RecordedUse, TrimResult } from '../trim/types.ts';
import { count } from './count-text.ts';
import { type Detail, listedNames } from './report-detail.ts';

/** Names of a kind before the rest is counted. */
const NAMES_SHOWN = 8;
/** Facts behind a name before the rest is counted. */
const FACTS_SHOWN = 3;

const USES: Readonly<Record<RecordedUse, string>> = {
  hardware: 'hardware is there, its driver not loaded (--lean leaves it out)',
  driver: 'drivers of devices',
  'file-system': 'file systems that are mounted or in fstab',
  charset: 'their character sets',
  encryption: 'encryption',
  swap: 'swap',
  raid: 'RAID',
  'device-mapper': 'device mapper',
};

/**
 * What a trim keeps by the record, one line for each use; what it cannot keep is named.
 * @param before columns of what stands before each row
 * @returns nothing where the record adds nothing; the first line is a heading
 */
export function recordedRows(
  { recorded, loaded }: Pick<TrimResult, 'recorded' | 'loaded'>,
  detail: Detail,
  before: number,
): string[] {
  const kept = recorded.filter(({ status }) => status === 'kept');
  const symbolsOf = new Map(loaded.map(({ status, path, symbols }) => [status === 'kept' ? path : null, symbols]));
  const isLoaded = ({ path }: RecordedReport): boolean => path !== null && symbolsOf.has(path);
  // Of a loaded module the record adds parts alone.
  const nameOf = ({ name, path, symbols }: RecordedReport): string => {
    const own = path === null ? undefined : symbolsOf.get(path);
    return own ? `${symbols.filter((each) => !own.includes(each)).join(' and ')} of ${name}` : name;
  };
  const rows = (Object.keys(USES) as RecordedUse[]).flatMap((use) => {
    const named = kept.filter((each) => each.use === use);
    if (named.length === 0) return [];
    if (detail.isAll) return [`${USES[use]}:`, ...named.map((each) => `  ${nameOf(each)}: ${facts(each)}`)];
    const heading = `${USES[use]}: `;
    const names = named.map(nameOf);
    return [heading + listedNames(names, detail, NAMES_SHOWN, before + heading.length)];
  });
  for (const [status, text] of [
    ['off', 'off in the base config'],
    ['unknown', 'not found in the tree'],
  ] as const) {
    const missing = recorded.filter((each) => each.status === status);
    if (missing.length > 0) rows.push(`${text}: ${missing.map((each) => `${each.name} (${facts(each)})`).join(', ')}`);
  }
  if (rows.length === 0) return [];
  if (kept.length === 0) return ['it names what this config does not have:', ...rows];
  const modules = new Set(kept.filter((each) => !isLoaded(each)).map(({ path }) => path)).size;
  return [`${more(modules)} by what the machine has and uses:`, ...rows];
}

function more(modules: number): string {
  if (modules === 0) return 'parts of loaded modules';
  return modules === 1 ? 'one more module' : `${count(modules)} more modules`;
}

function facts({ evidence }: RecordedReport): string {
  const more = evidence.length - FACTS_SHOWN;
  return evidence.slice(0, FACTS_SHOWN).join(', ') + (more > 0 ? `, and ${count(more)} more` : '');
}
