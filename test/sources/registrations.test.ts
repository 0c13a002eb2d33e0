import { describe, expect, it } from 'vitest';
import { readRegistration, registrationsIn } from '../../src/sources/registrations.ts';
import { partsIn, readPart } from '../../src/sources/source-parts.ts';

const found = (text: string): string[] =>
  registrationsIn(text).map((each) => {
    const { type, name } = readRegistration(each);
    return `${type} ${name}`;
  });

describe('registrationsIn', () => {
  it.each([
    ['static struct pci_driver e1000_driver = {\n\t.name     = "e1000e",\n};', ['pci_driver e1000e']],
    [
      'struct platform_driver x = {\n\t.driver = {\n\t\t.owner = A,\n\t\t.name = "reg-dummy",\n\t},\n};',
      ['platform_driver reg-dummy'],
    ],
    ['static struct virtio_driver v = {\n\t.driver.name =\tKBUILD_MODNAME,\n};', ['virtio_driver <KBUILD_MODNAME>']],
    ['static struct hda_codec_driver r = {\n\t.id = ids,\n};', ['hda_codec_driver <KBUILD_MODNAME>']],
    ['#define NAME "a" "b"\nstatic struct usb_driver u = { .name = NAME "-c" };', ['usb_driver ab-c']],
    ['char drv_name[] = "ixgbe";\nstatic struct pci_driver u = { .name = drv_name };', ['pci_driver ixgbe']],
    ['static struct pci_driver u = { .name = DRV_NAME };', ['pci_driver =DRV_NAME']],
    [
      'static struct phy_driver p[] = {\n{\n .name = "One",\n}, { .name = "Two PHY" } };',
      ['phy_driver One', 'phy_driver Two PHY'],
    ],
    ['static struct platform_driver * const all[] = { &a, &b };', []],
    ['struct file_system_type ext4 = { .owner = X, .name = "ext4", };', ['file_system_type ext4']],
    ['static struct Qdisc_ops q __read_mostly = {\n .id = "fq_codel", };', ['Qdisc_ops fq_codel']],
    ['static struct rtnl_link_ops l __ro_after_init = { .kind\t= "veth" };', ['rtnl_link_ops veth']],
    ['static struct miscdevice m = { HPET_MINOR, "hpet", &fops };', ['miscdevice hpet']],
    ['static struct packet_type p = { .func = ip_rcv, };', ['packet_type ip_rcv']],
    ['struct cgroup_subsys io_cgrp_subsys = { .legacy_name = "blkio" };', ['cgroup_subsys io', 'cgroup_subsys blkio']],
    ['MODULE_DEVICE_TABLE(pci, ids);\nMODULE_DEVICE_TABLE( usb , other );', ['device-table pci', 'device-table usb']],
    ['DEFINE_LSM(yama) = {\n\t.name = "yama",\n};', ['lsm yama']],
    [
      'static struct skcipher_alg a = { .base = { .cra_name = "cbc(aes)", .cra_driver_name = "cbc-x" } };',
      ['crypto cbc(aes)', 'crypto-driver cbc-x'],
    ],
    ['static struct crypto_template t = { .name = "xts", };', ['crypto xts']],
    ['x = class_create("input");\ny = class_create(THIS_MODULE, "old");', ['class input', 'class old']],
    ['acpi_table_parse(ACPI_SIG_HPET, f);\nchar *all[] = { ACPI_SIG_DMAR };', ['acpi-table HPET']],
    ['__setup("quiet=", f);\nearly_param("nosmp", g);', ['parameter quiet=', 'parameter nosmp']],
    ['levt->name = "lapic-deadline";', ['assigned lapic-deadline']],
    ['/* struct pci_driver x */ int a;', []],
  ])('%j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('says where, and which symbols the source asks for around it', () => {
    const text = [
      '#ifdef CONFIG_A',
      'static struct pci_driver one = { .name = "one" };',
      '#elif defined(CONFIG_B) && !defined(X)',
      'static struct pci_driver two = { .name = "two" };',
      '#else',
      '#if X',
      'static struct pci_driver three = { .name = "three" };',
      '#endif',
      '#endif',
      'static struct pci_driver four = { .name = "four" };',
    ].join('\n');
    expect(registrationsIn(text).map(readRegistration)).toMatchObject([
      { name: 'one', line: 2, guard: '(defined(CONFIG_A))' },
      { name: 'two', line: 4, guard: '!(defined(CONFIG_A)) && (defined(CONFIG_B) && !defined(X))' },
      { name: 'three', line: 7, guard: '!(defined(CONFIG_A)) && !(defined(CONFIG_B) && !defined(X))' },
      { name: 'four', line: 10, guard: '' },
    ]);
  });

  it.each([
    'struct pci_driver a = {',
    'struct pci_driver a = { .name = "x',
    'struct pci_driver a = { .b = {{{{',
    '#if CONFIG_',
  ])('ends where %j breaks off', (text) => {
    expect(found(text).length).toBeLessThan(2);
  });
});

describe('partsIn', () => {
  it('has sources that are included, and headers for this source alone', () => {
    const text = '#include "i8042.h"\n#include "other.h"\n#ifdef CONFIG_S\n# include "../cpu/s.c"\n#endif\n';
    expect(partsIn(text, 'drivers/serio/i8042.c').map(readPart)).toEqual([
      { path: 'drivers/serio/i8042.h', guard: '' },
      { path: 'drivers/cpu/s.c', guard: '(defined(CONFIG_S))' },
    ]);
  });
});
