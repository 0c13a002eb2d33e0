import type { Kconfig } from '../../kconfig/kconfig.ts';
import type { KSymbol } from '../../kconfig/symbol.ts';
import { type FactWord, factsOf, type MachineRecord } from '../../machine/record/format.ts';
import { FLOOR, type FloorProfile, type FloorSymbol } from './floor-data.ts';

/** Facts that put a machine under a profile; `null`: every machine is. */
type Shows = ((record: MachineRecord) => boolean) | null;

const has =
  (word: FactWord, ...names: readonly string[]) =>
  (record: MachineRecord): boolean =>
    [...factsOf(record, word)].some(
      ({ fields, count }) => names.includes(fields[0]!) && (count > 0 || !isCounted(word)),
    );
const any =
  (...tests: readonly ((record: MachineRecord) => boolean)[]) =>
  (record: MachineRecord): boolean =>
    tests.some((test) => test(record));
const isCounted = (word: FactWord): boolean => word === 'link' || word === 'class' || word === 'bus';

const MACHINES = ['libvirtd', 'virtqemud'];
const CONTAINERS = ['docker', 'dockerd', 'containerd', 'podman', 'crio', 'runc', 'crun', 'lxc-start', 'lxd', 'incusd'];
const MORE_CONTAINERS = ['systemd-nspawn', 'flatpak', 'bwrap', 'snapd', 'apptainer', 'kubelet', 'k3s'];

const PROFILES: Readonly<Record<FloorProfile, Shows>> = {
  init: null,
  systemd: has('init', 'systemd'),
  pc: null,
  efi: has('firmware', 'efi'),
  guest: any(has('virt', 'guest', 'xen')),
  // They start by UEFI.
  confidential: (record) => has('virt', 'guest')(record) && has('firmware', 'efi')(record),
  programs32: has('loader', 'ld-linux.so.2', 'ld-linux-armhf.so.3'),
  hibernation: has('param', 'resume'),
  kdump: has('param', 'crashkernel'),
  containers: any(has('runtime', ...CONTAINERS, ...MORE_CONTAINERS), has('link', 'veth')),
  machines: has('runtime', ...MACHINES),
  tunnels: any(has('link', 'wireguard', 'tun', 'xfrm', 'vti'), has('module', 'wireguard', 'tun', 'xfrm_user')),
  wireless: any(has('class', 'ieee80211'), has('link', 'wlan')),
  usb: has('bus', 'usb'),
};

/** A symbol that stays, with the profile that says so. */
export interface OnFloor extends FloorSymbol {
  readonly profile: FloorProfile;
}

/**
 * What stays on a machine. Without a record nobody knows which profiles count, so all do; no module stays for them then.
 * @returns by the symbol's name
 */
export function floorOf(record: MachineRecord | null): ReadonlyMap<string, OnFloor> {
  const found = new Map<string, OnFloor>();
  for (const [profile, shows] of Object.entries(PROFILES) as [FloorProfile, Shows][]) {
    if (record !== null && shows !== null && !shows(record)) continue;
    for (const each of FLOOR[profile]) {
      const isPinned = each.isPinned && record !== null;
      if (isPinned || !found.has(each.symbol)) found.set(each.symbol, { ...each, profile, isPinned });
    }
  }
  return found;
}

/** The symbols of a floor that a tree has. */
export function floorSymbols(floor: ReadonlyMap<string, OnFloor>, { symbols }: Kconfig): Map<KSymbol, OnFloor> {
  const found = new Map<KSymbol, OnFloor>();
  for (const [name, each] of floor) {
    const symbol = symbols.find(name);
    if (symbol?.isDefined) found.set(symbol, each);
  }
  return found;
}
