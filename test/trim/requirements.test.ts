import { expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import { moduleRequirement, RequirementSet, symbolRequirement } from '../../src/trim/requirements.ts';
import { configure, MODULES, parseText, symbol } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const NAMES = ['plain', 'inside', 'always', 'two', 'other'];
const kconfig = parseText(
  `${MODULES}${[...NAMES, 'dir', 'alone'].map((name) => `config ${name.toUpperCase()}\n\ttristate "${name}"\n`).join('')}`,
);
const MAKEFILE = [
  'obj-$(CONFIG_PLAIN) += plain.o',
  'obj-$(CONFIG_INSIDE) += inside.o',
  'inside-y := main.o',
  'inside-$(CONFIG_OTHER) += more.o',
  // Built in where its own symbol is off.
  'obj-$(CONFIG_ALWAYS) += always.o',
  'obj-y += $(if $(CONFIG_ALONE),always.o)',
  'obj-$(CONFIG_TWO) += two.o',
  'obj-$(CONFIG_OTHER) += two.o',
  '',
].join('\n');
const kbuild = KbuildTree.load({
  fs: memoryFs({ '/tree/Makefile': '', '/tree/Kbuild': 'obj-$(CONFIG_DIR) += d/\n', '/tree/d/Makefile': MAKEFILE }),
  tree: '/tree',
  srcarch: 'x86',
});
const base = configure(
  kconfig,
  ['CONFIG_MODULES=y', ...[...NAMES, 'dir'].map((name) => `CONFIG_${name.toUpperCase()}=m`), ''].join('\n'),
);

const requirement = (kind: 'loaded' | 'keep', name: string) =>
  moduleRequirement(kind, name, kbuild.modules.byName(name)[0]!, kconfig);

it('is certainly broken without the symbol that decides on a loaded module in every way', () => {
  const all = NAMES.filter((name) => name !== 'other').map((name) => requirement('loaded', name));
  const requirements = new RequirementSet(all, base);
  expect(requirements.all).toEqual(all);
  const decided = kconfig.symbols.all.flatMap((each) => {
    const by = requirements.decidedBy(each);
    return by ? [[each.name, by.name]] : [];
  });
  expect(decided).toEqual([
    ['PLAIN', 'plain'],
    ['INSIDE', 'inside'],
  ]);
});

it('does not hear of what is kept for another reason: then all that breaks is reported', () => {
  const kept = [requirement('keep', 'plain'), symbolRequirement('feature', symbol(kconfig, 'INSIDE'), base)];
  const requirements = new RequirementSet(kept, base);
  expect(kconfig.symbols.all.filter((each) => requirements.decidedBy(each))).toEqual([]);
});

it('does not count where the base does not build the module', () => {
  const off = configure(kconfig, 'CONFIG_MODULES=y\n');
  const requirements = new RequirementSet([requirement('loaded', 'plain')], off);
  expect(requirements.all).toEqual([]);
  expect(requirements.decidedBy(symbol(kconfig, 'PLAIN'))).toBeUndefined();
});

it('does break when such a symbol is off', () => {
  const requirements = new RequirementSet([requirement('loaded', 'plain'), requirement('loaded', 'inside')], base);
  for (const name of ['PLAIN', 'INSIDE']) {
    const config = base.clone();
    const changed = config.set(symbol(kconfig, name), 0);
    const broken = requirements.broken(config, kbuildLookup(config), changed);
    expect(broken).toContain(requirements.decidedBy(symbol(kconfig, name)));
  }
});
