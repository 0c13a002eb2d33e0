import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyExample, ended, PROGRAM, runBuilt } from '../cli/run.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { isMissing, ShellSession, TAB } from './shell-session.ts';

/** What would run if a shell expanded a name. */
const HOSTILE = '$(touch pwned)';

let tree = '';
let env: Record<string, string> = {};

/** A folder with a `kconfig-trim` that runs a line of sh. */
function commandThat(line: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'kconfig-trim'), `#!/bin/sh\n${line}\n`);
  chmodSync(join(folder, 'kconfig-trim'), 0o755);
  return folder;
}

beforeAll(async () => {
  const example = copyExample();
  tree = join(example, 'tree');
  const cache = join(temporaryFolder(), 'cache');
  mkdirSync(cache, { mode: 0o700 });
  const PATH = `${commandThat(`exec ${process.execPath} ${PROGRAM} "$@"`)}:${process.env['PATH']}`;
  env = { PATH, HOME: temporaryFolder(), ARCH: 'x86', XDG_CACHE_HOME: cache };
  mkdirSync(join(tree, 'listings'));
  writeFileSync(join(tree, 'listings/laptop lsmod.txt'), '');
  writeFileSync(join(tree, `hostile-${HOSTILE}`), '');
  mkdirSync(join(tree, 'arch/um'), { recursive: true });
  const author = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };
  for (const words of ['init -q', 'commit -q --allow-empty -m first', 'tag v6.12', 'tag hostile']) {
    expect((await ended(['git', ...words.split(' ')], { cwd: tree, env: { ...env, ...author } })).status).toBe(0);
  }
  const warmed = await runBuilt(['-c', '../config', '-l', '../lsmod.txt', '--no-exec', '--dry-run'], {
    cwd: tree,
    env,
  });
  expect(warmed.status).toBe(0);
});

/** The file that a shell reads. */
async function scriptOf(shell: string): Promise<string> {
  const { status, stdout } = await runBuilt(['completion', shell], { env });
  expect(status).toBe(0);
  const path = join(temporaryFolder(), `completion.${shell}`);
  writeFileSync(path, stdout);
  return path;
}

/** What is typed, and the words that the shell makes of it. */
const TYPED: readonly (readonly [typed: string, words: readonly string[]])[] = [
  ['wh', ['why']],
  ['bisect sta', ['bisect', 'sta']],
  ['bisect star', ['bisect', 'start']],
  ['help obj', ['help', 'objects']],
  ['--dry', ['--dry-run']],
  ['check --write', ['check', '--write-baseline']],
  ['conf oldd', ['conf', 'olddefconfig']],
  ['why ZRA', ['why', 'ZRAM']],
  ['why CONFIG_ZRA', ['why', 'CONFIG_ZRAM']],
  ['map zra', ['map', 'zram']],
  ['--keep=zra', ['--keep=zram']],
  ['--unset ZRA', ['--unset', 'ZRAM']],
  ['--set ZRAM=', ['--set', 'ZRAM=']],
  ['check --skip fixpoint,fil', ['check', '--skip', 'fixpoint,files']],
  ['check --skip=fixpoint,fil', ['check', '--skip=fixpoint,files']],
  ['--arch um', ['--arch', 'um']],
  ['bisect start v6.1', ['bisect', 'start', 'v6.12']],
  ['check --format sar', ['check', '--format', 'sarif']],
  ['check --severity fixpoint=warn', ['check', '--severity', 'fixpoint=warning']],
  ['--lsmod listings/lap', ['--lsmod', 'listings/laptop lsmod.txt']],
  ['--lsmod=listings/lap', ['--lsmod=listings/laptop lsmod.txt']],
  ['--config hostile', ['--config', `hostile-${HOSTILE}`]],
  ['--tree listi', ['--tree', 'listings/']],
];

for (const shell of ['bash', 'zsh'] as const) {
  describe.skipIf(isMissing(shell))(`completion in ${shell}`, () => {
    let session: ShellSession;
    beforeAll(async () => {
      session = new ShellSession(shell, tree, env);
      if (shell === 'zsh') await session.run('bindkey -e; autoload -Uz compinit; compinit -u -D; setopt no_list_beep');
      await session.run(`. ${await scriptOf(shell)}`);
    });
    afterAll(() => session.end());

    it.each(TYPED)('%s: what is meant', async (typed, words) => {
      const found = await session.words(`${typed}${TAB}`);
      // zsh takes the slash away again where a blank follows.
      expect(found.map((word) => word.replace(/^listings$/, 'listings/'))).toEqual(words);
    });

    it('ends no word that goes on', async () => {
      expect(await session.words(`--set ZRA${TAB}y`)).toEqual(['--set', 'ZRAM=y']);
    });

    it('runs nothing of what it is told', async () => {
      const stub = commandThat(`printf 'words\\n%s\\n%s\\n' 'x${HOSTILE}' 'x\`touch pwned\`'`);
      await session.run(`PATH=${stub}:$PATH`);
      await session.type(`kconfig-trim ${TAB}${TAB}`);
      await session.type(`kconfig-trim x${TAB}${TAB}`);
      expect(existsSync(join(tree, 'pwned'))).toBe(false);
    });
  });
}

describe.skipIf(isMissing('fish'))('completion in fish', () => {
  /** What fish would put in place of the last word of a line. */
  async function completed(line: string, variables = env): Promise<string[]> {
    const script = await scriptOf('fish');
    const found = await ended(['fish', '--no-config', '-c', `source ${script}; complete -C'kconfig-trim ${line}'`], {
      cwd: tree,
      env: variables,
    });
    expect(found).toMatchObject({ status: 0, stderr: '' });
    return found.stdout.split('\n').flatMap((each) => (each === '' ? [] : [each.split('\t')[0]!]));
  }

  it.each(TYPED.filter(([typed]) => !typed.endsWith('=') && typed !== 'bisect sta'))(
    '%s: what is meant',
    async (typed, words) => {
      expect(await completed(typed)).toEqual([words.at(-1)]);
    },
  );

  it('runs nothing of what it is told', async () => {
    const PATH = `${commandThat(`printf 'words\\n%s\\n' 'x${HOSTILE}'`)}:${env['PATH']}`;
    expect(await completed('x', { ...env, PATH })).toEqual([`x${HOSTILE}`]);
    expect(existsSync(join(tree, 'pwned'))).toBe(false);
  });
});
