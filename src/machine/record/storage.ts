import type { Facts } from './facts.ts';
import { inBrackets, isName, type MachineFiles, words } from './machine-files.ts';
import type { Ask } from './sources.ts';

/** The character sets that fs/nls has modules for. Nothing else that an option says is taken. */
const CHARACTER_SET =
  /^(ascii|utf8|big5|gb2312|sjis|cp[0-9]+|iso8859-[0-9]+|koi8-(r|u|ru)|euc-(jp|kr)|tis-620|mac-[a-z]+)$/;
const CIPHER = /^[a-z0-9_:()-]+$/;
/** What `dmsetup` and its like put in front of a UUID. */
const DM_KIND = /^(LVM|mpath|DMRAID|CRYPT-(LUKS1|LUKS2|PLAIN|VERITY|INTEGRITY|TCRYPT|BITLK))-/;

/** File systems, swap, device mapper, RAID and encryption. */
export function collectStorage(files: MachineFiles, ask: Ask, facts: Facts): void {
  for (const row of files.rows('/proc/filesystems')) noteFileSystem(facts, row.at(-1) ?? '', '', 'registered');
  for (const row of files.rows('/proc/mounts')) noteFileSystem(facts, row[2] ?? '', row[3] ?? '', 'mounted');
  for (const [device = '#', , types = '', options = ''] of files.rows('/etc/fstab')) {
    if (device.startsWith('#')) continue;
    noteFileSystem(facts, types, options, 'fstab');
    if (types === 'swap') facts.note('swap', 'fstab');
  }
  collectSwap(files, facts);
  collectDeviceMapper(files, ask, facts);
  for (const [, colon, ...rest] of files.rows('/proc/mdstat')) {
    if (colon !== ':') continue;
    for (const word of rest) if (/^(linear|multipath|raid[0-9]+)$/.test(word)) facts.add('raid', [word], 1);
  }
}

/** @param types several are separated by commas; `fuse.NAME` is `fuse` */
function noteFileSystem(facts: Facts, types: string, options: string, state: string): void {
  for (const each of types.split(',')) {
    const type = each.replace(/\..*/, '');
    if (/^[a-z0-9_]+$/.test(type) && !/^(none|auto|swap)$/.test(type)) facts.note('fs', type, state);
  }
  for (const option of options.split(',')) {
    const match = /^(codepage|iocharset|nls)=(.*)$/.exec(option);
    const name = match && `${match[1] === 'codepage' ? 'cp' : ''}${match[2]}`;
    if (name && CHARACTER_SET.test(name)) facts.note('nls', name);
  }
}

function collectSwap(files: MachineFiles, facts: Facts): void {
  for (const [file = '', type] of files.rows('/proc/swaps')) {
    if (!file.startsWith('/')) continue;
    if (file.startsWith('/dev/zram')) facts.note('swap', 'zram');
    else if (/^\/dev\/(dm-|mapper\/)/.test(file)) facts.note('swap', 'dm');
    else facts.note('swap', type === 'file' ? 'file' : 'partition');
  }
  if (words(files.attribute('/sys/module/zswap/parameters/enabled'))[0] === 'Y') facts.note('swap', 'zswap');
  for (const name of files.names('/sys/block').filter((each) => each.startsWith('zram'))) {
    const algorithm = inBrackets(files.attribute(`/sys/block/${name}/comp_algorithm`));
    if (algorithm !== null) facts.note('zram', algorithm);
  }
}

function collectDeviceMapper(files: MachineFiles, ask: Ask, facts: Facts): void {
  const devices = files.names('/sys/block').filter((each) => each.startsWith('dm-'));
  for (const name of devices) {
    // A device may have none.
    const uuid = files.attribute(`/sys/block/${name}/dm/uuid`);
    if (uuid.split('\n').length > 1) facts.add('dm', [DM_KIND.exec(uuid)?.[1] ?? 'other'], 1);
  }
  for (const [name = '#', , , options = ''] of files.rows('/etc/crypttab')) {
    if (name.startsWith('#')) continue;
    const listed = options.split(',');
    facts.note('crypttab', listed.find((each) => /^(plain|swap|tcrypt|bitlk)$/.test(each)) ?? 'luks');
    const cipher = listed.map((each) => /^cipher=(.*)$/.exec(each)?.[1] ?? '').find((each) => CIPHER.test(each));
    if (cipher !== undefined) facts.note('cipher', cipher);
  }
  if (devices.length === 0) return;
  for (const [, start = '', length = '', target, cipher = ''] of ask('dmtable', 'dmsetup', 'table').map(words)) {
    if (!/^\d+$/.test(start + length) || !isName(target)) continue;
    facts.add('target', [target], 1);
    if (target === 'crypt' && CIPHER.test(cipher)) facts.note('cipher', cipher);
  }
}
