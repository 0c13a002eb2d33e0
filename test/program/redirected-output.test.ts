/** What a shell's `>` gives the program: a full device, a file. */
import { appendFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { COMPILER, copyBuildTree } from '../cli/build-tree.ts';
import { copyExample, ended, inOneLine, PROGRAM, type Run } from '../cli/run.ts';

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

const read = (name: string): string => readFileSync(join(example, name), 'latin1');

const NOT_WHOLE =
  'kconfig-trim: error: standard output cannot be written (no space left on the disk): what was printed is cut short; any files were written before\n';

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

describe('a name of standard output is as -', () => {
  const NAMES = ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1', 'link'];

  beforeEach(() => symlinkSync('/dev/stdout', join(example, 'link')));

  it.each(NAMES)('trim -o %s: the file has the config alone, the report is beside it', async (name) => {
    const [named, dash] = [await shell(`kt trim $X -o ${name} >so`), await shell('kt trim $X -o - >so2')];
    expect(named).toEqual(dash);
    expect(named.stderr).toContain('written    standard output\n');
    expect(named.stderr).not.toContain('KCONFIG_CONFIG');
    expect(read('so')).toBe(read('so2'));
    expect(read('so')).toMatch(/^#\n# Automatically generated file/);
  });

  it.each([
    ['trim $X --json', '-o'],
    ['objects -C tree -c config --no-exec', '-o'],
    ['conf olddefconfig -C tree -c config --no-exec', '-o'],
    ['conf merge config part.config -C tree --no-exec', '-o'],
    ['why NET $X', '-o'],
    ['record --script', ''],
    ['check -C tree -c config --no-exec --skip tools', '--format json='],
    ['check -C tree -c config --no-exec --skip tools', '-o'],
  ])('kt %s %s', async (words, option) => {
    writeFileSync(join(example, 'part.config'), 'CONFIG_NET=y\n');
    const separator = option.endsWith('=') ? '' : ' ';
    for (const output of ['>', '>>']) {
      writeFileSync(join(example, 'so'), output === '>' ? 'old\n' : '');
      const named = await shell(`kt ${words} ${option}${separator}/dev/stdout ${output}so`);
      const dash = await shell(`kt ${words} ${option}${separator}- >so2`);
      expect(named).toEqual(dash);
      expect(read('so')).toBe(read('so2'));
      expect(read('so')).not.toBe('');
    }
  });

  it('also of a pipe', async () => {
    const named = await shell('kt trim $X -o /dev/stdout | cat');
    expect(named).toEqual(await shell('kt trim $X -o - | cat'));
    expect(named.stdout).toMatch(/^#\n# Automatically generated file/);
  });

  it('also that of a shell, which wrote to it before', async () => {
    await shell('exec >so; echo first; kt trim $X -o /proc/$$/fd/1; kt trim $X -o -');
    const [, before, after, ...more] = read('so').split(/^(?=#\n# Automatically)/m);
    expect(read('so')).toMatch(/^first\n/);
    expect([before, more]).toEqual([after, []]);
  });

  it.each([
    ['trim $X -o new --html', 'name a file'],
    ['why NET $X --html', 'name a file'],
    ['build -C tree -c config --log', 'name a file'],
    ['check -C tree -c config --no-exec --html', 'name a file'],
    ['check -C tree -c config --no-exec --write-baseline --baseline', 'the file to write'],
    ['check -C tree -c config --no-exec --json --format junit=', 'can be printed'],
  ])('refused: kt %s', async (words, why) => {
    for (const name of ['/dev/stdout', '-']) {
      const done = await shell(`kt ${words}${words.endsWith('=') ? '' : ' '}${name} >so`);
      expect(done).toMatchObject({ status: 2, stderr: expect.stringContaining(why) });
      expect(read('so')).toBe('');
    }
    expect(existsSync(join(example, '-'))).toBe(false);
  });

  it('refused: KCONFIG_CONFIG', async () => {
    const done = await shell('KCONFIG_CONFIG=/dev/stdout kt trim $X >so');
    expect(done.status).toBe(2);
    expect(inOneLine(done.stderr)).toContain(
      'KCONFIG_CONFIG=/dev/stdout is standard output, and no config; -o - prints',
    );
  });
});

it.each(['trim $X -o -', 'conf merge -C tree --no-exec config padding -o -'])(
  'what kt %s prints is out before its report, where both go to one slow reader',
  async (words) => {
    const padding = Array.from({ length: 4000 }, (_, i) => `PADDING_WITH_A_LONG_NAME_${i}`);
    appendFileSync(
      join(example, 'tree/drivers/Kconfig'),
      padding.map((name) => `config ${name}\n\tbool "padding"\n`).join(''),
    );
    writeFileSync(join(example, 'padding'), padding.map((name) => `CONFIG_${name}=y\n`).join(''));
    const config = (await shell(`kt ${words} 2>/dev/null`)).stdout;
    expect(config.length).toBeGreaterThan(100_000);
    const both = (await shell(`kt ${words} 2>&1 | { sleep 1; cat; }`)).stdout;
    expect(both.startsWith(config)).toBe(true);
    expect(both.length).toBeGreaterThan(config.length);
  },
);

describe('an open file is written to where its other writers have come to:', () => {
  it('standard error', async () => {
    const done = await shell('{ echo first >&2; kt trim $X -o /dev/stderr --performance >so; echo last >&2; } 2>se');
    expect(done.status).toBe(0);
    await shell('kt trim $X -o - >config.new');
    expect(read('se').startsWith(`first\n${read('config.new')}`)).toBe(true);
    expect(read('se')).toMatch(/\nlast\n$/);
    expect(read('so')).toContain('written    /dev/stderr\n');
    expect(read('so')).not.toContain('KCONFIG_CONFIG');
  });

  it('what a shell opened', async () => {
    await shell('{ echo first >&3; kt trim $X -o /dev/fd/3 --html /dev/stderr >so 2>page; echo last >&3; } 3>three');
    await shell('kt trim $X -o - >config.new');
    expect(read('three')).toBe(`first\n${read('config.new')}last\n`);
    expect(read('page')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/i);
  });

  it('GITHUB_STEP_SUMMARY', async () => {
    const check = 'kt check -C tree -c config --no-exec --skip tools';
    await shell(`{ GITHUB_STEP_SUMMARY=/dev/stdout ${check}; echo last; } >so`);
    await shell(`GITHUB_STEP_SUMMARY="$PWD/summary" ${check} >report`);
    expect(read('so')).toBe(`${read('report')}${read('summary')}last\n`);
  });

  it.each(['/dev/stderr', '/dev/fd/2', 'errors'])('the log of a build: %s', async (name) => {
    symlinkSync('/dev/stderr', join(example, 'errors'));
    const { tree, objtree } = copyBuildTree();
    const build = `CC=${COMPILER} kt build -C ${tree} -O ${objtree} -q --no-cache`;
    expect((await shell(`{ echo first >&2; ${build} --log ${name}; } 2>se; echo $?`)).stdout).toBe('0\n');
    expect(read('se')).toMatch(/^first\n\$ make -C [\s\S]*\n {2}LD {6}vmlinux\n/);
    expect(existsSync(join(example, 'se.old')) || existsSync(join(example, 'errors.old'))).toBe(false);
  });

  it('no record is united with what it would not replace', async () => {
    await shell('kt record r');
    const before = read('r');
    await shell('kt record --add /dev/fd/3 3<r >united');
    expect([read('r'), read('united').split('\n')[0]]).toEqual([before, before.split('\n')[0]]);
  });
});
