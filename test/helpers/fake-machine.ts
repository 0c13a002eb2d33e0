import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Volume } from 'memfs';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';
import type { CommandRunner } from '../../src/platform/platform.ts';

/** Path → text (Latin-1), or where a symbolic link leads; a path that ends in `/` is an empty directory. */
export type FakeTree = Readonly<Record<string, string | { readonly to: string }>>;

/** Things that a record must never say, by what they are. */
export const SECRETS = {
  mac: '52:54:00:ab:cd:ef',
  bluetoothMac: '11:22:33:44:55:66',
  macInName: '525400abcdef',
  bootMac: '01-52-54-00-ab-cd-ef',
  uuid: 'deadbeef-1234-4abc-8def-00c0ffee0001',
  uuidWithoutDashes: 'deadbeef12344abc8def00c0ffee0001',
  lvmUuid: 'Zq3XkPAbCdEfGhIjKlMnOpQrStUvWxYz',
  serial: 'SN7K3XQ9',
  asset: 'ASSET0042',
  sku: 'SKU-77-9',
  biosVersion: 'N1CET99W',
  monitor: 'DELL-U2720Q-7XYZ',
  host: 'sekrethost',
  domain: 'corp.example',
  user: 'alice',
  password: 'hunter2',
  address: '192.168.77.5',
  address6: 'fd00:77::5',
  mountPoint: 'vault9',
  label: 'MYLABEL',
  key: 'wGk3y0000000000000000000000000000000000000000=',
  interface: 'wg-home7',
  parameterValue: 'sekretvalue',
  volume: 'myvolume',
  profile: 'opt-tool',
  card: 'Headset',
  iqn: 'iqn.2004-10',
} as const;

const S = SECRETS;
const RELEASE = '6.12.1-test';

interface Device {
  readonly bus: string;
  readonly name: string;
  readonly driver?: string;
  readonly module?: string;
  readonly uevent?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

/** A device as sysfs has it: below /sys/devices, with links from its bus and its driver. */
function device({ bus, name, driver, module, uevent = [], files = {} }: Device): FakeTree {
  const home = `/sys/devices/${bus}/${name}`;
  const lines = [...(driver === undefined ? [] : [`DRIVER=${driver}`]), ...uevent];
  const tree: Record<string, FakeTree[string]> = {
    [`${home}/uevent`]: lines.map((line) => `${line}\n`).join(''),
    [`/sys/bus/${bus}/devices/${name}`]: { to: `../../../devices/${bus}/${name}` },
    [`/sys/bus/${bus}/drivers/`]: '',
  };
  for (const [file, text] of Object.entries(files)) tree[`${home}/${file}`] = text;
  if (driver !== undefined) {
    tree[`/sys/bus/${bus}/drivers/${driver}/bind`] = '';
    tree[`/sys/bus/${bus}/drivers/${driver}/${name}`] = { to: `../../../../devices/${bus}/${name}` };
  }
  if (module !== undefined) {
    tree[`/sys/bus/${bus}/drivers/${driver}/module`] = { to: `../../../../module/${module}` };
    tree[`/sys/module/${module}/initstate`] = 'live\n';
    tree[`/sys/module/${module}/parameters/key`] = `${S.parameterValue}\n`;
  }
  return tree;
}

const DMI =
  `dmi:bvnLENOVO:bvr${S.biosVersion}(1.67):bd08/31/2016:br1.67:svnLENOVO:pn20BSTEST:pvrThinkPadX1Carbon3rd:` +
  `rvnLENOVO:rn20BSTEST:rvr${S.serial}:cvnLENOVO:ct10:cvr${S.asset}:sku${S.sku}:`;
const CPU = `cpu:type:x86,ven0000fam0006mod003D:feature:,0000,0001,00A2,00E1,`;
const PCI_NET = 'pci:v00008086d000015A2sv000017AAsd00002226bc02sc00i00';
const PCI_GPU = 'pci:v00008086d00001616sv000017AAsd00002227bc03sc00i00';
const KEYBOARD = 'hid:b0005g0001v0000046Dp0000B342';

const DEVICES: readonly Device[] = [
  { bus: 'pci', name: '0000:00:19.0', driver: 'e1000e', module: 'e1000e', uevent: [`MODALIAS=${PCI_NET}`] },
  { bus: 'pci', name: '0000:00:02.0', uevent: [`PCI_SLOT_NAME=0000:00:02.0`, `MODALIAS=${PCI_GPU}`] },
  { bus: 'pci', name: '0000:00:00.0', uevent: ['MODALIAS=pci:v00008086d00001604sv000017AAsd00002227bc06sc00i00'] },
  { bus: 'cpu', name: 'cpu0', driver: 'processor', uevent: [`MODALIAS=${CPU}`] },
  { bus: 'cpu', name: 'cpu1', driver: 'processor', uevent: [`MODALIAS=${CPU}`] },
  {
    bus: 'usb',
    name: '1-1',
    driver: 'usb',
    module: 'usbcore',
    uevent: ['DEVTYPE=usb_device', 'PRODUCT=781/5591/100'],
    files: { serial: `${S.serial}\n`, product: `${S.card}\n` },
  },
  {
    bus: 'usb',
    name: '1-1:1.0',
    driver: 'usb-storage',
    module: 'usb_storage',
    uevent: ['MODALIAS=usb:v0781p5591d0100dc00dsc00dp00ic08isc06ip50in00'],
  },
  {
    bus: 'hid',
    name: '0005:046D:B342.0004',
    driver: 'hid-generic',
    uevent: [
      `HID_NAME=${S.user}'s Keyboard`,
      `HID_PHYS=${S.bluetoothMac}`,
      `HID_UNIQ=${S.bluetoothMac}`,
      `MODALIAS=${KEYBOARD}`,
    ],
  },
  { bus: 'platform', name: 'Fixed MDIO bus.0', driver: 'mdio gpio', uevent: ['MODALIAS=platform:Fixed MDIO bus'] },
  {
    bus: 'acpi',
    name: 'PNP0C0A:00',
    uevent: ['MODALIAS=acpi:PNP0C0A:'],
    files: { status: '31\n', path: '\\_SB_.BAT0\n' },
  },
  { bus: 'acpi', name: 'PNP0C0A:01', uevent: ['MODALIAS=acpi:PNP0C0A:'], files: { status: '15\n' } },
  { bus: 'acpi', name: 'INT33A1:00', uevent: ['MODALIAS=acpi:INT33A1:PNP0D80:'], files: { status: '0\n' } },
  { bus: 'acpi', name: 'device:1d', uevent: [], files: { status: '15\n', uid: `${S.serial}\n` } },
  { bus: 'i2c', name: 'i2c-0', uevent: [] },
  {
    bus: 'scsi',
    name: '0:0:0:0',
    driver: 'sd',
    module: 'sd_mod',
    uevent: ['DEVTYPE=scsi_device', 'MODALIAS=scsi:t-0x00'],
    files: { vpd_pg80: S.serial, wwid: `naa.${S.macInName}\n` },
  },
  {
    bus: 'wmi',
    name: 'ABBC0F6B-8EA1-11D1-00A0-C90629100000',
    uevent: ['MODALIAS=wmi:ABBC0F6B-8EA1-11D1-00A0-C90629100000'],
  },
];

/** A member of a class: a directory below /sys/devices, and a link. */
function member(path: string, files: Readonly<Record<string, string>> = {}): FakeTree {
  const home = `/sys/devices/virtual/${path}`;
  const texts = Object.entries({ uevent: '', ...files });
  return {
    [`/sys/class/${path}`]: { to: `../../devices/virtual/${path}` },
    ...Object.fromEntries(texts.map(([file, text]) => [`${home}/${file}`, text])),
  };
}

const CLASSES: readonly FakeTree[] = [
  { '/sys/class/backlight/': '', '/sys/class/net/bonding_masters': `${S.interface}\n` },
  member(`net/${S.interface}`, {
    uevent: `DEVTYPE=wireguard\nINTERFACE=${S.interface}\nIFINDEX=7\n`,
    type: '65534\n',
    address: `${S.mac}\n`,
    ifalias: `${S.user} to ${S.host}\n`,
  }),
  member(`net/enx${S.macInName}`, { uevent: `INTERFACE=enx${S.macInName}\n`, type: '1\n', address: `${S.mac}\n` }),
  member('net/wlan0', { uevent: 'DEVTYPE=wlan\nINTERFACE=wlan0\n', type: '1\n', address: `${S.mac}\n` }),
  member('net/tap0', { uevent: 'INTERFACE=tap0\n', type: '1\n', tun_flags: '0x1002\n' }),
  member(`bluetooth/hci0:${S.bluetoothMac}`, { address: `${S.bluetoothMac}\n` }),
  member(`power_supply/sony_controller_battery_${S.bluetoothMac}`, {
    serial_number: `${S.serial}\n`,
    type: 'Battery\n',
  }),
  member('hwmon/hwmon0', { name: `sony_controller_battery_${S.macInName}\n` }),
  member('drm/card0-HDMI-A-1', { edid: `\0\xff\xff\xff${S.monitor}`, status: 'connected\n' }),
  member('input/input3', {
    uevent: `NAME="${S.user}'s Mouse"\nPHYS="usb-0000:00:14.0-1/input0"\nUNIQ="${S.bluetoothMac}"\nMODALIAS=input:b0003v046DpC52Be0111-e0,1,2,4,k110,\n`,
    uniq: `${S.bluetoothMac}\n`,
  }),
  member('dmi/id', {
    uevent: `MODALIAS=${DMI}\n`,
    modalias: `${DMI}\n`,
    product_serial: `${S.serial}\n`,
    product_uuid: `${S.uuid}\n`,
    chassis_asset_tag: `${S.asset}\n`,
  }),
  member(`iscsi_session/${S.iqn}.${S.domain}:${S.volume}`, { targetname: `${S.iqn}.${S.domain}\n` }),
  member('nvme/nvme0', { serial: `${S.serial}\n`, subsysnqn: `nqn.2014-08.org:uuid:${S.uuid}\n` }),
];

const CMDLINE =
  `BOOT_IMAGE=/boot/vmlinuz-${RELEASE} root=UUID=${S.uuid} ro resume=/dev/mapper/${S.volume} quiet ` +
  `cryptdevice=UUID=${S.uuid}:${S.volume} ip=${S.address}::192.168.77.1:255.255.255.0:${S.host}:eth0:none ` +
  `BOOTIF=${S.bootMac} systemd.hostname=${S.host} console=tty0 console=ttyS0,115200n8 console=/dev/${S.volume} ` +
  `dyndbg="file ${S.user}.c ${S.password} +p" "snd_hda_intel.model=${S.parameterValue} x" ` +
  `nfsroot=${S.address}:/export/${S.user} intel_iommu=on -- --password=${S.password} ${S.user}\n`;

const MOUNTS = [
  `/dev/mapper/${S.volume} / ext4 rw,relatime 0 0`,
  'proc /proc proc rw 0 0',
  'binfmt_misc /proc/sys/fs/binfmt_misc binfmt_misc rw,nosuid 0 0',
  `/dev/disk/by-uuid/${S.uuid} /boot/efi vfat rw,fmask=0022,codepage=437,iocharset=ascii,shortname=mixed 0 0`,
  `${S.address}:/export/${S.user} /home/${S.user}/${S.mountPoint} nfs4 rw,addr=${S.address},clientaddr=${S.address6} 0 0`,
  `//${S.host}.${S.domain}/share /mnt/${S.mountPoint} cifs rw,username=${S.user},password=${S.password},iocharset=utf8 0 0`,
  `overlay /var/lib/docker/overlay2/${S.uuidWithoutDashes}/merged overlay rw,lowerdir=/home/${S.user}/l,upperdir=/u 0 0`,
  `${S.user}@${S.host}:/ /home/${S.user}/remote fuse.${S.host} rw,user_id=1000 0 0`,
  `tmpfs /run/user/1000 tmpfs rw,iocharset=${S.parameterValue},nls=${S.user} 0 0`,
];

const FSTAB = [
  `# /home was on ${S.uuid}`,
  `UUID=${S.uuid} / ext4 errors=remount-ro 0 1`,
  `LABEL=${S.label}\t/media/${S.mountPoint}\tntfs3\tnls=cp1251,uid=${S.user}\t0 0`,
  `${S.host}:/srv /srv nfs,nfs4 noauto,x-systemd.automount 0 0`,
  `/dev/mapper/${S.volume} none swap sw 0 0`,
  '/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto 0 0',
];

const PROTOCOLS = [
  'protocol  size sockets  memory press maxhdr  slab module     cl co di ac io in de sh ss gs se re bi br ha uh gp em',
  'HCI       1064      2      -1   NI       0   no   bluetooth   n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n',
  'UNIX-STREAM 1152   31      -1   NI       0   yes  kernel      y  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n',
  'SCTP      1800      0      -1   NI       0   yes  sctp        y  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n',
];

const INTERRUPTS = [
  '           CPU0       CPU1       ',
  '  1:          0         10  IO-APIC    1-edge      i8042',
  ` 28:          0          0 PCI-MSIX-0000:00:01.0   0-edge      ${S.interface}-tx-0`,
  ` 29:          0          5 IR-PCI-MSI-0000:00:1f.6 1-edge      ${S.host}`,
  ` 30:          0          5 1-0020 7 Level     ${S.user}`,
  'NMI:          0          0   Non-maskable interrupts',
  'ERR:          0',
];

const CARDS = [
  ' 0 [PCH            ]: HDA-Intel - HDA Intel PCH',
  '                      HDA Intel PCH at 0xf7f10000 irq 52',
  ` 1 [${S.card}        ]: USB-Audio - ${S.user}'s ${S.card}`,
  `                      ${S.user}'s ${S.card} ${S.serial} at usb-0000:00:14.0-2, full speed`,
];

const CRYPTO = [
  ['name         : xts(aes)', 'driver       : xts-aes-aesni', 'module       : aesni_intel', 'refcnt       : 3'],
  ['name         : sha256', 'driver       : sha256-generic', 'module       : kernel', 'refcnt       : 1'],
  ['name         : crc32c', 'driver       : crc32c-generic', 'module       : kernel', 'refcnt       : 5'],
];

const ALIASES = [
  '# Aliases extracted from modules themselves.',
  'alias pci:v00008086d000015A2sv*sd*bc*sc*i* e1000e',
  'alias pci:v00008086d00001616sv*sd*bc03sc*i* i915',
  'alias pci:v00008086d00001617sv*sd*bc03sc*i* never',
  'alias acpi*:PNP0C0A:* battery',
  'alias acpi*:INT33A1:* intel_pmc_core',
  'alias cpu:type:x86,ven*fam*mod*:feature:*00A2* aesni_intel',
  'alias dmi:*:svnLENOVO:*:pvrThinkPad*:* thinkpad_acpi',
  'alias usb:v*p*d*dc*dsc*dp*ic08isc06ip50in* usb_storage',
  'alias usb:v0781p5591d01[0-9][0-9]dc*dsc*dp*ic*isc*ip*in* ums_test',
  'alias input:b*v*p*e*-e*1,*k*110,*r*a*m*l*s*f*w* never_either',
  'alias input:b*v*p*e*-e*1,*k110,* mousedev',
  'alias platform:Fixed?MDIO?bus fixed_phy',
  'alias fs-btrfs btrfs',
];

const BUILTIN = ['hid_generic.alias=hid:b*g*v*p*', 'hid_generic.license=GPL', 'sd_mod.alias=scsi:t-0x00*'];

const FILES: FakeTree = {
  '/proc/sys/kernel/osrelease': `${RELEASE}\n`,
  '/proc/sys/kernel/hostname': `${S.host}\n`,
  '/proc/version': `Linux version ${RELEASE} (${S.user}@${S.host})\n`,
  '/etc/hostname': `${S.host}\n`,
  '/etc/machine-id': `${S.uuidWithoutDashes}\n`,
  '/proc/cmdline': CMDLINE,
  '/proc/modules': [
    'e1000e 331776 0 - Live 0x0000000000000000',
    'usb_storage 86016 1 uas, Live 0x0000000000000000',
    'nvidia 56823808 42 nvidia_modeset, Live 0x0000000000000000 (POE)',
    'sctp 417792 - - Live 0x0000000000000000',
    '',
  ].join('\n'),
  '/proc/filesystems': 'nodev\tsysfs\nnodev\ttmpfs\n\text4\n\tfuseblk\n',
  '/proc/mounts': `${MOUNTS.join('\n')}\n`,
  '/etc/fstab': FSTAB.join('\n'),
  '/etc/crypttab': `${S.volume} UUID=${S.uuid} /etc/keys/${S.user}.key luks,discard\nplain1 /dev/sda9 ${S.password} plain,cipher=aes-cbc-essiv:sha256,hash=sha512\n`,
  '/proc/swaps': `Filename\t\tType\t\tSize\n/dev/mapper/${S.volume} partition\t100 0 -2\n/home/${S.user}/swap file\t100 0 -3\n/dev/zram0 partition\t100 0 100\n`,
  '/proc/mdstat': `Personalities : [raid1] [raid6]\nmd127 : active (auto-read-only) raid1 sda1[0] sdb1[1]\n      100 blocks super 1.2 [2/2] [UU]\n`,
  '/proc/crypto': CRYPTO.map((lines) => `${lines.join('\n')}\nselftest     : passed\n`).join('\n'),
  '/proc/net/protocols': `${PROTOCOLS.join('\n')}\n`,
  '/proc/net/ptype': `Type Device      Function\nALL  ${S.interface}     packet_rcv [af_packet]\n0800          ip_rcv\n88cc wlan0    packet_rcv\n`,
  '/proc/net/ip_tables_names': 'filter\nnat\n',
  '/proc/net/arp': `${S.address} 0x1 0x2 ${S.mac} * ${S.interface}\n`,
  '/proc/cgroups': '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t0\t97\t1\nrdma\t0\t97\t0\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
  '/sys/fs/cgroup/cgroup.subtree_control': 'memory pids\n',
  [`/sys/fs/cgroup/user.slice/${S.user}.slice/cgroup.controllers`]: 'memory\n',
  '/proc/consoles': 'tty0                 -WU (EC  p  )    4:1\nttyS0                -W- (EC  p a)    4:64\n',
  '/proc/misc': '183 hw_random\n229 fuse\n',
  '/proc/tty/drivers':
    '/dev/tty             /dev/tty        5       0 system:/dev/tty\nserial               /dev/ttyS       4 64-67 serial\n',
  '/proc/interrupts': `${INTERRUPTS.join('\n')}\n`,
  '/proc/cpuinfo': 'processor\t: 0\nmodel name\t: Test\nflags\t\t: fpu vme hypervisor lahf_lm\nbugs\t\t:\n',
  '/proc/asound/modules': ' 0 snd_hda_intel\n 1 snd_usb_audio\n',
  '/proc/asound/cards': `${CARDS.join('\n')}\n`,
  '/proc/1/comm': 'systemd\n',
  '/proc/1/environ': `HOME=/home/${S.user}\0TOKEN=${S.password}`,
  '/usr/lib/systemd/libsystemd-shared-252.so': '',
  '/usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-255.4-1ubuntu8.so': '',
  '/etc/os-release': `NAME="${S.host} OS"\nID=debian\nVERSION_ID="12"\nHOME_URL="https://${S.domain}/"\n`,
  '/usr/lib/os-release': 'ID=other\nVERSION_ID=1\n',
  '/proc/sys/net/core/default_qdisc': 'fq_codel\n',
  '/proc/sys/fs/binfmt_misc/register': '',
  '/proc/sys/fs/binfmt_misc/status': 'enabled\n',
  [`/proc/sys/fs/binfmt_misc/${S.user}-runner`]: `interpreter /home/${S.user}/run\n`,
  '/sys/kernel/security/lsm': 'lockdown,capability,yama,apparmor',
  '/sys/kernel/security/lockdown': 'none [integrity] confidentiality\n',
  '/sys/kernel/security/apparmor/profiles': `/home/${S.user}/${S.profile} (enforce)\n${S.profile} (complain)\n`,
  '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c': '\x06\0\0\0\x01',
  '/sys/firmware/acpi/tables/APIC': '',
  '/sys/firmware/acpi/tables/SSDT1': '',
  '/sys/firmware/acpi/tables/SSDT2': '',
  '/sys/firmware/acpi/tables/data/BERT': '',
  '/sys/firmware/dmi/entries/1-0/raw': S.serial,
  '/sys/firmware/devicetree/base/serial-number': S.serial,
  '/sys/hypervisor/type': 'xen\n',
  '/sys/hypervisor/uuid': `${S.uuid}\n`,
  '/sys/kernel/iommu_groups/0/type': 'DMA\n',
  '/sys/kernel/iommu_groups/1/type': 'DMA\n',
  '/sys/devices/system/clocksource/clocksource0/current_clocksource': 'tsc\n',
  '/sys/devices/system/clocksource/clocksource0/available_clocksource': 'tsc hpet acpi_pm \n',
  '/sys/devices/system/clockevents/clockevent0/current_device': 'lapic-deadline\n',
  '/sys/devices/system/clockevents/clockevent1/current_device': 'lapic-deadline\n',
  '/sys/devices/system/cpu/cpuidle/current_driver': 'intel_idle\n',
  '/sys/devices/system/cpu/cpuidle/current_governor': 'menu\n',
  '/sys/devices/system/cpu/cpuidle/current_governor_ro': 'menu\n',
  '/sys/devices/system/cpu/cpufreq/policy0/scaling_driver': 'intel_pstate\n',
  '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor': 'powersave\n',
  '/sys/block/dm-0/dm/uuid': `CRYPT-LUKS2-${S.uuidWithoutDashes}-${S.volume}\n`,
  '/sys/block/dm-0/dm/name': `${S.volume}\n`,
  '/sys/block/dm-1/dm/uuid': `LVM-${S.lvmUuid}\n`,
  '/sys/block/dm-2/dm/uuid': `${S.user}-${S.uuid}\n`,
  '/sys/block/sda/device/wwid': `naa.${S.macInName}\n`,
  '/sys/block/zram0/comp_algorithm': 'lzo-rle lzo lz4 [zstd]\n',
  '/sys/module/zswap/parameters/enabled': 'Y\n',
  '/sys/module/kernel/parameters/panic': '0\n',
  '/usr/bin/docker': '',
  '/usr/bin/podman': '',
  [`/usr/bin/${S.user}-tool`]: '',
  '/lib/ld-linux.so.2': '',
  [`/lib/modules/${RELEASE}/modules.alias`]: `${ALIASES.join('\n')}\n`,
  [`/lib/modules/${RELEASE}/modules.builtin.modinfo`]: `${BUILTIN.join('\0')}\0`,
  '/proc/config.gz': gzipSync(`CONFIG_LOCALVERSION="-${S.host}"\nCONFIG_E1000E=m\n`).toString('latin1'),
  '/var/lib/wireguard/private': S.key,
};

/** A machine with a secret wherever a real one has one. */
export const FAKE_MACHINE: FakeTree = Object.assign({}, FILES, ...DEVICES.map(device), ...CLASSES);

/** What its programs print: as `ip -d -j link`, `tc -j qdisc` and `dmsetup table` do. */
export const FAKE_PROGRAMS: Readonly<Record<string, string>> = {
  'ip -d -j link':
    `[{"ifname":"${S.interface}","address":"${S.mac}","ifalias":"${S.user} \\"info_kind\\":\\"${S.host}\\"",` +
    `"linkinfo":{"info_kind":"wireguard"}},{"ifname":"veth${S.macInName}","linkinfo":{"info_kind":"veth",` +
    `"info_slave_kind":"bridge","info_slave_data":{"designated_bridge":"${S.mac}"}}},` +
    '{"ifname":"veth1","linkinfo":{"info_kind":"veth"}}]\n',
  'tc -j qdisc': `[{"kind":"noqueue","dev":"lo"},{"kind":"fq_codel","dev":"${S.interface}","root":true}]\n`,
  'dmsetup table':
    `${S.volume}: 0 1000 crypt aes-xts-plain64 :64:logon:cryptsetup:${S.uuid}-d0 0 254:1 32768\n` +
    `vg-${S.user}: 0 8192 linear 8:3 2048\nvg-${S.user}: 8192 8192 linear 8:4 2048\n`,
};

/** Runs no program, but answers as they would. */
export function fakeCommands(answers: Readonly<Record<string, string>> = FAKE_PROGRAMS): CommandRunner {
  return {
    run: (file, args) => {
      const stdout = answers[[file, ...args].join(' ')];
      return { status: stdout === undefined ? null : 0, stdout: stdout ?? '', stderr: '' };
    },
    shells: () => {
      throw new Error('no shells here');
    },
    waitFor: (answers) => answers,
  };
}

type TreeFs = {
  mkdirSync(path: string, options: { recursive: true }): unknown;
  writeFileSync(path: string, bytes: Uint8Array): void;
  symlinkSync(target: string, path: string): void;
};

function plant(fs: TreeFs, root: string, tree: FakeTree): void {
  for (const [path, content] of Object.entries(tree)) {
    const at = `${root}${path}`;
    fs.mkdirSync(path.endsWith('/') ? at : dirname(at), { recursive: true });
    if (path.endsWith('/')) continue;
    if (typeof content === 'string') fs.writeFileSync(at, Buffer.from(content, 'latin1'));
    else fs.symlinkSync(content.to, at);
  }
}

/** The tree in memory. */
export function fakeFs(tree: FakeTree = FAKE_MACHINE): NodeFileSystem {
  const volume = new Volume();
  plant(volume as unknown as TreeFs, '', tree);
  return new NodeFileSystem(volume as unknown as NodeFs);
}

/** The tree below a directory of the disk, for scripts. */
export function plantMachine(root: string, tree: FakeTree = FAKE_MACHINE): void {
  plant({ mkdirSync, writeFileSync, symlinkSync }, root, tree);
}
