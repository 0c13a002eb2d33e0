import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TracedFileSystem } from '../../../src/cache/traced-file-system.ts';
import { collectRecord, type RecordedMachine } from '../../../src/machine/record/collect.ts';
import { FACT_KINDS } from '../../../src/machine/record/format.ts';
import { parseRecord } from '../../../src/machine/record/read.ts';
import { formatRecord } from '../../../src/machine/record/write.ts';
import { FAKE_MACHINE, fakeCommands, fakeFs, SECRETS } from '../../helpers/fake-machine.ts';

const TODAY = Date.UTC(2026, 10, 27, 23, 59);

function machine(over: Partial<RecordedMachine> = {}): RecordedMachine {
  const host = { machine: 'x86_64', release: 'not asked' };
  return { fs: fakeFs(), commands: fakeCommands(), env: {}, host, epochMs: () => TODAY, ...over };
}

const recordOf = async (over: Partial<RecordedMachine> = {}): Promise<string> =>
  formatRecord(await collectRecord(machine(over)));

test('what it finds on a machine of the tests', async () => {
  const expected = readFileSync(new URL('../../../fixtures/records/fake-machine.record', import.meta.url), 'latin1');
  expect(await recordOf()).toBe(expected);
});

test('every kind of fact is found there', async () => {
  const words = new Set((await recordOf()).split('\n').map((line) => line.split(' ')[0]));
  expect(Object.keys(FACT_KINDS).filter((word) => !words.has(word))).toEqual([]);
});

test('it is read back without a warning', async () => {
  const record = await collectRecord(machine());
  const read = parseRecord(formatRecord(record), 'x');
  expect(read.diagnostics).toEqual([]);
  expect(read.record.size).toBe(record.size);
});

test('docs/record.md says what each kind means, and its fields', () => {
  const docs = readFileSync(new URL('../../../docs/record.md', import.meta.url), 'utf8');
  const rows = [...docs.matchAll(/^\| `([a-z0-9-]+)((?: [^`]+)?)` \|/gm)].map(([, word = '', rest = '']) => [
    word,
    rest.trim(),
  ]);
  const described = new Map(rows.map(([word, rest]) => [word!, rest === '' ? 0 : rest!.split(' ').length]));
  for (const word of ['seen', 'size']) expect(described.delete(word)).toBe(true);
  const kinds = Object.entries(FACT_KINDS).map(([word, { fields, counted }]) => [
    word,
    fields.length + (counted ? 1 : 0),
  ]);
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries(kinds));
});

describe('no secrets', () => {
  const everything = JSON.stringify(FAKE_MACHINE) + JSON.stringify(Object.values(fakeCommands()));

  test.each(Object.entries(SECRETS))('%s', async (_, secret) => {
    // A secret that is nowhere would prove nothing.
    expect(everything).toContain(JSON.stringify(secret).slice(1, -1));
    expect((await recordOf()).toLowerCase()).not.toContain(secret.toLowerCase());
  });

  test('nothing has the form of an address, a MAC or a UUID', async () => {
    // The one exception is a WMI class, which is the same on all machines that have it.
    const text = (await recordOf())
      .replaceAll('wmi:ABBC0F6B-8EA1-11D1-00A0-C90629100000', '')
      .replace(/sha256:\w+/, '');
    expect(text).not.toMatch(/([0-9a-f]{2}[:-]){5}[0-9a-f]{2}/i);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/i);
    expect(text).not.toMatch(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/);
    expect(text).not.toMatch(/\/(home|mnt|media|srv|run|var|etc|dev)\//);
  });
});

describe('what cannot be seen', () => {
  test('no program may be run: links and queues are told as not seen', async () => {
    const text = await recordOf({ commands: null });
    expect(text).toContain('source links 0\n');
    expect(text).toContain('source qdiscs 0\n');
    expect(text).toContain('source dmtable 0\n');
    expect(text).toContain('link wireguard 1\n');
    expect(text).not.toContain('link veth');
  });

  test('what systemd mounts on demand stays unmounted', async () => {
    const mounts = (FAKE_MACHINE['/proc/mounts'] as string).replace(' binfmt_misc rw', ' autofs rw');
    const fs = new TracedFileSystem(fakeFs({ ...FAKE_MACHINE, '/proc/mounts': mounts }));
    const text = await recordOf({ fs });
    expect([...fs.seen.keys()].filter((path) => path.includes('binfmt_misc'))).toEqual([]);
    expect([...fs.seen.keys()]).toContain('/proc/mounts');
    expect(text).toContain('fs autofs mounted\n');
    expect(text).not.toMatch(/^binfmt/m);
  });

  test('a machine that tells nothing has a record all the same', async () => {
    expect(await recordOf({ fs: fakeFs({ '/etc/': '' }), commands: null })).toBe(
      [
        'kconfig-trim-record 1',
        'kernel - x86_64',
        'seen 2026-11-27 2026-11-27',
        'size 103',
        'source links 0',
        'source lsm 0',
        'source qdiscs 0',
        '',
      ].join('\n'),
    );
  });
});

test('without a file of aliases, devices are there, and nothing is said of what has them', async () => {
  const tree = Object.fromEntries(Object.entries(FAKE_MACHINE).filter(([path]) => !path.startsWith('/lib/modules')));
  const text = await recordOf({ fs: fakeFs(tree) });
  expect(text).toMatch(/^device pci e1000e pci:/m);
  expect(text).not.toMatch(/^match /m);
});
