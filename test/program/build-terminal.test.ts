import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { COMPILER, copyBuildTree } from '../cli/build-tree.ts';
import { PROGRAM } from '../cli/run.ts';

/** A build on a terminal that util-linux' script makes: status, and what the terminal was sent. */
function buildOnTerminal(columns: number, options: { args?: string; env?: Record<string, string> } = {}) {
  const { tree, objtree, direct } = copyBuildTree();
  for (const unit of ['lib/sort', 'init/main', 'drivers/beta/ring']) direct(`${unit}.c`, 'sleep 0.5');
  direct('lib/sort.c', 'warning 4:2 odd');
  const program = `node ${PROGRAM} build -C ${tree} -O ${objtree} -j1 ${options.args ?? ''}`;
  const done = spawnSync('script', ['-qec', `stty cols ${columns} rows 24; ${program}`, '/dev/null'], {
    encoding: 'utf8',
    // ora shows nothing where a variable says that this is CI.
    env: {
      PATH: process.env['PATH'],
      ARCH: 'x86',
      TERM: 'xterm',
      CC: COMPILER,
      XDG_CACHE_HOME: '/dev/null/x',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  if (done.error) throw done.error;
  return { status: done.status, output: done.stdout };
}

/** What takes the line that changes away, to write it anew. */
const CLEAR = '\u001B[0K';
/** What moves the cursor up: a line that was wrapped had to be cleared. */
const UP = '\u001B[1A';

/** What the line that changes has shown, one after another, and what came behind it. */
function frames(output: string): { lines: string[]; rest: string; shown: string } {
  const end = output.lastIndexOf(CLEAR);
  const shown = output.slice(0, end);
  const rest = output.slice(end + CLEAR.length);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  const plain = (text: string): string => text.replace(/\u001B\[[\d;?]*\w/g, '');
  return { lines: shown.split(CLEAR).map((frame) => plain(frame).trim()), rest: plain(rest), shown };
}

describe('on a terminal', () => {
  it.each([100, 30])('of %d columns one line shows how far it is, and is gone before the report', (columns) => {
    const { status, output } = buildOnTerminal(columns);
    expect(status).toBe(0);
    const { lines, rest, shown } = frames(output);
    expect(lines.some((line) => /\d+ % {2}\d\/9/.test(line))).toBe(true);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns);
    expect(shown).not.toContain(UP);
    if (columns === 100) {
      expect(lines.some((line) => /^\S \[#*\.*\] +\d+ % {2}\d\/9 {2}\d+ s to go {2}1 warning {2}CC /.test(line))).toBe(
        true,
      );
      const percents = lines.flatMap((line) => /(\d+) %/.exec(line)?.[1] ?? []).map(Number);
      expect(percents).toEqual([...percents].sort((a, b) => a - b));
    }
    expect(rest).toMatch(/^tree {7}Linux/);
  });

  it.each([
    ['--quiet', 80, { args: '--quiet' }],
    ['--json', 80, { args: '--json' }],
    ['a terminal without width', 0, {}],
    ['CI', 80, { env: { CI: 'true' } }],
    ['a dumb terminal', 80, { env: { TERM: 'dumb' } }],
  ])('%s: no line that changes', (_, columns, options) => {
    const { status, output } = buildOnTerminal(columns, options);
    expect(status).toBe(0);
    // The phases before make may have had one; it has been taken away.
    expect(output).not.toMatch(/\d\/9/);
  });
});
