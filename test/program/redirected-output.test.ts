/** What a shell's `>` gives the program: a full device, a file. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { copyExample, ended, PROGRAM, type Run } from '../cli/run.ts';

let example: string;

beforeEach(() => {
  example = copyExample();
});

/** Runs a line of a shell in which `kt` is the program and `X` what a trim reads. */
function shell(line: string): Promise<Run> {
  const { PATH = '', HOME = '/' } = process.env;
  const script = `kt() { "$NODE" "$PROGRAM" "$@"; }; X='-C tree -c config -l lsmod.txt --no-exec'; ${line}`;
  const env = { PATH, HOME, ARCH: 'x86', XDG_CACHE_HOME: '/dev/null/cache', NODE: process.execPath, PROGRAM };
  return ended(['sh', '-c', script], { cwd: example, env });
}

const NOT_WHOLE =
  'kconfig-trim: error: standard output cannot be written (no space left on the disk); what was printed is not whole; files that were to be written are\n';

describe('standard output is full, and', () => {
  it.each([
    ['record rr', 'rr'],
    ['trim $X -o new -q', 'new'],
    ['objects -C tree -c config --no-exec -o list', 'list'],
    ['map -C tree -c config --no-exec -o list', 'list'],
    ['conf olddefconfig -C tree -c config --no-exec -o new', 'new'],
    ['check -q -C tree -c config --no-exec --skip tools,files', null],
  ])('nothing was to be printed: kt %s', async (words, file) => {
    const done = await shell(`kt ${words} >/dev/full`);
    expect(done.stderr).not.toContain('standard output');
    expect(done.status).toBe(0);
    if (file !== null) expect(existsSync(join(example, file))).toBe(true);
  });

  it.each([
    'trim $X -o new',
    'trim $X --dry-run --json',
    'objects -C tree -c config --no-exec',
    'check -C tree -c config --no-exec --skip tools',
    '--help',
  ])('something was: kt %s', async (words) => {
    expect(await shell(`kt ${words} >/dev/full`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(NOT_WHOLE),
    });
  });

  it('the config was: no report says that it is written', async () => {
    expect(await shell('kt trim $X -o - >/dev/full')).toEqual({ status: 2, stdout: '', stderr: NOT_WHOLE });
  });
});
