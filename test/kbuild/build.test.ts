import { describe, expect, it } from 'vitest';
import type { InputError } from '../../src/diagnostics/diagnostic.ts';
import { type DomainLookup, KbuildTree, printCondition } from '../../src/kbuild/index.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

type Files = Readonly<Record<string, string>>;

/** A tree whose root's Kbuild file enters `d`; `d/Makefile` is given alone or as one of several files. */
function load(files: string | Files, domain?: DomainLookup): KbuildTree {
  const own: Files = typeof files === 'string' ? { 'd/Makefile': files } : files;
  const all: Files = { Makefile: '', Kbuild: 'obj-y += kernel/ d/\n', 'kernel/Makefile': '', ...own };
  const rooted = Object.fromEntries(Object.entries(all).map(([path, text]) => [`/tree/${path}`, text]));
  return KbuildTree.load({ fs: memoryFs(rooted), tree: '/tree', srcarch: 'x86', ...(domain && { domain }) });
}

/** What a configuration builds, as short texts: modules with their objects, and objects of vmlinux. */
function built(tree: KbuildTree, config: Readonly<Record<string, string>> = {}) {
  const { modules, builtin } = tree.build((symbol) => config[symbol]);
  return {
    modules: modules.map(({ path, objects }) => `${path}: ${[...objects].sort().join(' ')}`).sort(),
    builtin: [...builtin].sort(),
  };
}

describe('objects of a directory', () => {
  it('are built in, modules or not there, as the symbol says', () => {
    const tree = load('obj-$(CONFIG_A) += a.o\n');
    expect(built(tree, { A: 'y' })).toEqual({ modules: [], builtin: ['d/a.o'] });
    expect(built(tree, { A: 'm' })).toEqual({ modules: ['d/a: d/a.o'], builtin: [] });
    expect(built(tree)).toEqual({ modules: [], builtin: [] });
  });

  it('are built in where they are listed both ways', () => {
    expect(built(load('obj-y += a.o\nobj-m += a.o b.o\n'))).toEqual({ modules: ['d/b: d/b.o'], builtin: ['d/a.o'] });
  });

  it('come from lib-y and lib-m into the library, unless built in', () => {
    const tree = load('lib-y := a.o b.o\nlib-$(CONFIG_C) += c.o\nobj-y := b.o\n');
    expect(built(tree, { C: 'm' })).toEqual({ modules: [], builtin: ['d/a.o', 'd/b.o', 'd/c.o'] });
  });

  it('are compiled for extra-y and always-y too; other files there are none', () => {
    const tree = load('extra-y := head.o vmlinux.lds\nalways-$(CONFIG_A) += check.o built.txt\n');
    expect(built(tree, { A: 'y' }).builtin).toEqual(['d/check.o', 'd/head.o']);
    const entries = tree.directory('d')!;
    expect(entries.extra.map((item) => item.path)).toEqual(['d/head.o', 'd/vmlinux.lds']);
    expect(entries.always.map((item) => item.path)).toEqual(['d/check.o', 'd/built.txt']);
  });

  it('may lie in other directories', () => {
    const tree = load('obj-m += sub/a.o both.o\nboth-y := ../other/x.o sub/y.o\n');
    expect(built(tree).modules).toEqual(['d/both: d/../other/x.o d/sub/y.o', 'd/sub/a: d/sub/a.o']);
    expect(tree.modules.byName('a').map((entry) => entry.path)).toEqual(['d/sub/a']);
  });

  it('may come from sources that the build makes', () => {
    const makefile = 'obj-y += table.o\n$(obj)/table.c: $(obj)/gen FORCE\n\t$(call if_changed,gen)\nhostprogs := gen\n';
    expect(built(load(makefile)).builtin).toEqual(['d/table.o']);
  });
});

describe('composites', () => {
  it('consist of -y, -objs and, in a module alone, -m', () => {
    const tree = load('obj-$(CONFIG_A) += a.o\na-objs := x.o\na-y += y.o\na-$(CONFIG_B) += z.o\n');
    expect(built(tree, { A: 'm', B: 'm' }).modules).toEqual(['d/a: d/x.o d/y.o d/z.o']);
    expect(built(tree, { A: 'y', B: 'm' }).builtin).toEqual(['d/x.o', 'd/y.o']);
    expect(built(tree, { A: 'm' }).modules).toEqual(['d/a: d/x.o d/y.o']);
  });

  it('are composites even where all members are off', () => {
    expect(built(load('obj-m += a.o\na-$(CONFIG_B) += z.o\n')).modules).toEqual(['d/a: ']);
  });

  it('are one step deep: a member with members of its own is compiled from its source', () => {
    expect(built(load('obj-m += a.o\na-y := b.o\nb-y := c.o\n')).modules).toEqual(['d/a: d/b.o']);
  });

  it('may share an object', () => {
    const tree = load('obj-m += a.o b.o\na-y := x.o s.o\nb-y := y.o s.o\n');
    expect(built(tree).modules).toEqual(['d/a: d/s.o d/x.o', 'd/b: d/s.o d/y.o']);
    expect(tree.build(() => undefined).units).toEqual(['d/s.o', 'd/x.o', 'd/y.o']);
  });

  it('may have members that variables list', () => {
    const makefile =
      'obj-m += a.o\ncore = p.o $(extra-list)\nextra-list-$(CONFIG_X) = q.o\nextra-list = $(extra-list-y)\na-y := $(core)\n';
    expect(built(load(makefile), { X: 'y' }).modules).toEqual(['d/a: d/p.o d/q.o']);
  });
});

describe('directories', () => {
  const INSIDE = 'obj-y += b.o\nobj-m += m.o\n';

  it('are entered with y for all, with m for modules', () => {
    const tree = load({ 'd/Makefile': 'obj-$(CONFIG_A) += sub/\n', 'd/sub/Makefile': INSIDE });
    expect(built(tree, { A: 'y' })).toEqual({ modules: ['d/sub/m: d/sub/m.o'], builtin: ['d/sub/b.o'] });
    expect(built(tree, { A: 'm' })).toEqual({ modules: ['d/sub/m: d/sub/m.o'], builtin: [] });
    expect(built(tree)).toEqual({ modules: [], builtin: [] });
    expect(printCondition(tree.modules.byPath('d/sub/m')!.whenModule)).toBe('A');
  });

  it('below a modular one are modular', () => {
    const tree = load({
      'd/Makefile': 'obj-m += sub/\n',
      'd/sub/Makefile': 'obj-y += deep/\n',
      'd/sub/deep/Makefile': INSIDE,
    });
    expect(built(tree)).toEqual({ modules: ['d/sub/deep/m: d/sub/deep/m.o'], builtin: [] });
  });

  it('entered by subdir-y and subdir-m put nothing into vmlinux, and no module into the list', () => {
    for (const list of ['subdir-y', 'subdir-m']) {
      const tree = load({ 'd/Makefile': `${list} += sub\n`, 'd/sub/Makefile': `${INSIDE}always-y += c.o\n` });
      expect(built(tree)).toEqual({ modules: [], builtin: ['d/sub/c.o'] });
    }
  });

  it('may be entered by several lines, and by lines outside their parent', () => {
    const tree = load({
      'd/Makefile': 'obj-$(CONFIG_A) += sub/\nobj-$(CONFIG_B) += sub/ ../elsewhere/\n',
      'd/sub/Makefile': 'obj-$(CONFIG_M) += m.o\n',
      'elsewhere/Kbuild': 'obj-m += n.o\n',
      'elsewhere/Makefile': '$(error Kbuild goes first)\n',
    });
    expect(built(tree, { B: 'm', M: 'm' }).modules).toEqual(['d/sub/m: d/sub/m.o', 'elsewhere/n: elsewhere/n.o']);
    expect(printCondition(tree.modules.byPath('d/sub/m')!.whenModule)).toBe('(A || B) && M=m');
    expect(tree.diagnostics).toEqual([]);
  });

  it('without a Kbuild file end the walk of a configuration that enters them', () => {
    const tree = load('obj-y += a.o\nobj-$(CONFIG_A) += b.o \\\n  gone/\n');
    expect(built(tree).builtin).toEqual(['d/a.o']);
    expect(tree.directory('d/gone')).toBeNull();
    const at = { file: 'd/Makefile', line: 3, column: 3 };
    const args = { directory: 'd/gone', path: 'd/gone/Makefile', reason: 'there is no such file' };
    const found = { at, lineText: '  gone/', args };
    expect(tree.missingDirectories).toEqual([{ code: 'kbuild-directory-unknown', severity: 'warning', ...found }]);
    for (const A of ['y', 'm']) {
      expect(failure(() => built(tree, { A }))).toEqual({
        code: 'kbuild-directory-missing',
        severity: 'error',
        ...found,
      });
    }
  });

  it('are no tree where the top one has no Kbuild file', () => {
    const fs = memoryFs({ '/tree/Makefile': '', '/tree/d/Makefile': 'obj-y += a.o\n' });
    expect(failure(() => KbuildTree.load({ fs, tree: '/tree', srcarch: 'x86' }))).toMatchObject({
      code: 'tree-not-kernel',
      args: { missing: 'Kbuild' },
    });
  });

  it('that include a file that is not there end the walk of a configuration that enters them', () => {
    for (const file of ['d/gone.mk', '$(srctree)/d/gone.mk']) {
      const sub = `obj-y += a.o\ninclude ${file}\n`;
      const tree = load({ 'd/Makefile': 'obj-$(CONFIG_A) += sub/\n', 'd/sub/Makefile': sub });
      expect(built(tree).builtin).toEqual([]);
      const at = { file: 'd/sub/Makefile', line: 2 };
      const found = { code: 'kbuild-include-missing', severity: 'error', at, lineText: `include ${file}` };
      expect(failure(() => built(tree, { A: 'y' }))).toMatchObject(found);
    }
  });

  it('do not end it for a file that need not be there, or that another makefile names', () => {
    for (const line of [
      '-include d/gone.mk',
      'include $(ELSEWHERE)/gone.mk',
      'ifdef CONFIG_B\ninclude d/gone.mk\nendif',
    ]) {
      expect(built(load(`obj-y += a.o\n${line}\n`)).builtin).toEqual(['d/a.o']);
    }
  });

  it('of which a program tells the name are not missed where none is asked', () => {
    const tree = load('obj-y += a.o os-$(shell uname -o)/\n');
    expect(built(tree).builtin).toEqual(['d/a.o']);
    expect(tree.missingDirectories).toEqual([]);
  });
});

/** The diagnostic of the InputError that is thrown. */
function failure(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return (error as InputError).diagnostic;
  }
  return null;
}

describe('the top', () => {
  const DIRECTORIES = { 'init/Makefile': 'obj-y := main.o\n', 'lib/Makefile': 'lib-y := l.o\nobj-m := t.o\n' };

  it('descends by the lists of the top Makefile in kernels before 6.1', () => {
    const makefile = [
      'init-y := init/',
      'libs-y := lib/',
      'drivers-y := drivers/',
      'core-y :=',
      'include arch/$(SRCARCH)/Makefile',
      'vmlinux-dirs := $(patsubst %/,%,$(filter %/, $(init-y) $(core-y) $(core-m) $(drivers-y) $(libs-y)))',
      'vmlinux-alldirs := $(sort $(vmlinux-dirs) $(patsubst %/,%,$(filter %/, $(core-))))',
      'init-y := $(patsubst %/, %/built-in.a, $(init-y))',
      'core-y := $(patsubst %/, %/built-in.a, $(core-y))',
      'libs-y1 := $(patsubst %/, %/lib.a, $(libs-y))',
      '',
    ].join('\n');
    const tree = load({
      Makefile: makefile,
      Kbuild: 'always := bounds.h\n',
      ...DIRECTORIES,
      'arch/x86/Makefile':
        'head-y := arch/x86/kernel/head.o\ncore-y += arch/x86/\ncore-y += $(if $(CONFIG_PCI),arch/x86/pci/)\n',
      'arch/x86/Kbuild': 'obj-y += kernel/\n',
      'arch/x86/kernel/Makefile': 'extra-y := head.o\nobj-y := traps.o\n',
      'arch/x86/pci/Makefile': 'obj-y := init.o\n',
      'drivers/Makefile': 'obj-$(CONFIG_E) += e.o\n',
    });
    const core = ['arch/x86/kernel/head.o', 'arch/x86/kernel/traps.o', 'init/main.o', 'lib/l.o'];
    expect(built(tree)).toEqual({ modules: ['lib/t: lib/t.o'], builtin: core });
    expect(built(tree, { PCI: 'y' }).builtin).toEqual([...core, 'arch/x86/pci/init.o'].sort());
    expect(built(tree, { E: 'm' }).modules).toContain('drivers/e: drivers/e.o');
    expect(printCondition(tree.modules.whenEntered('arch/x86/pci'))).toBe('PCI');
  });

  it('hands exported variables down to the Kbuild file of the root', () => {
    const tree = load({
      Makefile:
        'core-y := arch/$(SRCARCH)/\nexport core-y BITS\nifdef CONFIG_64BIT\nBITS := 64\nelse\nBITS := 32\nendif\n',
      Kbuild: 'obj-y += init/ kernel/ $(core-y)\n',
      'arch/x86/Makefile': 'obj-y += entry_$(BITS).o\n',
      ...DIRECTORIES,
    });
    expect(built(tree, { '64BIT': 'y' }).builtin).toEqual(['arch/x86/entry_64.o', 'init/main.o']);
    expect(built(tree).builtin).toEqual(['arch/x86/entry_32.o', 'init/main.o']);
  });
});

describe('what a symbol gates', () => {
  it('names the module, objects inside it and other objects of vmlinux, with the line', () => {
    const tree = load('obj-$(CONFIG_A) += a.o\na-y := x.o\na-$(CONFIG_B) += y.o\nobj-$(CONFIG_B) += z.o\n');
    const gated = (symbol: string) =>
      tree.modules
        .gatedBy(symbol)
        .map(({ module, object, at, when }) => [module, object, at?.line, printCondition(when)]);
    expect(gated('A')).toEqual([['d/a', null, 1, 'A=m']]);
    expect(gated('B')).toContainEqual(['d/a', 'd/y.o', 3, 'B=y']);
    expect(gated('B')).toContainEqual(['d/a', 'd/y.o', 3, 'B=m']);
    expect(gated('B')).toContainEqual(['d/z', null, 4, 'B=m']);
    expect(gated('C')).toEqual([]);
  });
});

describe('with the types of symbols', () => {
  const types: DomainLookup = (symbol) =>
    ({ BOOL: 'bool' as const, TRI: 'tristate' as const, DIR: 'bool' as const, TEXT: 'open' as const })[symbol] ??
    'none';

  it('lists only what can be a module', () => {
    const tree = load('obj-$(CONFIG_BOOL) += b.o\nobj-$(CONFIG_TRI) += t.o\nobj-$(CONFIG_GONE) += g.o\n', types);
    expect([...tree.modules.all()].map((entry) => entry.path)).toEqual(['d/t']);
  });

  it('says no more than is needed', () => {
    const tree = load(
      {
        'd/Makefile': [
          'obj-$(CONFIG_DIR) += sub/',
          'ifneq ($(CONFIG_TRI),)',
          'obj-$(subst y,$(CONFIG_TRI),$(CONFIG_BOOL)) += both.o',
          'endif',
          'ifdef CONFIG_GONE',
          'obj-m += never.o',
          'endif',
          '',
        ].join('\n'),
        'd/sub/Makefile': 'ifeq ($(CONFIG_TEXT),"7")\nobj-$(CONFIG_TRI) += seven.o\nendif\n',
      },
      types,
    );
    const conditions = [...tree.modules.all()].map(({ path, whenModule }) => `${path}: ${printCondition(whenModule)}`);
    expect(conditions).toEqual(['d/both: BOOL && TRI=m', 'd/sub/seven: DIR && TEXT="7" && TRI=m']);
  });

  it('builds the same', () => {
    const makefile =
      'obj-$(CONFIG_TRI) += t.o\nt-y := u.o\nt-$(CONFIG_BOOL) += v.o\nobj-$(CONFIG_BOOL) += $(CONFIG_TEXT).o\n';
    for (const TRI of ['', 'm', 'y']) {
      for (const BOOL of ['', 'y']) {
        const config = { TRI, BOOL, TEXT: 'w' };
        expect(built(load(makefile, types), config)).toEqual(built(load(makefile), config));
      }
    }
  });
});
