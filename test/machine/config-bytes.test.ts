import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { decodeConfigBytes, readConfigFile } from '../../src/machine/config-bytes.ts';
import { embeddedConfig, MAX_CONFIG_BYTES, MAX_OTHER_IMAGE_BYTES } from '../../src/machine/embedded-config.ts';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';

const FIXTURES = new URL('../../fixtures/packed/', import.meta.url);
const CONFIG = readFileSync(new URL('config.txt', FIXTURES), 'latin1');

function fixture(name: string): Buffer {
  return readFileSync(new URL(name, FIXTURES));
}

async function failure(promise: Promise<unknown>): Promise<InputError['diagnostic']> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof InputError) return error.diagnostic;
  throw error;
}

/** What CONFIG_IKCONFIG puts into an image. */
function marked(text: string): Buffer {
  return Buffer.concat([Buffer.from('IKCFG_ST'), gzipSync(text), Buffer.from('IKCFG_ED')]);
}

describe('decodeConfigBytes', () => {
  test.each([
    ['config.txt', 'plain'],
    ['config.gz', 'gzip'],
    ['config.xz', 'xz'],
    ['config.sha256.xz', 'xz'],
    ['config.none.xz', 'xz'],
    ['config.x86.xz', 'xz'],
    ['config.zst', 'zstd'],
    ['config.ultra.zst', 'zstd'],
    ['config.lz4', 'lz4'],
    ['config.lzma', 'lzma'],
  ])('%s', async (name, form) => {
    expect(await decodeConfigBytes(fixture(name), name)).toEqual({ text: CONFIG, form });
  });

  test('the first bytes tell, not the name', async () => {
    expect((await decodeConfigBytes(fixture('config.xz'), 'config.gz')).form).toBe('xz');
  });

  test('several members, streams and frames in a row', async () => {
    for (const name of ['config.gz', 'config.xz', 'config.zst']) {
      const twice = Buffer.concat([fixture(name), fixture(name)]);
      expect((await decodeConfigBytes(twice, name)).text).toBe(CONFIG + CONFIG);
    }
  });

  test('every byte stays: bytes above 127, CRLF', async () => {
    const text = 'CONFIG_A="caf\xc3\xa9 \xff"\r\n';
    expect((await decodeConfigBytes(Buffer.from(text, 'latin1'), 'x')).text).toBe(text);
    expect((await decodeConfigBytes(gzipSync(Buffer.from(text, 'latin1')), 'x')).text).toBe(text);
  });

  test('a config may hold NULs, plain or packed, as conf takes it', async () => {
    const text = 'CONFIG_A=y\0\n\0\nCONFIG_B="a\0b"\n\0\0';
    expect(await decodeConfigBytes(Buffer.from(text), 'x')).toEqual({ text, form: 'plain' });
    expect(await decodeConfigBytes(gzipSync(text), 'x')).toEqual({ text, form: 'gzip' });
    const image = Buffer.concat([Buffer.from(text), marked(CONFIG)]);
    expect((await decodeConfigBytes(image, 'x')).text).toBe(CONFIG);
  });

  test('an empty file is an empty configuration', async () => {
    expect(await decodeConfigBytes(new Uint8Array(0), 'x')).toEqual({ text: '', form: 'plain' });
  });

  test('cut short: each kind, at every length', async () => {
    for (const name of ['config.gz', 'config.xz', 'config.zst', 'config.lzma', 'config.x86.xz']) {
      const whole = fixture(name);
      for (let length = 8; length < whole.length; length += 3) {
        const diagnostic = await failure(decodeConfigBytes(whole.subarray(0, length), name));
        expect(diagnostic).toMatchObject({ code: 'config-broken', args: { path: name } });
      }
    }
  });

  test('a wrong byte in the middle', async () => {
    for (const name of ['config.gz', 'config.xz', 'config.sha256.xz']) {
      const bytes = Buffer.from(fixture(name));
      bytes[Math.floor(bytes.length / 2)]! ^= 0x40;
      expect((await failure(decodeConfigBytes(bytes, name))).code).toBe('config-broken');
    }
  });

  test('what is not read says so', async () => {
    expect(await failure(decodeConfigBytes(fixture('config.bz2'), 'x'))).toMatchObject({
      code: 'config-packing-unsupported',
      args: { packing: 'bzip2' },
    });
    const utf16 = Buffer.from('\ufeffCONFIG_A=y\n', 'utf16le');
    expect((await failure(decodeConfigBytes(utf16, 'x'))).code).toBe('config-utf16');
    expect((await failure(decodeConfigBytes(Buffer.from('A text\n\0\0'), 'x'))).code).toBe('config-not-text');
    const elf = Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(600)]);
    expect((await failure(decodeConfigBytes(elf, 'x'))).code).toBe('config-not-embedded');
  });

  test('a bomb is not unpacked to its end', async () => {
    const bomb = gzipSync(Buffer.alloc(MAX_CONFIG_BYTES + 1, 'a'));
    expect(bomb.length).toBeLessThan(20_000);
    expect((await failure(decodeConfigBytes(bomb, 'x'))).code).toBe('config-too-large');
    expect((await failure(decodeConfigBytes(Buffer.alloc(MAX_CONFIG_BYTES + 1, 'a'), 'x'))).code).toBe(
      'config-too-large',
    );
  });
});

describe('readConfigFile', () => {
  const fs = new NodeFileSystem();

  test.each([
    ['text', 'a', MAX_CONFIG_BYTES],
    ['zeros', '\0', MAX_OTHER_IMAGE_BYTES],
  ])('of a pipe without an end that has %s it reads no more than that may be', async (_, start, limit) => {
    let read = 0;
    const pipe = {
      statSync: () => undefined,
      openSync: () => 3,
      closeSync: () => {},
      readSync: (_file: number, into: Uint8Array, offset: number, length: number): number => {
        Buffer.from(into.buffer, into.byteOffset).fill(start, offset, offset + length);
        read += length;
        return length;
      },
    } as unknown as NodeFs;
    expect(await failure(readConfigFile(new NodeFileSystem(pipe), '/dev/fd/3'))).toMatchObject({
      code: 'config-too-large',
      args: { limit },
    });
    expect(read).toBe(limit + 1);
  });

  test('a file', async () => {
    expect((await readConfigFile(fs, new URL('config.gz', FIXTURES).pathname)).text).toBe(CONFIG);
  });
  test.each([
    ['/no/such/file', 'missing'],
    [FIXTURES.pathname, 'directory'],
  ])('%s is %s', async (path, reason) => {
    expect(await failure(readConfigFile(fs, path))).toMatchObject({
      code: 'config-unreadable',
      args: { path, reason },
    });
  });
});

describe('embeddedConfig', () => {
  const around = Buffer.from('code and data '.repeat(300));
  test('in the clear, as in vmlinux and configs.ko', async () => {
    const image = Buffer.concat([Buffer.from('\x7fELF\0'), around, marked(CONFIG), around]);
    expect(await decodeConfigBytes(image, 'vmlinux')).toEqual({ text: CONFIG, form: 'embedded' });
  });

  test('the mark alone, as a program has it that looks for it, is passed over', async () => {
    const image = Buffer.concat([Buffer.from('IKCFG_ST\x1f\x8b\x08 not gzip', 'latin1'), around, marked(CONFIG)]);
    expect(Buffer.from((await embeddedConfig(image))!).toString()).toBe(CONFIG);
  });

  test('in a packed kernel: the fixture holds a marked config in each packing', async () => {
    for (const name of ['image.gz', 'image.x86.xz', 'image.ultra.zst', 'image.lz4', 'image.lzma']) {
      const size = Buffer.from([0x00, 0x20, 0x00, 0x00]);
      const image = Buffer.concat([Buffer.from('MZ\0\0'), around, fixture(name), size, around]);
      expect(await decodeConfigBytes(image, name)).toEqual({ text: CONFIG, form: 'embedded' });
    }
  });

  test('a packed module', async () => {
    expect(await decodeConfigBytes(fixture('image.gz'), 'configs.ko.gz')).toEqual({ text: CONFIG, form: 'embedded' });
  });

  test('none there', async () => {
    expect(await embeddedConfig(around)).toBeNull();
    // Bytes that look packed, more often than are tried.
    const traps = Buffer.concat(
      Array.from({ length: 200 }, () => Buffer.from('\x1f\x8b\x08 \x28\xb5\x2f\xfd', 'latin1')),
    );
    expect(await embeddedConfig(traps)).toBeNull();
  });
});
