/**
 * The devices that a driver's source says it drives: `MODULE_DEVICE_TABLE(pci, ids)` and the array that it names, as the
 * patterns that modpost makes of them (`scripts/mod/file2alias.c`).
 */
import type { AliasMacros } from './alias-macros.ts';
import { constantValue } from './constant.ts';

/** Fields of an entry by their names: text that has been expanded. */
type Entry = ReadonlyMap<string, string>;

/** A kind of table. */
interface TableKind {
  /** Fields of the structure in their order, as far as they count (`include/linux/mod_devicetable.h`). */
  readonly fields: readonly string[];
  /** The pattern of an entry; null for the entry that ends the table. */
  readonly pattern: (entry: Entry) => string | null;
}

const ANY = 0xffffffff;

/** `v00008086`; where anything will do, `v*`. */
function part(name: string, value: number | null, digits: number): string {
  return `${name}${value === null ? '*' : value.toString(16).toUpperCase().padStart(digits, '0')}`;
}

const numberOf = (entry: Entry, field: string): number => constantValue(entry.get(field) ?? '0') ?? Number.NaN;
const unlessAny = (value: number, any = ANY): number | null => (value === any ? null : value);
/** modpost lets go on what ends in a number. */
const open = (pattern: string): string => (pattern.endsWith('*') ? pattern : `${pattern}*`);

function pci(entry: Entry): string | null {
  const [vendor, device, subvendor, subdevice] = ['vendor', 'device', 'subvendor', 'subdevice'].map((field) =>
    numberOf(entry, field),
  ) as [number, number, number, number];
  const [kind, mask] = [numberOf(entry, 'class'), numberOf(entry, 'class_mask')];
  if (vendor === 0 && device === 0 && subvendor === 0 && subdevice === 0 && mask === 0) return null;
  // Devices that are handed to virtual machines are asked for by name.
  if (numberOf(entry, 'override_only') !== 0) return null;
  const classPart = (shift: number): number | null =>
    ((mask >> shift) & 0xff) === 0xff ? (kind >> shift) & 0xff : null;
  return open(
    'pci:' +
      part('v', unlessAny(vendor), 8) +
      part('d', unlessAny(device), 8) +
      part('sv', unlessAny(subvendor), 8) +
      part('sd', unlessAny(subdevice), 8) +
      part('bc', classPart(16), 2) +
      part('sc', classPart(8), 2) +
      part('i', classPart(0), 2),
  );
}

/** Fields of a USB device, the bit of `match_flags` that says that they count, and how they are written. */
const USB: readonly (readonly [field: string, bit: number, name: string, digits: number])[] = [
  ['idVendor', 0x1, 'v', 4],
  ['idProduct', 0x2, 'p', 4],
  ['', 0, 'd', 0],
  ['bDeviceClass', 0x10, 'dc', 2],
  ['bDeviceSubClass', 0x20, 'dsc', 2],
  ['bDeviceProtocol', 0x40, 'dp', 2],
  ['bInterfaceClass', 0x80, 'ic', 2],
  ['bInterfaceSubClass', 0x100, 'isc', 2],
  ['bInterfaceProtocol', 0x200, 'ip', 2],
  ['bInterfaceNumber', 0x400, 'in', 2],
];

/** Of whatever release: which of them a driver takes it finds out itself. */
function usb(entry: Entry): string | null {
  const flags = numberOf(entry, 'match_flags');
  if (['idVendor', 'idProduct', 'bDeviceClass', 'bInterfaceClass'].every((field) => numberOf(entry, field) === 0)) {
    return null;
  }
  const parts = USB.map(([field, bit, name, digits]) =>
    part(name, (flags & bit) === 0 ? null : numberOf(entry, field), digits),
  );
  return open(`usb:${parts.join('')}`);
}

function acpi(entry: Entry): string | null {
  const id = textOf(entry.get('id'));
  if (id !== '') return `acpi*:${id}:*`;
  const [cls, mask] = [numberOf(entry, 'cls'), numberOf(entry, 'cls_msk')];
  if (mask === 0) return null;
  const bytes = [16, 8, 0].map((shift) => (((mask >> shift) & 0xff) === 0 ? '??' : part('', (cls >> shift) & 0xff, 2)));
  return `acpi*:${bytes.join('')}:*`;
}

function virtio(entry: Entry): string | null {
  const [device, vendor] = [numberOf(entry, 'device'), numberOf(entry, 'vendor')];
  if (device === 0 && vendor === 0) return null;
  return open(`virtio:${part('d', unlessAny(device), 8)}${part('v', unlessAny(vendor), 8)}`);
}

function hid(entry: Entry): string | null {
  const [bus, group, vendor, product] = ['bus', 'group', 'vendor', 'product'].map((field) => numberOf(entry, field));
  if (!entry.has('bus') || (bus === 0 && vendor === 0)) return null;
  const parts = [part('b', unlessAny(bus!, 0xffff), 4), part('g', unlessAny(group!, 0), 4)];
  return `hid:${parts.join('')}${part('v', unlessAny(vendor!), 8)}${part('p', unlessAny(product!), 8)}`;
}

/** Devices that are known by a name. */
const named =
  (bus: string) =>
  (entry: Entry): string | null => {
    const name = textOf(entry.get('name'));
    return name === '' ? null : `${bus}:${name}`;
  };

/** Text of C: pieces one behind the other. */
function textOf(expression = ''): string {
  return [...expression.matchAll(/"([^"]*)"/g)].map(([, text]) => text).join('');
}

const KINDS: Readonly<Record<string, TableKind>> = {
  pci: {
    fields: ['vendor', 'device', 'subvendor', 'subdevice', 'class', 'class_mask', 'driver_data', 'override_only'],
    pattern: pci,
  },
  usb: { fields: ['match_flags', 'idVendor', 'idProduct', 'bcdDevice_lo', 'bcdDevice_hi'], pattern: usb },
  acpi: { fields: ['id', 'driver_data', 'cls', 'cls_msk'], pattern: acpi },
  pnp: { fields: ['id'], pattern: acpi },
  virtio: { fields: ['device', 'vendor'], pattern: virtio },
  hid: { fields: ['bus', 'group', 'vendor', 'product'], pattern: hid },
  i2c: { fields: ['name'], pattern: named('i2c') },
  platform: { fields: ['name'], pattern: named('platform') },
};

/** The kinds of tables in which a device is looked for; none where none are read. @param alias the device's */
export function tablesFor(alias: string): readonly string[] {
  const bus = alias.slice(0, alias.indexOf(':'));
  if (bus === 'acpi') return ['acpi', 'pnp'];
  return bus in KINDS && bus !== 'pnp' ? [bus] : [];
}

/** Longest table, in characters. */
const MAX_TABLE = 400_000;
/** How far macros in a table may expand to macros. */
const MAX_ROUNDS = 6;

/**
 * Patterns of the aliases of devices that a source names for a bus, each once. What stands behind an `#if` counts.
 * @param text the source
 * @param path of it, relative to the tree
 * @param bus of `tablesFor`
 */
export function deviceAliases(text: string, path: string, bus: string, macros: AliasMacros): readonly string[] {
  const kind = KINDS[bus];
  if (!kind) return [];
  const found = new Set<string>();
  for (const [, name] of text.matchAll(new RegExp(`\\bMODULE_DEVICE_TABLE\\s*\\(\\s*${bus}\\s*,\\s*(\\w+)`, 'g'))) {
    for (const entry of entriesOf(tableText(text, name!), kind.fields, path, macros)) {
      const pattern = kind.pattern(entry);
      // A macro that is not found says nothing of any device.
      if (pattern !== null && !pattern.includes('NAN')) found.add(pattern);
    }
  }
  return [...found];
}

/** What stands between the braces of an array, without comments and directives. */
function tableText(text: string, name: string): string {
  const start = new RegExp(`\\b${name}\\s*\\[[^\\]]*\\][^=;{}]*=\\s*\\{`).exec(text);
  if (!start) return '';
  const from = start.index + start[0].length;
  const body = text
    .slice(from, from + MAX_TABLE)
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
    .replace(/^[ \t]*#(?:\\\n|[^\n])*/gm, '');
  let depth = 1;
  for (const { 0: bracket, index } of body.matchAll(/[{}]/g)) {
    depth += bracket === '{' ? 1 : -1;
    if (depth === 0) return body.slice(0, index);
  }
  return body;
}

function* entriesOf(body: string, fields: readonly string[], path: string, macros: AliasMacros): Generator<Entry> {
  for (const element of expandedParts(body, path, macros)) {
    const inner = /^(?:\[[^\]]*\]\s*=\s*)?(?:\(\s*(?:const\s+)?struct\s+\w+\s*\)\s*)?\{([\s\S]*)\}$/.exec(element)?.[1];
    if (inner !== undefined) yield entryOf(inner, fields, path, macros);
  }
}

function entryOf(inner: string, fields: readonly string[], path: string, macros: AliasMacros): Entry {
  const entry = new Map<string, string>();
  let next = 0;
  for (const item of expandedParts(inner, path, macros)) {
    const designated = /^\.\s*(\w+)\s*=\s*([\s\S]*)$/.exec(item);
    const name = designated ? designated[1]! : fields[next];
    if (name === undefined) continue;
    next = fields.indexOf(name) + 1 || fields.length;
    if (name !== 'driver_data' && name !== 'driver_info') {
      entry.set(name, macros.expanded(designated?.[2] ?? item, path).trim());
    }
  }
  return entry;
}

/** What commas part, macros expanded where these make more than one part or a structure. */
function expandedParts(text: string, path: string, macros: AliasMacros, rounds = MAX_ROUNDS): string[] {
  return partsOf(text).flatMap((item) => {
    if (rounds === 0 || !/^\w+\s*(?:\(|$)/.test(item)) return [item];
    const expanded = macros.expanded(item, path).trim();
    const isPlain = expanded === item || !/[,{=]/.test(expanded);
    return isPlain ? [item] : expandedParts(expanded, path, macros, rounds - 1);
  });
}

/** What commas part outside of brackets and texts. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[(){}[\],]/g)) {
    if ('({['.includes(token)) depth++;
    else if (')}]'.includes(token)) depth--;
    else if (token === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((each) => each.trim()).filter((each) => each !== '');
}
