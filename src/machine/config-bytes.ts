import { InputError } from '../diagnostics/diagnostic.ts';
import { setsSymbols } from '../dotconfig/scan.ts';
import { type FileSystem, LINK_LOOP, NO_PERMISSION } from '../platform/platform.ts';
import { packingOf, unpack } from './decompress/decompress.ts';
import { DecompressError } from './decompress/output.ts';
import { embeddedConfig, MAX_CONFIG_BYTES, MAX_IMAGE_BYTES, MAX_OTHER_IMAGE_BYTES } from './embedded-config.ts';

/** A configuration as it was found. */
export interface ConfigText {
  /** Latin-1 byte string. */
  readonly text: string;
  /** How it was stored: `embedded` in a kernel image. */
  readonly form: 'plain' | 'gzip' | 'xz' | 'zstd' | 'lz4' | 'lzma' | 'embedded';
}

/**
 * The text of a configuration: plain, packed (recognised by the first bytes, not by the name) or embedded in a kernel image.
 * @param source what messages call it: a path, or `-` for standard input
 * @throws InputError `config-not-text`, `config-utf16`, `config-broken`, `config-packing-unsupported`,
 *   `config-too-large`, `config-not-embedded` (the promise is rejected with it)
 */
export async function decodeConfigBytes(bytes: Uint8Array, source: string): Promise<ConfigText> {
  const limit = configLimit(bytes);
  if (bytes.length > limit) throw tooLarge(source, limit);
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
  if (isImage(inner)) {
    const { text, form } = await fromImage(inner, source);
    return { text, form: form === 'plain' ? (packing as ConfigText['form']) : form };
  }
  // Those two can't be recognised by a file's first bytes: unpack() has refused them.
  return { text: plainText(inner, source), form: packing as ConfigText['form'] };
}

/**
 * Reads a configuration file; see `decodeConfigBytes`.
 * @param source what messages call it
 * @throws InputError `config-unreadable` too (the promise is rejected with it)
 */
export async function readConfigFile(fs: FileSystem, path: string, source = path): Promise<ConfigText> {
  const file = fs.stat(path);
  if (file?.isFile && file.size > MAX_IMAGE_BYTES) throw tooLarge(source, MAX_IMAGE_BYTES);
  const bytes = fs.readBytes(path, configLimit);
  if (!bytes)
    throw new InputError({ code: 'config-unreadable', args: { path: source, reason: unreadableReason(fs, path) } });
  return decodeConfigBytes(bytes, source);
}

const WHY_MISSING: Readonly<Record<string, string>> = { [NO_PERMISSION]: 'permission', [LINK_LOOP]: 'loop' };

/** Why there are no bytes to be read: `missing`, `directory`, `permission`, `device`, `loop`. */
export function unreadableReason(fs: FileSystem, path: string): string {
  const stat = fs.stat(path);
  if (stat === null) return WHY_MISSING[fs.whyUnreadable(path)] ?? 'missing';
  return stat.isDirectory ? 'directory' : stat.isFile ? 'permission' : 'device';
}

/** How long a configuration may be that starts so, in bytes: a kernel image with one in it is larger than its text. */
export function configLimit(start: Uint8Array): number {
  if (packingOf(start) !== null || looksLikeKernel(start)) return MAX_IMAGE_BYTES;
  return isImage(start) ? MAX_OTHER_IMAGE_BYTES : MAX_CONFIG_BYTES;
}

/** What may be an image, recognised by its zero bytes; but UTF-16 text has them too. */
function isImage(bytes: Uint8Array): boolean {
  return bytes.includes(0) && !isUtf16(bytes);
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** A config may hold NULs as well: conf takes each line up to its first one. */
async function fromImage(bytes: Uint8Array, source: string): Promise<ConfigText> {
  const found = await embeddedConfig(bytes);
  if (found) return { text: plainText(found, source), form: 'embedded' };
  if (looksLikeKernel(bytes)) throw new InputError({ code: 'config-not-embedded', args: { path: source } });
  const text = bytes.length > MAX_CONFIG_BYTES ? '' : plainText(bytes, source);
  if (!setsSymbols(text)) throw new InputError({ code: 'config-not-text', args: { path: source } });
  return { text, form: 'plain' };
}

/** ELF (vmlinux, modules), PE (kernels that EFI starts), or an x86 boot sector (bzImage). */
function looksLikeKernel(bytes: Uint8Array): boolean {
  const starts = (...magic: number[]): boolean => magic.every((byte, i) => bytes[i] === byte);
  return starts(0x7f, 0x45, 0x4c, 0x46) || starts(0x4d, 0x5a) || (bytes[0x1fe] === 0x55 && bytes[0x1ff] === 0xaa);
}

function plainText(bytes: Uint8Array, source: string): string {
  if (bytes.length > MAX_CONFIG_BYTES) throw tooLarge(source, MAX_CONFIG_BYTES);
  if (isUtf16(bytes)) throw new InputError({ code: 'config-utf16', args: { path: source } });
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
