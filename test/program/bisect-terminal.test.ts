/** What the commands of a bisection show on a narrow terminal. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROGRAM } from '../cli/run.ts';
import { BisectTree, GIT_ENV } from './bisect-tree.ts';

const COLUMNS = 40;
const ROWS = 24;

/** A line that a terminal shows; one that is too long goes on in the next row. */
interface Line {
  readonly text: string;
  readonly rows: number;
}

/** What is left on a terminal by a command. */
async function shown(tree: BisectTree, words: readonly string[]): Promise<Line[]> {
  const command = `stty cols ${COLUMNS} rows ${ROWS}; node ${PROGRAM} bisect ${words.join(' ')}`;
  const { PATH = '', HOME = '/' } = process.env;
  const done = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd: tree.path,
    encoding: 'utf8',
    env: { PATH, HOME, ...GIT_ENV, ARCH: 'x86', TERM: 'xterm', XDG_CACHE_HOME: '/dev/null/cache' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (done.error) throw done.error;
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, scrollback: 200, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(done.stdout, resolve));
  const { active } = terminal.buffer;
  const lines: Line[] = [];
  for (let y = 0; y < active.length; y++) {
    const row = active.getLine(y)!;
    const text = row.translateToString(true);
    const before = lines.at(-1);
    if (row.isWrapped && before) lines[lines.length - 1] = { text: before.text + text, rows: before.rows + 1 };
    else lines.push({ text, rows: 1 });
  }
  while (lines.at(-1)?.text === '') lines.pop();
  return lines;
}

/** Whether a line goes past the edge without need: a word, as a path or a commit, is not broken. */
const isTooLong = ({ text, rows }: Line): boolean => rows > 1 && /\S \S/.test(text.trim().replace(/ \\$/, ''));

/** The lines with those made one that a backslash continues, as a shell reads them. */
const joined = (lines: readonly Line[]): string =>
  lines
    .map(({ text }) => text)
    .join('\n')
    .replace(/ \\\n\s*/g, ' ');

/** A command that is to be typed, with a line broken in it. */
const BROKEN_COMMAND =
  /(?:kconfig-trim|git)\n\s*bisect\b|bisect\n\s*(?:start|config|build|good|bad|skip|run|status|report|clean|reset|install|replay)\b|replay\n/;

describe('a terminal of 40 columns', () => {
  let tree: BisectTree;
  const commands: (readonly [name: string, lines: readonly Line[]])[] = [];
  const type = async (name: string, ...words: readonly string[]): Promise<void> => {
    commands.push([name, await shown(tree, words)]);
  };

  beforeAll(async () => {
    tree = new BisectTree();
    tree.grow(6);
    const given = ['-c', '../config', '-l', '../lsmod.txt'];
    await type('none', 'status');
    await type('wrong commit', 'start', 'v9.9-rc1-with-a-long-name', 'main', ...given);
    await type('wrong order', 'start', 'main', 'main~1', ...given);
    appendFileSync(join(tree.path, 'Kbuild'), '# changed\n');
    await type('changed files', 'start', 'main~2', 'main', ...given);
    tree.git('checkout', '--quiet', 'Kbuild');
    await type('start', 'start', 'main~6', 'main', '--lean', '--keep', 'NOT_YET', ...given);
    await type('twice', 'start', 'main~6', 'main', ...given);
    await type('an end skipped', 'skip');
    await type('widened', 'good');
    await type('bad end', 'bad');
    await type('good end', 'good');
    await type('status', 'status');
    await type('not built', 'install');
    await type('build', 'build', 'lib/', 'init/');
    mkdirSync(join(tree.path, 'include/config'), { recursive: true });
    writeFileSync(join(tree.path, 'include/config/kernel.release'), '6.12.0-example-bisect1-g0123456789ab\n');
    writeFileSync(join(tree.path, 'vmlinux'), '');
    await type('install', 'install');
    await type('clean', 'clean');
    tree.git('bisect', 'good');
    await type('by hand', 'status');
    await type('contradiction', 'config');
    appendFileSync(join(tree.path, 'Kbuild'), '# changed\n');
    await type('dirty', 'status');
    tree.git('checkout', '--quiet', 'Kbuild');
    tree.git('bisect', 'reset');
    await type('ended by hand', 'status');
    await type('refused', 'good');
    tree.git('bisect', 'replay', '.git/kconfig-trim-bisect/git-bisect.log');
    await type('run', 'run', '--no-build', 'true');
    await type('found', 'config');
    await type('reset', 'reset');
  });

  it('shows each line whole', () => {
    expect(commands.flatMap(([name, lines]) => lines.filter(isTooLong).map(({ text }) => `${name}: ${text}`))).toEqual(
      [],
    );
  });

  it('shows each message on one screen', () => {
    for (const [name, lines] of commands) {
      const rows = lines.reduce((sum, line) => sum + line.rows, 0);
      expect(rows, `${name}\n${joined(lines)}`).toBeLessThan(ROWS);
    }
  });

  it('breaks no command that is to be typed, but by a backslash', () => {
    for (const [name, lines] of commands) expect(joined(lines), name).not.toMatch(BROKEN_COMMAND);
    const of = (name: string): string => joined(commands.find(([each]) => each === name)![1]);
    expect(of('build')).toMatch(RegExp(`^make +make -C ${tree.path} -j[0-9]+ ARCH=x86 lib/ init/$`, 'm'));
    expect(of('install')).toContain(`make -C ${tree.path} ARCH=x86 modules_install\n`);
    expect(of('ended by hand')).toMatch(RegExp(`git bisect replay ${tree.path}/\\S+/git-bisect.log;`));
    expect(of('start')).toContain('next       kconfig-trim bisect build\n');
    expect(of('run')).toContain('kconfig-trim bisect report,');
  });
});
