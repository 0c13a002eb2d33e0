import { AliasPatterns } from '../machine/alias-patterns.ts';
import type { AliasMacros } from '../sources/alias-macros.ts';
import { deviceAliases } from '../sources/device-tables.ts';

/** Files of the tree. @returns null where there is none */
type ReadText = (path: string) => string | null;

/** Entries that name no device but a class of them, or any of a vendor's. */
const WIDE: Readonly<Record<string, RegExp>> = {
  pci: /PCI_(?:DEVICE_)?CLASS|PCI_ANY_ID\s*\)/,
  usb: /USB_\w*_INFO\(|MATCH_INT_|MATCH_DEV_CLASS|MATCH_VENDOR/,
  hid: /HID_ANY_ID/,
  acpi: /ACPI_DEVICE_CLASS|\.cls\b|\{\s*[A-Z]\w*\s*,/,
  virtio: /./,
};
/** Where an alias has the number of the device. */
const DEVICE_NUMBER: Readonly<Record<string, RegExp>> = {
  pci: /^pci:v[0-9A-F]{8}d0*([0-9A-F]+)/,
  usb: /^usb:v[0-9A-F]{4}p0*([0-9A-F]+)/,
  hid: /^hid:b[0-9A-F]{4}g[0-9A-F]{4}v[0-9A-F]{8}p0*([0-9A-F]+)/,
};
/** Names of numbers that stand in a header of all drivers. */
const PCI_IDS = 'include/linux/pci_ids.h';

/** How far headers are followed for numbers of devices. */
const HEADER_DEPTH = 3;

/** Which sources have a device in their tables. Only those are read as C in which something of it stands. */
export class DeviceSources {
  readonly #readText: ReadText;
  readonly #macros: AliasMacros;
  readonly #patterns = new Map<string, AliasPatterns<true>>();
  readonly #texts = new Map<string, { readonly own: string; readonly all: string }>();
  #pciNames: ReadonlyMap<string, readonly string[]> | null = null;

  constructor(readText: ReadText, macros: AliasMacros) {
    this.#readText = readText;
    this.#macros = macros;
  }

  /**
   * @param source a C source, relative to the tree
   * @param table the kind of table in it
   * @param alias a device's, of which `tablesFor` names this kind
   */
  drives(source: string, table: string, alias: string): boolean {
    if (!this.#mentions(source, table, alias)) return false;
    const key = `${table} ${source}`;
    let patterns = this.#patterns.get(key);
    if (!patterns) {
      patterns = new AliasPatterns();
      for (const each of deviceAliases(this.#text(source).own, source, table, this.#macros)) patterns.add(each, true);
      this.#patterns.set(key, patterns);
    }
    return patterns.owners(alias).length > 0;
  }

  #mentions(source: string, table: string, alias: string): boolean {
    const { own, all } = this.#text(source);
    if (WIDE[table]?.test(own)) return true;
    const number = DEVICE_NUMBER[table]?.exec(alias)?.[1];
    if (number === undefined) return idsOf(alias).some((id) => all.includes(`"${id}"`));
    if (new RegExp(`\\b0x0*${number}\\b`, 'i').test(all)) return true;
    return table === 'pci' && this.#namesOf(number).some((name) => own.includes(name));
  }

  /** A source alone, and with the headers beside it. */
  #text(source: string): { readonly own: string; readonly all: string } {
    let text = this.#texts.get(source);
    if (!text) {
      const own = this.#readText(source) ?? '';
      const folder = source.slice(0, source.lastIndexOf('/') + 1);
      // Headers of ids stand in the tree's own folder of headers.
      const included = (from: string): string[] =>
        [...from.matchAll(/^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]*[-_]ids\.h)>)/gm)].flatMap(
          ([, beside, common]) => this.#readText(beside === undefined ? `include/${common}` : folder + beside) ?? [],
        );
      const all = [own];
      for (let depth = 0, last = [own]; depth < HEADER_DEPTH; depth++) {
        last = last.flatMap(included);
        all.push(...last);
      }
      text = { own, all: all.join('\n') };
      this.#texts.set(source, text);
    }
    return text;
  }

  #namesOf(number: string): readonly string[] {
    if (this.#pciNames === null) {
      const names = new Map<string, string[]>();
      const text = this.#readText(PCI_IDS) ?? '';
      // Macros put such names together; the vendor may stand elsewhere.
      for (const [, name, value] of text.matchAll(/^#define[ \t]+PCI_DEVICE_ID_(\w+)[ \t]+0x0*([0-9a-f]+)/gim)) {
        const number = value!.toUpperCase();
        names.set(number, [...(names.get(number) ?? []), name!.replace(/^[^_]*_(?=.)/, '')]);
      }
      this.#pciNames = names;
    }
    return this.#pciNames.get(number) ?? [];
  }
}

/** The names in an alias: of `acpi:PNP0A08:PNP0A03:` two. */
function idsOf(alias: string): string[] {
  return alias
    .split(':')
    .slice(1)
    .filter((id) => id !== '');
}
