import { describe, expect, it } from 'vitest';
import { buildGoals, type Goals } from '../../src/build/goals.ts';

const BUILD = {
  modules: [
    { name: 'tun', path: 'drivers/net/tun', objects: ['drivers/net/tun.o'] },
    { name: 'ext4', path: 'fs/ext4/ext4', objects: ['fs/ext4/inode.o', 'fs/ext4/super.o'] },
  ],
  builtin: ['init/main.o', 'arch/x86/entry/vdso/vma.o'],
  units: [
    'arch/x86/entry/vdso/vgetcpu.o',
    'arch/x86/entry/vdso/vma.o',
    'drivers/net/tun.o',
    'fs/ext4/inode.o',
    'fs/ext4/super.o',
    'init/main.o',
  ],
};
const BUILTIN = ['arch/x86/entry/vdso/vgetcpu.o', 'arch/x86/entry/vdso/vma.o', 'init/main.o'];
const IMAGE = 'arch/x86/boot/bzImage';
const MODULES = ['drivers/net/tun', 'fs/ext4/ext4'];

const goals = (targets: string[], modulesNeed: 'nothing' | 'builtin' | 'vmlinux' = 'nothing'): Goals =>
  buildGoals({
    build: BUILD,
    targets,
    image: IMAGE,
    modulesNeedBuiltin: modulesNeed !== 'nothing',
    modulesNeedVmlinux: modulesNeed === 'vmlinux',
  });

describe('what targets bring forth', () => {
  it.each([[[]], [['all']], [['bindeb-pkg']], [['tarxz-pkg']], [['modules', 'bzImage']]])(
    '%j: everything',
    (targets) => {
      const { units, modules, files, links } = goals(targets);
      expect({ units, modules, links }).toEqual({ units: BUILD.units, modules: MODULES, links: true });
      expect(files).toEqual(['vmlinux', IMAGE]);
    },
  );

  it('modules alone, unless they need more', () => {
    const units = ['drivers/net/tun.o', 'fs/ext4/inode.o', 'fs/ext4/super.o'];
    expect(goals(['modules'])).toEqual({ units, modules: MODULES, files: [], links: false });
    expect(goals(['modules'], 'builtin')).toEqual({ units: BUILD.units, modules: MODULES, files: [], links: false });
    expect(goals(['modules'], 'vmlinux')).toMatchObject({ files: ['vmlinux'], links: true });
  });

  it('vmlinux and the image without modules', () => {
    expect(goals(['vmlinux'])).toEqual({ units: BUILTIN, modules: [], files: ['vmlinux'], links: true });
    expect(goals(['bzImage'])).toEqual({ units: BUILTIN, modules: [], files: ['vmlinux', IMAGE], links: true });
  });

  it('directories, objects and single modules', () => {
    expect(goals(['fs/'])).toEqual({
      units: ['fs/ext4/inode.o', 'fs/ext4/super.o'],
      modules: [],
      files: [],
      links: false,
    });
    expect(goals(['./init/main.o', 'fs/ext4/ext4.ko'])).toEqual({
      units: ['fs/ext4/inode.o', 'fs/ext4/super.o', 'init/main.o'],
      modules: ['fs/ext4/ext4'],
      files: ['init/main.o'],
      links: false,
    });
  });

  it('nothing where they are unknown', () => {
    expect(goals(['dtbs', 'headers_install'])).toEqual({ units: [], modules: [], files: [], links: false });
  });
});
