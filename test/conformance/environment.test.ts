import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { machine, release } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { NodeCommandRunner, NodeFileSystem } from '../../src/platform/node.ts';
import { Scope } from '../../src/platform/scope.ts';
import { confEnvironment } from '../../src/toolchain/environment.ts';
import { readKernelTree } from '../../src/toolchain/kernel-tree.ts';
import { describeKernels } from './describe-kernels.ts';
import { KERNELS, type Kernel } from './kernels.ts';
import { copyObjtree, recordingKconfig, runMake } from './make-judge.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * make's own bookkeeping, what the recording shell sets, and flags of a build that nothing in Kconfig
 * reads. bash, the SHELL of um, sets BASH anew.
 */
const NOT_COMPARED = /^(?:MAKE.*|MFLAGS|SHLVL|_|PWD|OLDPWD|BASH|\w*CFLAGS\w*|KBUILD_[A-Z_]*FLAGS[A-Z_]*)$/;

/** What a person may give make, each on its own. Architectures are added from the tree. */
const CASES: readonly (readonly string[])[] = [
  [],
  ['LLVM=1'],
  ['LLVM=-14'],
  ['LLVM=/usr/bin/'],
  ['LLVM=1', 'ARCH=arm64'],
  ['LLVM=1', 'LLVM_IAS=0'],
  ['CC=clang'],
  ['CC=clang', 'ARCH=arm64', 'CROSS_COMPILE=aarch64-linux-gnu-'],
  ['ARCH=i386'],
  ['ARCH=x86_64'],
  ['ARCH=sparc64'],
  ['ARCH=parisc64'],
  ['ARCH=um', 'SUBARCH=i386'],
  ['ARCH=um', 'SUBARCH=x86_64'],
  ['ARCH=um', 'LLVM=1'],
  ['CROSS_COMPILE=x86_64-linux-gnu-'],
  ['ARCH=arm64', 'CROSS_COMPILE=no-such-', 'CROSS_COMPILE_COMPAT=arm-linux-gnueabi-'],
  ['CC=env gcc', 'LD=ld.bfd', 'PAHOLE=/bin/false', 'RUSTC=no-rustc'],
];

/** Names that any Kconfig file of the tree refers to. */
function referencedNames(kernel: Kernel): ReadonlySet<string> {
  const found = spawnSync('grep', ['-rhoE', '--include=Kconfig*', '[$][(][A-Za-z_][A-Za-z_0-9]*[)]', kernel.tree], {
    encoding: 'latin1',
    maxBuffer: 1 << 26,
  });
  return new Set(found.stdout.split('\n').map((text) => text.slice(2, -1)));
}

function ours(kernel: Kernel, objtree: string, variables: readonly string[], env: Readonly<Record<string, string>>) {
  const commands = new NodeCommandRunner(new Scope());
  return confEnvironment({
    fs: new NodeFileSystem(),
    tree: kernel.tree,
    objtree,
    env,
    overrides: Object.fromEntries(variables.map((text) => text.split(/=(.*)/s).slice(0, 2) as [string, string])),
    host: { machine: machine(), release: release() },
    shell: (command, { cwd, env: given, shell }) => commands.run(shell, ['-c', command], { cwd, env: given }).stdout,
  });
}

describeKernels('the environment that make gives conf', (kernels) => {
  describe.each(kernels)('$version', (kernel) => {
    const names = referencedNames(kernel);
    let objtree = '';
    let kconfig = '';
    beforeAll(() => {
      objtree = copyObjtree(kernel, 'env');
      kconfig = recordingKconfig(objtree);
    });
    afterAll(() => rmSync(objtree, { recursive: true, force: true }));

    const archs = kernels.length === 0 ? [] : readKernelTree(new NodeFileSystem(), kernel.tree).srcarches;
    const cases = [...CASES, ...archs.map((arch) => [`ARCH=${arch}`])];
    it.each(cases.map((variables) => ({ variables, title: variables.join(' ') || '(nothing)' })))(
      '$title',
      ({ variables }) => {
        const env = {
          PATH,
          HOME: '/root',
          LC_ALL: 'C.UTF-8',
          GREP_OPTIONS: '',
          CONFIG_: 'X_',
          SOME_OTHER: 'kept',
          KBUILD_KCONFIG: kconfig,
        };
        // Another host compiler would have conf built again each time.
        const given = [...variables, 'HOSTCC=gcc'];
        const made = runMake(kernel, objtree, 'olddefconfig', given, env);
        if (made.env === null) {
          expect(made.status, made.stderr).not.toBe(0);
          expect(() => ours(kernel, objtree, given, env)).toThrow(InputError);
          return;
        }
        const found = ours(kernel, objtree, given, env);
        const compared = Object.keys(found.env).filter((name) => !NOT_COMPARED.test(name));
        const pick = (from: Readonly<Record<string, string>>) =>
          Object.fromEntries([...new Set([...compared, ...names])].sort().map((name) => [name, from[name]]));
        expect(pick(found.env)).toEqual(pick(made.env));
        expect(found.cwd).toBe(made.cwd);
        expect(found.kconfig).toBe(kconfig);
        expect(compared.length).toBeGreaterThan(50);
      },
    );
  });

  it('has kernels in the expected place', () => {
    expect(kernels.map((each) => each.tree).every((tree) => tree.startsWith(KERNELS))).toBe(true);
  });
});
