/**
 * Records of real machines' listings: a trim with a record that says no more than a listing is the trim with the listing,
 * and what a record says beside it takes nothing away.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { readListingFile } from '../../src/machine/listing.ts';
import type { MachineRecord } from '../../src/machine/record/format.ts';
import { recordOfListing } from '../../src/machine/record/from-listing.ts';
import { parseRecord } from '../../src/machine/record/read.ts';
import { uniteRecords } from '../../src/machine/record/unite.ts';
import { formatRecord } from '../../src/machine/record/write.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { Sources } from '../../src/sources/sources.ts';
import { recordText } from '../helpers/record-text.ts';
import { describeKernels } from './describe-kernels.ts';
import { LISTINGS } from './real-listings.ts';
import { readTrimBase, trimTo } from './trim-engine.ts';

/** What machines have beside modules, and what it brings with Debian's config. */
const FACTS = [
  'cipher aes-xts-plain64',
  'class hwmon 0',
  'crypttab luks',
  'driver platform i8042 - 1',
  'fs ext4 mounted',
  'fs nosuchfs fstab',
  'fs ntfs3 fstab',
  'fs vfat fstab',
  'match iTCO_wdt module pci:v00008086d00002918sv00001AF4sd00001100bc06sc01i00',
  'match nosuch_module module pci:v1',
  'nls iso8859-15',
  'os debian 12',
  'raid raid1 1',
  'swap zram',
];
const BROUGHT = [
  'dm_crypt',
  'iTCO_wdt',
  'nls_ascii',
  'nls_cp437',
  'nls_iso8859_15',
  'ntfs3',
  'raid1',
  'vfat',
  'xts',
  'zram',
];

describeKernels('trims by records of real listings', (kernels) => {
  const kernel = kernels.find(({ version }) => version === '6.12') ?? kernels.at(-1)!;
  const config = kernel?.configs.find((path) => path.includes('none_amd64'));
  const base = config === undefined ? null : readTrimBase(kernel, { arch: 'x86_64' }, readFileSync(config, 'latin1'));
  const sources = kernel && new Sources(new NodeFileSystem(), kernel.tree);

  it.each(LISTINGS.map((path) => [basename(path), path]))('%s', (_, path) => {
    const listing = readListingFile(new NodeFileSystem(), path, true);
    const names = listing.modules.map(({ name }) => name);
    const own = recordOfListing(listing);
    const read = (record: MachineRecord): MachineRecord => parseRecord(formatRecord(record), path).record;
    const plain = trimTo(base!, names);
    const same = trimTo(base!, names, { record: read(own), sources });
    expect(same.text).toBe(plain.text);
    expect(same.recorded).toEqual([]);

    const facts = parseRecord(recordText(...FACTS), path).record;
    const more = trimTo(base!, names, { record: read(uniteRecords([own, facts])), sources });
    const built = new Set(more.build.modules.map((module) => module.path));
    expect(plain.build.modules.filter((module) => !built.has(module.path))).toEqual([]);
    expect(more.violations).toEqual([]);
    expect(more.loaded).toEqual(plain.loaded);
    const all = new Set(more.build.modules.map(({ name }) => name));
    expect(BROUGHT.filter((name) => !all.has(name))).toEqual([]);
    expect(more.recorded.filter(({ status }) => status === 'unknown').map(({ name }) => name)).toEqual(['nosuchfs']);
  });
});
