import { type Listing, parseListing, readListingFile, readMachineModules } from '../machine/listing.ts';
import { uniteListings } from '../machine/unite.ts';
import { readStandardInput } from '../platform/standard-input.ts';
import type { LoadedModule } from '../trim/types.ts';
import type { Session } from './session.ts';

/** The listings that `--lsmod` or `LSMOD` name. */
export function listingFiles(session: Session, lsmod: readonly string[] | undefined): readonly string[] {
  const { env } = session.platform;
  return lsmod ?? (env['LSMOD'] ? [env['LSMOD']] : []);
}

/**
 * The listings of loaded modules: those that were named, or this machine's modules.
 * @throws InputError where one cannot be read or is none
 */
export function readListings(session: Session, lsmod: readonly string[] | undefined): Listing[] {
  const files = listingFiles(session, lsmod);
  const listings =
    files.length === 0
      ? [readMachineModules(session.platform)]
      : files.map((file) =>
          file === '-'
            ? parseListing(Buffer.from(readStandardInput()).toString('latin1'), 'standard input')
            : readListingFile(session.platform.fs, file),
        );
  for (const listing of listings) session.report(listing.diagnostics);
  return listings;
}

/** The modules of all listings, with what their taint marks say of their origin. */
export function loadedModules(listings: readonly Listing[]): LoadedModule[] {
  const origins = new Map<string, LoadedModule['origin']>();
  for (const { format, modules } of listings) {
    for (const { name, outOfTree } of modules) {
      const origin = outOfTree ? 'out-of-tree' : format === 'proc-modules' ? 'in-tree' : 'unknown';
      if (origins.get(name) !== 'out-of-tree') origins.set(name, origin);
    }
  }
  return uniteListings(listings).map(({ name }) => ({ name, origin: origins.get(name) ?? 'unknown' }));
}

/** What `--keep` and `LMC_KEEP` name. */
export function keepWords(session: Session, keep: readonly string[] | undefined): string[] {
  const given = (session.platform.env['LMC_KEEP'] ?? '').split(/[\s:]+/).filter((word) => word !== '');
  return [...(keep ?? []), ...given];
}
