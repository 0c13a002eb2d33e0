import { type Diagnostic, InputError } from '../diagnostics/diagnostic.ts';
import type { FileSystem, Platform } from '../platform/platform.ts';
import { unreadableReason } from './config-bytes.ts';
import { packingOf } from './decompress/decompress.ts';
import { isNumber, type ListingLine, normaliseModuleName, readListingLine } from './listing-line.ts';
import { factsOf, type MachineRecord } from './record/format.ts';
import { isRecord, parseRecord } from './record/read.ts';

/** Largest listing that is read, in bytes (a machine with 500 modules has 40 kB). */
export const MAX_LISTING_BYTES = 4 * 1024 * 1024;
/** Longest line, in bytes: a name, numbers, and the users of the most used module. */
export const MAX_LISTING_LINE = 64 * 1024;
/** Lines that are no module's, each with a diagnostic of its own; the rest is counted. */
const MAX_IGNORED_REPORTED = 3;

/** A module that was loaded. */
export interface LoadedModule {
  /** As the kernel spells it, with `_` for `-`. */
  readonly name: string;
  /** Bytes in memory, where the listing tells. */
  readonly size?: number;
  /** Whether its taint marks in `/proc/modules` say that it was built outside the tree (`O`). */
  readonly outOfTree: boolean;
  /** Loaded modules that use this one, in the listing's order. */
  readonly usedBy: readonly string[];
  /** Line of the listing, from 1; the first one that names it. */
  readonly line: number;
}

/**
 * `names`: names alone (modprobed.db, /etc/modules); `paths`: module files; `sys-module`: `ls /sys/module`, where parts
 * of the kernel itself are as well; `record`: see docs/record.md.
 */
export type ListingFormat = 'lsmod' | 'proc-modules' | 'names' | 'paths' | 'sys-module' | 'record';

/**
 * What every `ls /sys/module` names and no machine loads: parts of the kernel itself that have parameters. A list that
 * has several of them is one, whoever wrote it.
 */
const KERNEL_PARTS = ['kernel', 'printk', 'rcupdate', 'rcutree', 'spurious', 'srcutree', 'workqueue'] as const;
const PARTS_OF_SYS_MODULE = 3;

/** One listing of loaded modules. */
export interface Listing {
  readonly source: string;
  readonly format: ListingFormat;
  /** Each module once, in the order of the listing. */
  readonly modules: readonly LoadedModule[];
  /** Lines that name no module. */
  readonly ignoredLines: number;
  /** All that a record says, where it is one. */
  readonly record?: MachineRecord;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a file that is no listing seems to be. */
export type NotAListing =
  | 'binary'
  | 'packed'
  | 'utf-16'
  | 'zeros'
  | 'html'
  | 'kernel-log'
  | 'config'
  | 'modules-dep'
  | 'lspci'
  | 'lsusb'
  | 'ps'
  | 'packages'
  | 'numbers'
  | 'script'
  | 'other';

/** A number alone that is taken for a module's name has as many digits. */
const LEAST_DIGITS = 3;

interface Entry {
  name: string;
  size?: number;
  usedBy: Set<string>;
  outOfTree?: boolean;
  line: number;
}

/**
 * Reads a listing of loaded modules, of any form: lsmod (kmod, BusyBox, sorted), /proc/modules, modprobed.db, plain
 * names, module files, `ls /sys/module`. Nothing in it is ever executed.
 * @param text Latin-1 byte string
 * @param source what messages call it: a path, or `-`
 * @param mayBeEmpty whether a listing without modules is one: something else says what stays
 * @throws InputError `listing-empty`, `listing-not-a-listing` (args: `looksLike`, a NotAListing), `listing-too-large`,
 *   `listing-line-too-long`; of a record what `parseRecord` throws
 */
export function parseListing(text: string, source: string, mayBeEmpty = false): Listing {
  if (text.length > MAX_LISTING_BYTES) {
    throw new InputError({ code: 'listing-too-large', args: { file: source, limit: MAX_LISTING_BYTES } });
  }
  if (isRecord(text)) return fromRecord(text, source, mayBeEmpty);
  const rows = text.replace(/^\xef\xbb\xbf/, '').split(/\r\n|\n|\r/);
  refuseBinary(text, source);
  const tooLong = rows.findIndex((row) => row.length > MAX_LISTING_LINE);
  if (tooLong >= 0) {
    const at = { file: source, line: tooLong + 1, column: 0 };
    throw new InputError({ code: 'listing-line-too-long', at, args: { limit: MAX_LISTING_LINE } });
  }
  const lines = rows.map(readListingLine);
  refuseOther(text, rows, lines, source, mayBeEmpty);
  return collect(rows, lines, source);
}

/**
 * The modules that a record names. A kernel with everything built in has none loaded: then it is what shows itself in
 * /sys/module.
 */
function fromRecord(text: string, source: string, mayBeEmpty: boolean): Listing {
  const { record, lines, diagnostics } = parseRecord(text, source);
  const loaded = [...factsOf(record, 'module')];
  const [format, word] = loaded.length > 0 ? (['record', 'module'] as const) : (['sys-module', 'builtin'] as const);
  const outOfTree = new Set([...factsOf(record, 'out-of-tree')].map(({ fields }) => fields[0]));
  const modules = new Map<string, LoadedModule>();
  for (const { fields } of factsOf(record, word)) {
    const [field = ''] = fields;
    const name = normaliseModuleName(field);
    const line = lines.get(`${word} ${field}`)!;
    modules.set(name, { name, outOfTree: outOfTree.has(field), usedBy: [], line });
  }
  if (modules.size === 0 && !mayBeEmpty)
    throw new InputError({ code: 'record-without-modules', args: { file: source } });
  return { source, format, modules: [...modules.values()], ignoredLines: 0, record, diagnostics };
}

/** Reads the listing in a file; a pipe or `/dev/fd/N` will do. Throws as `parseListing`, and `listing-unreadable`. */
export function readListingFile(fs: FileSystem, path: string, mayBeEmpty = false, source = path): Listing {
  const bytes = fs.readBytes(path, MAX_LISTING_BYTES);
  if (!bytes)
    throw new InputError({ code: 'listing-unreadable', args: { file: source, reason: unreadableReason(fs, path) } });
  return parseListing(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'),
    source,
    mayBeEmpty,
  );
}

/**
 * The modules that are loaded here and now: /proc/modules.
 * @throws InputError `machine-modules-unreadable` (no such file: not Linux, or a kernel without modules),
 *   `machine-without-modules` (none is loaded: all is built in), and what `parseListing` throws
 */
export function readMachineModules(platform: Pick<Platform, 'fs'>, mayBeEmpty = false): Listing {
  const path = '/proc/modules';
  const text = platform.fs.readText(path);
  if (text === null) throw new InputError({ code: 'machine-modules-unreadable', args: { file: path } });
  if (text.trim() === '' && !mayBeEmpty) {
    throw new InputError({ code: 'machine-without-modules', args: { file: path } });
  }
  return parseListing(text, path, mayBeEmpty);
}

function refuse(looksLike: NotAListing, source: string, line = 1, lineText = ''): never {
  const at = { file: source, line, column: 0 };
  throw new InputError({ code: 'listing-not-a-listing', at, lineText, args: { file: source, looksLike } });
}

/** A listing is text. Checked before lines are parsed: a line of a binary file may be anything. */
function refuseBinary(text: string, source: string): void {
  if (/^\0+$/.test(text)) refuse('zeros', source);
  if (/^(\xff\xfe|\xfe\xff)/.test(text) || /^([^\0]\0){2}|^(\0[^\0]){2}/.test(text)) refuse('utf-16', source);
  if (packingOf(Buffer.from(text.slice(0, 8), 'latin1'))) refuse('packed', source);
  if (text.startsWith('#!')) refuse('script', source, 1, text.slice(0, text.search(/$/m)));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells a binary file
  const found = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/.exec(text);
  if (found) refuse('binary', source, text.slice(0, found.index).split('\n').length);
}

/** Something that is hardly a listing: none of its lines, or the smaller part, is a module's. */
function refuseOther(
  text: string,
  rows: readonly string[],
  lines: readonly ListingLine[],
  source: string,
  mayBeEmpty: boolean,
): void {
  let good = 0;
  const numbers: string[] = [];
  let other = 0;
  for (const line of lines) {
    if (line.kind === 'other') other++;
    else if (line.kind === 'name' && isNumber(line.name)) numbers.push(line.name);
    else if (line.kind !== 'blank' && line.kind !== 'header') good++;
  }
  // One module may be a number (842), a list of nothing else is none of modules.
  const isNumbers = good === 0 && numbers.length > 0 && (numbers.length > 1 || numbers[0]!.length < LEAST_DIGITS);
  if (!isNumbers) good += numbers.length;
  // The last line may be what a cut has left of one.
  const cut = lines.at(-1)?.kind === 'other' ? 1 : 0;
  if (good > other - cut) return;
  const found = firstOther(rows, lines);
  const looksLike = isNumbers ? 'numbers' : guess(text);
  if (mayBeEmpty && other === 0 && looksLike === 'other') return;
  if (other > 0 || looksLike !== 'other') refuse(looksLike, source, found + 1, rows[found] ?? '');
  throw new InputError({ code: 'listing-empty', args: { file: source } });
}

function firstOther(rows: readonly string[], lines: readonly ListingLine[]): number {
  const found = lines.findIndex(({ kind }) => kind === 'other');
  return found < 0 ? rows.findIndex((row) => row.trim() !== '') : found;
}

function guess(text: string): NotAListing {
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) return 'html';
  if (/^(CONFIG_\w+=|# CONFIG_\w+ is not set)/m.test(text)) return 'config';
  if (/^\S+\.ko(\.\w+)?:/m.test(text)) return 'modules-dep';
  if (/^(<\d+>)?\[\s*\d+\.\d+\]|\bkernel: |Linux version \d/m.test(text)) return 'kernel-log';
  if (/^([0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] |Kernel driver in use:/m.test(text)) return 'lspci';
  if (/^Bus \d{3} Device \d{3}: ID /m.test(text)) return 'lsusb';
  if (/^\s*(\S+\s+)?PID\s.*(CMD|COMMAND)\s*$/m.test(text)) return 'ps';
  if (/^(ii\s+\S+\s+\d|\S+-\d\S*\.(x86_64|aarch64|noarch|i686)$)/m.test(text)) return 'packages';
  return 'other';
}

function collect(rows: readonly string[], lines: readonly ListingLine[], source: string): Listing {
  const format = formatOf(lines);
  const isTable = format === 'lsmod' || format === 'proc-modules';
  const modules = new Map<string, Entry>();
  const diagnostics: Diagnostic[] = [];
  const ignored: number[] = [];
  let cutAt = -1;
  // No line end behind it: this is where a copy or a download breaks off.
  const last = rows.at(-1) === '' ? -1 : rows.length - 1;

  lines.forEach((line, index) => {
    if (line.kind === 'blank' || line.kind === 'header') return;
    const cutOff = isTable && (line.kind === 'partial' || (index === last && isNoRow(line, format)));
    if (cutOff) cutAt = index;
    // Of a name that breaks off, nobody knows the rest.
    if (cutOff && line.kind !== 'partial' && line.kind !== 'lsmod') return;
    if (line.kind === 'names') for (const name of line.names) add(modules, { kind: 'name', name }, index + 1);
    else if ('name' in line) add(modules, line, index + 1);
    else ignored.push(index);
  });
  if (cutAt >= 0) diagnostics.push(warning('listing-cut', source, cutAt + 1, rows[cutAt]!));
  for (const index of ignored.slice(0, MAX_IGNORED_REPORTED)) {
    const more = Math.max(0, ignored.length - MAX_IGNORED_REPORTED);
    diagnostics.push(warning('listing-line-ignored', source, index + 1, rows[index]!, { more }));
  }
  addUsers(modules, last + 1, source, diagnostics);
  const isSysModule =
    format === 'names' && KERNEL_PARTS.filter((name) => modules.has(name)).length >= PARTS_OF_SYS_MODULE;
  return {
    source,
    format: isSysModule ? 'sys-module' : format,
    modules: [...modules.values()].map(toModule),
    ignoredLines: ignored.length,
    diagnostics,
  };
}

/** Whether a line of a table is not one: a bare name, or a /proc/modules line that stops after its third column. */
function isNoRow(line: ListingLine, format: ListingFormat): boolean {
  return (
    line.kind === 'name' ||
    line.kind === 'names' ||
    line.kind === 'other' ||
    (format === 'proc-modules' && line.kind === 'lsmod')
  );
}

function warning(
  code: string,
  file: string,
  line: number,
  lineText: string,
  args: Record<string, string | number> = {},
): Diagnostic {
  return { code, severity: 'warning', at: { file, line, column: 0 }, lineText, args: { file, ...args } };
}

/** The form of most lines. */
function formatOf(lines: readonly ListingLine[]): ListingFormat {
  const count = { lsmod: 0, 'proc-modules': 0, names: 0, paths: 0 };
  for (const { kind } of lines) {
    if (kind === 'lsmod' || kind === 'proc-modules') count[kind]++;
    else if (kind === 'partial') count.lsmod++;
    else if (kind === 'name' || kind === 'names') count.names++;
    else if (kind === 'path') count.paths++;
  }
  const order = ['proc-modules', 'lsmod', 'names', 'paths'] as const;
  return order.reduce<(typeof order)[number]>(
    (best, format) => (count[format] > count[best] ? format : best),
    order[0],
  );
}

function add(modules: Map<string, Entry>, line: Extract<ListingLine, { name: string }>, number: number): void {
  const entry = modules.get(line.name) ?? { name: line.name, usedBy: new Set<string>(), line: number };
  modules.set(line.name, entry);
  if ('size' in line && entry.size === undefined) entry.size = line.size;
  if ('usedBy' in line) for (const user of line.usedBy) entry.usedBy.add(user);
  if ('taints' in line && line.taints.includes('O')) entry.outOfTree = true;
}

/**
 * A module that uses another one is loaded, so it has a line of its own; where it hasn't, part of the listing is
 * missing (`lsmod | head`, `grep`). It is taken in all the same.
 * @param cutLine the line without an end, whose last name may be cut; 0 if there is none
 */
function addUsers(modules: Map<string, Entry>, cutLine: number, source: string, diagnostics: Diagnostic[]): void {
  const missing: string[] = [];
  let cutAt = 0;
  for (const entry of [...modules.values()]) {
    const users = [...entry.usedBy];
    const lastUser = users.at(-1);
    if (entry.line === cutLine && lastUser !== undefined && !modules.has(lastUser)) {
      users.pop();
      entry.usedBy.delete(lastUser);
      cutAt = cutLine;
    }
    for (const name of users) {
      if (modules.has(name)) continue;
      modules.set(name, { name, usedBy: new Set(), line: entry.line });
      missing.push(name);
    }
  }
  const alreadyCut = diagnostics.some(({ code }) => code === 'listing-cut');
  if (cutAt > 0 && !alreadyCut) diagnostics.push(warning('listing-cut', source, cutAt, ''));
  if (missing.length === 0) return;
  const line = modules.get(missing[0]!)!.line;
  const args = { count: missing.length, names: missing.slice(0, 5).join(', ') };
  diagnostics.push(warning('listing-incomplete', source, line, '', args));
}

function toModule({ name, size, usedBy, outOfTree = false, line }: Entry): LoadedModule {
  return { name, ...(size === undefined ? {} : { size }), outOfTree, usedBy: [...usedBy], line };
}
