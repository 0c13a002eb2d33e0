import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { copyExample, PROGRAM } from '../cli/run.ts';

/** Runs a trim of the example on a terminal that util-linux' script makes; what the terminal was sent. */
function trimOnTerminal(
  columns: number,
  args = '',
  env: Readonly<Record<string, string>> = {},
): { status: number | null; output: string } {
  const example = copyExample();
  const program = `node ${PROGRAM} -c config -l lsmod.txt -C tree --dry-run ${args}`;
  const done = spawnSync('script', ['-qec', `stty cols ${columns} rows 24; ${program}`, '/dev/null'], {
    cwd: example,
    encoding: 'utf8',
    // ora shows nothing where a variable says that this is CI.
    env: { PATH: process.env['PATH'], ARCH: 'x86', TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  if (done.error) throw done.error;
  return { status: done.status, output: done.stdout };
}

const ESCAPE = '\u001B';
/** What takes the progress line away, to write it anew. */
const CLEAR = `${ESCAPE}[0K`;

describe('on a terminal', () => {
  it.each([
    [80, 'Reading Kconfig files'],
    [20, 'Reading Kconfig…'],
  ])('of %d columns a progress line says what is being done, and is gone before the report', (columns, text) => {
    const { status, output } = trimOnTerminal(columns);
    expect(status).toBe(0);
    const end = output.lastIndexOf(CLEAR);
    const report = output.slice(end + CLEAR.length);
    expect(output.slice(0, end)).toContain(text);
    expect(report).toMatch(/^tree {7}Linux/);
    expect(report).not.toContain('Reading');
  });

  it('figures stand out, unless no colour is wanted', () => {
    expect(trimOnTerminal(80).output).toContain('modules         68 -> \u001b[1m    47\u001b[0m ');
    expect(trimOnTerminal(80, '--no-color').output).toMatch(/^modules +68 -> +47 /m);
  });

  it.each([
    ['--no-color', '--no-color', {}],
    ['NO_COLOR', '', { NO_COLOR: '1' }],
  ])('with %s the progress line has no colour, and is there', (_, args, env) => {
    const colour = new RegExp(`${ESCAPE}\\[[\\d;]*m`);
    const { output } = trimOnTerminal(80, args, env);
    expect(output).toContain('Reading Kconfig files');
    expect(output).not.toMatch(colour);
    const coloured = trimOnTerminal(80).output;
    expect(coloured.slice(0, coloured.lastIndexOf(CLEAR))).toMatch(colour);
  });

  it.each(['', '--json', '-v', '--diff'])('that is dumb gets no escape sequence: %s', (args) => {
    for (const more of [args, `${args} --keep NOPE`, `${args} --lsmod /none`]) {
      const { output } = trimOnTerminal(80, more, { TERM: 'dumb' });
      expect(output.length).toBeGreaterThan(20);
      expect(output).not.toContain(ESCAPE);
    }
  });

  it.each([40, 20, 5, 4, 3])('of %d columns a progress line leaves what is above it', (columns) => {
    // Nothing moves the cursor up.
    const { status, output } = trimOnTerminal(columns);
    expect(status).toBe(0);
    expect(output).not.toMatch(new RegExp(`${ESCAPE}\\[\\d*A`));
  });

  it('that does not know its width there is no progress line, and an end', () => {
    const { status, output } = trimOnTerminal(0);
    expect(status).toBe(0);
    expect(output).toMatch(/^tree {7}Linux/);
  });

  it('errors and notes are broken between words; a pipe gets them in one line', () => {
    const wrong = '--lsmod /none/such/listing';
    const { status, output } = trimOnTerminal(50, wrong);
    expect(status).toBe(2);
    const said = output.slice(output.lastIndexOf('kconfig-trim: error')).replaceAll('\r', '').split('\u001B')[0]!;
    const message =
      'kconfig-trim: error: /none/such/listing: cannot be read: there is no such file; take a listing with';
    expect(said.trimEnd().split('\n').length).toBeGreaterThan(2);
    expect(said.split('\n').every((line) => line.length <= 50)).toBe(true);
    expect(said.replace(/\n +/g, ' ')).toContain(message);
    const usage = trimOnTerminal(40, '--no-such-option-that-is-long').output;
    expect(usage).toContain("kconfig-trim: unknown option\r\n      '--no-such-option-that-is-long'\r\n");
    const { stderr } = spawnSync('node', [PROGRAM, '-C', '/none', ...wrong.split(' ')], { encoding: 'utf8' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each(['--quiet', '--json'])('%s shows no progress line', (option) => {
    expect(trimOnTerminal(80, option).output).not.toContain('Reading Kconfig files');
  });
});
