import { describe, expect, it } from 'vitest';
import {
  jobsOfMakeflags,
  makeArguments,
  makeEnvironment,
  pathFromMake,
  plainForMake,
  splitMakeWords,
} from '../../src/build/make-command.ts';
import { shellWords } from '../../src/report/shell-words.ts';

describe('the call of make', () => {
  it('passes on what the user gave, untouched', () => {
    const { variables, options, targets } = splitMakeWords(['CC=ccache gcc', '-k', 'bzImage', 'W=1', 'fs/ext4/']);
    const args = makeArguments({ tree: '/src', objtree: '/out', jobs: 8, variables, options, targets });
    expect(args).toEqual(['-C', '/src', 'O=/out', '-j8', '-k', 'CC=ccache gcc', 'W=1', 'bzImage', 'fs/ext4/']);
    expect(shellWords(['make', ...args])).toBe("make -C /src O=/out -j8 -k CC='ccache gcc' W=1 bzImage fs/ext4/");
  });

  it('leaves the value of an option behind it', () => {
    const words = 'all -W lib/sort.c -j 2 -kl 1.5 -o a=b --eval x:=1 -j vmlinux -k 3 --jobs=4 5'.split(' ');
    const { variables, options, targets } = splitMakeWords(words);
    expect(options.join(' ')).toBe('-W lib/sort.c -j 2 -kl 1.5 -o a=b --eval x:=1 -j -k --jobs=4');
    expect([variables, targets]).toEqual([{}, ['all', 'vmlinux', '3', '5']]);
  });

  it('has paths as make reads them, where a $ is a variable', () => {
    const call = { tree: '/s$rc', objtree: '/o$ut', jobs: 1, options: [], targets: [] };
    const args = makeArguments({ ...call, variables: { KCONFIG_CONFIG: plainForMake('/a$$b'), CC: '$(OWN)' } });
    expect(args).toEqual(['-C', '/s$rc', 'O=/o$$ut', '-j1', 'KCONFIG_CONFIG=/a$$$$b', 'CC=$(OWN)']);
    expect(pathFromMake('/a$$$$b$$c$')).toBe('/a$$b$c$');
  });

  it('names no build directory where it is the tree', () => {
    const call = { tree: '/src', objtree: '/src', jobs: 1, variables: {}, options: [], targets: [] };
    expect(makeArguments(call)).toEqual(['-C', '/src', '-j1']);
  });
});

describe("make's environment", () => {
  it('is ours, but for what belongs to another make', () => {
    const env = {
      PATH: '/bin',
      CC: 'distcc gcc',
      KBUILD_OUTPUT: '/elsewhere',
      MAKELEVEL: '1',
      MFLAGS: '-j',
      sub_make_done: '1',
      MAKEFLAGS: 'kw -j8 --jobserver-auth=3,4 -- CC=gcc W=1',
      EMPTY: undefined,
    };
    expect(makeEnvironment(env)).toEqual({ PATH: '/bin', CC: 'distcc gcc', MAKEFLAGS: 'kw', LC_MESSAGES: 'C' });
  });

  it.each([
    ['-j16', ''],
    ['-j 16', ''],
    ['--jobs=4', ''],
    ['rR --no-print-directory', 'rR --no-print-directory'],
    [String.raw`CC=ccache\ gcc -s`, '-s'],
    ['--jobserver-auth=fifo:/tmp/x -j', ''],
  ])('MAKEFLAGS=%s becomes %s', (flags, expected) => {
    expect(makeEnvironment({ MAKEFLAGS: flags })['MAKEFLAGS'] ?? '').toBe(expected);
  });

  it('has messages in English, whatever the language, and keeps the character set', () => {
    const german = makeEnvironment({ LANG: 'de_DE.UTF-8', LANGUAGE: 'de', LC_MESSAGES: 'de_DE.UTF-8' });
    expect(german).toEqual({ LANG: 'de_DE.UTF-8', LC_MESSAGES: 'C' });
    const all = makeEnvironment({ LC_ALL: 'de_DE.UTF-8', LC_CTYPE: 'C', LANG: 'C' });
    expect(all).toEqual({ LANG: 'de_DE.UTF-8', LC_MESSAGES: 'C' });
  });
});

describe('the number of jobs in MAKEFLAGS', () => {
  it.each([
    ['-j16', 16],
    ['k -j 3', 3],
    ['--jobs=12', 12],
    ['-j', null],
    ['-j8 --jobserver-auth=3,4', null],
    ['', null],
    [undefined, null],
  ])('%s', (flags, expected) => expect(jobsOfMakeflags(flags)).toBe(expected));
});
