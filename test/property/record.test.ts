import { expect, test } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { FACT_KINDS, type FactWord, type MachineRecord, type Sighting } from '../../src/machine/record/format.ts';
import { parseRecord } from '../../src/machine/record/read.ts';
import { uniteRecords } from '../../src/machine/record/unite.ts';
import { formatRecord } from '../../src/machine/record/write.ts';
import fc from '../helpers/fast-check.ts';
import { recordText } from '../helpers/record-text.ts';

const field = fc.stringMatching(/^[!-~]{1,6}$/);
const day = fc.integer({ min: 1, max: 28 }).map((each) => `2026-02-${String(each).padStart(2, '0')}`);
const days = fc.option(fc.tuple(day, day).map(([a, b]): [string, string] => (a < b ? [a, b] : [b, a])));

const known = fc.constantFrom(...(Object.keys(FACT_KINDS) as FactWord[])).chain((word) => {
  const { fields, counted } = FACT_KINDS[word];
  return fc.record({
    fact: fc.tuple(...fields.map(() => field)).map((values) => [word, ...values].join(' ')),
    count: counted ? fc.nat(1e9) : fc.constant(null),
    days,
  });
});
/** A kind of a later version. */
const unknown = fc.record({
  fact: fc.array(field, { minLength: 1, maxLength: 4 }).map((values) => ['later', ...values].join(' ')),
  count: fc.constant(null),
  days,
});

const record: fc.Arbitrary<MachineRecord> = fc
  .array(fc.oneof({ weight: 5, arbitrary: known }, unknown), { maxLength: 12 })
  .map((facts) => new Map<string, Sighting>(facts.map(({ fact, ...rest }) => [fact, rest] as const)));

test('what is written is read back', () => {
  fc.assert(
    fc.property(record, (each) => {
      const { record: found, diagnostics } = parseRecord(formatRecord(each), 'x');
      expect(diagnostics).toEqual([]);
      expect(new Map([...found].sort())).toEqual(new Map([...each].sort()));
      expect(formatRecord(found)).toBe(formatRecord(each));
    }),
  );
});

test('union: in any order, in any grouping, and again', () => {
  const text = (...records: MachineRecord[]): string => formatRecord(uniteRecords(records));
  fc.assert(
    fc.property(record, record, record, (a, b, c) => {
      expect(text(a, b)).toBe(text(b, a));
      expect(text(uniteRecords([a, b]), c)).toBe(text(a, uniteRecords([b, c])));
      expect(text(a, a)).toBe(text(a));
      expect(text(a, new Map())).toBe(text(a));
      for (const [fact, { count }] of a) {
        expect(uniteRecords([a, b]).get(fact)!.count ?? 0).toBeGreaterThanOrEqual(count ?? 0);
      }
    }),
  );
});

test('whatever the bytes: a record that is written and read back, or one clear error', () => {
  const garbage = fc
    .array(fc.constantFrom('seen', 'module', 'fs', 'a', '-', '1', '2026-01-01', ' ', '\n', '\r', '\0', '\xff'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.boolean(), garbage, (hasHeader, rest) => {
      try {
        const { record: found } = parseRecord(hasHeader ? recordText(...rest.split(/[\r\n]/)) : rest, 'x');
        expect(formatRecord(parseRecord(formatRecord(found), 'x').record)).toBe(formatRecord(found));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        expect(error.diagnostic.code).toMatch(/^record-/);
      }
    }),
    { numRuns: 1000 },
  );
});
