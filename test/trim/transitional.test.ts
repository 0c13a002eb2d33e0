/** Old names of symbols that are only read from a .config (`transitional`, 6.18 and later). */
import { expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { trim } from '../../src/trim/trim.ts';
import { configure, MODULES, NEXT, parseText } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const KCONFIG = `${MODULES}config OLD_NAME
\tbool
\ttransitional

config NEW_NAME
\tbool "a driver"
\tdefault OLD_NAME

config CARD
\ttristate "card"

config OTHER
\ttristate "other"
`;

it('go without a word where the symbol in their place has their value', () => {
  const kconfig = parseText(KCONFIG, { dialect: NEXT });
  const files = {
    '/tree/Makefile': '',
    '/tree/arch/x86/Makefile': '',
    '/tree/Kbuild': 'obj-$(CONFIG_NEW_NAME) += new.o\nobj-$(CONFIG_CARD) += card.o\nobj-$(CONFIG_OTHER) += other.o\n',
  };
  const { text, violations } = trim({
    kbuild: KbuildTree.load({ fs: memoryFs(files), tree: '/tree', srcarch: 'x86' }),
    base: configure(kconfig, 'CONFIG_MODULES=y\nCONFIG_OLD_NAME=y\nCONFIG_CARD=m\nCONFIG_OTHER=m\n'),
    loaded: [{ name: 'card', origin: 'unknown' }],
    keep: [],
    lean: false,
    enable: false,
    builtin: false,
  });
  expect(violations).toEqual([]);
  expect(text.split('\n').filter((line) => /NAME|CARD|OTHER/.test(line))).toEqual([
    'CONFIG_NEW_NAME=y',
    'CONFIG_CARD=m',
    '# CONFIG_OTHER is not set',
  ]);
});
