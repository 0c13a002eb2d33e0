import { expect, test } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { parseListing } from '../../src/machine/listing.ts';
import fc from '../helpers/fast-check.ts';

/** Names that modules have; at least one letter, so that none is a number. */
const name = fc.stringMatching(/^[a-z0-9]{0,6}[a-z][A-Za-z0-9_]{0,12}$/).filter((text) => !/^module$/i.test(text));

const row = fc.record({ name, size: fc.integer({ min: 1, max: 2 ** 24 }), count: fc.nat(50) });

/** Loaded modules, each used by some that come before it, as the kernel lists them: newest first. */
const loaded = fc.uniqueArray(row, { selector: (each) => each.name, minLength: 1, maxLength: 30 }).chain((rows) =>
  fc
    .tuple(
      ...rows.map((_, i) =>
        fc.subarray(
          rows.slice(0, i).map((each) => each.name),
          { maxLength: Math.min(5, i) },
        ),
      ),
    )
    .map((users) => rows.map((each, i) => ({ ...each, users: users[i]! }))),
);

type Row = typeof loaded extends fc.Arbitrary<infer T> ? (T extends (infer R)[] ? R : never) : never;

const FORMS: Readonly<Record<string, (row: Row) => string>> = {
  lsmod: ({ name, size, count, users }) =>
    `${name.padEnd(19)} ${String(size).padStart(8)}  ${count} ${users.join(',')}`,
  'proc-modules': ({ name, size, count, users }) =>
    `${name} ${size} ${count} ${users.length ? `${users.join(',')},` : '-'} Live 0x0000000000000000 (OE)`,
  names: ({ name }) => name,
  paths: ({ name }) => `kernel/drivers/${name.replaceAll('_', '-')}.ko.xz`,
};

test.each(Object.keys(FORMS))('%s: what is written out is read back, with either line end', (format) => {
  fc.assert(
    fc.property(loaded, fc.constantFrom('\n', '\r\n'), fc.nat(30), (rows, end, headerAt) => {
      const lines = rows.map(FORMS[format]!);
      if (format === 'lsmod') lines.splice(headerAt % (lines.length + 1), 0, 'Module                  Size  Used by');
      const listing = parseListing(lines.map((line) => line + end).join(''), 'x');
      const isTable = format === 'lsmod' || format === 'proc-modules';
      expect(listing.format).toBe(format);
      expect(listing.diagnostics).toEqual([]);
      expect(listing.modules.map((each) => each.name)).toEqual(rows.map((each) => each.name));
      expect(listing.modules.map((each) => each.size)).toEqual(rows.map((each) => (isTable ? each.size : undefined)));
      expect(listing.modules.map((each) => each.usedBy)).toEqual(rows.map((each) => (isTable ? each.users : [])));
    }),
  );
});

test('cut anywhere behind its first line, a listing loses modules, but makes none up', () => {
  fc.assert(
    fc.property(
      loaded,
      fc.constantFrom('lsmod', 'proc-modules'),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rows, format, where) => {
        const lines = rows.map((each) => `${FORMS[format]!(each)}\n`);
        const text = lines.join('');
        const first = lines[0]!.length;
        const length = first + Math.floor((text.length - first) * where);
        const known = new Set(rows.map((each) => each.name));
        for (const found of parseListing(text.slice(0, length), 'x').modules) expect(known).toContain(found.name);
      },
    ),
  );
});

const garbage = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text).toString('latin1')),
  fc
    .array(
      fc.constantFrom(
        'Module',
        ' ',
        '\n',
        '\r',
        '\t',
        ',',
        '-',
        '[permanent]',
        '(OE)',
        'Live',
        '0x0',
        '1',
        '842',
        'a',
        '.ko',
        '/',
        '#',
        '\0',
        '\xff',
      ),
    )
    .map((parts) => parts.join('')),
);

test('whatever the bytes: a listing of well-formed names, or one clear error', () => {
  fc.assert(
    fc.property(garbage, (text) => {
      try {
        const { modules } = parseListing(text, 'x');
        expect(modules.length).toBeGreaterThan(0);
        for (const each of modules) expect(each.name).toMatch(/^[\w.+]{1,64}$/);
        expect(new Set(modules.map((each) => each.name)).size).toBe(modules.length);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        // `k` may be all that is left of a record.
        expect(error.diagnostic.code).toMatch(/^listing-|^record-cut$/);
      }
    }),
    { numRuns: 2000, examples: [['k']] },
  );
});
