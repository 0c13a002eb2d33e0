/** The root file system with a kernel installed, as a disk and an initramfs. */
import { existsSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../../test/boot/machines.ts';
import { type Boot, readBoot, run } from '../../test/boot/virtual-machine.ts';
import { debianRelease, PROVE, runProgram, say } from './places.ts';

/** A kernel to boot. */
export interface Kernel {
  /** `uname -r` under it. */
  readonly release: string;
  /** The image. */
  readonly image: string;
  /** Its build directory; null for Debian's own, which the root file system has. */
  readonly build: string | null;
}

/** Debian's own. */
export function debianKernel(): Kernel {
  const release = debianRelease();
  return { release, image: join(PROVE, `vmlinuz-${release}`), build: null };
}

/** An emulated processor is slow, and stands still where the machine is busy: that is no fault of the kernel. */
const PARAMETERS =
  'console=tty0 console=ttyS0,115200 panic=-1 net.ifnames=0 systemd.show_status=false rw nowatchdog cryptomgr.notests';
/** A boot of a whole system takes minutes; on a busy machine many. */
const MAX_SECONDS = 3600;
const DISK_BYTES = 1_800 * 1024 * 1024;
const KEY = 'etc/keys/root.key';
/** The volume that scripts/prove/install makes. */
const CRYPTTAB = 'prove-crypt UUID=7e57c0de-0000-4000-8000-000000000001 /etc/keys/root.key luks,initramfs\n';

/** Where a machine has its root file system: on the plain disk, or in a logical volume on an encrypted one. */
export type RootKind = 'plain' | 'luks-lvm';

/** A machine whose root file system has a kernel. */
export interface Installed {
  readonly disk: string;
  readonly initramfs: string;
  readonly parameters: string;
}

/**
 * Installs a kernel into a copy of the root file system.
 * @param folder where disk and initramfs go
 * @param record what an earlier record of the machine said, to compare with
 */
export async function install(
  kernel: Kernel,
  kind: RootKind,
  folder: string,
  record: string | null,
): Promise<Installed> {
  const root = join(PROVE, `stage-${process.pid}`);
  rmSync(root, { recursive: true, force: true });
  // What is changed in it is replaced, and not written to: the copies are links.
  runProgram('cp', ['-al', join(PROVE, 'root'), root]);
  try {
    copyProgram(root);
    if (record !== null) writeFileSync(join(root, 'prove/before.record'), record, 'latin1');
    if (kernel.build !== null) installBuilt(kernel, kernel.build, root);
    runProgram('depmod', ['-b', root, kernel.release]);
    if (kind === 'luks-lvm') prepareEncrypted(root);
    const initramfs = makeInitramfs(kernel, kind, root, folder);
    const disk = join(folder, 'root.disk');
    makeDisk(root, disk);
    if (kind === 'plain') return { disk, initramfs, parameters: `${PARAMETERS} root=LABEL=prove-root` };
    return {
      disk: await encrypt(disk, folder),
      initramfs,
      parameters: `${PARAMETERS} root=/dev/mapper/prove-root`,
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Boots a machine from what was installed. */
export async function bootInstalled(
  machine: Machine,
  kernel: Kernel,
  { disk, initramfs, parameters }: Installed,
  folder: string,
): Promise<Boot> {
  say(`booting ${machine.name} with ${kernel.release}`);
  const disks = new Map([['disk1', disk]]);
  return readBoot(
    await run(machine, { folder, kernel: kernel.image, initramfs, parameters, disks, maxSeconds: MAX_SECONDS }),
  );
}

/** Debian's own is made once: with all its modules that takes minutes. */
function makeInitramfs({ release, build }: Kernel, kind: RootKind, root: string, folder: string): string {
  const file = build === null ? join(PROVE, `initramfs-${release}-${kind}`) : join(folder, 'initramfs');
  if (build === null && existsSync(file)) return file;
  say(`initramfs of ${release}`);
  runProgram('chroot', [root, 'mkinitramfs', '-o', '/boot/initramfs', release]);
  runProgram('mv', [join(root, 'boot/initramfs'), file]);
  return file;
}

function copyProgram(root: string): void {
  const tool = join(root, 'prove/tool');
  mkdirSync(tool, { recursive: true });
  for (const name of ['bin', 'dist', 'package.json']) {
    runProgram('cp', ['-r', join(import.meta.dirname, '../..', name), tool]);
  }
}

function installBuilt({ release }: Kernel, build: string, root: string): void {
  const words = [`INSTALL_MOD_PATH=${root}/usr`, 'INSTALL_MOD_STRIP=1', 'DEPMOD=true', 'modules_install'];
  runProgram('make', ['-C', build, ...words]);
  for (const link of ['build', 'source']) rmSync(join(root, 'usr/lib/modules', release, link), { force: true });
  runProgram('cp', [join(build, '.config'), join(root, 'boot', `config-${release}`)]);
}

/** What the initramfs of an encrypted root file system needs: Debian's own way for a key in it. */
function prepareEncrypted(root: string): void {
  mkdirSync(join(root, 'etc/keys'), { recursive: true });
  writeFileSync(join(root, KEY), 'not a secret\n', { mode: 0o600 });
  replace(root, 'etc/crypttab', CRYPTTAB);
  replace(root, 'etc/fstab', '/dev/mapper/prove-root / ext4 errors=remount-ro 0 1\n');
  replace(root, 'etc/cryptsetup-initramfs/conf-hook', 'KEYFILE_PATTERN="/etc/keys/*.key"\n');
}

function replace(root: string, name: string, text: string): void {
  rmSync(join(root, name), { force: true });
  writeFileSync(join(root, name), text);
}

function makeDisk(root: string, disk: string): void {
  say('a disk');
  rmSync(disk, { force: true });
  writeFileSync(disk, '');
  truncateSync(disk, DISK_BYTES);
  runProgram('mke2fs', ['-q', '-t', 'ext4', '-L', 'prove-root', '-d', root, disk]);
}

/** Copies a disk into an encrypted logical volume, in a machine of its own under Debian's kernel. */
async function encrypt(plain: string, folder: string): Promise<string> {
  const kernel = debianKernel();
  const initramfs = makeInitramfs(kernel, 'plain', join(PROVE, 'root'), folder);
  const target = join(folder, 'encrypted.disk');
  rmSync(target, { force: true });
  writeFileSync(target, '');
  truncateSync(target, DISK_BYTES + 100 * 1024 * 1024);
  say('encrypting the root file system');
  const drives = [plain, target].flatMap((file) => ['-drive', `file=${file},if=virtio,format=raw`]);
  const machine: Machine = {
    name: 'install',
    hardware: '',
    args: ['-machine', 'pc', '-cpu', 'Haswell-noTSX', ...drives],
    drives: [],
  };
  const parameters = `${PARAMETERS} root=LABEL=prove-root systemd.unit=prove-install.service`;
  const start = {
    folder: join(folder, 'install'),
    kernel: kernel.image,
    initramfs,
    parameters,
    disks: new Map(),
    maxSeconds: MAX_SECONDS,
  };
  const { isDone, timings, files } = readBoot(await run(machine, start));
  const isInstalled = isDone && timings.some(({ name, status }) => name === 'install' && status === 0);
  if (!isInstalled) throw new Error(`installing failed:\n${files.get('install.log')}`);
  rmSync(plain);
  return target;
}
