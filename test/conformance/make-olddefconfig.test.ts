/** The program as a person starts it against `make olddefconfig`: whole files, with the toolchain that is installed. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBuilt } from '../cli/run.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { describeKernels } from './describe-kernels.ts';
import { copyObjtree, runMake } from './make-judge.ts';
import { random, sampleSeed } from './sampling.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const hasClang = spawnSync('clang', ['--version'], { env: { PATH } }).status === 0;
const CASES: readonly (readonly string[])[] = [[], ['LLVM=1'], ['ARCH=i386']];

/** The line that says which compiler made the config. */
function compilerOf(config: string): string {
  return /^CONFIG_CC_VERSION_TEXT=.*$/m.exec(config)?.[0] ?? '';
}

describeKernels('make olddefconfig', (kernels) => {
  const seed = sampleSeed();
  describe.each(kernels.map((kernel, index) => ({ ...kernel, index })))('$version', ({ index, ...kernel }) => {
    let objtree = '';
    let work = '';
    beforeAll(() => {
      objtree = copyObjtree(kernel, 'make-olddefconfig');
      work = temporaryFolder();
    });
    afterAll(() => rmSync(objtree, { recursive: true, force: true }));

    // A run tries what is no plain gcc on one of the kernels.
    const cases = CASES.filter((variables) => hasClang || !variables.includes('LLVM=1')).filter(
      (_, at) => FULL || at === 0 || (seed + at) % kernels.length === index,
    );
    // Of its own version and of the others: every compiler's symbols are to be found again.
    const configs = kernels.flatMap((each) => random(seed).pick(each.configs, 1));
    for (const [i, variables] of cases.entries()) {
      for (const config of FULL ? configs : [configs[(seed + i) % configs.length]!]) {
        it(`${variables.join(' ') || 'gcc'} on ${basename(config)} of ${config.split('/').at(-3)} (seed ${seed})`, async () => {
          const env = { PATH, HOME: '/', LC_ALL: 'C.UTF-8' };
          copyFileSync(config, join(objtree, '.config'));
          const made = runMake(kernel, objtree, 'olddefconfig', variables, env);
          const given = Object.fromEntries(variables.map((text) => text.split('=') as [string, string]));
          const output = join(work, 'out');
          const args = ['conf', 'olddefconfig', '-C', kernel.tree, '-O', work, '-c', config, '-o', output];
          const judged = readFileSync(join(objtree, '.config'), 'latin1');
          expect(made.status, made.stderr).toBe(0);
          // With a cold cache, twice with what the runs before have cached, and without reading it.
          const cache = { XDG_CACHE_HOME: join(work, `cache ${variables}`) };
          for (const more of [[], [], [], ['--no-cache']]) {
            rmSync(output, { force: true });
            const ours = await runBuilt([...args, ...more], { env: { ...env, ...cache, ARCH: 'x86', ...given } });
            expect(ours.status, ours.stderr).toBe(0);
            expect(readFileSync(output, 'latin1')).toBe(judged);
          }
          expect(compilerOf(judged)).toContain(variables.includes('LLVM=1') ? 'clang' : 'gcc');
        });
      }
    }

    // The configs of the real-time flavour are made for a tree with patches.
    const plain = kernel.configs.filter((path) => !path.includes('_rt_'));
    const lost = (path: string, written: string): string[] => {
      const lines = new Set(written.split('\n'));
      return readFileSync(path, 'latin1')
        .split('\n')
        .filter((line) => !lines.has(line));
    };
    it.each((FULL ? plain : random(seed).pick(plain, 1)).map((path) => ({ path, name: basename(path) })))(
      '--no-exec loses nothing of $name',
      async ({ path }) => {
        const ours = await runBuilt(['conf', 'olddefconfig', '-C', kernel.tree, '-c', path, '-o', '-', '--no-exec']);
        expect(ours.status, ours.stderr).toBe(0);
        expect(ours.stderr).toContain('toolchain not asked (--no-exec)');
        expect(lost(path, ours.stdout)).toEqual([]);
      },
    );

    it('without a compiler make stops, and here the base config answers', async () => {
      const [path] = plain as [string];
      copyFileSync(path, join(objtree, '.config'));
      const env = { PATH, HOME: '/', LC_ALL: 'C.UTF-8' };
      const made = runMake(kernel, objtree, 'olddefconfig', ['CC=no-such-compiler'], env);
      expect(made.stderr).toContain("C compiler 'no-such-compiler' not found");
      const args = ['conf', 'olddefconfig', '-C', kernel.tree, '-O', work, '-c', path, '-o', '-'];
      const ours = await runBuilt(args, { env: { ...env, ARCH: 'x86', CC: 'no-such-compiler' } });
      expect(ours.status, ours.stderr).toBe(0);
      expect(ours.stderr).toContain('no-such-compiler');
      expect(lost(path, ours.stdout)).toEqual([]);
    });
  });
});
