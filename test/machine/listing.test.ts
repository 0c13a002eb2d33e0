import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import {
  type Listing,
  MAX_LISTING_BYTES,
  MAX_LISTING_LINE,
  parseListing,
  readListingFile,
  readMachineModules,
} from '../../src/machine/listing.ts';
import { readListingLine } from '../../src/machine/listing-line.ts';
import { uniteListings } from '../../src/machine/unite.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const FIXTURES = new URL('../../fixtures/listings/', import.meta.url);

function read(name: string): Listing {
  return parseListing(readFileSync(new URL(name, FIXTURES), 'latin1'), name);
}

function names(listing: Listing): string[] {
  return listing.modules.map(({ name }) => name);
}

function failure(run: () => unknown): InputError {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the forms of a listing', () => {
  const forms: [file: string, format: string, names: string[]][] = [
    ['busybox.txt', 'lsmod', ['ipv6', 'snd_soc_core', 'snd_soc_hdmi', 'snd_soc_meson']],
    ['proc-modules.txt', 'proc-modules', ['vfat', 'fat', 'hv_balloon', 'vboxdrv', 'vboxnetflt', 'nounload']],
    ['sorted.txt', 'lsmod', ['842_compress', 'af_alg', 'xor', 'zram']],
    ['digits.txt', 'lsmod', ['8021q', '3w_9xxx', '842_decompress']],
    ['case.txt', 'lsmod', ['xt_dscp', 'xt_DSCP', 'ipt_ecn', 'ipt_ECN']],
    ['crlf.txt', 'lsmod', ['vfat', 'fat']],
    ['bom.txt', 'lsmod', ['vfat', 'fat']],
    ['linux-2.4.txt', 'lsmod', ['msdos', 'fat', 'usb_storage']],
    ['modprobed.db', 'names', ['8021q', 'nvme', 'snd_hda_intel', 'xt_DSCP', 'zram', 'vboxdrv', 'loop']],
    ['paths.txt', 'paths', ['e1000e', 'snd_hda_intel', 'garp', 'fat', 'vfat']],
    ['duplicates.txt', 'lsmod', ['vfat', 'fat', 'msdos']],
  ];
  test.each(forms)('%s', (file, format, expected) => {
    const listing = read(file);
    expect(listing.format).toBe(format);
    expect(names(listing)).toEqual(expected);
    expect(listing.diagnostics).toEqual([]);
  });

  test('every fixture is in one of the tables of this file', () => {
    const here = readFileSync(new URL(import.meta.url), 'utf8');
    for (const file of readdirSync(FIXTURES)) expect(here).toContain(`'${file}'`);
  });

  test('users, sizes and lines', () => {
    expect(read('proc-modules.txt').modules.slice(1, 5)).toEqual([
      { name: 'fat', size: 81920, outOfTree: false, usedBy: ['vfat'], line: 2 },
      { name: 'hv_balloon', size: 24576, outOfTree: false, usedBy: [], line: 3 },
      { name: 'vboxdrv', size: 700416, outOfTree: true, usedBy: ['vboxnetflt'], line: 4 },
      { name: 'vboxnetflt', size: 36864, outOfTree: true, usedBy: [], line: 5 },
    ]);
    expect(read('busybox.txt').modules[0]).toEqual({
      name: 'ipv6',
      size: 438272,
      outOfTree: false,
      usedBy: [],
      line: 2,
    });
    expect(read('duplicates.txt').modules[1]).toEqual({
      name: 'fat',
      size: 114688,
      outOfTree: false,
      usedBy: ['vfat', 'msdos'],
      line: 3,
    });
  });

  test('a file may lack its last line end, if the line is whole', () => {
    const listing = parseListing('Module Size Used by\nvfat 28672 1\nfat 114688 1 vfat', 'x');
    expect(names(listing)).toEqual(['vfat', 'fat']);
    expect(listing.diagnostics).toEqual([]);
  });

  test("the first column alone, header's first word and all", () => {
    expect(names(parseListing('Module\nvfat\nfat\n', 'x'))).toEqual(['vfat', 'fat']);
  });
});

describe('what is missing is said', () => {
  test.each([
    ['cut-in-name.txt', ['nls_utf8', 'vfat', 'fat'], 5],
    ['cut-in-size.txt', ['vfat', 'fat'], 3],
    ['cut-proc-modules.txt', ['vfat', 'fat'], 2],
  ])('%s', (file, expected, line) => {
    const listing = read(file);
    expect(names(listing)).toEqual(expected);
    expect(listing.diagnostics.map(({ code, severity, at }) => [code, severity, at?.line])).toEqual([
      ['listing-cut', 'warning', line],
    ]);
  });

  test('a single line, and the start of a second one', () => {
    const listing = parseListing('vfat 28672 1\n8', 'x');
    expect(names(listing)).toEqual(['vfat']);
    expect(listing.diagnostics.map(({ code }) => code)).toEqual(['listing-cut']);
    expect(failure(() => parseListing('8', 'x')).diagnostic.code).toBe('listing-not-a-listing');
  });

  test('cut within the users: the last of them is not taken for a name', () => {
    const listing = parseListing('vfat 28672 1\nfat 114688 2 vfat,msd', 'x');
    expect(listing.modules.map(({ name, usedBy }) => [name, usedBy])).toEqual([
      ['vfat', []],
      ['fat', ['vfat']],
    ]);
    expect(listing.diagnostics.map(({ code }) => code)).toEqual(['listing-cut']);
  });

  test('a user without a line of its own is loaded too', () => {
    const listing = read('grepped.txt');
    expect(names(listing)).toEqual(['snd_pcm', 'snd_hda_core', 'snd_hda_codec_hdmi', 'snd_hda_intel', 'snd_hda_codec']);
    expect(listing.diagnostics).toMatchObject([{ code: 'listing-incomplete', args: { count: 3 } }]);
  });

  test('lines that are none are counted', () => {
    expect(read('pasted.txt').diagnostics).toMatchObject([
      { code: 'listing-line-ignored', at: { line: 5 }, lineText: 'user@host:~$ exit now please', args: { more: 0 } },
    ]);
    const noise = Array.from({ length: 5 }, (_, i) => `what is this ${i}?\n`).join('');
    const rows = Array.from({ length: 9 }, (_, i) => `m${i} 4096 0\n`).join('');
    const { diagnostics } = parseListing(noise + rows, 'x');
    expect(diagnostics).toHaveLength(3);
    expect(diagnostics[0]!.args['more']).toBe(2);
  });
});

describe('what is no listing', () => {
  test.each([
    ['not-html.txt', 'html'],
    ['not-dmesg.txt', 'kernel-log'],
    ['not-config.txt', 'config'],
    ['not-modules-dep.txt', 'modules-dep'],
    ['not-lspci.txt', 'lspci'],
    ['not-utf16.txt', 'utf-16'],
    ['not-binary.txt', 'binary'],
    ['not-unpacked.txt.gz', 'packed'],
    ['not-script.sh', 'script'],
  ])('%s', (file, looksLike) => {
    const { diagnostic } = failure(() => read(file));
    expect(diagnostic).toMatchObject({ code: 'listing-not-a-listing', args: { file, looksLike } });
  });

  test.each([
    ['zeros', '\0'.repeat(4096)],
    ['binary', `${'\0'.repeat(512)}module card 1\n`],
  ])('zero bytes: %s', (looksLike, text) => {
    expect(failure(() => parseListing(text, 'x')).diagnostic).toMatchObject({ args: { looksLike } });
  });

  test.each(['empty.txt', 'empty-header-only.txt'])('%s', (file) => {
    expect(failure(() => read(file)).diagnostic).toMatchObject({ code: 'listing-empty', args: { file } });
  });

  test('too large, and a line without end', () => {
    expect(failure(() => parseListing('a\n'.repeat(MAX_LISTING_BYTES), 'x')).diagnostic.code).toBe('listing-too-large');
    const long = failure(() => parseListing(`vfat 1 1\n${'a'.repeat(MAX_LISTING_LINE + 1)}`, 'x')).diagnostic;
    expect(long).toMatchObject({ code: 'listing-line-too-long', at: { line: 2 } });
  });

  test('a line of blanks is no work', () => {
    const start = performance.now();
    readListingLine(`a 1 1${' '.repeat(MAX_LISTING_LINE)}!`);
    readListingLine(`${'a.ko/'.repeat(12_000)}!`);
    readListingLine(`${'$'.repeat(MAX_LISTING_LINE)}!`);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('where listings come from', () => {
  test('a file, and the machine', () => {
    const fs = memoryFs({ '/l': 'vfat 1 0\n', '/proc/modules': 'fat 1 0 - Live 0x0\n' });
    expect(names(readListingFile(fs, '/l'))).toEqual(['vfat']);
    expect(names(readMachineModules({ fs }))).toEqual(['fat']);
    expect(failure(() => readListingFile(fs, '/none')).diagnostic.code).toBe('listing-unreadable');
    expect(failure(() => readMachineModules({ fs: memoryFs({}) })).diagnostic.code).toBe('machine-modules-unreadable');
  });

  test('a device is not read', () => {
    const { code, args } = failure(() => readListingFile(new NodeFileSystem(), '/dev/zero')).diagnostic;
    expect([code, args['reason']]).toEqual(['listing-unreadable', 'device']);
  });

  test('several, united', () => {
    const one = parseListing('fat 1 1 vfat\nvfat 1 0\n', 'one');
    const two = parseListing('fat 1 1 msdos\nmsdos 1 0\n', 'two');
    expect(uniteListings([one, two])).toEqual([
      {
        name: 'fat',
        usedBy: ['vfat', 'msdos'],
        sources: [
          { source: 'one', line: 1 },
          { source: 'two', line: 1 },
        ],
      },
      { name: 'vfat', usedBy: [], sources: [{ source: 'one', line: 2 }] },
      { name: 'msdos', usedBy: [], sources: [{ source: 'two', line: 2 }] },
    ]);
  });
});

describe('forms that are told apart by what stands in them', () => {
  const read = (text: string): Listing => parseListing(text, 'x');

  test.each([
    ['842 is a module, with a size and without', '842 20480 0\n842_compress 20480 1 842\n', ['842', '842_compress']],
    ['842 in a list of names', '842\n842_compress\n', ['842', '842_compress']],
    ['842 alone', '842\n', ['842']],
    ['842 in /proc/modules', '842 20480 0 - Live 0x0000000000000000\n', ['842']],
    ['commas', 'i915,e1000e, snd-hda-intel\n', ['i915', 'e1000e', 'snd_hda_intel']],
    ['columns', 'i915   e1000e\tfat\nvfat   842   loop\n', ['i915', 'e1000e', 'fat', 'vfat', '842', 'loop']],
  ])('%s', (_, text, expected) => {
    const listing = read(text);
    expect(names(listing)).toEqual(expected);
    expect(listing.diagnostics).toEqual([]);
  });

  test('rows of small numbers are no modules', () => {
    expect(failure(() => read('3 4 5\n6 7 8\n')).diagnostic.args['looksLike']).toBe('other');
    expect(failure(() => read('1\n2\n3\n')).diagnostic.args['looksLike']).toBe('numbers');
  });

  test('ls /sys/module, one a line or in columns', () => {
    const parts = ['8250', 'ext4', 'kernel', 'printk', 'rcupdate', 'workqueue'];
    expect(read(`${parts.join('\n')}\n`)).toMatchObject({
      format: 'sys-module',
      modules: parts.map((name) => ({ name })),
    });
    expect(read(`${parts.join('  ')}\n`).format).toBe('sys-module');
    expect(read('ext4\nkernel\n').format).toBe('names');
  });

  test.each([
    ['lsusb', 'Bus 001 Device 001: ID 1d6b:0002 Linux Foundation 2.0 root hub\n'],
    [
      'ps',
      '    PID TTY          TIME CMD\n      1 ?        00:00:01 systemd\n     42 ?        00:00:00 kworker/0:1H\n',
    ],
    [
      'ps',
      `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n${Array.from(
        { length: 120 },
        (_, i) =>
          `root    ${1000 + i}  0.0  0.1   9876  1234 ?        Ss   10:${10 + (i % 50)}   0:00 /sbin/d${i} -f\n`,
      ).join('')}`,
    ],
    [
      'ps',
      'UID          PID    PPID  C STIME TTY          TIME CMD\nroot        1001       0  0 10:12 ?        00:00:01 /sbin/init\n',
    ],
    ['other', 'Filesystem  1K-blocks  Used Available Use% Mounted on\ntmpfs  81920  0  81920  0% /run\n'],
    ['packages', 'ii  adduser  3.134  all  add and remove users\nii  apt  2.6.1  amd64  package manager\n'],
  ])('the output of %s is no listing', (looksLike, text) => {
    expect(failure(() => read(text)).diagnostic).toMatchObject({ code: 'listing-not-a-listing', args: { looksLike } });
  });

  test('a listing without modules is one where something else says what stays', () => {
    for (const text of ['', 'Module                  Size  Used by\n']) {
      expect(failure(() => read(text)).diagnostic.code).toBe('listing-empty');
      expect(parseListing(text, 'x', true)).toMatchObject({ modules: [], diagnostics: [] });
    }
    const fs = memoryFs({ '/proc/modules': '' });
    expect(failure(() => readMachineModules({ fs })).diagnostic.code).toBe('machine-without-modules');
    expect(readMachineModules({ fs }, true).modules).toEqual([]);
  });
});
