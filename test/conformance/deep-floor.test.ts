/** The names of the floor against real trees: one that no tree has is a mistake, or has been renamed. */
import { expect, it } from 'vitest';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { FLOOR } from '../../src/trim/deep/floor-data.ts';
import { PLATFORM_PLACES } from '../../src/trim/deep/platform-data.ts';
import { runConf } from './conf-judge.ts';
import { describeKernels } from './describe-kernels.ts';
import { engineTree } from './engine.ts';
import type { Kernel } from './kernels.ts';
import { X86 } from './trim-judge.ts';

/** Names that only one of the two trees has. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  '6.12': ['FB_CORE', 'HID_SUPPORT', 'MODULE_COMPRESS', 'X86_USER_SHADOW_STACK'],
  '6.1': [],
};

function treeOf(kernel: Kernel): Kconfig {
  const run = { kernel, arch: X86, target: 'olddefconfig', config: '', answers: 'real' } as const;
  // conf's run leaves the answers that the engine takes.
  runConf(run);
  return engineTree(run);
}

describeKernels('the floor of deep trims', (kernels) => {
  it('names symbols that the trees have', () => {
    const names = [...new Set(Object.values(FLOOR).flatMap((lines) => lines.map(({ symbol }) => symbol)))];
    const missing = new Map(
      kernels.map((kernel) => {
        const { symbols } = treeOf(kernel);
        return [kernel.version, names.filter((name) => !symbols.find(name)?.isDefined)] as const;
      }),
    );
    for (const [version, lacks] of missing) {
      const others = Object.entries(ONLY_IN).flatMap(([other, own]) => (version.startsWith(other) ? [] : own));
      expect(lacks.sort(), `not in ${version}`).toEqual(others.sort());
    }
  });

  it('gives each name one source, and each profile different names', () => {
    for (const [profile, lines] of Object.entries(FLOOR)) {
      expect(
        lines.filter(({ source }) => source.trim() === ''),
        profile,
      ).toEqual([]);
      const names = lines.map(({ symbol }) => symbol);
      expect(names.length - new Set(names).size, profile).toBe(0);
    }
  });

  it('names directories that the trees have', () => {
    const fs = new NodeFileSystem();
    const missing = PLATFORM_PLACES.filter(({ directory }) =>
      kernels.every(({ tree }) => !fs.exists(`${tree}/${directory}`)),
    );
    expect(missing).toEqual([]);
  });
});
