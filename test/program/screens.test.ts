import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { copyExample, PROGRAM, REPOSITORY } from '../cli/run.ts';

/** What is shown on a screen of a terminal: `KCONFIG_TRIM_SCREENS=write` writes them anew, to be looked at. */
const SCREENS = join(REPOSITORY, 'test/screens');
const SIZES = [
  [40, 20],
  [80, 24],
  [120, 40],
] as const;

/** What a terminal that util-linux' script makes is sent by a command line in the example. */
function sent(args: string, columns: number, rows: number, env: Readonly<Record<string, string>> = {}): string {
  const command = `stty cols ${columns} rows ${rows}; node ${PROGRAM} ${args}`;
  const cwd = copyExample();
  writeFileSync(join(cwd, 'broken.txt'), 'this is no listing\n');
  const done = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ARCH: 'x86', TERM: 'xterm', XDG_CACHE_HOME: '/dev/null/cache', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  });
  if (done.error) throw done.error;
  return done.stdout;
}

/** The lines that a terminal shows of that; the spinner is always the same. */
async function shown(bytes: string, columns: number, rows: number): Promise<string> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(bytes, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: rows }, (_, y) => active.getLine(active.viewportY + y)?.translateToString(true));
  return `${lines.join('\n').trimEnd()}\n`.replace(/[\u2800-\u28ff]/g, '*');
}

/** All that was sent up to a text, the end of it included. */
function upTo(bytes: string, text: RegExp): string {
  const found = text.exec(bytes);
  expect(found, `${text} in ${bytes}`).not.toBeNull();
  return bytes.slice(0, found!.index + found![0].length);
}

const TRIM = '-C tree -c config -l lsmod.txt --dry-run';

/** Each screen: the command line, and the moment that is shown; null for the end. */
const CASES: readonly (readonly [name: string, args: string, moment: RegExp | null])[] = [
  ['help', '--help', null],
  ['progress', TRIM, /Asking the toolchain: 1 of \d+ quest\w*…?/],
  ['report', `${TRIM} --no-exec`, null],
  ['deep', `${TRIM} --deep=bold --no-exec`, null],
  ['error', '-C tree -c config -l broken.txt --dry-run --no-exec', null],
  ['check', 'check -C tree -c config -l lsmod.txt --no-exec --skip files,tools', null],
];

describe.each(SIZES)('a terminal of %d x %d', (columns, rows) => {
  it.each(CASES)('shows %s', async (name, args, moment) => {
    const bytes = sent(args, columns, rows);
    const screen = await shown(moment ? upTo(bytes, moment) : bytes, columns, rows);
    const path = join(SCREENS, `${name}-${columns}x${rows}.txt`);
    if (process.env['KCONFIG_TRIM_SCREENS'] === 'write') {
      mkdirSync(SCREENS, { recursive: true });
      writeFileSync(path, screen);
    }
    expect(screen).toBe(readFileSync(path, 'utf8'));
  });
});

it('the progress line of a check is that of a check again once the Makefiles are read', () => {
  const bytes = sent('check -C tree -c config -l lsmod.txt --no-exec --skip files,tools', 80, 24);
  const begun = ['Checking', 'Reading Makefiles', 'Checking', 'lines    '].map((text, index, all) =>
    bytes.indexOf(text, index === 2 ? bytes.indexOf(all[1]!) : 0),
  );
  expect(begun).not.toContain(-1);
  expect(begun).toEqual([...begun].sort((a, b) => a - b));
});

describe('a link to a place in a file', () => {
  const WHY = 'why ZRAM -C tree -c config -l lsmod.txt --no-exec';
  const END = '\u001b\\\\';
  const LINK = new RegExp(
    `\u001b]8;;(file:///[^\u001b]*/tree/[\\w./]*Kconfig#\\d+)${END}([\\w./]*Kconfig:\\d+)\u001b]8;;`,
  );
  const withLinks = { VTE_VERSION: '6003' };

  it('is there where the terminal has links, and looks the same', async () => {
    const bytes = sent(WHY, 80, 24, withLinks);
    const [, target = '', text = ''] = LINK.exec(bytes) ?? [];
    expect(text).toMatch(/Kconfig:\d+$/);
    expect(target.replace(/^.*\/tree\//, '').replace('#', ':')).toBe(text);
    expect(await shown(bytes, 80, 24)).toBe(await shown(sent(WHY, 80, 24), 80, 24));
  });

  it.each([
    ['a terminal that is not known to have links', WHY, {}],
    ['TERM=dumb', WHY, { ...withLinks, TERM: 'dumb' }],
    ['NO_COLOR', WHY, { ...withLinks, NO_COLOR: '1' }],
    ['--no-color', `${WHY} --no-color`, withLinks],
    ['a pipe', `${WHY} | cat`, withLinks],
  ])('is not there for %s', (_, args, env) => {
    const bytes = sent(args, 80, 24, env);
    expect(bytes).toContain('Kconfig:');
    expect(bytes).not.toContain('\u001b]8');
  });
});
