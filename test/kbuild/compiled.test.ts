import { describe, expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

/** The translation units of a tree whose root enters `d`. */
function units(files: Readonly<Record<string, string>>, config: Readonly<Record<string, string>> = {}): string[] {
  const all = { Makefile: '', Kbuild: 'obj-y += d/\n', ...files };
  const rooted = Object.fromEntries(Object.entries(all).map(([path, text]) => [`/tree/${path}`, text]));
  const tree = KbuildTree.load({ fs: memoryFs(rooted), tree: '/tree', srcarch: 'x86' });
  return [...tree.build((symbol) => config[symbol]).units];
}

describe('translation units', () => {
  it('are the objects, named as make prints them', () => {
    const makefile = 'obj-y := a.o c.o\nc-y := x.o ../e/y.o\nobj-m += m.o\nlib-y += l.o\nextra-y += h.o vmlinux.lds\n';
    expect(units({ 'd/Makefile': makefile })).toEqual(['d/../e/y.o', 'd/a.o', 'd/h.o', 'd/l.o', 'd/m.o', 'd/x.o']);
  });

  it('are not what a recipe makes of other objects', () => {
    const makefile = [
      'lib-y := a.o $(patsubst %.c,lib-%.o,f.c)',
      'lib-$(CONFIG_B) += b.o',
      'extra-y := $(lib-y)',
      'lib-y := $(patsubst %.o,%.stub.o,$(lib-y))',
      '$(obj)/lib-%.o: $(srctree)/lib/%.c FORCE',
      '\t$(call if_changed_rule,cc_o_c)',
      '$(obj)/%.stub.o: $(obj)/%.o FORCE',
      '\t$(call if_changed,stubcopy)',
      '',
    ].join('\n');
    const files = { 'd/Makefile': makefile, 'd/a.c': '', 'd/b.c': '', 'lib/f.c': '' };
    expect(units(files, { B: 'y' })).toEqual(['d/a.o', 'd/b.o', 'd/lib-f.o']);
  });

  it('are ordinary beside rules that have to do with other files', () => {
    const makefile = [
      'obj-y := a.o b_gen.o c.o d.o sub/e.o',
      '$(obj)/%_gen.o: $(obj)/%.tmpl',
      '\t$(call cmd,gen)',
      '$(obj)/c.c: $(obj)/c.y',
      '\t$(call cmd,yacc)',
      '$(obj)/d: $(obj)/made.o',
      '\t$(call cmd,link)',
      '$(obj)/sub/%: $(obj)/%.in',
      '\t$(call cmd,copy)',
      '',
    ].join('\n');
    const files = { 'd/Makefile': makefile, 'd/b.tmpl': '', 'd/e.o.in': '' };
    expect(units(files)).toEqual(['d/a.o', 'd/c.o', 'd/d.o']);
  });

  it('are those of a program inside the kernel, too', () => {
    const makefile = [
      'vobjs-y := note.o clock.o',
      'vobjs-$(CONFIG_SGX) += sgx.o',
      'vobjs := $(addprefix $(obj)/, $(vobjs-y))',
      'vobjs-sub := $(obj)/v32/note.o',
      'obj-y := vdso-image-64.o vdso-image-32.o',
      '$(obj)/vdso64.so.dbg: $(obj)/vdso.lds $(vobjs) FORCE',
      '\t$(call if_changed,vdso_and_check)',
      '$(obj)/vdso32.so.dbg: $(vobjs-sub)',
      '\t$(call if_changed,vdso_and_check)',
      '$(obj)/vdso-image-%.c: $(obj)/vdso%.so.dbg $(obj)/vdso%.so $(obj)/vdso2c FORCE',
      '\t$(call if_changed,vdso2c)',
      '$(obj)/%.so: OBJCOPYFLAGS := -S',
      '$(obj)/%.so: $(obj)/%.so.dbg FORCE',
      '\t$(call if_changed,objcopy)',
      '$(vobjs): KBUILD_CFLAGS := -m64',
      'hostprogs += vdso2c',
      '',
    ].join('\n');
    const own = ['d/clock.o', 'd/note.o', 'd/v32/note.o', 'd/vdso-image-32.o', 'd/vdso-image-64.o'];
    expect(units({ 'd/Makefile': makefile })).toEqual(own);
    expect(units({ 'd/Makefile': makefile }, { SGX: 'y' })).toEqual([...own, 'd/sgx.o'].sort());
  });

  it('take a pattern rule only where its prerequisites can be made', () => {
    // vdso-image-x32.o is no x32 copy of vdso-image.o: there is no such source.
    const makefile = 'obj-y := image-x32.o a-x32.o\n$(obj)/%-x32.o: $(obj)/%.o FORCE\n\t$(call if_changed,x32)\n';
    expect(units({ 'd/Makefile': makefile, 'd/a.c': '', 'd/image-x32.c': '' })).toEqual(['d/a.o', 'd/image-x32.o']);
  });

  it('are found behind a recipe that runs Kbuild in another directory', () => {
    const files = {
      'd/Makefile': [
        'obj-y := init.o piggy.o',
        '$(obj)/piggy.o: $(obj)/rm/real.bin',
        '$(obj)/rm/real.bin: FORCE',
        '\t$(Q)$(MAKE) $(build)=$(obj)/rm $@',
        '',
      ].join('\n'),
      'd/rm/Makefile': [
        'real-y := header.o',
        'real-$(CONFIG_SLEEP) += wake.o',
        '$(obj)/real.bin: $(obj)/real.elf FORCE ; $(call if_changed,objcopy)',
        '$(obj)/real.elf: $(addprefix $(obj)/,$(real-y))',
        '\t$(call if_changed,ld)',
        '',
      ].join('\n'),
    };
    expect(units(files, { SLEEP: 'y' })).toEqual(['d/init.o', 'd/piggy.o', 'd/rm/header.o', 'd/rm/wake.o']);
    expect(units(files)).toEqual(['d/init.o', 'd/piggy.o', 'd/rm/header.o']);
  });

  it('are found by the rules of the directory that a prerequisite lies in', () => {
    const files = {
      'd/Makefile': 'obj-y := wrap.o\n$(obj)/wrap.o: $(obj)/vdso/vdso.so\n',
      'd/vdso/Makefile':
        'o := $(obj)/note.o\n$(obj)/vdso.so: $(o) FORCE\n\t$(call if_changed,ld)\n$(o): %.o: %.S FORCE\n\t$(call if_changed_dep,as)\n',
    };
    expect(units(files)).toEqual(['d/vdso/note.o', 'd/wrap.o']);
  });
});
