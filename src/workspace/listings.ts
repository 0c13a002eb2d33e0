import { InputError } from '../diagnostics/diagnostic.ts';
import {
  type Listing,
  MAX_LISTING_BYTES,
  parseListing,
  readListingFile,
  readMachineModules,
} from '../machine/listing.ts';
import { type MachineRecord, machinesOf } from '../machine/record/format.ts';
import { uniteRecords } from '../machine/record/unite.ts';
import { uniteListings } from '../machine/unite.ts';
import type { Platform } from '../platform/platform.ts';
import { readStandardInput } from '../platform/standard-input.ts';
import { srcarchOfMachine } from '../toolchain/kernel-tree.ts';
import type { KeepWords } from '../trim/keep.ts';
import type { LoadedModule } from '../trim/types.ts';

/** The listings that are named, or that `LSMOD` names. */
export function listingFiles(env: Platform['env'], lsmod: readonly string[] | undefined): readonly string[] {
  return lsmod ?? (env['LSMOD'] ? [env['LSMOD']] : []);
}

/** Has an error in a listing that `LSMOD` names say so. @param read reads the listings; `lsmod` names others */
export function readByVariable<Read>(lsmod: readonly string[] | undefined, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (lsmod !== undefined || !(error instanceof InputError)) throw error;
    const { diagnostic, earlier } = error;
    throw new InputError({ ...diagnostic, args: { ...diagnostic.args, variable: 'LSMOD' } }, earlier);
  }
}

/**
 * The listings of loaded modules.
 * @param files `-` for standard input; without any, this machine's modules are read
 * @param mayBeEmpty whether one without modules will do: something else says what stays
 * @param names what messages call the files
 * @throws InputError where one cannot be read or is none
 */
export function readListings(
  platform: Platform,
  files: readonly string[],
  mayBeEmpty = false,
  names: readonly string[] = files,
): Listing[] {
  if (files.length === 0) return [readMachineModules(platform, mayBeEmpty)];
  return files.map((file, i) =>
    file === '-' ? readStandardListing(mayBeEmpty) : readListingFile(platform.fs, file, mayBeEmpty, names[i]),
  );
}

function readStandardListing(mayBeEmpty: boolean): Listing {
  const source = 'standard input';
  const bytes = readStandardInput(MAX_LISTING_BYTES);
  if (!bytes) throw new InputError({ code: 'listing-unreadable', args: { file: source, reason: 'device' } });
  return parseListing(Buffer.from(bytes).toString('latin1'), source, mayBeEmpty);
}

/** What `uname -m` says of the machine of a record that is of another architecture than `srcarch`; null for none. */
export function foreignMachine(record: MachineRecord, srcarch: string): string | null {
  const machines = machinesOf(record);
  return machines.some((machine) => srcarchOfMachine(machine) === srcarch) ? null : (machines[0] ?? null);
}

/** What the records among listings say together; null where none is a record. */
export function recordOf(listings: readonly Listing[]): MachineRecord | null {
  const records = listings.flatMap(({ record }) => record ?? []);
  return records.length === 0 ? null : uniteRecords(records);
}

/** The modules of all listings, with what their taint marks say of their origin. */
export function loadedModules(listings: readonly Listing[]): LoadedModule[] {
  const origins = new Map<string, LoadedModule['origin']>();
  for (const { format, modules } of listings) {
    for (const { name, outOfTree } of modules) {
      if (origins.get(name) !== 'out-of-tree') origins.set(name, outOfTree ? 'out-of-tree' : originBy(format));
    }
  }
  return uniteListings(listings).map(({ name }) => ({ name, origin: origins.get(name) ?? 'unknown' }));
}

function originBy(format: Listing['format']): LoadedModule['origin'] {
  if (format === 'proc-modules' || format === 'record') return 'in-tree';
  return format === 'sys-module' ? 'sys-module' : 'unknown';
}

/** Options of a trim that name what has to stay. */
export interface NamingOptions {
  readonly deep?: unknown;
  readonly lsmod?: readonly string[];
  readonly keep?: readonly string[];
  readonly set?: readonly string[];
  readonly fragment?: readonly string[];
}

/**
 * Whether names say what a deep trim leaves: the base has no modules, so the modules that are loaded here say little of what
 * it is for, and no other listing is given.
 * @param base the base config's text
 */
export function isTrimByName(env: Platform['env'], options: NamingOptions, base: string): boolean {
  const names = [...keepWords(env, options.keep), ...(options.set ?? []), ...(options.fragment ?? [])];
  const isListed = listingFiles(env, options.lsmod).length > 0;
  return Boolean(options.deep) && names.length > 0 && !isListed && !/^CONFIG_\w+=m$/m.test(base);
}

/** What is named to be kept, and what `LMC_KEEP` names. */
export function keepWords(env: Platform['env'], keep: readonly string[] | undefined): string[] {
  return keepLists(env, keep).flatMap(({ words }) => words);
}

/** The same by what names it; nothing of what names none. */
export function keepLists(env: Platform['env'], keep: readonly string[] | undefined): KeepWords[] {
  const own = (keep ?? []).flatMap((text) => text.split(':')).filter((word) => word !== '');
  const given = (env['LMC_KEEP'] ?? '').split(/[\s:]+/).filter((word) => word !== '' && !own.includes(word));
  const lists: KeepWords[] = [
    { by: '--keep', words: own },
    { by: 'LMC_KEEP', words: given },
  ];
  return lists.filter(({ words }) => words.length > 0);
}
