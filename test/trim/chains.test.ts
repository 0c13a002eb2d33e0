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

const kbuild = KbuildTree.load({
  fs: memoryFs({
    '/tree/Kconfig': KCONFIG,
    '/tree/Makefile': '',
    '/tree/scripts/Kbuild.include': '',
    '/tree/scripts/Makefile.compiler': '',
    '/tree/arch/x86/Makefile': '',
    '/tree/Kbuild': 'obj-y += fs/\n',
    '/tree/fs/Makefile': 'obj-$(CONFIG_FAT) += fat.o\nobj-$(CONFIG_LANGUAGES) += nls/\n',
    '/tree/fs/nls/Makefile': 'obj-$(CONFIG_PAGE_437) += page437.o\nobj-$(CONFIG_PAGE_850) += page850.o\n',
  }),
  tree: '/tree',
  srcarch: 'x86',
});
const on = ['MODULES=y', 'LANGUAGES=y', 'PAGE_437=m', 'PAGE_850=m', 'FAT=m'];
const base = configure(parseText(KCONFIG), on.map((line) => `CONFIG_${line}\n`).join(''));

function why(name: string, loaded: string, keep: readonly string[] = []): string {
  const modules = [{ name: loaded, origin: 'unknown' as const }];
  const trimmed = trim({ kbuild, base, loaded: modules, keep, lean: false, enable: false, builtin: false });
  const answers = new Explainer({ base, kbuild, trimmed }).answer(name);
  const tree = { version: '6.12', arch: 'x86' };
  return renderText(whyReport({ name, tree, config: '.config', listings: [], answers }, { verbose: false }), false);
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
