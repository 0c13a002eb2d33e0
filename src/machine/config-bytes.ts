import { InputError } from '../diagnostics/diagnostic.ts';
import type { FileSystem } from '../platform/platform.ts';
import { packingOf, unpack } from './decompress/decompress.ts';
import { DecompressError } from './decompress/output.ts';
import { embeddedConfig, MAX_CONFIG_BYTES, MAX_IMAGE_BYTES } from './embedded-config.ts';

/** A configuration as it was found. */
export interface ConfigText {
  /** Latin-1 byte string. */
  readonly text: string;
  /** How it was stored: `embedded` in a kernel image. */
  readonly form: 'plain' | 'gzip' | 'xz' | 'zstd' | 'lz4' | 'lzma' | 'embedded';
}

/**
 * The text of a configuration: plain, packed (told by the first bytes, not by the name) or embedded in a kernel image.
 * @param source what messages call it: a path, or `-` for standard input
 * @throws InputError `config-not-text`, `config-utf16`, `config-broken`, `config-packing-unsupported`,
 *   `config-too-large`, `config-not-embedded` (the promise is rejected with it)
 */
export async function decodeConfigBytes(bytes: Uint8Array, source: string): Promise<ConfigText> {
  const packing = packingOf(bytes);
  if (packing === null) {
    if (isImage(bytes)) return fromImage(bytes, source);
    return { text: plainText(bytes, source), form: 'plain' };
  }
  let inner: Uint8Array;
  try {
    inner = await unpack(packing, bytes, MAX_IMAGE_BYTES);
  } catch (error) {
    throw asInputError(error, source, packing);
  }
  if (isImage(inner)) return fromImage(inner, source);
  // Those two can't be told from a file's first bytes: unpack() has refused them.
  return { text: plainText(inner, source), form: packing as ConfigText['form'] };
}

/**
 * Reads a configuration file; see `decodeConfigBytes`.
 * @throws InputError `config-unreadable` too (the promise is rejected with it)
 */
export async function readConfigFile(fs: FileSystem, path: string): Promise<ConfigText> {
  const bytes = fs.readBytes(path, MAX_IMAGE_BYTES);
  if (!bytes) throw new InputError({ code: 'config-unreadable', args: { path, reason: unreadableReason(fs, path) } });
  if (bytes.length > MAX_IMAGE_BYTES) throw tooLarge(path, MAX_IMAGE_BYTES);
  return decodeConfigBytes(bytes, path);
}

function unreadableReason(fs: FileSystem, path: string): string {
  const stat = fs.stat(path);
  return stat === null ? 'missing' : stat.isDirectory ? 'directory' : 'permission';
}

/** A kernel image or a module: something of a machine's, told by what such files start with or hold. */
function isImage(bytes: Uint8Array): boolean {
  const starts = (...magic: number[]): boolean => magic.every((byte, i) => bytes[i] === byte);
  const isElf = starts(0x7f, 0x45, 0x4c, 0x46);
  const isPe = starts(0x4d, 0x5a);
  const isX86Boot = bytes[0x1fe] === 0x55 && bytes[0x1ff] === 0xaa;
  return isElf || isPe || isX86Boot || (bytes.length > MAX_CONFIG_BYTES && bytes.includes(0));
}

async function fromImage(bytes: Uint8Array, source: string): Promise<ConfigText> {
  const found = await embeddedConfig(bytes);
  if (!found) throw new InputError({ code: 'config-not-embedded', args: { path: source } });
  return { text: plainText(found, source), form: 'embedded' };
}

function plainText(bytes: Uint8Array, source: string): string {
  if (bytes.length > MAX_CONFIG_BYTES) throw tooLarge(source, MAX_CONFIG_BYTES);
  const pair = `${bytes[0]},${bytes[1]}`;
  if (pair === '255,254' || pair === '254,255') throw new InputError({ code: 'config-utf16', args: { path: source } });
  const zero = bytes.indexOf(0);
  if (zero >= 0) throw new InputError({ code: 'config-not-text', args: { path: source, offset: zero } });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function tooLarge(path: string, limit: number): InputError {
  return new InputError({ code: 'config-too-large', args: { path, limit } });
}

function asInputError(error: unknown, path: string, packing: string): unknown {
  if (!(error instanceof DecompressError)) return error;
  if (error.kind === 'too-large') return tooLarge(path, MAX_IMAGE_BYTES);
  if (error.kind === 'unsupported') {
    return new InputError({ code: 'config-packing-unsupported', args: { path, packing, what: error.message } });
  }
  return new InputError({ code: 'config-broken', args: { path, packing, reason: error.message } });
}
