import { describe, expect, it, test } from 'vitest';
import { allUnits, type Provider, ProviderMap } from '../../src/evidence/provider-map.ts';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { Sources } from '../../src/sources/sources.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const TREE: Record<string, string> = {
  Makefile: '',
  'kernel/Makefile': '',
  'scripts/Kbuild.include': '',
  'scripts/Makefile.compiler': '',
  Kbuild: 'obj-y += core/\nobj-$(CONFIG_PCI) += drivers/\n',
  'core/Makefile': 'obj-y += whole.o util.o alarm.o\nwhole-y := a.o\nwhole-$(CONFIG_EXTRA) += extra.o\n',
  'core/a.c': 'struct bus_type b = { .name = "platform" };\n',
  'core/extra.c': '\nstruct clocksource c = { .name = "tick" };\n',
  'core/util.c': '#ifdef CONFIG_ACCT\n#include "acct.c"\n#endif\nDEFINE_LSM(cap) = { .name = "cap" };\n',
  'core/acct.c': 'struct cgroup_subsys acct_cgrp_subsys = { };\n',
  'core/alarm.c': 'static struct console c = { .name = "tty" };\nev->name = "late";\n',
  'drivers/Makefile':
    'obj-$(CONFIG_NET) += net.o\nnet-y := main.o\nnet-$(CONFIG_NET_QUEUE) += queue.o\n' +
    'obj-$(CONFIG_ONE) += shared.o\nobj-$(CONFIG_TWO) += shared.o\nobj-$(CONFIG_OLD) += old.o\nobj-$(CONFIG_NEW) += new.o\n' +
    'obj-$(CONFIG_ACPI) += tables.o\nobj-$(CONFIG_DM) += dm.o\nobj-$(CONFIG_CRYPTO_AES) += aes.o\nobj-$(CONFIG_XTS) += xts.o\n' +
    'bus-y := bus.o\nlib-both-y := lib.o\nifdef CONFIG_LIB\nlib-both-y += $(bus-y)\nelse\nobj-$(CONFIG_BUS) += bus.o\nendif\n' +
    'obj-$(CONFIG_LIB) += lib-both.o\n',
  'drivers/lib.c': '',
  'drivers/bus.c': 'struct class c = { .name = "bus" };\n',
  'drivers/main.c':
    'static struct pci_driver d = { .name = KBUILD_MODNAME };\nstruct rtnl_link_ops l = { .kind = "lan" };\n',
  'drivers/queue.c': 'struct Qdisc_ops q = { .id = "fair" };\n',
  'drivers/shared.c': 'static struct device_driver d = { .name = "processor" };\n',
  'drivers/old.c':
    'struct file_system_type f = { .name = "myfs" };\nstatic struct pci_driver d = { .name = "serial" };\n',
  'drivers/new.c':
    'struct file_system_type f = { .name = "myfs" };\nstatic struct pnp_driver d = { .name = "serial" };\n' +
    'struct miscdevice m = { .name = NEW_NAME };\n#include "names.h"\n',
  'drivers/names.h': '#define NEW_NAME_LENGTH 3\n#define NEW_NAME "new-device"\n',
  'drivers/tables.c': 'int f(void) { return acpi_table_parse(ACPI_SIG_MADT, x); }\nchar *all = ACPI_SIG_HPET;\n',
  'drivers/dm.c': 'static struct target_type t = { .name = "crypt" }, linear = { .name = "linear" };\n',
  'drivers/aes.c': 'static struct crypto_alg a = { .cra_name = "aes", .cra_driver_name = "aes-generic" };\n',
  'drivers/xts.c': 'static struct crypto_template t = { .name = "xts" };\n',
  'include/acpi/actbl2.h': '#define ACPI_SIG_MADT           "APIC"\t/* x */\n#define ACPI_SIG_HPET "HPET"\n',
};

const ON: Record<string, string> = {
  PCI: 'y',
  EXTRA: 'y',
  ACCT: 'y',
  NET: 'm',
  NET_QUEUE: 'y',
  ONE: 'y',
  TWO: 'y',
  NEW: 'm',
  ACPI: 'y',
  DM: 'm',
  CRYPTO_AES: 'y',
  XTS: 'm',
  LIB: 'm',
  BUS: 'm',
};

function mapOf(on: Readonly<Record<string, string>> | null): ProviderMap {
  const fs = memoryFs(Object.fromEntries(Object.entries(TREE).map(([path, text]) => [`/tree/${path}`, text])));
  const kbuild = KbuildTree.load({ fs, tree: '/tree', srcarch: 'x86' });
  const lookup = on && ((name: string) => on[name]);
  const units = lookup ? kbuild.build(lookup).units : allUnits(kbuild);
  return new ProviderMap({ kbuild, sources: new Sources(fs, '/tree'), units, lookup });
}

const text = ({ unit, module, symbols, inside, isBuilt, at }: Provider): string =>
  [
    unit ?? `module ${module?.path}`,
    symbols.join('+') || 'always',
    ...(inside.length > 0 ? [`inside ${inside.join('+')}`] : []),
    ...(isBuilt ? [] : ['off']),
    `${at?.file}:${at?.line}`,
  ].join(', ');

function find(map: ProviderMap, fact: string): string[] | string {
  const [word = '', ...fields] = fact.split(' ');
  const answer = map.find(word, fields);
  return answer.kind === 'mapped' ? answer.providers.map(text) : answer.kind;
}

describe('find', () => {
  const map = mapOf(ON);

  test.each<[string, string | string[]]>([
    ['driver pci net net', ['module drivers/net, NET, drivers/Makefile:1']],
    ['driver pci net -', ['drivers/main.o, NET, drivers/main.c:1']],
    ['driver cpu processor -', ['drivers/shared.o, ONE+TWO, drivers/shared.c:1']],
    ['driver pnp serial -', ['drivers/new.o, NEW, drivers/new.c:2']],
    ['driver pnp nobody -', 'unknown'],
    ['device pci net pci:v1', ['drivers/main.o, NET, drivers/main.c:1']],
    ['device pci - pci:v1', 'unknown'],
    ['link lan', ['drivers/main.o, NET, drivers/main.c:2']],
    ['qdisc fair used', ['drivers/queue.o, NET_QUEUE+NET, drivers/queue.c:1']],
    ['bus platform', ['core/a.o, always, core/a.c:1']],
    ['clocksource tick current', ['core/extra.o, EXTRA, core/extra.c:2']],
    ['clockevent late', ['core/alarm.o, always, core/alarm.c:2']],
    ['cgroup acct enabled', ['core/util.o, always, inside ACCT, core/acct.c:1']],
    ['lsm cap', ['core/util.o, always, core/util.c:4']],
    ['console tty0 active', ['core/alarm.o, always, core/alarm.c:1']],
    ['fs myfs fstab', ['drivers/new.o, NEW, drivers/new.c:1']],
    ['misc new-device', ['drivers/new.o, NEW, drivers/new.c:3']],
    ['acpi-table APIC', ['drivers/tables.o, ACPI, drivers/tables.c:1']],
    ['acpi-table HPET', 'unknown'],
    ['module net', ['module drivers/net, NET, drivers/Makefile:1']],
    ['builtin alarm', ['core/alarm.o, always, core/Makefile:1']],
    ['builtin extra', 'unknown'],
    ['crypttab luks', ['drivers/dm.o, DM, drivers/dm.c:1']],
    ['dm CRYPT-LUKS2', ['drivers/dm.o, DM, drivers/dm.c:1']],
    ['cipher aes-xts-plain64', ['drivers/aes.o, CRYPTO_AES, drivers/aes.c:1', 'drivers/xts.o, XTS, drivers/xts.c:1']],
    // Without LIB a module of its own has it.
    ['class bus 1', ['drivers/bus.o, BUS+LIB, drivers/bus.c:1']],
    ['os debian 12', 'none'],
    ['swap partition', 'none'],
    ['of-another-version x', 'none'],
  ])('%s', (fact, expected) => {
    expect(find(map, fact)).toEqual(expected);
  });
});

it('says of what is off which symbols its lines name', () => {
  const all = mapOf(null);
  expect(find(all, 'fs myfs fstab')).toEqual([
    'drivers/old.o, OLD, drivers/old.c:1',
    'drivers/new.o, NEW, drivers/new.c:1',
  ]);
  expect(find(all, 'driver pci serial -')).toEqual(['drivers/old.o, OLD, drivers/old.c:2']);
  expect(find(mapOf({ PCI: 'y' }), 'module net')).toEqual(['module drivers/net, NET, off, drivers/Makefile:1']);
});
