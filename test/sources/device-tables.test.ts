import { describe, expect, it } from 'vitest';
import { AliasMacros } from '../../src/sources/alias-macros.ts';
import { constantValue } from '../../src/sources/constant.ts';
import { deviceAliases } from '../../src/sources/device-tables.ts';

describe('constantValue', () => {
  it.each([
    ['0x8086', 0x8086],
    ['10', 10],
    ['010', 8],
    ['~0', 0xffffffff],
    ['(~0U)', 0xffffffff],
    ['(1 << 3) | 0x10UL', 0x18],
    ['0x0c0330 & ~0xff', 0x0c0300],
    ['(u16)0xFFFF', 0xffff],
    ['2 + 3 * 4 - 1', 13],
    ['board_ahci', null],
    ['(1', null],
    ['', null],
  ])('%s', (text, value) => {
    expect(constantValue(text)).toBe(value);
  });
});

const HEADERS: Record<string, string> = {
  'include/linux/pci.h': [
    '#define PCI_ANY_ID (~0)',
    '#define PCI_DEVICE(vend,dev) \\\n\t.vendor = (vend), .device = (dev), \\\n\t.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID',
    '#define PCI_VDEVICE(vend, dev) \\\n\t.vendor = PCI_VENDOR_ID_##vend, .device = (dev), \\\n\t.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID, 0, 0',
    '#define PCI_DEVICE_CLASS(dev_class,dev_class_mask) \\\n\t.class = (dev_class), .class_mask = (dev_class_mask), \\\n\t.vendor = PCI_ANY_ID, .device = PCI_ANY_ID, \\\n\t.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID',
    '#include <linux/pci_ids.h>\n',
  ].join('\n'),
  'include/linux/pci_ids.h': '#define PCI_VENDOR_ID_INTEL 0x8086\n#define PCI_CLASS_STORAGE_RAID 0x0104\n',
  'include/linux/usb.h': [
    '#define USB_DEVICE_ID_MATCH_DEVICE 0x0003',
    '#define USB_DEVICE_ID_MATCH_INT_INFO 0x0380',
    '#define USB_DEVICE(vend, prod) \\\n\t.match_flags = USB_DEVICE_ID_MATCH_DEVICE, \\\n\t.idVendor = (vend), \\\n\t.idProduct = (prod)',
    '#define USB_INTERFACE_INFO(cl, sc, pr) \\\n\t.match_flags = USB_DEVICE_ID_MATCH_INT_INFO, \\\n\t.bInterfaceClass = (cl), \\\n\t.bInterfaceSubClass = (sc), \\\n\t.bInterfaceProtocol = (pr)\n',
  ].join('\n'),
};

function aliases(bus: string, text: string): readonly string[] {
  const source = `#include <linux/pci.h>\n#include <linux/usb.h>\n${text}`;
  const files: Record<string, string> = { ...HEADERS, 'd/x.c': source };
  return deviceAliases(source, 'd/x.c', bus, new AliasMacros((path) => files[path] ?? null, 'x86'));
}

const table = (bus: string, entries: string): string =>
  `static const struct ${bus}_device_id ids[] = {\n${entries}\n};\nMODULE_DEVICE_TABLE(${bus}, ids);\n`;

describe('deviceAliases', () => {
  it('reads tables of PCI as modpost does', () => {
    const entries = [
      '{ PCI_VDEVICE(INTEL, 0x2922), board_ahci }, /* { PCI_DEVICE(1, 1) } */',
      '{ PCI_DEVICE(0x1234, 0x1111) },',
      '#ifdef CONFIG_X\n{ 0x1, 0x2, 0x3, 0x4, 0, 0, 5 },\n#endif',
      '{ PCI_DEVICE_CLASS(0x010601, 0xffffff) },',
      'OWN(0x30),',
      '{ PCI_VENDOR_ID_INTEL, PCI_ANY_ID, PCI_ANY_ID, PCI_ANY_ID, PCI_CLASS_STORAGE_RAID << 8, 0xffff00 },',
      '{ 0, }',
    ].join('\n');
    const macro = '#define OWN(id) { PCI_VDEVICE(INTEL, id), (kernel_ulong_t)&data }\n';
    expect(aliases('pci', macro + table('pci', entries))).toEqual([
      'pci:v00008086d00002922sv*sd*bc*sc*i*',
      'pci:v00001234d00001111sv*sd*bc*sc*i*',
      'pci:v00000001d00000002sv00000003sd00000004bc*sc*i*',
      'pci:v*d*sv*sd*bc01sc06i01*',
      'pci:v00008086d00000030sv*sd*bc*sc*i*',
      'pci:v00008086d*sv*sd*bc01sc04i*',
    ]);
  });

  it.each([
    [
      'usb',
      '{ USB_DEVICE(0x0403, 0x6001), .driver_info = (kernel_ulong_t)&q }, {}',
      ['usb:v0403p6001d*dc*dsc*dp*ic*isc*ip*in*'],
    ],
    ['usb', '{ USB_INTERFACE_INFO(3, 1, 1) },', ['usb:v*p*d*dc*dsc*dp*ic03isc01ip01in*']],
    ['acpi', '{ "PNP0103", 0 }, {"INT" "33A0"}, { "" }', ['acpi*:PNP0103:*', 'acpi*:INT33A0:*']],
    ['acpi', '{ .cls = 0x010601, .cls_msk = 0xffff00 }', ['acpi*:0106??:*']],
    ['virtio', '{ 2, 0xffffffff }, { 0 }', ['virtio:d00000002v*']],
    ['hid', '{ .bus = 3, .group = 0, .vendor = 0x46d, .product = 0xc52b }, { }', ['hid:b0003g*v0000046Dp0000C52B']],
    ['i2c', '{ "lm75", lm75 }, { .name = "tmp102" }, { }', ['i2c:lm75', 'i2c:tmp102']],
    ['platform', '{ .name = "a-b" }, { }', ['platform:a-b']],
  ])('reads tables of %s: %s', (bus, entries, expected) => {
    expect(aliases(bus, table(bus, entries))).toEqual(expected);
  });

  it('takes a macro of the source before one of a header, and one source after the other', () => {
    const files: Record<string, string> = {};
    const macros = new AliasMacros((path) => files[path] ?? null, 'x86');
    const found = ['0x1', '0x2'].map((id, i) => {
      const path = `d/${i}.c`;
      files[path] = `#define ID ${id}\n${table('virtio', '{ ID, ID }')}`;
      return deviceAliases(files[path], path, 'virtio', macros);
    });
    expect(found).toEqual([['virtio:d00000001v00000001*'], ['virtio:d00000002v00000002*']]);
  });

  it('finds nothing where there is no table, or one that breaks off', () => {
    expect(aliases('pci', 'MODULE_DEVICE_TABLE(pci, elsewhere);')).toEqual([]);
    expect(aliases('of', table('of', '{ .compatible = "x" }'))).toEqual([]);
    expect(aliases('virtio', 'MODULE_DEVICE_TABLE(virtio, ids);\nx ids[] = {\n{ 1, 1 },\n{ 2,')).toEqual([
      'virtio:d00000001v00000001*',
    ]);
  });
});
