import { join } from 'node:path';
import type { FileSystem } from '../platform/platform.ts';

/** A command line, word for word. */
export type Words = readonly string[];

/** Where kernels and their modules are installed. */
const BOOT = '/boot';
const MODULES = '/lib/modules';
/** What `make install` and distributions' installkernel write for a release. */
const BOOT_FILES = ['vmlinuz', 'vmlinux', 'System.map', 'config', 'initrd.img', 'initramfs', 'initrd'] as const;

/** What a release is made of. It becomes a part of paths that root removes. */
const RELEASE = /^[\w+~-][\w.+~-]*$/;

/**
 * What `uname -r` will print under the kernel that was built (include/config/kernel.release).
 * @param localversion LOCALVERSION of the config that was to be built
 * @returns null where none was built of it: only another one, or nothing since the release changed
 */
export function builtRelease(fs: FileSystem, objtree: string, localversion: string): string | null {
  const file = join(objtree, 'include/config/kernel.release');
  const release = fs.readText(file)?.trim() ?? '';
  const at = release.lastIndexOf(localversion);
  // `-bisect1` is no step of `-bisect12`.
  if (!RELEASE.test(release) || at < 0 || /^\d/.test(release.slice(at + localversion.length))) return null;
  // make writes the release down first and only where it changes, and then links vmlinux anew.
  const [named, linked] = [file, join(objtree, 'vmlinux')].map((path) => fs.stat(path)?.mtimeMs);
  return linked !== undefined && linked >= named! ? release : null;
}

/** LOCALVERSION in the text of a .config. */
export function localversionOf(config: string): string {
  return /^CONFIG_LOCALVERSION="(.*)"$/m.exec(config)?.[1] ?? '';
}

/** What installs a kernel that was built, its modules and its boot entry. @param words where make has to run */
export function installCommands(words: Words): Words[] {
  return [
    ['make', ...words, 'modules_install'],
    ['make', ...words, 'install'],
  ];
}

/**
 * What removes kernels that were installed here, and nothing else: the files that carry their releases. Boot entries go
 * with them where the boot loader makes its menu from the files.
 * @returns none where nothing is left of them
 */
export function cleanCommands(fs: FileSystem, releases: readonly string[]): Words[] {
  return releases
    .filter((release) => RELEASE.test(release))
    .flatMap((release) => {
      const files = [
        join(MODULES, release),
        ...BOOT_FILES.flatMap((name) => [`${name}-${release}`, `${name}-${release}.img`]).map((name) =>
          join(BOOT, name),
        ),
      ];
      const there = files.filter((path) => fs.exists(path));
      return there.length === 0 ? [] : [['rm', '-r', '--', ...there]];
    });
}
