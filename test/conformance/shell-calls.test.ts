/**
 * The `$(shell …)` calls that reading a tree's Kbuild files reaches. They are not run: docs/security.md names the kinds, and
 * the comparisons with GNU make (kbuild.test.ts) show that no list of objects needs one.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { describeKernels } from './describe-kernels.ts';

/** Every kind of call, as docs/security.md tells them. */
const KINDS: Readonly<Record<string, RegExp>> = {
  'asks the compiler, assembler or linker for a flag': /^set -e; TMP=\$\(TMPOUT\)\/tmp; /,
  'asks for the version of the compiler': /--version|^\[ \$\(CONFIG_(?:GCC|CLANG)_VERSION\)0 -ge /,
  'asks where the compiler has its library': /-print-libgcc-file-name$|\$\(RUSTC\).* --print sysroot$/,
  'looks for a program': /^command -v |^if \(which palo|\$\(NM\) --help/,
  'asks for the name of the machine': /^uname -m/,
  'asks the C library for a flag': /^getconf /,
  'lists headers to be tested, or files made by a build': /\bfind (?:\*|\$\(obj\)) -name /,
  'reads what a build has made': /^cat include\/config\/kernel\.release/,
  'compares a load address': /^expr \$\(load-y\) /,
  'looks for the configuration of a boot loader': /palo\.conf/,
};

describeKernels('$(shell) in Kbuild files', (kernels) => {
  it('is of a kind that names no object', () => {
    const met = new Set<string>();
    const unknown = new Set<string>();
    for (const { tree } of kernels) {
      const arches = readdirSync(join(tree, 'arch')).filter((arch) => existsSync(join(tree, 'arch', arch, 'configs')));
      for (const srcarch of arches) {
        const kbuild = KbuildTree.load({ fs: new NodeFileSystem(), tree, srcarch });
        kbuild.modules.byName('');
        for (const { command, file, line } of kbuild.unansweredShells) {
          const kind = Object.entries(KINDS).find(([, pattern]) => pattern.test(command));
          if (kind) met.add(kind[0]);
          else unknown.add(`${file}:${line}: ${command}`);
        }
      }
    }
    expect([...unknown]).toEqual([]);
    expect([...met].sort()).toEqual(Object.keys(KINDS).sort());
  });
});
