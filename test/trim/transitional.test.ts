/** Old names of symbols that are only read from a .config (`transitional`, 6.18 and later). */
import { expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { hindranceText } from '../../src/report/why-text.ts';
import { trim } from '../../src/trim/trim.ts';
import { Explainer } from '../../src/trim/why.ts';
import type { SymbolAnswer } from '../../src/trim/why-types.ts';
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

const FILES = {
  '/tree/Makefile': '',
  '/tree/arch/x86/Makefile': '',
  '/tree/Kbuild': 'obj-$(CONFIG_NEW_NAME) += new.o\nobj-$(CONFIG_CARD) += card.o\nobj-$(CONFIG_OTHER) += other.o\n',
};
const kbuild = KbuildTree.load({ fs: memoryFs(FILES), tree: '/tree', srcarch: 'x86' });
const base = (config: string) => configure(parseText(KCONFIG, { dialect: NEXT }), `CONFIG_MODULES=y\n${config}`);

it('go without a word where the symbol in their place has their value', () => {
  const { text, violations } = trim({
    kbuild,
    base: base('CONFIG_OLD_NAME=y\nCONFIG_CARD=m\nCONFIG_OTHER=m\n'),
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

it('are said to be old names where somebody asks for them', () => {
  const [answer] = new Explainer({ base: base('CONFIG_CARD=m\n'), kbuild, trimmed: null }).answer('OLD_NAME');
  const { hindrances } = answer as SymbolAnswer;
  expect(hindrances).toMatchObject([{ kind: 'transitional', symbol: 'OLD_NAME', condition: 'NEW_NAME' }]);
  expect(hindrances.map(hindranceText)).toEqual([
    'OLD_NAME is an old name that is only read from a .config; now NEW_NAME',
  ]);
});
