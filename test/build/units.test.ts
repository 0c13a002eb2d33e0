import { describe, expect, it } from 'vitest';
import { OutputReader } from '../../src/build/output-reader.ts';
import { BuildProgress } from '../../src/build/progress.ts';
import { UnitWatch } from '../../src/build/units.ts';

const UNITS = ['init/main.o', 'drivers/gpu/drm/amd/amdgpu/../display/dc.o', 'drivers/net/tun.o', 'rust/core.o'];

function watch(output: string) {
  const progress = new BuildProgress({
    prepare: 1,
    units: new Map(UNITS.map((unit) => [unit, 1])),
    present: new Map(),
    link: 10,
    modules: 2,
    moduleSeconds: 1,
    jobs: 2,
  });
  const units = new UnitWatch(UNITS, progress, { tree: '/src', objtree: '/out' });
  for (const line of new OutputReader().read(output)) units.add(line, 0);
  return { units, moment: progress.moment(0) };
}

describe('the units that make compiles', () => {
  it('are those of which it says so, whatever it calls the step', () => {
    const { units, moment } = watch(`  HOSTCC  scripts/basic/fixdep
  CC      init/main.o
  CC [M]  drivers/gpu/drm/amd/amdgpu/../display/dc.o
  RUSTC L rust/core.o
some words
`);
    expect(moment).toMatchObject({ compiled: 3, phase: 'compile', linked: 0, modules: 2 });
    expect(units.current).toBe('RUSTC rust/core.o');
    expect(units.unpredicted).toEqual([]);
  });

  it('are followed by links', () => {
    expect(watch('  CC      init/main.o\n  LD [M]  drivers/net/tun.o\n').moment.phase).toBe('compile');
    expect(watch('  CC      init/main.o\n  LD      vmlinux.o\n').moment.phase).toBe('link');
    expect(watch('  CC      init/main.o\n  LD      .tmp_vmlinux1\n').moment.phase).toBe('link');
    expect(watch('  MODPOST Module.symvers\n  CC [M]  drivers/net/tun.mod.o\n').moment.phase).toBe('link');
    expect(watch('  LD [M]  drivers/net/tun.ko\n  LD [M]  drivers/net/tap.ko\n').moment.linked).toBe(2);
  });

  it('that nobody expected are named; what is no unit is not', () => {
    const { units } = watch(`  CC      fs/new.o
  AS      arch/x86/lib/new.o
  CC      arch/x86/kernel/asm-offsets.s
  CC      arch/x86/boot/compressed/misc.o
  CC      /out/tools/objtool/check.o
  CC      scripts/mod/empty.o
  CC      init/version-timestamp.o
  CC      .vmlinux.export.o
  CC [M]  .module-common.o
  CC [M]  drivers/net/tun.mod.o
  AS      .tmp_vmlinux.kallsyms1.o
  HOSTCC  usr/gen_init_cpio
`);
    expect(units.unpredicted).toEqual(['arch/x86/lib/new.o', 'fs/new.o']);
  });
});
