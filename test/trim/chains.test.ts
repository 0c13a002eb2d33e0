/** Chains from loaded modules: what builds something, and what only has to be on for it. */
import { describe, expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { renderText } from '../../src/report/styled-text.ts';
import { whyReport } from '../../src/report/why-text.ts';
import { trim } from '../../src/trim/trim.ts';
import { Explainer } from '../../src/trim/why.ts';
import { configure, MODULES, parseText } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const KCONFIG = `${MODULES}
config LANGUAGES
	bool "languages"

config PAGE_437
	tristate "page"

config PAGE_850
	tristate "page"

config FAT
	tristate "fat"
	select LANGUAGES
`;

const treeOf = (kconfig: string, makefile: string, more: Readonly<Record<string, string>> = {}): KbuildTree =>
  KbuildTree.load({
    fs: memoryFs({
      '/tree/Kconfig': kconfig,
      '/tree/Makefile': '',
      '/tree/scripts/Kbuild.include': '',
      '/tree/scripts/Makefile.compiler': '',
      '/tree/arch/x86/Makefile': '',
      '/tree/Kbuild': makefile,
      ...more,
    }),
    tree: '/tree',
    srcarch: 'x86',
  });

const kbuild = treeOf(KCONFIG, 'obj-y += fs/\n', {
  '/tree/fs/Makefile': 'obj-$(CONFIG_FAT) += fat.o\nobj-$(CONFIG_LANGUAGES) += nls/\n',
  '/tree/fs/nls/Makefile': 'obj-$(CONFIG_PAGE_437) += page437.o\nobj-$(CONFIG_PAGE_850) += page850.o\n',
});
const on = ['MODULES=y', 'LANGUAGES=y', 'PAGE_437=m', 'PAGE_850=m', 'FAT=m'];
const base = configure(parseText(KCONFIG), on.map((line) => `CONFIG_${line}\n`).join(''));

function why(name: string, loaded: string, keep: readonly string[] = [], config = base, tree = kbuild): string {
  const modules = [{ name: loaded, origin: 'unknown' as const }];
  const input = { kbuild: tree, base: config };
  const trimmed = trim({ ...input, loaded: modules, keep, lean: false, enable: false, builtin: false });
  const answers = new Explainer({ ...input, trimmed }).answer(name);
  const of = { version: '6.12', arch: 'x86' };
  return renderText(
    whyReport(
      { name, tree: of, config: '.config', listings: [], loaded: new Set<string>(), answers },
      { verbose: false },
    ),
    false,
  );
}

describe('a directory that a symbol opens', () => {
  it('is said to be needed by what is in it, not to build it', () => {
    const text = why('LANGUAGES', 'page437');
    expect(text).toContain('page437 is built only with LANGUAGES  fs/Makefile:2');
    expect(text).not.toContain('built by');
  });

  it('is no reason for a module to stay that is kept for another', () => {
    const text = why('page850', 'fat', ['page850']);
    expect(text).toContain('stays m: keep for page850');
    expect(text).not.toContain('as well');
  });

  it('is not the reason for a module that its own symbol builds', () => {
    expect(why('PAGE_437', 'page437')).toContain('page437 is built by PAGE_437  fs/nls/Makefile:1');
  });
});

describe('what is on by default', () => {
  const text = `${MODULES}
config NET
	tristate "net"

if NET
config ROUTES
	bool "routes"

config TUNNEL
	tristate "tunnel"
	depends on ROUTES

config FILTER
	def_tristate m
	depends on TUNNEL
	depends on ROUTES = y

config CARD
	tristate "card"
	depends on TUNNEL
endif
`;
  const config = configure(
    parseText(text),
    ['MODULES=y', 'NET=m', 'ROUTES=y', 'TUNNEL=m', 'CARD=m'].map((line) => `CONFIG_${line}\n`).join(''),
  );
  const makefile =
    'obj-$(CONFIG_NET) += net.o\nobj-$(CONFIG_TUNNEL) += tunnel.o\nobj-$(CONFIG_FILTER) += filter.o\nobj-$(CONFIG_CARD) += card.o\n';
  const tree = treeOf(text, makefile);

  it('is said with its own line and the whole condition', () => {
    expect(why('FILTER', 'card', [], config, tree)).toContain(
      'FILTER is on by default where NET && TUNNEL && ROUTES=y  Kconfig:19',
    );
  });

  it('is no reason for what it needs itself', () => {
    for (const name of ['ROUTES', 'TUNNEL'])
      expect(why(name, 'net', ['TUNNEL'], config, tree)).not.toContain('FILTER is on');
  });
});

it('leads over no need that goes with what it needs', () => {
  const kconfig = `${MODULES}
config NET
	tristate "net"

config OFFLOAD
	bool "offload"
	depends on NET

config CARD
	tristate "card"
	depends on NET && OFFLOAD || OFFLOAD=n
`;
  const tree = treeOf(kconfig, 'obj-y += drivers/\n', {
    '/tree/drivers/Makefile':
      'obj-$(CONFIG_NET) += net.o\nobj-$(CONFIG_CARD) += card.o\ncard-y := main.o\ncard-$(CONFIG_OFFLOAD) += offload.o\n',
  });
  const config = configure(parseText(kconfig), 'CONFIG_MODULES=y\nCONFIG_NET=m\nCONFIG_OFFLOAD=y\nCONFIG_CARD=m\n');
  const text = why('NET', 'card', [], config, tree);
  expect(text).not.toContain('CARD depends on');
  expect(text).toContain('OFFLOAD depends on NET');
});
