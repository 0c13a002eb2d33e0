import { createHash } from 'node:crypto';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { readConfigFile } from '../config-bytes.ts';
import type { Facts } from './facts.ts';
import { inBrackets, isName, type MachineFiles, words } from './machine-files.ts';
import { ownerOf } from './network.ts';
import { noteReadable } from './sources.ts';

/** EFI's variable that says whether Secure Boot is on (UEFI specification 3.3). */
const SECURE_BOOT = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';
/** Where binary formats are registered. */
const BINARY_FORMATS = '/proc/sys/fs/binfmt_misc';
const SECURITY = '/sys/kernel/security';
const SYSTEM = '/sys/devices/system';

/** Modules, and what is built in and shows itself. */
export function collectModules(files: MachineFiles, facts: Facts): void {
  for (const [name, , uses = '', , , , taints = ''] of files.rows('/proc/modules')) {
    if (!isName(name)) continue;
    facts.most('module', [name], /^\d+$/.test(uses) ? Number(uses) : 0);
    if (taints.includes('O')) facts.note('out-of-tree', name);
  }
  for (const name of files.directories('/sys/module')) {
    if (!files.fs.exists(`/sys/module/${name}/initstate`)) facts.note('builtin', name);
  }
}

/** Algorithms in use: a registered one that nobody uses has one reference. */
export function collectCrypto(files: MachineFiles, facts: Facts): void {
  let [name, driver, module] = ['', '', ''];
  for (const line of files.lines('/proc/crypto')) {
    const [key = ''] = words(line);
    const value = line.slice(line.indexOf(':') + 2);
    if (key === 'name') name = value;
    else if (key === 'driver') driver = value;
    else if (key === 'module') module = ownerOf(value);
    else if (key === 'refcnt' && Number(value) > 1) facts.most('crypto', [name, driver, module], Number(value));
  }
}

/** Control groups, security modules, lockdown, Secure Boot. */
export function collectControls(files: MachineFiles, facts: Facts): void {
  for (const [name, , , enabled] of files.rows('/proc/cgroups')) {
    if (enabled === '1' && isName(name)) facts.note('cgroup', name, 'enabled');
  }
  const states = { 'cgroup.controllers': 'enabled', 'cgroup.subtree_control': 'delegated' };
  for (const [file, state] of Object.entries(states)) {
    for (const name of words(files.attribute(`/sys/fs/cgroup/${file}`))) {
      if (isName(name)) facts.note('cgroup', name, state);
    }
  }
  for (const name of files.attribute(`${SECURITY}/lsm`).trim().split(',')) if (isName(name)) facts.note('lsm', name);
  const lockdown = inBrackets(files.attribute(`${SECURITY}/lockdown`));
  if (lockdown !== null) facts.note('lockdown', lockdown);
  const profiles = files.lines(`${SECURITY}/apparmor/profiles`).length;
  if (profiles > 0) facts.add('policy', ['apparmor'], profiles);
  if (files.attribute('/sys/fs/selinux/enforce') !== '') facts.add('policy', ['selinux'], 1);
  // Four bytes of attributes, then the value.
  const secureBoot = files.fs.readBytes(SECURE_BOOT, 5);
  if (secureBoot?.length === 5) facts.note('secureboot', secureBoot[4] === 1 ? 'yes' : 'no');
}

/** Which of the files that not everybody may read were read. */
export function collectSources(files: MachineFiles, release: string | null, facts: Facts): void {
  if (!files.fs.exists(`${SECURITY}/lsm`)) facts.add('source', ['lsm'], 0);
  const sources = {
    secureboot: SECURE_BOOT,
    lsm: `${SECURITY}/lsm`,
    apparmor: `${SECURITY}/apparmor/profiles`,
    crypttab: '/etc/crypttab',
    iptables: '/proc/net/ip_tables_names',
    aliases: `/lib/modules/${release}/modules.alias`,
  };
  for (const [source, path] of Object.entries(sources)) noteReadable(files, facts, source, path);
}

/** Firmware, virtualisation, clocks, idle and frequency drivers, interrupt controllers. */
export function collectPlatform(files: MachineFiles, facts: Facts): void {
  for (const name of files.directories('/sys/firmware')) facts.note('firmware', name);
  for (const name of files.names('/sys/firmware/acpi/tables')) {
    if (/^[A-Z]...+$/.test(name)) facts.add('acpi-table', [name.slice(0, 4)], 1);
  }
  const [hypervisor = ''] = files.lines('/sys/hypervisor/type');
  if (/^[a-z]+$/.test(hypervisor)) facts.note('virt', hypervisor);
  const flags = /^flags.*$/m.exec(files.attribute('/proc/cpuinfo'))?.[0] ?? '';
  if (words(flags).includes('hypervisor')) facts.note('virt', 'guest');
  if (['/run/systemd/container', '/run/.containerenv', '/.dockerenv'].some((path) => files.fs.exists(path))) {
    facts.note('virt', 'container');
  }
  const groups = files.directories('/sys/kernel/iommu_groups').length;
  if (groups > 0) facts.add('iommu', [], groups);
  collectClocks(files, facts);
  collectInterrupts(files, facts);
}

function collectClocks(files: MachineFiles, facts: Facts): void {
  const each = (path: string, note: (name: string) => void): void => {
    for (const name of words(files.attribute(path))) if (isName(name)) note(name);
  };
  for (const state of ['current', 'available']) {
    const path = `${SYSTEM}/clocksource/clocksource0/${state}_clocksource`;
    each(path, (name) => facts.note('clocksource', name, state));
  }
  for (const device of files.names(`${SYSTEM}/clockevents`)) {
    const [name] = words(files.attribute(`${SYSTEM}/clockevents/${device}/current_device`));
    if (isName(name)) facts.add('clockevent', [name], 1);
  }
  each(`${SYSTEM}/cpu/cpuidle/current_driver`, (name) => facts.note('cpuidle', 'driver', name));
  for (const file of ['current_governor', 'current_governor_ro']) {
    each(`${SYSTEM}/cpu/cpuidle/${file}`, (name) => facts.note('cpuidle', 'governor', name));
  }
  for (const policy of files.names(`${SYSTEM}/cpu/cpufreq`).filter((name) => name.startsWith('policy'))) {
    for (const role of ['driver', 'governor']) {
      each(`${SYSTEM}/cpu/cpufreq/${policy}/scaling_${role}`, (name) => facts.note('cpufreq', role, name));
    }
  }
}

/** The kinds of interrupt controllers. Whose interrupts they are is not taken, nor the address of a PCI device in a name. */
function collectInterrupts(files: MachineFiles, facts: Facts): void {
  let processors = 0;
  for (const row of files.rows('/proc/interrupts')) {
    if (row[0]?.startsWith('CPU')) processors = row.length;
    if (!/^\d+:$/.test(row[0] ?? '')) continue;
    const chip = (row[processors + 1] ?? '').replace(/-[0-9a-f]+:.*/, '').replace(/[^A-Za-z0-9_.-].*/, '');
    if (/^[A-Za-z]/.test(chip)) facts.add('irqchip', [chip], 1);
  }
}

/** Consoles, terminals, character devices, and the names of the kernel's parameters. */
export function collectInterfaces(files: MachineFiles, facts: Facts): void {
  for (const [name = ''] of files.rows('/proc/consoles')) {
    if (/^[A-Za-z]+[0-9]*$/.test(name)) facts.note('console', name, 'active');
  }
  for (const [, name = ''] of files.rows('/proc/misc')) {
    if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) facts.note('misc', name);
  }
  for (const [name, node] of files.rows('/proc/tty/drivers')) {
    if (node?.startsWith('/dev/') && isName(name)) facts.note('tty', name);
  }
  for (const parameter of parametersOf(files.lines('/proc/cmdline')[0] ?? '')) {
    const console = /^console=([A-Za-z]+[0-9]*)(,|$)/.exec(parameter)?.[1];
    if (console !== undefined) facts.note('console', console, 'parameter');
    const name = parameter.replace(/=.*/, '');
    if (name.length < 65 && /^[A-Za-z][A-Za-z0-9_.-]*$/.test(name)) facts.note('param', name);
  }
  // Where systemd would mount it on demand, looking into it would have it mounted.
  const isMounted = files.rows('/proc/mounts').some(([, at, type]) => at === BINARY_FORMATS && type === 'binfmt_misc');
  const binaries = isMounted ? files.names(BINARY_FORMATS).filter((name) => !/^(register|status)$/.test(name)) : [];
  if (binaries.length > 0) facts.add('binfmt', [], binaries.length);
}

/** Parameters with their values, as `kernel/params.c:next_arg` takes the line apart; behind `--` it is init that is spoken to. */
function* parametersOf(line: string): Generator<string> {
  let [text, isQuoted] = ['', false];
  for (const char of `${line} `) {
    if (char === '"') isQuoted = !isQuoted;
    else if (char !== ' ' || isQuoted) text += char;
    else {
      if (text === '--') return;
      yield text;
      text = '';
    }
  }
}

const INITS = /^(systemd|init|openrc-init|runit|s6-svscan|dinit|procd|busybox|tini)$/;
const RUNTIMES = [
  'docker',
  'dockerd',
  'containerd',
  'podman',
  'crio',
  'runc',
  'crun',
  'lxc-start',
  'lxd',
  'incusd',
].concat(['systemd-nspawn', 'flatpak', 'bwrap', 'snapd', 'apptainer', 'kubelet', 'k3s', 'libvirtd', 'virtqemud']);
const PROGRAM_DIRECTORIES = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/usr/lib/snapd'];
/** What starts 32-bit programs, and has to be there for them. */
const LOADERS = ['ld-linux.so.2', 'ld-linux-armhf.so.3'];

/** The distribution, init, and what starts containers. */
export function collectUserspace(files: MachineFiles, facts: Facts): void {
  const comm = files.lines('/proc/1/comm')[0];
  if (comm !== undefined) {
    const version = comm === 'systemd' ? systemdVersion(files) : null;
    facts.note('init', INITS.test(comm) ? comm : 'other', version ?? '-');
  }
  const own = files.lines('/etc/os-release');
  const release = (own.length > 0 ? own : files.lines('/usr/lib/os-release')).map((line) => line.replace(/["']/g, ''));
  const value = (name: string): string | undefined =>
    release
      .findLast((line) => line.startsWith(`${name}=`) && /^[A-Z_]+=[a-z0-9._-]+$/.test(line))
      ?.slice(name.length + 1);
  const os = value('ID');
  if (os !== undefined) facts.note('os', os, value('VERSION_ID') ?? '-');
  for (const name of RUNTIMES) {
    if (PROGRAM_DIRECTORIES.some((directory) => files.fs.exists(`${directory}/${name}`))) facts.note('runtime', name);
  }
  for (const name of LOADERS) if (files.fs.exists(`/lib/${name}`)) facts.note('loader', name);
}

/** The version that the name of systemd's own library has. */
function systemdVersion(files: MachineFiles): string | null {
  const directories = ['/usr/lib', ...files.names('/usr/lib').map((name) => `/usr/lib/${name}`)];
  const versions = directories
    .flatMap((directory) => files.names(`${directory}/systemd`))
    .flatMap((name) => /^libsystemd-shared-(\d+)/.exec(name)?.[1] ?? []);
  return versions.length > 0 ? String(Math.max(...versions.map(Number))) : null;
}

/** Which config the running kernel has: where it is, and its digest, packed or not. */
export async function collectConfig(files: MachineFiles, release: string | null, facts: Facts): Promise<void> {
  for (const path of ['/proc/config.gz', `/boot/config-${release}`, `/lib/modules/${release}/config`]) {
    if (files.fs.readHead(path, 1) === null) continue;
    try {
      const { text } = await readConfigFile(files.fs, path);
      facts.note('config', `sha256:${createHash('sha256').update(text, 'latin1').digest('hex')}`, path);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
    return;
  }
}
