import { expect, it } from 'vitest';
import { builtRelease, cleanCommands, installCommands } from '../../src/bisect/install.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const RELEASE = '6.7.0-bisect3-g0123';

it('the release is what make wrote down', () => {
  const fs = memoryFs({ '/out/include/config/kernel.release': `${RELEASE}\n` });
  expect(builtRelease(fs, '/out')).toBe(RELEASE);
  expect(builtRelease(fs, '/other')).toBeNull();
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
  const fs = memoryFs({ '/out/include/config/kernel.release': `${release}\n`, '/home/a': '', '/boot/a': '' });
  expect(builtRelease(fs, '/out')).toBeNull();
  expect(cleanCommands(fs, [release])).toEqual([]);
});
