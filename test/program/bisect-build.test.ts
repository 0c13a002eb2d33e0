/** A bisection that builds each commit: by a stand-in compiler, in a small tree. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { COMPILER, copyBuildTree } from '../cli/build-tree.ts';
import { BisectTree } from './bisect-tree.ts';

const BROKEN = 3;
const OLD = 5;
const BAD = 7;
const COMMITS = 10;

let tree: BisectTree;

beforeEach(() => {
  const { tree: path, objtree } = copyBuildTree();
  const folder = dirname(path);
  // Takes old code for an error where nobody says otherwise.
  const compiler = join(folder, 'newcc');
  writeFileSync(
    compiler,
    `#!/bin/sh
[ -z "$KCFLAGS" ] || exec ${COMPILER} "$@"
for word; do
  case $word in *.c) ;; *) continue ;; esac
  grep -q 'old code' "$word" || continue
  echo "$word:1:1: error: unused variable 'x' [-Werror=unused-variable]" >&2; exit 1
done
exec ${COMPILER} "$@"
`,
  );
  chmodSync(compiler, 0o755);
  tree = new BisectTree(folder);
  tree.env = { CC: compiler };
  const source = readFileSync(join(path, 'lib/sort.c'), 'utf8');
  for (let commit = 1; commit <= COMMITS; commit++) {
    const lines = [
      ...(commit === BROKEN ? ['// cc: error 1:1 expected expression'] : []),
      ...(commit === OLD ? ['// old code'] : []),
      `// commit ${commit}`,
    ];
    tree.edit('lib/sort.c', () => `${source}${lines.join('\n')}\n`);
    tree.commit(`commit ${commit}`);
  }
  writeFileSync(join(folder, 'modules'), 'alpha\nbeta\n');
  writeFileSync(join(folder, 'base'), readFileSync(join(objtree, '.config')));
});

const start = () =>
  tree.bisect('start', tree.commits[0]!, 'main', '-c', '../base', '-l', '../modules', '--trust-ends', '--fast');

it('skips what does not compile, gets over what is only old, and finds the first bad commit', async () => {
  expect((await start()).status).toBe(0);
  const done = await tree.bisect(
    'run',
    '-j1',
    'sh',
    '-c',
    `[ $(git rev-list --count HEAD) -le ${BAD} ] && [ -s vmlinux ]`,
  );
  expect(done.stdout).toContain(`first bad  ${tree.commits[BAD]!.slice(0, 12)} ("commit ${BAD}")`);
});

it('of a part of the kernel requires no module that is not in it, and is nothing to install', async () => {
  await start();
  const built = await tree.bisect('build', '-j1', 'lib/');
  expect(built).toMatchObject({ status: 0, stdout: expect.not.stringContaining('MISSING') });
  expect((await tree.bisect('install')).stderr).toContain('no kernel of this commit was built here');
  expect((await tree.bisect('build', '-j1', 'LOSE=drivers/beta/beta')).stdout).toContain('MISSING');
});

it.each([
  [OLD, 0, /warnings are errors: once more with KCFLAGS=-Wno-error HOSTCFLAGS=-Wno-error WERROR=0\n/],
  [BROKEN, 1, /^where that is the fault of this commit: kconfig-trim bisect skip\n$/m],
])('builds commit %i: status %i', async (commit, status, says) => {
  await start();
  tree.git('checkout', '--quiet', tree.commits[commit]!);
  await tree.bisect('config');
  const built = await tree.bisect('build', '-j1');
  expect(built.stderr, built.stdout).toMatch(says);
  expect(built.status).toBe(status);
});

/** Bisects up to a commit more, in which a source does not compile. */
async function breakSource(path: string): Promise<void> {
  tree.edit(path, (text) => `${text}// cc: error 1:1 expected expression\n`);
  tree.commit(`${path} does not compile`);
  const base = join(tree.folder, 'base');
  writeFileSync(base, readFileSync(base, 'utf8').replace(/# (CONFIG_DEBUG_LIB) .*/, '$1=y'));
  expect((await start()).status).toBe(0);
  tree.git('checkout', '--quiet', 'main');
  await tree.bisect('config');
  expect(tree.config).toContain('CONFIG_DEBUG_LIB=y\n');
}

it('builds without a unit that does not compile and that nothing required needs, and notes it', async () => {
  await breakSource('lib/debug.c');
  const built = await tree.bisect('build', '-j1');
  expect(built.stderr).toContain('lib/debug.o: nothing that is required needs DEBUG_LIB: it is off at this commit');
  expect(built.status).toBe(0);
  expect(tree.config).toContain('# CONFIG_DEBUG_LIB is not set\n');
  expect((await tree.bisect('status')).stdout).toMatch(/, DEBUG_LIB off:\s+its\s+code\s+does\s+not\s+compile\n/);
  expect((await tree.bisect('report')).stdout).toContain(', DEBUG_LIB off: its code does not compile\n');
});

it.each(['drivers/alpha/alpha.c', 'drivers/beta/checks.c'])('does not give up what is required (%s)', async (path) => {
  await breakSource(path);
  const config = tree.config;
  const built = await tree.bisect('build', '-j1');
  expect(built.status).toBe(1);
  expect(built.stderr).not.toContain('once more');
  expect(tree.config).toBe(config);
});

it('offers a cache of compilers once, and tells what it had', async () => {
  const [bin, hits] = ['bin', 'hits'].map((name) => join(tree.folder, name)) as [string, string];
  mkdirSync(bin);
  writeFileSync(hits, '');
  const script = `#!/bin/sh
case " $* " in
*' --print-stats '*) printf 'cache_miss\\t3\\ndirect_cache_hit\\t%s\\npreprocessed_cache_hit\\t0\\n' $(wc -c <${hits}); exit ;;
*' -c '*) printf x >>${hits} ;;
esac
exec "$@"
`;
  writeFileSync(join(bin, 'ccache'), script, { mode: 0o755 });
  const { CC } = tree.env;
  tree.env = { ...tree.env, PATH: `${bin}:${process.env['PATH']}` };
  await start();
  expect((await tree.bisect('build', '-j1')).stderr).toContain(`To use it: export CC='ccache ${CC}'\n`);
  tree.env = { ...tree.env, CC: `ccache ${CC}` };
  await tree.bisect('good');
  const { stderr } = await tree.bisect('build', '-j1');
  expect(stderr).toMatch(/^note: ccache had [1-9]\d* of \d+ units? from before$/m);
  expect(stderr).not.toContain('To use it');
});

it('stops where a file that was changed by hand does not compile', async () => {
  await start();
  tree.edit('lib/sort.c', (text) => `${text}// cc: error 1:1 expected expression\n`);
  const { head } = tree;
  const stopped = await tree.bisect('run', '-j1', 'true');
  expect(stopped).toMatchObject({ status: 129, stderr: expect.stringContaining('lib/sort.c in the checkout differs') });
  expect(tree.git('bisect', 'log')).not.toContain('git bisect skip');
  expect(tree.head).toBe(head);
});

it('advises no skip of an end that does not compile', async () => {
  tree.edit('lib/sort.c', (text) => `${text}// cc: error 1:1 expected expression\n`);
  tree.commit('does not compile');
  await tree.bisect('start', tree.commits[0]!, 'main', '-c', '../base', '-l', '../modules', '--fast');
  const built = await tree.bisect('build', '-j1');
  expect(built).toMatchObject({ status: 1, stderr: expect.stringContaining('start with another end') });
  expect(built.stderr).not.toContain('bisect skip');
});

it('stops where the disk is full: no commit is to blame', async () => {
  tree.edit('lib/sort.c', (text) => `${text}// cc: error 1:1 error writing to x.s: No space left on device\n`);
  tree.commit('full');
  tree.grow(1);
  tree.edit('lib/sort.c', (text) => `${text}// more\n`);
  tree.commit('more');
  await tree.bisect('start', tree.commits[COMMITS]!, 'main', '-c', '../base', '-l', '../modules', '--trust-ends');
  const stopped = await tree.bisect('run', '-j1', 'true');
  expect(stopped.status).toBe(129);
  expect(tree.git('bisect', 'log')).not.toContain('git bisect skip');
  const built = await tree.bisect('build', '-j1');
  expect(built).toMatchObject({ status: 1, stderr: expect.stringContaining('no commit is to blame for that') });
  expect(built.stderr).not.toContain('bisect skip');
});
