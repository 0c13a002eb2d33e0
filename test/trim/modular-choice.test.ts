/** Choices of modules without a name, as kernels before 6.11 have them: of 6.8 that of RAPIDIO. */
import { expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { trim } from '../../src/trim/trim.ts';
import { configure, MODULES, OLD, parseText } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const KCONFIG = `${MODULES}config BUS
\tbool "bus"

choice
\tprompt "how devices are found"
\tdepends on BUS
\tdefault SCAN

config SCAN
\ttristate "scan"

config LIST
\ttristate "list"

endchoice

config CARD
\ttristate "card"
`;

const trimmed = (loaded: readonly string[], options: { builtin?: boolean; lean?: boolean; kconfig?: string } = {}) => {
  const kconfig = parseText(options.kconfig ?? KCONFIG, { dialect: OLD });
  return trim({
    kbuild: KbuildTree.load({
      fs: memoryFs({
        '/tree/Makefile': '',
        '/tree/arch/x86/Makefile': '',
        '/tree/Kbuild':
          'obj-$(CONFIG_BUS) += bus.o\nobj-$(CONFIG_SCAN) += scan.o\nobj-$(CONFIG_LIST) += list.o\nobj-$(CONFIG_CARD) += card.o\n',
      }),
      tree: '/tree',
      srcarch: 'x86',
    }),
    base: configure(kconfig, 'CONFIG_MODULES=y\nCONFIG_BUS=y\nCONFIG_SCAN=m\nCONFIG_LIST=m\nCONFIG_CARD=m\n'),
    loaded: loaded.map((name) => ({ name, origin: 'unknown' })),
    keep: [],
    lean: options.lean ?? false,
    enable: false,
    builtin: options.builtin ?? false,
  });
};

const set = ({ text }: { readonly text: string }): string[] =>
  text.split('\n').filter((line) => /^CONFIG_(?:BUS|SCAN|LIST|CARD)=/.test(line));

it.each([{}, { lean: true }])('stay where nothing else needs them: %j', (options) => {
  const result = trimmed(['card'], options);
  expect(set(result)).toEqual(['CONFIG_BUS=y', 'CONFIG_CARD=m']);
  expect(result.kept.map(({ symbol }) => symbol)).toEqual(['CARD']);
  expect(result.violations).toEqual([]);
});

it('keep the member that is loaded', () => {
  const result = trimmed(['list']);
  expect(set(result)).toEqual(['CONFIG_BUS=y', 'CONFIG_LIST=m']);
  expect(result.kept.map(({ symbol }) => symbol)).toEqual(['LIST']);
});

it('are no symbol to build in', () => {
  const result = trimmed(['scan', 'list', 'card'], { builtin: true });
  expect(set(result)).toEqual(['CONFIG_BUS=y', 'CONFIG_SCAN=m', 'CONFIG_LIST=m', 'CONFIG_CARD=y']);
  expect(result.notBuiltin).toEqual(['LIST', 'SCAN']);
  expect(result.violations).toEqual([]);
});

it('go with their members, so that a .config says the same', () => {
  const optional = { kconfig: KCONFIG.replace('\tdefault SCAN\n', '\ttristate\n\tdefault SCAN\n\toptional\n') };
  const result = trimmed(['card'], optional);
  expect(result.text).not.toMatch(/SCAN|LIST/);
  expect(result.violations).toEqual([]);
});
