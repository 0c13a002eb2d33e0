import { type Diagnostic, InputError } from '../../diagnostics/diagnostic.ts';
import {
  ANY_RECORD_HEADER,
  type Day,
  factKind,
  type MachineRecord,
  RECORD_HEADER,
  RECORD_WORD,
  SEEN,
  SIZE,
  type Sighting,
} from './format.ts';
import { uniteSightings } from './unite.ts';

/** Largest record that is read, in bytes (a laptop's has 40 kB). */
export const MAX_RECORD_BYTES = 4 * 1024 * 1024;
/** Longest line, in bytes: an alias of a device has 4 kB at most. */
const MAX_RECORD_LINE = 64 * 1024;
/** Lines that are no facts, each with a diagnostic of its own; the rest is counted. */
const MAX_IGNORED_REPORTED = 3;

const SIZE_LINE = new RegExp(`^${SIZE} (0|[1-9]\\d{0,9})$`);

/** What a file says that holds a record. */
export interface ReadRecord {
  readonly record: MachineRecord;
  /** By the text of a fact, the line that says it first. */
  readonly lines: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Whether a text is a record: its first line says so. What a cut has left of that line says so, too. */
export function isRecord(text: string): boolean {
  return firstLine(text).startsWith(RECORD_WORD) || isCutHeader(text);
}

/** Whether a text breaks off within the first line of a record. */
function isCutHeader(text: string): boolean {
  return text !== '' && text.length < RECORD_HEADER.length && RECORD_HEADER.startsWith(text);
}

function firstLine(text: string): string {
  return /^(?:\xef\xbb\xbf)?([^\r\n]{0,80})/.exec(text)![1]!;
}

/**
 * Reads a record. Lines of kinds that this version does not know are taken as they stand; lines that are no facts are
 * left out, each with a warning.
 * @param text Latin-1 byte string
 * @param source what messages call it: a path, or `-`
 * @throws InputError `record-not-a-record`, `record-version`, `record-too-large`, `record-line-too-long`, `record-cut`,
 *   `record-changed`
 */
export function parseRecord(text: string, source: string): ReadRecord {
  if (text.length > MAX_RECORD_BYTES) {
    throw new InputError({ code: 'record-too-large', args: { file: source, limit: MAX_RECORD_BYTES } });
  }
  if (isCutHeader(text)) throw new InputError({ code: 'record-cut', args: { file: source } });
  const version = ANY_RECORD_HEADER.exec(firstLine(text));
  if (!version) throw new InputError({ code: 'record-not-a-record', args: { file: source } });
  if (version[0] !== RECORD_HEADER) {
    throw new InputError({ code: 'record-version', args: { file: source, version: version[1]! } });
  }
  const rows = text.replace(/^\xef\xbb\xbf/, '').split(/\r\n|\n|\r/);
  requireWhole(rows, source);
  return new RecordReader(source).read(rows);
}

/**
 * What a record that was cut does not say would count as not there. The size says that nothing was cut, and stands behind
 * most facts: where a cut took it, or a part of it, the record is refused as well.
 * @throws InputError `record-cut`, `record-changed`
 */
function requireWhole(rows: readonly string[], source: string): void {
  const line = rows.findIndex((row) => SIZE_LINE.test(row));
  // Without a line end behind it, the number may go on.
  if (line < 0 || line === rows.length - 1) throw new InputError({ code: 'record-cut', args: { file: source } });
  const lineText = rows[line]!;
  const size = Number(SIZE_LINE.exec(lineText)![1]);
  const found = rows.reduce((sum, row) => sum + row.length, 0) - lineText.length;
  if (found === size) return;
  const at = { file: source, line: line + 1, column: 0 };
  const code = found < size ? 'record-cut' : 'record-changed';
  throw new InputError({ code, at, lineText, args: { file: source, size, found } });
}

/** A fact without its number, and the number. */
interface Fact {
  readonly text: string;
  readonly count: number | null;
}

class RecordReader {
  readonly #source: string;
  readonly #facts = new Map<string, Sighting>();
  readonly #lines = new Map<string, number>();
  /** Days of single facts. */
  readonly #days = new Map<string, Sighting['days'][]>();
  /** Days of all others. */
  #common: Sighting['days'] = null;
  readonly #ignored: { line: number; lineText: string }[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  read(rows: readonly string[]): ReadRecord {
    rows.forEach((row, index) => {
      if (index > 0 && row !== '' && !this.#take(row, index + 1)) {
        this.#ignored.push({ line: index + 1, lineText: row });
      }
    });
    const record = new Map<string, Sighting>();
    for (const [text, { count }] of this.#facts) {
      const own = this.#days.get(text);
      const days = own ? own.map((each) => ({ count, days: each })).reduce(uniteSightings).days : this.#common;
      record.set(text, { count, days });
    }
    return { record, lines: this.#lines, diagnostics: this.#diagnostics() };
  }

  /** @returns whether it is a line of a record */
  #take(row: string, line: number): boolean {
    if (row.length > MAX_RECORD_LINE) {
      const at = { file: this.#source, line, column: 0 };
      throw new InputError({ code: 'record-line-too-long', at, args: { limit: MAX_RECORD_LINE } });
    }
    // A line that ends in a space, or has two, has an empty field.
    if (!/^[!-~]+( [!-~]+)*$/.test(row)) return false;
    const [word, ...fields] = row.split(' ');
    if (word === SEEN) return this.#takeDays(fields);
    if (SIZE_LINE.test(row)) return true;
    const fact = factOf(word!, fields, row);
    if (!fact) return false;
    const known = this.#facts.get(fact.text);
    const sighting = { count: fact.count, days: null };
    this.#facts.set(fact.text, known ? uniteSightings(known, sighting) : sighting);
    if (!known) this.#lines.set(fact.text, line);
    return true;
  }

  /** `seen FIRST LAST`, or with a fact behind it. */
  #takeDays([first = '', last = '', ...fact]: readonly string[]): boolean {
    const isNever = first === '-' && last === '-' && fact.length > 0;
    if (!isNever && !(isDay(first) && isDay(last) && first <= last)) return false;
    const days = isNever ? null : ([first, last] as const);
    if (fact.length === 0)
      this.#common = uniteSightings({ count: null, days: this.#common }, { count: null, days }).days;
    else this.#days.set(fact.join(' '), [...(this.#days.get(fact.join(' ')) ?? []), days]);
    return true;
  }

  #diagnostics(): Diagnostic[] {
    const more = Math.max(0, this.#ignored.length - MAX_IGNORED_REPORTED);
    return this.#ignored.slice(0, MAX_IGNORED_REPORTED).map(({ line, lineText }) => ({
      code: 'record-line-ignored',
      severity: 'warning',
      at: { file: this.#source, line, column: 0 },
      lineText,
      args: { file: this.#source, more },
    }));
  }
}

/** Null where a line of a known kind has too many fields or too few, or no number where one belongs. */
function factOf(word: string, fields: readonly string[], row: string): Fact | null {
  const kind = factKind(word);
  if (!kind) return { text: row, count: null };
  if (fields.length !== kind.fields.length + (kind.counted ? 1 : 0)) return null;
  if (!kind.counted) return { text: row, count: null };
  const number = fields.at(-1)!;
  // Up to here a number in binary is the one that was written.
  if (!/^(0|[1-9]\d{0,14})$/.test(number)) return null;
  return { text: [word, ...fields.slice(0, -1)].join(' '), count: Number(number) };
}

function isDay(text: string): text is Day {
  return /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text);
}
