import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { InputError } from '../../src/diagnostics/diagnostic.ts';
import { decodeConfigBytes } from '../../src/machine/config-bytes.ts';
import { unpack } from '../../src/machine/decompress/decompress.ts';
import { parseListing } from '../../src/machine/listing.ts';
import { lines } from './hostile-input.ts';

describe('listings', () => {
  it.each([
    ['huge', 'm 1 0\n'.repeat(1_000_000), 'listing-too-large'],
    ['an endless line', 'a'.repeat(3_000_000), 'listing-line-too-long'],
    ['NUL', 'ext4 1 0\n\0\n', 'listing-not-a-listing'],
    ['UTF-16', Buffer.from('ext4 1 0\n', 'utf16le').toString('latin1'), 'listing-not-a-listing'],
  ])('%s', (_, text, code) => {
    try {
      parseListing(text, 'x');
      expect.unreachable();
    } catch (error) {
      expect((error as InputError).diagnostic.code).toBe(code);
    }
  });

  it('of very many names and users', () => {
    expect(
      parseListing(
        lines(150_000, (i) => `m${i} 1 0\n`),
        'x',
      ).modules,
    ).toHaveLength(150_000);
    const users = Array.from({ length: 8000 }, (_, i) => `u${i}`).join(',');
    expect(parseListing(`m 1 0 ${users}\n`.repeat(50), 'x').modules).toHaveLength(8001);
  });
});

describe('packed configs', () => {
  const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));

  it('bombs end at the bound', async () => {
    await expect(unpack('gzip', bomb, 1024 * 1024)).rejects.toMatchObject({ kind: 'too-large' });
  });

  it.each([
    ['zeros', Buffer.alloc(1_000_000), 'config-not-text'],
    ['packed zeros', bomb, 'config-not-text'],
    ['packed twice', gzipSync(gzipSync('CONFIG_A=y\n')), 'config-not-text'],
    ['too much text', gzipSync(Buffer.alloc(17 * 1024 * 1024, 'CONFIG_A=y\n')), 'config-too-large'],
    [
      'marks of packed data without any',
      Buffer.from(`\x7fELF\0${'\x1f\x8b\x08\xfd7zXZ\0'.repeat(20_000)}`, 'latin1'),
      'config-not-embedded',
    ],
    [
      'marks of a config without any',
      Buffer.from(`\x7fELF\0${'IKCFG_ST\x1f\x8b\x08'.repeat(2000)}`, 'latin1'),
      'config-not-embedded',
    ],
  ])('%s', async (_, bytes, code) => {
    await expect(decodeConfigBytes(bytes, 'x')).rejects.toMatchObject({ diagnostic: { code } });
  });
});
