/**
 * What a C source registers with the kernel under a name: drivers, file systems, protocols, algorithms, security modules,
 * classes. These are the names that a running machine shows. Found by form, as the kernel's style has it: a structure of
 * a type that is registered, with its name in an initialiser, or a call whose argument is the name.
 */
import { initialisers } from './initialisers.ts';
import { MODULE_NAME } from './module-name.ts';
import type { SourcePart } from './source-parts.ts';
import { SourceText } from './source-text.ts';

/** One thing that a source registers. */
export interface Registration {
  /** The C type of the structure (`pci_driver`, `file_system_type`), or a word for what is no structure. */
  readonly type: string;
  /** `<KBUILD_MODNAME>` stands for the module's name; behind `=` stands an expression whose macros are defined elsewhere. */
  readonly name: string;
  /** From 1. */
  readonly line: number;
  /** The conditions of `#if` around it that speak of symbols, joined by `&&`; empty where there are none. */
  readonly guard: string;
  /** The file, where it is another than the unit's source; else null. */
  readonly file: string | null;
}

/** No registrations, as many sources have it. */
export const NO_REGISTRATIONS: readonly string[] = [];

const SEPARATOR = '\t';

/** A registration as it is cached. */
function writeRegistration({ type, name, line, guard }: Omit<Registration, 'file'>): string {
  return [type, name, line, guard].join(SEPARATOR);
}

/** @param text from `registrationsIn` or `registrationOf` */
export function readRegistration(text: string): Registration {
  const [type = '', name = '', line = '0', guard = '', file = null] = text.split(SEPARATOR);
  return { type, name, line: Number(line), guard, file };
}

/** A registration that stands in a part of the unit's source. @param text from `registrationsIn`, or from this of a part */
export function registrationOf(text: string, part: SourcePart): string {
  const { type, name, line, guard, file } = readRegistration(text);
  const all = [part.guard, guard].filter((each) => each !== '').join(' && ');
  return [type, name, line, all, file ?? part.path].join(SEPARATOR);
}

/** Types of structures that are registered, and that have a name. */
const TYPES =
  '\\w+_driver|\\w+_alg|crypto_template|file_system_type|target_type|Qdisc_ops|tcf_proto_ops|tc_action_ops|rtnl_link_ops' +
  '|device_type|clocksource|clock_event_device|irq_chip|msi_domain_template|proto|packet_type|cgroup_subsys|class|\\w*bus_type|miscdevice' +
  '|console|md_personality|nls_table|cpuidle_governor|cpufreq_governor|xt_table|zcomp_ops';
const STRUCTURE = new RegExp(
  `\\b(?:struct[ \\t\\n]+(${TYPES})[ \\t\\n]+|DEFINE_(?:EARLY_)?(LSM)\\()(\\w+)\\)?[ \\t]*((?:\\[[^\\]\\n]*\\])?)[ \\t\\n]*(?:__\\w+(?:\\([^)\\n]*\\))?[ \\t\\n]*)*=[ \\t\\n]*\\{`,
  'g',
);

/** Where names are that do not stand in `.name`. */
const NAME_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Qdisc_ops: ['id'],
  rtnl_link_ops: ['kind'],
  tcf_proto_ops: ['kind'],
  tc_action_ops: ['kind'],
  uart_driver: ['driver_name', 'dev_name'],
  packet_type: ['func'],
  nls_table: ['charset', 'alias'],
  cgroup_subsys: ['name', 'legacy_name'],
};
const CRYPTO_FIELDS = ['cra_driver_name', 'cra_name', 'name'];

/** A call or an assignment that has a name in it: what has to be in the text, its form, and the type of what it registers. */
interface Form {
  readonly marker: string;
  /** The name is its first group. */
  readonly pattern: RegExp;
  readonly type: string;
}

const FORMS: readonly Form[] = [
  { marker: 'class_create(', pattern: /\bclass_create\((?:THIS_MODULE,\s*)?"([^"\n]+)"/g, type: 'class' },
  {
    marker: 'ACPI_SIG_',
    pattern: /\b(?:acpi_\w+\(\s*|ACPI_COMPARE_NAMESEG\s*\([^;{}]*?)ACPI_SIG_(\w+)/g,
    type: 'acpi-table',
  },
  { marker: 'MODULE_DEVICE_TABLE', pattern: /\bMODULE_DEVICE_TABLE\s*\(\s*(\w+)\s*,/g, type: 'device-table' },
  { marker: '__setup(', pattern: /\b__setup\(\s*"([^"\n]+)"/g, type: 'parameter' },
  { marker: 'early_param(', pattern: /\bearly_param\(\s*"([^"\n]+)"/g, type: 'parameter' },
  { marker: 'core_param(', pattern: /\bcore_param(?:_cb)?\(\s*(\w+)/g, type: 'parameter' },
  { marker: 'create_and_add(', pattern: /\bk(?:object|set)_create_and_add\("([^"\n]+)",/g, type: 'kobject' },
  { marker: 'MODULE_PARAM_PREFIX', pattern: /^#define MODULE_PARAM_PREFIX\s+"(\w+)\."/gm, type: 'parameter-prefix' },
  { marker: '.func = ', pattern: /\w\.func = (\w+);/g, type: 'packet_type' },
  { marker: '->driver', pattern: /\bstrs?cpy\(\w*card->driver,\s*"([^"\n]+)"/g, type: 'sound-card' },
  { marker: 'name = "', pattern: /->(?:driver_)?name = "([^"\n]+)"/g, type: 'assigned' },
];

/** The registrations in a C source (Latin-1), each as `readRegistration` takes it. */
export function registrationsIn(text: string): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const source = new SourceText(text);
  const add = (type: string, name: string | null, at: number): void => {
    if (name === null || name === '' || name.includes(SEPARATOR)) return;
    const guard = source.guard(at);
    const key = [type, name, guard].join(SEPARATOR);
    if (seen.has(key)) return;
    seen.add(key);
    found.push(writeRegistration({ type, name, line: source.line(at), guard }));
  };
  for (const match of text.matchAll(STRUCTURE)) {
    const [whole, structure, , variable = '', dimension] = match;
    const type = structure ?? 'lsm';
    const open = match.index + whole.length;
    const elements = initialisers(text, open, dimension !== '');
    if (type === 'cgroup_subsys') add(type, variable.replace(/_cgrp_subsys$/, ''), match.index);
    for (const fields of elements) addStructure(type, fields, source, add, match.index);
  }
  for (const { marker, pattern, type } of FORMS) {
    if (!text.includes(marker)) continue;
    for (const match of text.matchAll(pattern)) add(type, match[1]!, match.index);
  }
  return found.length === 0 ? NO_REGISTRATIONS : found;
}

type Field = ReturnType<typeof initialisers>[number][number];

function addStructure(
  type: string,
  fields: readonly Field[],
  source: SourceText,
  add: (type: string, name: string | null, at: number) => void,
  start: number,
): void {
  if (type.endsWith('_alg') || type === 'crypto_template') {
    for (const { path, value, at } of fields) {
      const last = path.slice(path.lastIndexOf('.') + 1);
      if (CRYPTO_FIELDS.includes(last))
        add(last === 'cra_driver_name' ? 'crypto-driver' : 'crypto', source.name(value), at);
    }
    return;
  }
  const wanted = NAME_FIELDS[type];
  if (wanted) {
    for (const { path, value, at } of fields) {
      if (wanted.includes(path)) add(type, type === 'packet_type' ? value.trim() : source.name(value), at);
    }
    return;
  }
  const names = fields.filter(({ path }) => path === 'name' || path.endsWith('.name'));
  if (type === 'miscdevice')
    names.push(...fields.filter(({ path }) => path === '[1]').map((each) => ({ ...each, path: 'name' })));
  const own =
    names.find(({ path }) => path === 'name') ?? names.find(({ path }) => /(^|\.)\w*dr(i?v|iver)\.name$/.test(path));
  const field = own ?? (names.length === 1 ? names[0] : undefined);
  if (field) add(type, source.name(field.value), field.at);
  // Macros of the bus fill it in: `module_hda_codec_driver(…)`.
  else if (type.endsWith('_driver') && names.length === 0 && fields.length > 0) add(type, MODULE_NAME, start);
}
