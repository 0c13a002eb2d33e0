/** A bisection that builds each commit: by a stand-in compiler, in a small tree. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
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
});
