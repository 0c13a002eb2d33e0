/** A base config that was trimmed before, for another machine. */
import { describe, expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { lackText, type TrimReport } from '../../src/report/trim-report.ts';
import { trim } from '../../src/trim/trim.ts';
import { lackOfTrimmed, lacksOf } from '../../src/trim/trimmed-base.ts';
import { configure, MODULES, parseText } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const NAMES = Array.from({ length: 40 }, (_, index) => `D${index}`);
const kbuild = KbuildTree.load({
  fs: memoryFs({
    '/tree/Makefile': '',
    '/tree/scripts/Kbuild.include': '',
    '/tree/scripts/Makefile.compiler': '',
    '/tree/arch/x86/Makefile': '',
    '/tree/Kbuild': NAMES.map((name) => `obj-$(CONFIG_${name}) += ${name.toLowerCase()}.o\n`).join(''),
  }),
  tree: '/tree',
  srcarch: 'x86',
});
const kconfig = parseText(MODULES + NAMES.map((name) => `config ${name}\n\ttristate "${name}"\n\n`).join(''));

function loadedWith(on: readonly string[], loaded: readonly string[]) {
  const base = configure(kconfig, `CONFIG_MODULES=y\n${on.map((name) => `CONFIG_${name}=m\n`).join('')}`);
  const modules = loaded.map((name) => ({ name, origin: 'unknown' as const }));
  return trim({ kbuild, base, loaded: modules, keep: [], lean: false, enable: false, builtin: false });
}

const running = (...names: string[]) => new Map(names.map((name) => [name, name === 'D9' ? 'n' : 'm']));

describe('a base config', () => {
  it('lacks what the running kernel’s config builds, where that is more than a tenth', () => {
    const { loaded } = loadedWith(['D1', 'D2'], ['d1', 'd2', 'd3', 'd4', 'd9', 'nvidia']);
    expect(lacksOf(loaded, kbuild, running('D1', 'D2', 'D3', 'D4', 'D9'))).toEqual({ missing: 2, of: 4 });
    expect(lacksOf(loaded, kbuild, running('D1', 'D2'))).toBeNull();
    expect(lacksOf(loaded, kbuild, running('D3', 'D4'))).toBeNull();
  });

  it('looks trimmed where it builds little of the tree, and not what is loaded', () => {
    const { loaded, baseBuild } = loadedWith(['D1', 'D2'], ['d1', 'd2', 'd3', 'nvidia']);
    expect(lackOfTrimmed(loaded, kbuild, baseBuild.modules.length)).toEqual({ missing: 1, of: 3 });
    const whole = loadedWith(NAMES.slice(0, 20), ['d1', 'd30']);
    expect(lackOfTrimmed(whole.loaded, kbuild, whole.baseBuild.modules.length)).toBeNull();
    const right = loadedWith(['D1', 'D2'], ['d1', 'd2']);
    expect(lackOfTrimmed(right.loaded, kbuild, right.baseBuild.modules.length)).toBeNull();
  });

  it('that lacks them is said to, with the way on', () => {
    const text = (lack: TrimReport['base']['lack']) =>
      lackText({ base: { source: '.config', unknown: [], lack } } as unknown as TrimReport);
    expect(text({ missing: 81, of: 159, running: '/proc/config.gz' })).toBe(
      '.config lacks 81 of 159 loaded modules that /proc/config.gz builds; it looks trimmed for another machine. ' +
        'Start from --config /proc/config.gz',
    );
    expect(text({ missing: 2, of: 4, running: null })).toContain('--config /boot/config-RELEASE');
    expect(text(null)).toBeNull();
  });
});
