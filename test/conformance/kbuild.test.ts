/** Which modules a config builds: our walk of the Kbuild files against GNU make's, and the modules of the image. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dotConfigValues } from '../../src/dotconfig/scan.ts';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { describeKernels } from './describe-kernels.ts';
import { judgeBuild } from './kbuild-make-judge.ts';

/** A .config as Kbuild sees it. */
function lookup(text: string): (name: string) => string | undefined {
  const values = dotConfigValues(text);
  return (name) => {
    const value = values.get(name);
    return value === 'n' ? undefined : value?.replace(/^"(.*)"$/, '$1');
  };
}

describeKernels('Kbuild', (found) => {
  for (const kernel of found) {
    const tree = KbuildTree.load({ fs: new NodeFileSystem(), tree: kernel.tree, srcarch: 'x86' });

    it(`maps every module of the ${kernel.version} image to its path`, () => {
      const paths = readFileSync(join(kernel.image, 'modules.list'), 'utf8').trim().split('\n');
      const lost = paths.filter((path) => tree.modules.byPath(path) === undefined);
      expect(paths.length).toBeGreaterThan(4000);
      expect(lost).toEqual([]);
      expect(paths.filter((path) => tree.modules.byPath(path)!.decidingSymbols.length === 0)).toEqual([]);
    });

    it(`builds the modules of the ${kernel.version} image for the image's config`, () => {
      const paths = readFileSync(join(kernel.image, 'modules.list'), 'utf8').trim().split('\n');
      const built = tree.build(lookup(readFileSync(join(kernel.image, 'config'), 'latin1'))).modules;
      expect(built.map(({ path }) => path).sort()).toEqual(paths.sort());
    });

    for (const config of kernel.configs) {
      it(`agrees with GNU make on ${kernel.version} ${config.replace(/^.*config\./, '')}`, () => {
        const text = readFileSync(config, 'latin1');
        const judged = judgeBuild(kernel.tree, 'x86', text);
        const ours = tree.build(lookup(text));
        expect(ours.modules.map(({ path }) => path).sort()).toEqual([...judged.modules].sort());
      });
    }
  }
});
