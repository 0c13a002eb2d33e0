import { describe, expect, test } from 'vitest';
import { BUILD_FILE_SYMBOLS, type MissingFile, missingBuildFiles } from '../../src/machine/keys.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

/** Whether a tree is like 6.1 shows in a script that 6.12 has no more. */
const TREE_61 = { '/tree/Makefile': '', '/tree/scripts/gen_autoksyms.sh': '' };
const TREE_612 = { '/tree/Makefile': '', '/tree/scripts/Makefile.modpost': '' };

function missing(
  values: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
  tree: Readonly<Record<string, string>> = TREE_612,
): MissingFile[] {
  const fs = memoryFs({ ...tree, '/obj/Makefile': '', ...files });
  return missingBuildFiles({ fs, tree: '/tree', objtree: '/obj', value: (symbol) => values[symbol] ?? null });
}

describe("a distribution's keys", () => {
  const debian = {
    MODULE_SIG_KEY: 'debian/certs/key.pem',
    SYSTEM_TRUSTED_KEYS: 'debian/certs/test-signing-certs.pem',
    SYSTEM_REVOCATION_KEYS: 'debian/canonical-revoked-certs.pem',
  };
  test.each([
    ['6.1', TREE_61],
    ['6.12', TREE_612],
  ])('%s', (_, tree) => {
    expect(missing(debian, {}, tree)).toEqual([
      {
        symbol: 'MODULE_SIG_KEY',
        value: 'debian/certs/key.pem',
        missing: ['debian/certs/key.pem'],
        lookedAt: ['/obj/debian/certs/key.pem', '/tree/debian/certs/key.pem'],
        remedy: 'certs/signing_key.pem',
      },
      {
        symbol: 'SYSTEM_TRUSTED_KEYS',
        value: 'debian/certs/test-signing-certs.pem',
        missing: ['debian/certs/test-signing-certs.pem'],
        lookedAt: ['/obj/debian/certs/test-signing-certs.pem', '/tree/debian/certs/test-signing-certs.pem'],
        remedy: '',
      },
      {
        symbol: 'SYSTEM_REVOCATION_KEYS',
        value: 'debian/canonical-revoked-certs.pem',
        missing: ['debian/canonical-revoked-certs.pem'],
        lookedAt: ['/obj/debian/canonical-revoked-certs.pem', '/tree/debian/canonical-revoked-certs.pem'],
        remedy: '',
      },
    ]);
  });

  test('a key that is there, in the output directory, in the tree or anywhere', () => {
    for (const path of ['/obj/debian/certs/key.pem', '/tree/debian/certs/key.pem']) {
      expect(missing({ MODULE_SIG_KEY: 'debian/certs/key.pem' }, { [path]: 'x' })).toEqual([]);
    }
    expect(missing({ MODULE_SIG_KEY: '/etc/key.pem' }, { '/etc/key.pem': 'x' })).toEqual([]);
    expect(missing({ MODULE_SIG_KEY: '/etc/key.pem' })).toMatchObject([{ lookedAt: ['/etc/key.pem'] }]);
  });

  test('a directory is no key', () => {
    expect(missing({ SYSTEM_TRUSTED_KEYS: 'certs' }, { '/tree/certs/Makefile': '' })).toHaveLength(1);
  });

  test('a key that the build makes, one in a token, none', () => {
    expect(missing({ MODULE_SIG_KEY: 'certs/signing_key.pem' })).toEqual([]);
    expect(missing({ MODULE_SIG_KEY: 'pkcs11:token=foo;object=bar?pin-value=1' })).toEqual([]);
    expect(missing({ MODULE_SIG_KEY: '', SYSTEM_TRUSTED_KEYS: ' ' })).toEqual([]);
    // Only under its own name does the build make it.
    expect(missing({ SYSTEM_TRUSTED_KEYS: 'certs/signing_key.pem' })).toHaveLength(1);
  });
});

describe('other files', () => {
  test('hashes go to a program that runs in the output directory', () => {
    const values = { SYSTEM_BLACKLIST_HASH_LIST: 'hashes' };
    expect(missing(values, { '/tree/hashes': 'x' })).toMatchObject([{ lookedAt: ['/obj/hashes'], remedy: '' }]);
    expect(missing(values, { '/obj/hashes': 'x' })).toEqual([]);
  });

  test('firmware: those that are there stay', () => {
    const values = { EXTRA_FIRMWARE: 'a.bin intel/b.bin  c.bin', EXTRA_FIRMWARE_DIR: '/lib/firmware' };
    expect(missing(values, { '/lib/firmware/intel/b.bin': 'x', '/lib/firmware/c.bin': 'x' })).toMatchObject([
      { missing: ['a.bin'], lookedAt: ['/lib/firmware/a.bin'], remedy: 'intel/b.bin c.bin' },
    ]);
  });

  test("firmware's directory is relative to the tree, and has a default", () => {
    expect(missing({ EXTRA_FIRMWARE: 'a', EXTRA_FIRMWARE_DIR: 'firmware' })[0]?.lookedAt).toEqual(['/tree/firmware/a']);
    expect(missing({ EXTRA_FIRMWARE: 'a' })[0]?.lookedAt).toEqual(['/lib/firmware/a']);
  });

  test('initramfs: one archive is a prerequisite, a list is arguments', () => {
    expect(missing({ INITRAMFS_SOURCE: 'root.cpio.xz' })[0]?.lookedAt).toEqual([
      '/obj/root.cpio.xz',
      '/tree/root.cpio.xz',
    ]);
    expect(missing({ INITRAMFS_SOURCE: '/root root.list' }, { '/root/init': '' })).toMatchObject([
      { missing: ['root.list'], lookedAt: ['/obj/root.list'], remedy: '/root' },
    ]);
  });

  test('a directory of regulatory keys', () => {
    expect(missing({ CFG80211_EXTRA_REGDB_KEYDIR: 'keys' }, { '/tree/keys/a.x509': '' })).toEqual([]);
    expect(missing({ CFG80211_EXTRA_REGDB_KEYDIR: 'keys' })).toMatchObject([{ remedy: '' }]);
  });

  test('the whitelist of exported symbols: the older script knows the tree only', () => {
    const values = { UNUSED_KSYMS_WHITELIST: 'symbols' };
    expect(missing(values, { '/obj/symbols': 'x' }, TREE_612)).toEqual([]);
    expect(missing(values, { '/obj/symbols': 'x' }, TREE_61)).toMatchObject([{ lookedAt: ['/tree/symbols'] }]);
    expect(missing(values, { '/tree/symbols': 'x' }, TREE_61)).toEqual([]);
  });

  test('every symbol is asked for, and reported', () => {
    const values = Object.fromEntries(BUILD_FILE_SYMBOLS.map((symbol) => [symbol, 'no/such']));
    expect(missing(values).map(({ symbol }) => symbol)).toEqual([...BUILD_FILE_SYMBOLS]);
  });
});
