import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { builtRelease, cleanCommands, installCommands, localversionOf } from '../../src/bisect/install.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { memoryFs } from '../helpers/memory-fs.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const RELEASE = '6.7.0-bisect3-g0123';

describe('the release', () => {
  const FILE = 'include/config/kernel.release';
  let folder: string;
  const builtHere = (localversion = '-bisect3'): string | null =>
    builtRelease(new NodeFileSystem(), folder, localversion);
  const made = (path: string, second: number): void => utimesSync(join(folder, path), second, second);

  beforeEach(() => {
    folder = temporaryFolder();
    mkdirSync(join(folder, 'include/config'), { recursive: true });
    writeFileSync(join(folder, FILE), `${RELEASE}\n`);
    writeFileSync(join(folder, 'vmlinux'), '');
    made(FILE, 1000);
    made('vmlinux', 1100);
  });

  it('is what make wrote down', () => {
    expect(builtHere()).toBe(RELEASE);
    expect(builtHere('')).toBe(RELEASE);
    expect(localversionOf(`# CONFIG_A is not set\nCONFIG_LOCALVERSION="-bisect3"\nCONFIG_LOCALVERSION_AUTO=y\n`)).toBe(
      '-bisect3',
    );
  });

  it('is none where another step was built', () => {
    expect(builtHere('-bisect4')).toBeNull();
    expect(builtHere('-bisect-bad-end')).toBeNull();
    writeFileSync(join(folder, FILE), `${RELEASE.replace('bisect3', 'bisect31')}\n`);
    made(FILE, 1000);
    expect(builtHere()).toBeNull();
  });

  it('is none where no kernel was linked since', () => {
    made('vmlinux', 900);
    expect(builtHere()).toBeNull();
    rmSync(join(folder, 'vmlinux'));
    expect(builtHere()).toBeNull();
    rmSync(join(folder, FILE));
    expect(builtHere()).toBeNull();
  });
});

it('a kernel is installed with its modules first', () => {
  expect(installCommands(['-C', '/tree']).map((words) => words.join(' '))).toEqual([
    'make -C /tree modules_install',
    'make -C /tree install',
  ]);
});

it('only what carries a release that was installed is removed', () => {
  const fs = memoryFs({
    [`/lib/modules/${RELEASE}/modules.order`]: '',
    [`/boot/vmlinuz-${RELEASE}`]: '',
    [`/boot/initramfs-${RELEASE}.img`]: '',
    [`/boot/vmlinuz-${RELEASE}5`]: '',
    '/boot/vmlinuz-6.1.0-40-amd64': '',
    '/lib/modules/6.1.0-40-amd64/modules.order': '',
  });
  expect(cleanCommands(fs, [RELEASE, '6.8.0-bisect4'])).toEqual([
    ['rm', '-r', '--', `/lib/modules/${RELEASE}`, `/boot/vmlinuz-${RELEASE}`, `/boot/initramfs-${RELEASE}.img`],
  ]);
});

it.each(['../../home', '..', 'a/b', '', 'a b', '-r/'])('a release %j is none: it would lead elsewhere', (release) => {
  const files = { '/out/include/config/kernel.release': `${release}\n`, '/out/vmlinux': '' };
  const fs = memoryFs({ ...files, '/home/a': '', '/boot/a': '' });
  expect(builtRelease(fs, '/out', '')).toBeNull();
  expect(cleanCommands(fs, [release])).toEqual([]);
});
