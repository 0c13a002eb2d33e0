import { describe, expect, it } from 'vitest';
import { turnedOnBy } from '../../src/build/turned-on.ts';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const kbuild = KbuildTree.load({
  fs: memoryFs({
    '/t/Makefile': '',
    '/t/Kbuild': 'obj-y += init/ drivers/ lib/\n',
    '/t/init/Makefile': 'obj-y += main.o\nobj-$(CONFIG_SMP) += smp.o\n',
    '/t/lib/Makefile': 'lib-y += string.o\n',
    '/t/drivers/Makefile': 'obj-$(CONFIG_NET) += net/\n',
    '/t/drivers/net/Makefile': [
      'obj-y += core.o',
      'obj-$(CONFIG_TUN) += tun.o',
      'obj-$(CONFIG_CARD) += card.o',
      'card-y := main.o',
      'card-$(CONFIG_CARD_DEBUG) += debug.o',
      'obj-$(CONFIG_BOTH)$(CONFIG_MORE) += both.o',
      'obj-y += joined.o',
      'joined-$(CONFIG_JOIN) := part.o',
      '',
    ].join('\n'),
  }),
  tree: '/t',
  srcarch: 'x86',
});

const ON: Readonly<Record<string, string>> = {
  SMP: 'y',
  NET: 'y',
  TUN: 'm',
  CARD: 'm',
  CARD_DEBUG: 'y',
  BOTH: 'm',
  JOIN: 'y',
};

describe('what turns on a target', () => {
  it.each([
    ['init/smp.o', 'SMP=y', 'init/Makefile:2', []],
    ['drivers/net/tun.o', 'TUN=m', 'drivers/net/Makefile:2', ['drivers/net/tun']],
    ['drivers/net/tun.ko', 'TUN=m', 'drivers/net/Makefile:2', ['drivers/net/tun']],
    ['drivers/net/tun.mod.o', 'TUN=m', 'drivers/net/Makefile:2', ['drivers/net/tun']],
    ['drivers/net/main.o', 'CARD=m', 'drivers/net/Makefile:3', ['drivers/net/card']],
    ['drivers/net/debug.o', 'CARD_DEBUG=y', 'drivers/net/Makefile:5', ['drivers/net/card']],
    ['drivers/net/both.o', 'BOTH=m', 'drivers/net/Makefile:6', ['drivers/net/both']],
    // Built in, by a line inside of what is always built; or by the directory's own line.
    ['drivers/net/part.o', 'JOIN=y', 'drivers/net/Makefile:8', []],
    ['drivers/net/core.o', 'NET=y', 'drivers/Makefile:1', []],
    ['init/main.o', '', 'init/Makefile:1', []],
    ['lib/string.o', '', 'lib/Makefile:1', []],
  ])('%s', (target, symbols, at, modules) => {
    const found = turnedOnBy(target, kbuild, (name) => ON[name])!;
    expect(found.symbols.map(({ name, value }) => `${name}=${value}`).join(' ')).toBe(symbols);
    expect(`${found.at?.file}:${found.at?.line}`).toBe(at);
    expect(found.modules).toEqual(modules);
  });

  it('is unknown where no Kbuild file is in the way', () => {
    for (const target of ['scripts/mod/empty.o', 'outputmakefile', 'vmlinux', 'lib']) {
      expect(turnedOnBy(target, kbuild, (name) => ON[name])).toBeNull();
    }
  });
});
