import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shellWords } from '../../src/report/shell-words.ts';
import { PROGRAM, REPOSITORY, RUN_LIMIT_MS, type Run } from '../cli/run.ts';

const DISTURB = pathToFileURL(join(import.meta.dirname, 'disturb.mjs')).href;
const POLL_MS = 20;

/** How a run is disturbed. */
export interface Disturbance {
  /** `WHAT:N`, as disturb.mjs takes it. */
  readonly disturb?: string;
  /** It has a terminal, and the status that a shell shows; all that it prints is standard output. */
  readonly isOnTerminal?: boolean;
  /** Nobody reads what it prints. */
  readonly isOutputClosed?: boolean;
  /** How many files it may have open at a time. */
  readonly handles?: number;
  /** How many processes it may start, as a user of its own (needs root). */
  readonly processes?: number;
}

/** A run that has come to its end by itself, and left no process. */
export interface EndedRun extends Run {
  readonly signal: NodeJS.Signals | null;
}

/**
 * Starts the built program and waits for its end, and for that of everything that it has started.
 * @throws where that does not come in time
 */
export async function endedRun(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { disturb, isOnTerminal = false, isOutputClosed = false, handles, processes }: Disturbance = {},
): Promise<EndedRun> {
  const mark = `KCONFIG_TRIM_TEST_RUN=${randomUUID()}`;
  const [markName, markValue] = mark.split('=') as [string, string];
  const bin = PROGRAM;
  const command = [process.execPath, ...(disturb === undefined ? [] : ['--import', DISTURB]), bin, ...args];
  if (processes !== undefined) command.unshift(...asUserWith(processes));
  if (isOnTerminal) {
    const words = `stty cols 80 rows 24; exec ${shellWords(command)}`;
    command.splice(0, command.length, 'script', '-qec', words, '/dev/null');
  }
  const limit = `${handles === undefined ? '' : `ulimit -n ${handles};`} exec "$@"`;
  const child = spawn('/bin/sh', ['-c', limit, 'sh', ...command], {
    cwd: REPOSITORY,
    env: {
      PATH: process.env['PATH'],
      HOME: '/',
      ARCH: 'x86',
      ...(isOnTerminal && { TERM: 'xterm' }),
      ...env,
      ...(disturb !== undefined && { DISTURB: disturb }),
      [markName]: markValue,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (isOutputClosed) child.stdout.destroy();
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('latin1').on('data', (data: string) => {
      text[name] += data;
    });
  }
  const ended = new Promise<{ status: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal }));
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_LIMIT_MS);
  const end = await ended;
  clearTimeout(timer);
  if (end.signal === 'SIGKILL') throw new Error(`does not end: kconfig-trim ${args.join(' ')}`);
  for (let waited = 0; isAnyMarked(mark); waited += POLL_MS) {
    if (waited > RUN_LIMIT_MS) throw new Error(`leaves a process: kconfig-trim ${args.join(' ')}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { ...end, ...text };
}

/** The words that run a command as a user with few processes, in a directory that it can see. */
function asUserWith(processes: number): string[] {
  const id = String(100_000 + process.pid);
  return ['setpriv', '--reuid', id, '--regid', id, '--clear-groups', 'prlimit', `--nproc=${processes}`];
}

/** Whether a process has a variable of this value in its environment. */
function isAnyMarked(mark: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
    } catch {
      return false;
    }
  });
}
