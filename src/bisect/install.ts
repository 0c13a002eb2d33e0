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

/** What `uname -r` will print under the kernel that was built (include/config/kernel.release); null where none was. */
export function builtRelease(fs: FileSystem, objtree: string): string | null {
  const release = fs.readText(join(objtree, 'include/config/kernel.release'))?.trim() ?? '';
  return RELEASE.test(release) ? release : null;
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
