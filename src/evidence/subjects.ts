import { type FactWord, textOf } from '../machine/record/format.ts';

/** What a fact of a record names in the kernel's code: all that it may be called there. */
export type Subject =
  /** A module, by the name that modprobe writes. */
  | { readonly kind: 'module'; readonly name: string }
  /** Something that a source registers. */
  | { readonly kind: 'registered'; readonly types: readonly string[]; readonly name: string }
  /** A driver: buses call the types of their structures as they like. */
  | { readonly kind: 'driver'; readonly bus: string; readonly name: string }
  /** A table of the firmware. */
  | { readonly kind: 'acpi-table'; readonly signature: string };

const module = (name: string): Subject => ({ kind: 'module', name });
const registered = (name: string, ...types: string[]): Subject => ({ kind: 'registered', types, name });
const ALGORITHMS = ['crypto-driver', 'crypto'];

/**
 * What a fact names; the first that the tree knows counts.
 * @param fields as `factsOf` has them
 * @returns null for a fact that names no code of the kernel, such as what programs are installed
 */
export function subjectsOf(word: string, fields: readonly string[]): readonly Subject[] | null {
  const find = SUBJECTS[word as FactWord];
  return find ? find(...fields.map(textOf)) : null;
}

/** A module where one is named, and what it is without. */
function ofModule(name: string, ...others: Subject[]): Subject[] {
  return [...(name === '' ? [] : [module(name)]), ...others];
}

type Finder = (first?: string, second?: string, third?: string) => readonly Subject[] | null;

const SUBJECTS: Readonly<Record<FactWord, Finder>> = {
  'acpi-table': (signature = '') => [{ kind: 'acpi-table', signature }],
  arphrd: () => null,
  binfmt: () => [registered('binfmt_misc', 'file_system_type')],
  builtin: (name = '') => [registered(name, 'parameter-prefix'), module(name)],
  bus: (name = '') => [registered(name, 'bus_type'), registered(name, 'xen_bus_type')],
  cgroup: (name = '') => [registered(name, 'cgroup_subsys')],
  cipher: (cipher = '') => cipherParts(cipher).map((name) => registered(name, ...ALGORITHMS)),
  class: (name = '') => [registered(name, 'class', 'assigned')],
  clockevent: (name = '') => [registered(name, 'clock_event_device', 'assigned')],
  clocksource: (name = '') => [registered(name, 'clocksource')],
  config: () => null,
  console: (name = '') => [registered(name.replace(/[0-9]+$/, ''), 'console', 'assigned')],
  cpufreq: (role, name = '') => (name === 'none' ? null : [registered(name, `cpufreq_${role}`)]),
  cpuidle: (role, name = '') => (name === 'none' ? null : [registered(name, `cpuidle_${role}`)]),
  crypto: (algorithm = '', driver = '', name = '') =>
    ofModule(name, registered(driver, 'crypto-driver'), registered(algorithm, 'crypto')),
  // All of them are devices of one target, whatever packs the keys.
  crypttab: () => [registered('crypt', 'target_type')],
  device: (bus = '', name = '') => (name === '' ? [] : [{ kind: 'driver', bus, name }]),
  dm: (kind = '') => [registered(/^CRYPT-/.test(kind) ? dmTarget(kind) : 'linear', 'target_type')],
  driver: (bus = '', name = '', owner = '') => ofModule(owner, { kind: 'driver', bus, name }),
  firmware: (name = '') => [registered(name, 'kobject')],
  fs: (type = '') => [registered(type, 'file_system_type')],
  init: () => null,
  iommu: () => [registered('iommu', 'class')],
  irqchip: (name = '') => [registered(name, 'irq_chip', 'msi_domain_template', 'assigned')],
  kernel: () => null,
  link: (kind = '') => [registered(kind, 'rtnl_link_ops'), registered(kind, 'device_type')],
  loader: () => null,
  lockdown: () => [registered('lockdown', 'lsm')],
  lsm: (name = '') => [registered(name, 'lsm')],
  match: (name = '') => [module(name)],
  misc: (name = '') => [registered(name, 'miscdevice', 'assigned')],
  module: (name = '') => [module(name)],
  nls: (name = '') => [registered(name, 'nls_table'), module(`nls_${name}`)],
  os: () => null,
  'out-of-tree': () => null,
  packet: (_, handler = '') => [registered(handler, 'packet_type')],
  param: (name = '') => parameter(name),
  policy: (name = '') => [registered(name, 'lsm')],
  qdisc: (kind = '') => [registered(kind, 'Qdisc_ops')],
  raid: (personality = '') => [registered(personality, 'md_personality'), module(personality)],
  runtime: () => null,
  secureboot: () => null,
  socket: (protocol = '', owner = '') => ofModule(owner, registered(protocol, 'proto')),
  sound: (driver = '', owner = '') => ofModule(owner, registered(driver, 'sound-card')),
  source: () => null,
  swap: (kind = '') => swap(kind),
  table: (family = '', name = '') => [module(`${family}table_${name}`)],
  target: (name = '') => [registered(name, 'target_type')],
  tty: (name = '') => [registered(name, 'uart_driver', 'tty_driver', 'assigned')],
  virt: () => null,
  zram: (algorithm = '') => [registered(algorithm, 'zcomp_ops'), registered(algorithm, 'crypto')],
};

/** `CRYPT-LUKS2` is dm-crypt, `CRYPT-VERITY` dm-verity: cryptsetup makes both. */
function dmTarget(kind: string): string {
  const made = kind.slice('CRYPT-'.length).toLowerCase();
  return made === 'verity' || made === 'integrity' ? made : 'crypt';
}

/** Swap on a disk names no code but swap itself; what holds the disk is said by other facts. */
function swap(kind: string): readonly Subject[] | null {
  if (kind === 'zram' || kind === 'zswap') return [module(kind)];
  return kind === 'dm' ? [registered('linear', 'target_type')] : null;
}

/** The algorithms of a cipher as dm-crypt has it: `aes-xts-plain64`, `capi:xts(aes)-plain64`, `aes-cbc-essiv:sha256`. */
function cipherParts(cipher: string): string[] {
  const [name = '', mode = '', iv = ''] = cipher.replace(/^capi:/, '').split('-');
  const parts = [...name.split(/[():,]+/), mode, ...iv.split(':').slice(iv.startsWith('essiv') ? 0 : 1)];
  return [...new Set(parts)].filter((part) => part !== '');
}

/** `i915.modeset` is a module's; `console=` and the like a source asks for, some with and some without `=`. */
function parameter(name: string): readonly Subject[] {
  const dot = name.indexOf('.');
  if (dot > 0) return [registered(name.slice(0, dot), 'parameter-prefix'), module(name.slice(0, dot))];
  return [registered(name, 'parameter'), registered(`${name}=`, 'parameter')];
}
