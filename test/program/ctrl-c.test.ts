/** Ctrl-C on a terminal, while the program reads: nothing gives its event loop a turn. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { shellWords } from '../../src/report/shell-words.ts';
import { copyExample, PROGRAM } from '../cli/run.ts';

let terminal: ChildProcess | null = null;
let writer: number | null = null;
afterEach(() => {
  terminal?.kill('SIGKILL');
  if (writer !== null) closeSync(writer);
  [terminal, writer] = [null, null];
});

/** Opens a pipe of that name for writing, once somebody reads it. */
async function openForWriting(path: string): Promise<number> {
  for (;;) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await setTimeout(20);
    }
  }
}

it.each([
  ['trim', '-l', 'lsmod.txt', '--dry-run'],
  ['check'],
  ['conf', 'olddefconfig', '-o', 'out'],
  ['estimate'],
  ['objects'],
  ['why', 'VFAT_FS'],
])('%s is ended at once', async (...args) => {
  const example = copyExample();
  const pipe = join(example, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const words = [process.execPath, PROGRAM, ...args, '-C', 'tree', '-c', 'pipe'];
  terminal = spawn('script', ['-qec', `stty cols 80 rows 24; exec ${shellWords(words)}`, '/dev/null'], {
    cwd: example,
    env: { PATH: process.env['PATH'], ARCH: 'x86', TERM: 'xterm', XDG_CACHE_HOME: '/dev/null/cache' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let shown = '';
  terminal.stdout!.on('data', (data: Buffer) => {
    shown += data.toString('latin1');
  });
  const ended = new Promise((resolve) => terminal!.once('close', resolve));
  writer = await openForWriting(pipe);
  terminal.stdin!.write('\u0003');
  // What it reads has no end, so that nothing but the signal ends it.
  expect(await ended).toBe(130);
  // The line that says what is being done was there.
  expect(shown).toContain('\u001B[1G');
});
