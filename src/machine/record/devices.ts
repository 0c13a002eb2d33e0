import type { AliasTable } from './aliases.ts';
import type { Facts } from './facts.ts';
import type { MachineFiles } from './machine-files.ts';

/** Buses, drivers and devices: what is there, what drives it, and what could. */
export function collectDevices(files: MachineFiles, aliases: AliasTable, facts: Facts): void {
  const found = new Set<string>();
  const device = (bus: string, uevent: string): string | null => {
    const driver = variableOf(uevent, 'DRIVER');
    const alias = variableOf(uevent, 'MODALIAS');
    if (alias !== null) {
      found.add(alias);
      facts.add('device', [bus, driver ?? '-', shortAlias(alias)], 1);
    }
    return driver;
  };
  for (const bus of files.directories('/sys/bus')) {
    const bound = new Map<string, number>();
    const devices = files.directories(`/sys/bus/${bus}/devices`);
    facts.add('bus', [bus], devices.length);
    for (const name of devices) {
      const uevent = files.attribute(`/sys/bus/${bus}/devices/${name}/uevent`);
      const isAbsent = bus === 'acpi' && isZero(files.attribute(`/sys/bus/acpi/devices/${name}/status`));
      const driver = isAbsent ? variableOf(uevent, 'DRIVER') : device(bus, uevent);
      if (driver !== null) bound.set(driver, (bound.get(driver) ?? 0) + 1);
    }
    for (const name of files.directories(`/sys/bus/${bus}/drivers`)) {
      const module = files.fs.realPath(`/sys/bus/${bus}/drivers/${name}/module`);
      facts.most('driver', [bus, name, module?.replace(/.*\//, '') ?? '-'], bound.get(name) ?? 0);
    }
  }
  for (const name of files.names('/sys/class/input').filter((each) => each.startsWith('input'))) {
    device('input', files.attribute(`/sys/class/input/${name}/uevent`));
  }
  device('dmi', files.attribute('/sys/class/dmi/id/uevent'));
  for (const alias of found) {
    for (const { module, state } of aliases.owners(alias)) facts.note('match', module, state, shortAlias(alias));
  }
}

/** Firmware says that the device is not there. */
function isZero(status: string): boolean {
  return /^\s*0\s*$/.test(status);
}

function variableOf(uevent: string, name: string): string | null {
  return new RegExp(`^${name}=(.*)$`, 'm').exec(uevent)?.[1] ?? null;
}

/** Fields of a `dmi:` alias that name the vendor, the product and the board; the rest are versions, dates and stock keeping. */
const DMI_FIELDS = /^(bvn|svn|pn|pvr|rvn|rn|cvn|ct)/;

/** An alias as a record has it: of a processor without its hundred features, of a board without what tells one from another. */
function shortAlias(alias: string): string {
  if (alias.startsWith('cpu:')) return alias.replace(/:feature:.*/, '');
  if (!alias.startsWith('dmi:')) return alias;
  const [, ...fields] = alias.split(':');
  return ['dmi', ...fields.filter((field) => DMI_FIELDS.test(field))].join(':');
}

/** How many members each class of devices has. */
export function collectClasses(files: MachineFiles, facts: Facts): void {
  for (const name of files.directories('/sys/class')) {
    facts.add('class', [name], files.directories(`/sys/class/${name}`).length);
  }
  collectSoundCards(files, facts);
}

/** The drivers of sound cards; the names that follow them are made of what is plugged in. */
function collectSoundCards(files: MachineFiles, facts: Facts): void {
  const modules = new Map(files.rows('/proc/asound/modules').map(([card = '', module = '']) => [card, module]));
  for (const line of files.lines('/proc/asound/cards')) {
    const match = /^ *(\d+) \[.*?\]: (.*?) - /.exec(line);
    if (match) facts.add('sound', [match[2]!, modules.get(match[1]!) ?? '-'], 1);
  }
}
