import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { copyExample, PROGRAM } from '../cli/run.ts';

/** Sets a terminal's title; as C0 and, in UTF-8 and as a byte, as C1 control characters. */
const HOSTILE = '\u001b]0;title\u0007\u009b31m';
const QUOTED = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

describe('names that would drive a terminal', () => {
  let example: string;
  beforeAll(() => {
    example = copyExample();
    const bytes = Buffer.from(HOSTILE, 'utf8');
    const hostile = (text: string): Buffer => Buffer.from(text.replaceAll('@', bytes.toString('latin1')), 'latin1');
    // Objects, a directory, a prompt, a condition's text, a module, and the value of a string.
    appendFileSync(join(example, 'tree/fs/Makefile'), hostile('obj-y += na@me.o di@r/\nobj-m += mo@d.o\n'));
    appendFileSync(
      join(example, 'tree/fs/Kconfig'),
      hostile('\nconfig EVIL\n\tbool "pr@mpt"\n\tdepends on "a@b" = "c"\n'),
    );
    appendFileSync(
      join(example, 'tree/fs/Kconfig'),
      hostile('\nconfig EVIL_TEXT\n\tstring "text"\n\tdefault "te@xt"\n'),
    );
    appendFileSync(join(example, 'lsmod.txt'), Buffer.from('un\u009bknown 1234 0\n', 'utf8'));
    writeFileSync(join(example, `c${HOSTILE}`), readFileSync(join(example, 'config')));
    writeFileSync(
      join(example, 'fragment'),
      hostile('CONFIG_EVIL=y\nCONFIG_EVIL_TEXT="other@"\nCONFIG_NO@=y\nwh@at\n'),
    );
  });

  /** Runs the program on a terminal that util-linux' script makes; what the terminal was sent. */
  function onTerminal(words: readonly string[]): string {
    const command = ['node', PROGRAM, ...words].map(QUOTED).join(' ');
    writeFileSync(join(example, 'run.sh'), `stty cols 80 rows 24\nexec ${command}\n`);
    const done = spawnSync('script', ['-qec', 'sh run.sh', '/dev/null'], {
      cwd: example,
      encoding: 'latin1',
      // With CI set ora shows no line of its own, which has sequences.
      env: { PATH: process.env['PATH'], ARCH: 'x86', TERM: 'xterm', CI: '1', XDG_CACHE_HOME: '/dev/null/cache' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
    });
    if (done.error) throw done.error;
    return done.stdout;
  }

  const config = `c${HOSTILE}`;
  it.each<readonly string[]>([
    ['trim', '-c', config, '-l', 'lsmod.txt', '--dry-run', '-v'],
    ['trim', '-c', config, '-l', 'lsmod.txt', '--dry-run', '--diff'],
    ['trim', '-c', config, '-l', 'lsmod.txt', '-o', '-', '-q'],
    ['trim', '-c', config, '-l', 'lsmod.txt', '--dry-run', '--json'],
    ['trim', '-c', config, '-l', `none${HOSTILE}`],
    ['trim', '-c', config, '-l', 'lsmod.txt', '--dry-run', '--keep', HOSTILE],
    ['trim', '-c', config, '--reference', HOSTILE],
    ['why', 'EVIL', '-c', config],
    ['why', HOSTILE, '-c', config],
    ['why', 'EVIL', '-c', config, '--json'],
    ['check', '-c', config, '-l', 'lsmod.txt', '--fragment', 'fragment', '--skip', 'tools', '-v'],
    ['check', '-c', config, '-l', 'lsmod.txt', '--fragment', 'fragment', '--format', 'github'],
    ['check', '-c', config, '-l', 'lsmod.txt', '--fragment', 'fragment', '--format', 'junit'],
    ['check', '-c', config, '-l', 'lsmod.txt', '--fragment', 'fragment', '--format', 'summary'],
    ['check', '-c', config, '--skip', HOSTILE],
    ['check', '-c', config, '--format', HOSTILE],
    ['conf', 'olddefconfig', '-c', config, '-o', '-'],
    ['conf', HOSTILE, '-c', config],
    ['conf', 'defconfig', `none${HOSTILE}`],
    ['map', '-c', config],
    ['map', HOSTILE, '-c', config],
    ['map', '-c', config, '--json'],
    ['objects', '-c', config],
    ['objects', '-c', config, '--json'],
    ['objects', '-c', config, '--arch', HOSTILE],
    ['estimate', '-c', config],
    ['estimate', config, 'config', '--json'],
    ['build', '-c', config, '-n'],
    ['build', '-c', 'config', '-O', HOSTILE],
    [HOSTILE],
    [`--${HOSTILE}`],
    ['objects', HOSTILE],
  ])('%j: nothing of them reaches it', (...words) => {
    const isCommand = !words[0]!.includes(HOSTILE);
    const output = onTerminal(
      isCommand ? [...words, '-C', 'tree', ...(words[0] === 'build' ? [] : ['--no-exec'])] : words,
    );
    expect(output).not.toBe('');
    expect(output).not.toContain('internal error');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
    expect(output).not.toMatch(/\u001b\]|\u0007|\xc2?\x9b/);
  });
});
