/** Boots machines in QEMU, without hardware support, and takes what their process 1 says (test/boot/init). */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { RECORD_SCRIPT } from '../../src/machine/record/script.ts';
import { REPOSITORY } from '../helpers/built-program.ts';
import type { Machine } from './machines.ts';

/** Where test/boot/setup.sh put what is booted. */
export const BOOT = process.env['KCONFIG_TRIM_BOOT'] ?? join(REPOSITORY, '.boot');

const EMULATOR = 'qemu-system-x86_64';
const ARCHIVES = ['modules.cpio', 'programs.cpio'];
const DISK_BYTES = 128 * 1024 * 1024;
/** Without what costs much and shows nothing where a processor is emulated. */
const PARAMETERS =
  'console=ttyS0,115200 panic=-1 quiet mitigations=off cryptomgr.notests init_on_alloc=0 planted.value=hunter2';
/** A machine that takes longer than this has stopped: of one that works it is the tenfold. */
const MAX_SECONDS = 1500;

/** What may not be in a record: the machines carry them wherever a name or a number is anybody's to choose. */
export const PLANTED: readonly RegExp[] = [/SECRET/, /5e:?c2:?e7/i, /192\.0\.2/, /hunter2/i, /52:54:00/];

/** How long one command took, by the machine's own clock. */
export interface Timing {
  readonly name: string;
  readonly seconds: number;
  readonly status: number;
}

/** What came out of a boot. */
export interface Boot {
  /** The release of the kernel. */
  readonly kernel: string;
  readonly timings: readonly Timing[];
  /** Files by name: `tool.record`. */
  readonly files: ReadonlyMap<string, string>;
  readonly isDone: boolean;
}

/** @returns why no machine can be booted here; null where one can */
export function whyNoBoot(): string | null {
  if (spawnSync(EMULATOR, ['--version']).status !== 0) return `there is no ${EMULATOR}`;
  const missing = ['vmlinuz', 'firmware.fd', ...ARCHIVES].find((name) => !existsSync(join(BOOT, name)));
  return missing === undefined ? null : `there is no ${join(BOOT, missing)}`;
}

/** Files of the machine's /etc. */
const SETTINGS: Readonly<Record<string, string>> = {
  passwd: 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n',
  group: 'root:x:0:\nnogroup:x:65534:\n',
  'os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="SECRET"\n',
  fstab: [
    'UUID=5ec2e75e-c2e7-5ec2-e75e-c2e75ec2e75e / ext4 defaults 0 1',
    'LABEL=SECRET /home/SECRET vfat iocharset=utf8,codepage=437 0 2',
    '192.0.2.9:/SECRET /srv/SECRET nfs4 defaults 0 0\n',
  ].join('\n'),
  crypttab: 'SECRET UUID=5ec2e75e-c2e7-5ec2-e75e-c2e75ec2e75e none luks,discard\n',
};

/**
 * The file system that all machines start with, as one archive.
 * @returns its path
 */
export function makeInitramfs(): string {
  const root = join(BOOT, 'own');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, 'tool'), { recursive: true });
  mkdirSync(join(root, 'etc'));
  copyFileSync(join(REPOSITORY, 'test/boot/init'), join(root, 'init'));
  for (const name of ['bin', 'dist']) {
    const filter = (path: string): boolean => !path.includes('/dist/types');
    cpSync(join(REPOSITORY, name), join(root, 'tool', name), { recursive: true, filter });
  }
  copyFileSync(join(REPOSITORY, 'package.json'), join(root, 'tool/package.json'));
  writeFileSync(join(root, 'tool/record.sh'), RECORD_SCRIPT);
  for (const [name, text] of Object.entries(SETTINGS)) writeFileSync(join(root, 'etc', name), text);
  execFileSync('chmod', ['-R', 'a+rX,u+x', root]);
  const initramfs = join(BOOT, 'initramfs.cpio');
  const archives = ARCHIVES.map((name) => `"$2/${name}"`).join(' ');
  const pack = `(cd "$1" && find . | busybox cpio -o -H newc 2>/dev/null) | cat ${archives} - >"$3"`;
  execFileSync('sh', ['-c', pack, 'sh', root, BOOT, initramfs]);
  return initramfs;
}

/**
 * The same file system with a record to compare with.
 * @param name what the archive is called
 * @returns its path
 */
export function withRecord(initramfs: string, name: string, record: string): string {
  const root = join(BOOT, `${name}-record`);
  const archive = join(BOOT, `${name}.cpio`);
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'before.record'), record, 'latin1');
  const pack = `(cd "$1" && echo before.record | busybox cpio -o -H newc 2>/dev/null) | cat "$2" - >"$3"`;
  execFileSync('sh', ['-c', pack, 'sh', root, initramfs, archive]);
  return archive;
}

/** How process 1 records the machine: test/boot/init. */
export type Ways = 'all-ways' | 'some-ways' | 'program' | 'compare';

/** How a machine is booted. */
export interface BootOptions {
  /** Its files stay in `BOOT/run/NAME`. */
  readonly name: string;
  readonly initramfs: string;
  readonly ways: Ways;
  /** One more parameter of the kernel. */
  readonly parameter?: string;
}

/** Boots a machine, and waits until it is off. */
export async function boot(machine: Machine, { name, initramfs, ways, parameter }: BootOptions): Promise<Boot> {
  const folder = join(BOOT, 'run', name);
  rmSync(folder, { recursive: true, force: true });
  const parameters = [PARAMETERS, ...(parameter === undefined ? [] : [parameter]), '--', 'SECRET-argument', ways];
  const text = await run(machine, {
    folder,
    kernel: join(BOOT, 'vmlinuz'),
    initramfs,
    parameters: parameters.join(' '),
    disks: new Map(),
    maxSeconds: MAX_SECONDS,
  });
  return readBoot(text);
}

/** What a machine is started with. */
export interface Start {
  /** Where its files stay: `console.log`, `data.txt`, `messages.txt`. */
  readonly folder: string;
  readonly kernel: string;
  readonly initramfs: string;
  readonly parameters: string;
  /** Files of its disks by name (`disk1`); the others are empty. */
  readonly disks: ReadonlyMap<string, string>;
  /** When it is stopped. */
  readonly maxSeconds: number;
}

/**
 * An instruction takes two nanoseconds of the machine's time, however busy its host is: with the host's clock, udev and
 * systemd ran into their time-outs where other processes took the processors.
 */
const CLOCK = '-icount shift=1';

/**
 * Runs a machine until it is off.
 * @returns what it said on its second serial port
 */
export async function run(machine: Machine, start: Start): Promise<string> {
  const { folder } = start;
  mkdirSync(join(folder, 'folder'), { recursive: true });
  const args = withoutWideExchange(machine.args.map((arg) => withFiles(arg, start)));
  const data = join(folder, 'data.txt');
  rmSync(data, { force: true });
  const tpm = args.some((arg) => arg.includes('tpm-')) ? startTpm(folder) : null;
  const emulator = spawn(
    'nice',
    [
      ...`-n 5 ${EMULATOR} -accel tcg ${CLOCK} -smp ${machine.processors ?? 1} -m 2G,slots=4,maxmem=16G`.split(' '),
      ...'-nodefaults -audiodev none,id=sound0'.split(' '),
      ...['-display', 'none', '-no-reboot', '-kernel', start.kernel, '-initrd', start.initramfs],
      ...['-append', start.parameters],
      ...['-serial', `file:${join(folder, 'console.log')}`, '-serial', `file:${data}`],
      ...(machine.firmware === 'uefi' ? ['-bios', join(BOOT, 'firmware.fd')] : []),
      ...args,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let messages = '';
  emulator.stderr.on('data', (chunk) => {
    messages += chunk;
  });
  const stop = (): boolean => emulator.kill('SIGKILL');
  process.once('exit', stop);
  const timer = setTimeout(stop, start.maxSeconds * 1000);
  await once(emulator, 'close');
  clearTimeout(timer);
  process.off('exit', stop);
  tpm?.kill();
  writeFileSync(join(folder, 'messages.txt'), messages);
  if (!existsSync(data)) throw new Error(`${machine.name} did not start: ${messages}`);
  return readFileSync(data, 'latin1');
}

/**
 * The arguments with a processor that has no cmpxchg16b. An interrupt after the one in __kmalloc was seen to find the low
 * half of a pointer in EFLAGS (QEMU 7.2, tcg), and the kernel ended in a double fault; without it SLUB takes its other way.
 */
function withoutWideExchange(args: readonly string[]): string[] {
  return args.map((arg, index) => (args[index - 1] === '-cpu' ? `${arg},-cx16` : arg));
}

function withFiles(arg: string, { folder, disks }: Start): string {
  return arg.replace(/@(disk\d+|folder|tpm)/g, (_, name: string) => {
    const known = disks.get(name);
    if (known !== undefined) return known;
    const path = join(folder, name);
    if (name.startsWith('disk')) {
      writeFileSync(path, '');
      truncateSync(path, DISK_BYTES);
    }
    return path;
  });
}

/** A TPM of its own, with its state in the machine's folder. */
function startTpm(folder: string): ChildProcess {
  const socket = join(folder, 'tpm');
  const child = spawn(
    'swtpm',
    [...['socket', '--tpm2', '--tpmstate', `dir=${folder}`], ...['--ctrl', `type=unixio,path=${socket}`]],
    { stdio: 'ignore' },
  );
  spawnSync('sh', ['-c', `for i in 1 2 3 4 5 6 7 8 9; do [ -S "$1" ] && break; sleep 1; done`, 'sh', socket]);
  return child;
}

/** @param text what a machine said on its second serial port */
export function readBoot(text: string): Boot {
  const files = new Map<string, string>();
  const timings: Timing[] = [];
  let [kernel, file, isDone] = ['', '', false];
  for (const line of text.replaceAll('\r', '').split('\n')) {
    const [word = '', name = '', begin, end, status] = line.split(' ');
    if (line.startsWith(' ')) files.set(file, `${files.get(file) ?? ''}${line.slice(1)}\n`);
    else if (word === 'kernel') kernel = name;
    else if (word === 'time') timings.push({ name, seconds: Number(end) - Number(begin), status: Number(status) });
    else if (word === 'file') {
      file = name;
      files.set(file, '');
    } else if (word === 'done') isDone = true;
  }
  return { kernel, timings, files, isDone };
}
