/** What a record says of each kind of thing that sources register, and which of its facts show that something is used. */
import type { FactWord } from '../../machine/record/format.ts';
import { worksWithoutPolicy } from '../../machine/record/security-modules.ts';

/** How facts of one kind tell of use. */
interface UseRule {
  /** Whether a fact shows use; one that does not shows that the thing is there. */
  readonly isUsed: (fields: readonly string[], count: number) => boolean;
  /** The `source` fact that says whether all of them could be read; without one everybody can. */
  readonly source?: string;
}

const always: UseRule = { isUsed: () => true };
const counted: UseRule = { isUsed: (_, count) => count > 0 };

/** Facts that show use. What only says that something is there (`builtin`, `misc`, `tty`, `packet`) shows none. */
export const USE_RULES: Partial<Readonly<Record<FactWord, UseRule>>> = {
  'acpi-table': always,
  binfmt: counted,
  bus: counted,
  cgroup: always,
  cipher: always,
  class: counted,
  clockevent: counted,
  clocksource: { isUsed: ([, state]) => state === 'current' },
  console: always,
  cpufreq: always,
  cpuidle: always,
  crypto: always,
  crypttab: always,
  device: { isUsed: ([, driver]) => driver !== '-' },
  dm: counted,
  driver: counted,
  firmware: always,
  fs: { isUsed: ([, state]) => state !== 'registered' },
  iommu: counted,
  irqchip: always,
  link: { isUsed: (_, count) => count > 0, source: 'links' },
  lsm: { isUsed: ([name = '']) => worksWithoutPolicy(name), source: 'lsm' },
  match: { isUsed: ([, state]) => state === 'builtin' },
  module: always,
  nls: always,
  param: always,
  policy: counted,
  qdisc: { isUsed: () => true, source: 'qdiscs' },
  raid: counted,
  socket: always,
  sound: counted,
  swap: always,
  table: { isUsed: () => true, source: 'iptables' },
  target: { isUsed: counted.isUsed, source: 'dmtable' },
  zram: always,
};

/** What a registration has to do with a record. */
export interface RegistrationKind {
  /** The type of the registration, as the sources have it. */
  readonly type: RegExp;
  readonly word: FactWord;
  /** The fact's fields up to the name; `''` stands for any. */
  readonly before?: readonly string[];
  /**
   * A fact says only that it is there, as `/proc/misc` does: where there is none, it is not. `stays`: what is there may be
   * in use, and `record --compare` would miss it; `unknown`: whether it is used nobody can say.
   */
  readonly presence?: 'stays' | 'unknown';
}

/**
 * Kinds of registrations that a record speaks of. Types of drivers are not among them: which bus they belong to is told by
 * the buses. What is not here (classifiers, parameters, types of devices) shows itself in no record.
 */
export const REGISTRATION_KINDS: readonly RegistrationKind[] = [
  { type: /^file_system_type$/, word: 'fs' },
  { type: /^class$/, word: 'class' },
  { type: /bus_type$/, word: 'bus' },
  { type: /^clocksource$/, word: 'clocksource' },
  { type: /^clock_event_device$/, word: 'clockevent' },
  { type: /^irq_chip$|^msi_domain_template$/, word: 'irqchip' },
  { type: /^console$/, word: 'console' },
  { type: /^Qdisc_ops$/, word: 'qdisc' },
  { type: /^rtnl_link_ops$/, word: 'link' },
  { type: /^proto$/, word: 'socket' },
  { type: /^lsm$/, word: 'lsm', presence: 'unknown' },
  { type: /^cgroup_subsys$/, word: 'cgroup' },
  { type: /^crypto$/, word: 'crypto' },
  { type: /^crypto-driver$/, word: 'crypto', before: [''] },
  { type: /^target_type$/, word: 'target' },
  { type: /^md_personality$/, word: 'raid' },
  { type: /^xt_table$/, word: 'table', before: [''] },
  { type: /^zcomp_ops$/, word: 'zram' },
  { type: /^nls_table$/, word: 'nls' },
  { type: /^cpufreq_driver$/, word: 'cpufreq', before: ['driver'] },
  { type: /^cpufreq_governor$/, word: 'cpufreq', before: ['governor'] },
  { type: /^cpuidle_driver$/, word: 'cpuidle', before: ['driver'] },
  { type: /^cpuidle_governor$/, word: 'cpuidle', before: ['governor'] },
  { type: /^acpi-table$/, word: 'acpi-table' },
  { type: /^sound-card$/, word: 'sound' },
  { type: /^miscdevice$/, word: 'misc', presence: 'stays' },
  { type: /^(?:tty|uart)_driver$/, word: 'tty', presence: 'unknown' },
];
