import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/diagnostics/diagnostic.ts';
import { fieldOf, type MachineRecord, textOf } from '../../../src/machine/record/format.ts';
import { isRecord, MAX_RECORD_BYTES, parseRecord } from '../../../src/machine/record/read.ts';
import { uniteRecords } from '../../../src/machine/record/unite.ts';
import { formatRecord } from '../../../src/machine/record/write.ts';

const record = (...lines: string[]): string => ['kconfig-trim-record 1', ...lines, ''].join('\n');
const read = (text: string): MachineRecord => parseRecord(text, 'x').record;

/** A record with the line that says its size. */
function sized(text: string): string {
  const [header, ...lines] = text.trimEnd().split('\n');
  const size = text.replaceAll('\n', '').length;
  return `${[header, ...[...lines, `size ${size}`].sort()].join('\n')}\n`;
}

function failure(run: () => unknown): InputError['diagnostic'] {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.diagnostic;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('reading', () => {
  test('facts with and without a number', () => {
    const found = read(record('driver pci e1000e e1000e 2', 'fs ext4 mounted', 'module ext4 3'));
    expect([...found]).toEqual([
      ['driver pci e1000e e1000e', { count: 2, days: null }],
      ['fs ext4 mounted', { count: null, days: null }],
      ['module ext4', { count: 3, days: null }],
    ]);
  });

  test('kinds that this version does not know are passed on as they stand', () => {
    const text = record('fs ext4 mounted', 'quantum bus 3', 'toString 1');
    expect(parseRecord(text, 'x').diagnostics).toEqual([]);
    expect(formatRecord(read(text))).toBe(sized(text));
  });

  test('cut anywhere behind the line that says the size, or in it: refused', () => {
    const text = readFileSync(new URL('../../../fixtures/records/fake-machine.record', import.meta.url), 'latin1');
    for (let end = text.indexOf('\nsource ') + 9; end < text.length - 1; end++) {
      expect(() => parseRecord(text.slice(0, end), 'x')).toThrow('record-cut');
    }
    const rest = text.replace(/^virt .*\n/m, '');
    expect(() => parseRecord(rest, 'x')).toThrow('record-cut');
    for (const whole of [text, text.trimEnd(), text.replaceAll('\n', '\r\n'), `${text}fs added mounted\n`]) {
      expect(parseRecord(whole, 'x').diagnostics).toEqual([]);
    }
    expect(parseRecord(rest.replace(/^size .*\n/m, ''), 'x').diagnostics).toEqual([]);
  });

  test('said twice: the larger number', () => {
    expect(read(record('module a 1', 'module a 7', 'module a 2')).get('module a')?.count).toBe(7);
  });

  test('either line end, and a byte order mark', () => {
    const text = `\xef\xbb\xbf${record('module a 1', 'fs xfs fstab').replaceAll('\n', '\r\n')}`;
    expect(isRecord(text)).toBe(true);
    expect([...read(text).keys()]).toEqual(['module a', 'fs xfs fstab']);
  });

  test('lines that are no facts: left out and said', () => {
    const bad = ['module a', 'module a x', 'module a -1', 'fs ext4', 'fs  mounted', 'module \x1b[2J 1', 'seen x y'];
    const { record: found, diagnostics } = parseRecord(record('fs xfs fstab', ...bad), 'host.record');
    expect([...found.keys()]).toEqual(['fs xfs fstab']);
    expect(diagnostics.map(({ code, at }) => `${code} ${at?.line}`)).toEqual([
      'record-line-ignored 3',
      'record-line-ignored 4',
      'record-line-ignored 5',
    ]);
    expect(diagnostics[0]?.args['more']).toBe(4);
  });

  test('refusals', () => {
    expect(failure(() => parseRecord('Module Size Used by\n', 'x')).code).toBe('record-not-a-record');
    expect(failure(() => parseRecord('kconfig-trim-record 2\n', 'x'))).toMatchObject({
      code: 'record-version',
      args: { version: '2' },
    });
    expect(failure(() => parseRecord(record(`fs ${'x'.repeat(70_000)} mounted`), 'x')).code).toBe(
      'record-line-too-long',
    );
    expect(failure(() => parseRecord(record().padEnd(MAX_RECORD_BYTES + 1, '\n'), 'x')).code).toBe('record-too-large');
  });

  test('a listing is no record, a record of a later version is one', () => {
    expect(isRecord('kconfig-trim-record\n')).toBe(false);
    expect(isRecord('# kconfig-trim-record 1\n')).toBe(false);
    expect(isRecord('kconfig-trim-record 12\r\n')).toBe(true);
  });
});

describe('days', () => {
  test('one line for all facts, and one for each that was not always there', () => {
    const text = record(
      'module dock 1',
      'module ext4 1',
      'seen 2026-11-01 2026-11-27',
      'seen 2026-11-03 2026-11-04 module dock',
    );
    const found = read(text);
    expect(found.get('module ext4')?.days).toEqual(['2026-11-01', '2026-11-27']);
    expect(found.get('module dock')?.days).toEqual(['2026-11-03', '2026-11-04']);
    expect(formatRecord(found)).toBe(sized(text));
  });

  test('facts of a listing have none', () => {
    const text = record('module a 0', 'module b 1', 'seen - - module a', 'seen 2026-11-01 2026-11-27');
    expect(read(text).get('module a')?.days).toBeNull();
    expect(formatRecord(read(text))).toBe(sized(text));
  });

  test.each(['2026-13-01 2026-13-02', '2026-11-02 2026-11-01', '- 2026-11-01', '- -', '2026-11-01'])(
    '%s says nothing',
    (days) => {
      const { record: found, diagnostics } = parseRecord(record('module a 1', `seen ${days}`), 'x');
      expect(found.get('module a')?.days).toBeNull();
      expect(diagnostics).toHaveLength(1);
    },
  );
});

test('union: all facts, larger numbers, first and last day', () => {
  const old = read(record('fs vfat mounted', 'module a 5', 'source dmtable 0', 'seen 2026-10-01 2026-10-09'));
  const now = read(record('lsm yama', 'module a 2', 'source dmtable 1', 'seen 2026-11-27 2026-11-27'));
  expect(formatRecord(uniteRecords([old, now]))).toBe(
    sized(
      record(
        'fs vfat mounted',
        'lsm yama',
        'module a 5',
        'seen 2026-10-01 2026-10-09 fs vfat mounted',
        'seen 2026-10-01 2026-11-27',
        'seen 2026-11-27 2026-11-27 lsm yama',
        'source dmtable 1',
      ),
    ),
  );
});

test('names with spaces are one field', () => {
  expect(fieldOf('Fixed MDIO bus')).toBe('Fixed\\040MDIO\\040bus');
  expect(textOf(fieldOf('i8042 kbd'))).toBe('i8042 kbd');
  expect(fieldOf('caf\xe9\x1b')).toBe('caf??');
  expect(textOf(fieldOf(''))).toBe('');
});
