import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/diagnostics/diagnostic.ts';
import { fieldOf, type MachineRecord, textOf } from '../../../src/machine/record/format.ts';
import { isRecord, MAX_RECORD_BYTES, parseRecord } from '../../../src/machine/record/read.ts';
import { uniteRecords } from '../../../src/machine/record/unite.ts';
import { formatRecord } from '../../../src/machine/record/write.ts';
import { recordText } from '../../helpers/record-text.ts';

const read = (text: string): MachineRecord => parseRecord(text, 'x').record;

/** A record as it is written: its lines sorted. */
function sorted(text: string): string {
  const [header, ...lines] = text.trimEnd().split('\n');
  return `${[header, ...lines.sort()].join('\n')}\n`;
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
    const found = read(recordText('driver pci e1000e e1000e 2', 'fs ext4 mounted', 'module ext4 3'));
    expect([...found]).toEqual([
      ['driver pci e1000e e1000e', { count: 2, days: null }],
      ['fs ext4 mounted', { count: null, days: null }],
      ['module ext4', { count: 3, days: null }],
    ]);
  });

  test('kinds that this version does not know are passed on as they stand', () => {
    const text = recordText('fs ext4 mounted', 'quantum bus 3', 'toString 1');
    expect(parseRecord(text, 'x').diagnostics).toEqual([]);
    expect(formatRecord(read(text))).toBe(sorted(text));
  });

  test('said twice: the larger number', () => {
    expect(read(recordText('module a 1', 'module a 7', 'module a 2')).get('module a')?.count).toBe(7);
  });

  test('either line end, and a byte order mark', () => {
    const text = `\xef\xbb\xbf${recordText('module a 1', 'fs xfs fstab').replaceAll('\n', '\r\n')}`;
    expect(isRecord(text)).toBe(true);
    expect([...read(text).keys()]).toEqual(['module a', 'fs xfs fstab']);
  });

  test('lines that are no facts: left out and said', () => {
    const bad = ['module a', 'module a x', 'module a -1', 'fs ext4', 'fs  mounted', 'module \x1b[2J 1', 'seen x y'];
    const { record: found, diagnostics } = parseRecord(recordText('fs xfs fstab', ...bad), 'host.record');
    expect([...found.keys()]).toEqual(['fs xfs fstab']);
    expect(diagnostics.map(({ code, at }) => `${code} ${at?.line}`)).toEqual([
      'record-line-ignored 3',
      'record-line-ignored 4',
      'record-line-ignored 5',
    ]);
    expect(diagnostics[0]?.args['more']).toBe(4);
  });

  test('refusals', () => {
    for (const text of ['Module Size Used by\n', 'kconfig-trim-record\n', 'kconfig-trim-record 1 \n']) {
      expect(failure(() => parseRecord(text, 'x')).code).toBe('record-not-a-record');
    }
    expect(failure(() => parseRecord('kconfig-trim-record 2\n', 'x'))).toMatchObject({
      code: 'record-version',
      args: { version: '2' },
    });
    expect(failure(() => parseRecord(recordText(`fs ${'x'.repeat(70_000)} mounted`), 'x')).code).toBe(
      'record-line-too-long',
    );
    expect(failure(() => parseRecord(recordText().padEnd(MAX_RECORD_BYTES + 1, '\n'), 'x')).code).toBe(
      'record-too-large',
    );
  });

  test('a listing is no record, a record of a later version is one', () => {
    expect(isRecord('# kconfig-trim-record 1\n')).toBe(false);
    expect(isRecord('kconfig-trim-record 12\r\n')).toBe(true);
    expect(isRecord('kconfig-trim-records\n')).toBe(true);
  });
});

describe('days', () => {
  test('one line for all facts, and one for each that was not always there', () => {
    const text = recordText(
      'module dock 1',
      'module ext4 1',
      'seen 2026-11-01 2026-11-27',
      'seen 2026-11-03 2026-11-04 module dock',
    );
    const found = read(text);
    expect(found.get('module ext4')?.days).toEqual(['2026-11-01', '2026-11-27']);
    expect(found.get('module dock')?.days).toEqual(['2026-11-03', '2026-11-04']);
    expect(formatRecord(found)).toBe(sorted(text));
  });

  test('facts of a listing have none', () => {
    const text = recordText('module a 0', 'module b 1', 'seen - - module a', 'seen 2026-11-01 2026-11-27');
    expect(read(text).get('module a')?.days).toBeNull();
    expect(formatRecord(read(text))).toBe(sorted(text));
  });

  test.each(['2026-13-01 2026-13-02', '2026-11-02 2026-11-01', '- 2026-11-01', '- -', '2026-11-01'])(
    '%s says nothing',
    (days) => {
      const { record: found, diagnostics } = parseRecord(recordText('module a 1', `seen ${days}`), 'x');
      expect(found.get('module a')?.days).toBeNull();
      expect(diagnostics).toHaveLength(1);
    },
  );
});

test('union: all facts, larger numbers, first and last day', () => {
  const old = read(recordText('fs vfat mounted', 'module a 5', 'source dmtable 0', 'seen 2026-10-01 2026-10-09'));
  const now = read(recordText('lsm yama', 'module a 2', 'source dmtable 1', 'seen 2026-11-27 2026-11-27'));
  expect(formatRecord(uniteRecords([old, now]))).toBe(
    sorted(
      recordText(
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
