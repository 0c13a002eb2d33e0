/**
 * The form of a record: plain text, `kconfig-trim-record 1` first, then one fact a line, sorted by byte. A fact is a word
 * that says what kind it is, fields, and for some kinds a number. Within version 1 only new words may come: a reader
 * passes over those that it does not know.
 */

/** How the first line of any version begins. */
export const RECORD_WORD = 'kconfig-trim-record';
/** The first line. */
export const RECORD_HEADER = `${RECORD_WORD} 1`;
/** The first line of any version. */
export const ANY_RECORD_HEADER = /^kconfig-trim-record (\d+)$/;

/** The word of the lines that say when facts were seen; they are about other lines, and no facts. */
export const SEEN = 'seen';

/** The word of the line that says how many bytes all other lines have, without their ends. Each record has one. */
export const SIZE = 'size';

interface Kind {
  /** What the fields are, in order. */
  readonly fields: readonly string[];
  /** Whether a number follows them. */
  readonly counted: boolean;
}

const plain = (...fields: string[]): Kind => ({ fields, counted: false });
const counted = (...fields: string[]): Kind => ({ fields, counted: true });

/** Every kind of fact. docs/record.md says what each means and where it comes from. */
export const FACT_KINDS = {
  'acpi-table': counted('signature'),
  arphrd: counted('type'),
  binfmt: counted(),
  builtin: plain('module'),
  bus: counted('bus'),
  cgroup: plain('controller', 'state'),
  cipher: plain('cipher'),
  class: counted('class'),
  clockevent: counted('device'),
  clocksource: plain('name', 'state'),
  config: plain('digest', 'path'),
  console: plain('name', 'state'),
  cpufreq: plain('role', 'name'),
  cpuidle: plain('role', 'name'),
  crypto: counted('algorithm', 'driver', 'module'),
  crypttab: plain('type'),
  device: counted('bus', 'driver', 'alias'),
  dm: counted('kind'),
  driver: counted('bus', 'name', 'module'),
  firmware: plain('name'),
  fs: plain('type', 'state'),
  init: plain('name', 'version'),
  iommu: counted(),
  irqchip: counted('name'),
  kernel: plain('release', 'machine'),
  link: counted('kind'),
  loader: plain('name'),
  lockdown: plain('mode'),
  lsm: plain('name'),
  match: plain('module', 'state', 'alias'),
  misc: plain('name'),
  module: counted('module'),
  nls: plain('name'),
  os: plain('name', 'version'),
  'out-of-tree': plain('module'),
  packet: plain('type', 'handler'),
  param: plain('name'),
  policy: counted('lsm'),
  qdisc: plain('kind', 'state'),
  raid: counted('personality'),
  runtime: plain('name'),
  secureboot: plain('state'),
  socket: plain('protocol', 'module'),
  sound: counted('driver', 'module'),
  source: counted('name'),
  swap: plain('kind'),
  table: plain('family', 'name'),
  target: counted('name'),
  tty: plain('name'),
  virt: plain('name'),
  zram: plain('algorithm'),
} as const satisfies Readonly<Record<string, Kind>>;

/** The first word of a fact. */
export type FactWord = keyof typeof FACT_KINDS;

/** A day, as `2026-11-27`, by the clock of the machine in UTC. */
export type Day = string;

/** What is known of one fact. */
export interface Sighting {
  /** The largest number that it was seen with; null for a kind that has none. */
  readonly count: number | null;
  /** The days on which it was seen first and last; null where nobody wrote them down. */
  readonly days: readonly [first: Day, last: Day] | null;
}

/** A record: by the text of a fact, without its number, what is known of it. Facts of unknown kinds are in it as well. */
export type MachineRecord = ReadonlyMap<string, Sighting>;

/** How a kind of fact is written; null for one that this version does not know. */
export function factKind(word: string): Kind | null {
  return Object.hasOwn(FACT_KINDS, word) ? FACT_KINDS[word as FactWord] : null;
}

/**
 * One field of a fact: a text in which spaces are `\040`, as in /proc/mounts, and what is no ASCII is `?`.
 * @param text Latin-1 byte string
 */
export function fieldOf(text: string): string {
  return text.replaceAll(' ', '\\040').replace(/[^!-~]/g, '?') || '-';
}

/** The text that `fieldOf` took; where characters were lost, they stay `?`. */
export function textOf(field: string): string {
  return field === '-' ? '' : field.replaceAll('\\040', ' ');
}

/** The facts of one kind: their fields, and what is known of them. */
export function* factsOf(
  record: MachineRecord,
  word: FactWord,
): Generator<{ readonly fields: readonly string[]; readonly count: number }> {
  for (const [fact, { count }] of record) {
    if (fact === word || fact.startsWith(`${word} `)) yield { fields: fact.split(' ').slice(1), count: count ?? 0 };
  }
}

/** What `uname -m` said where a record was made; several where records were united. */
export function machinesOf(record: MachineRecord): string[] {
  return [...factsOf(record, 'kernel')].map(({ fields }) => fields[1]!);
}

/** Orders byte strings as `LC_ALL=C sort` does. */
export function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
