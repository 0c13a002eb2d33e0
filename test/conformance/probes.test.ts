/** Which commands of real Kconfig files are known to depend on tools and scripts alone. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { commandDependencies } from '../../src/toolchain/command-dependencies.ts';
import { describeKernels } from './describe-kernels.ts';

/** Shell scripts that a kernel may have, with the words that Kconfig files give them. */
const PLAIN: readonly (readonly [script: string, words: string])[] = [
  ['as-version.sh', 'gcc'],
  ['cc-can-link.sh', 'gcc -m64 -static'],
  ['cc-version.sh', 'gcc'],
  ['gcc-x86_32-has-stack-protector.sh', 'gcc'],
  ['gcc-x86_64-has-stack-protector.sh', 'gcc'],
  ['ld-version.sh', 'ld'],
  ['tools-support-relr.sh', ''],
];
const env = { PATH: process.env['PATH'] ?? '', CC: 'gcc', LD: 'ld', NM: 'nm', OBJCOPY: 'objcopy', RUSTC: '/bin/false' };

describeKernels('scripts that ask the toolchain', (kernels) => {
  const needs = (cwd: string, command: string) =>
    commandDependencies(command, {
      fs: new NodeFileSystem(),
      tools: { compiler: 'gcc', linker: 'ld' },
      env,
      cwd,
      programs: new Map(),
    });

  it.each(kernels)('of $version are understood', ({ tree }) => {
    const scripts = PLAIN.filter(([script]) => existsSync(join(tree, 'scripts', script)));
    expect(scripts.length).toBeGreaterThan(5);
    const failed = scripts.filter(([script, words]) => !needs(tree, `./scripts/${script} ${words}`));
    expect(failed).toEqual([]);
  });

  it.each(kernels)('of $version do nothing else if they are understood', ({ tree }) => {
    const shell = new NodeFileSystem()
      .readDirectory(join(tree, 'scripts'))!
      .filter((name) => statSync(join(tree, 'scripts', name)).isFile())
      .filter((name) => readFileSync(join(tree, 'scripts', name), 'latin1').startsWith('#!'));
    const understood = shell.filter((name) => needs(tree, `./scripts/${name} gcc`));
    expect(understood.filter((name) => !/-version\.sh$|-can-link\.sh$|-has-|-support-/.test(name))).toEqual([]);
  });
});
