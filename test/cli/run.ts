import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { EXIT_FAILED } from '../../src/cli/exit-status.ts';
import { loadCommands } from '../../src/cli/load-commands.ts';
import { Scope } from '../../src/platform/scope.ts';
import { PROGRAM, REPOSITORY } from '../helpers/built-program.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

export { PROGRAM, REPOSITORY } from '../helpers/built-program.ts';

/** What a run left. */
export interface Run {
  /** The exit status; null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a command line is run. */
export interface RunOptions {
  /** This repository where it is not named. */
  readonly cwd?: string;
  /** Variables beside PATH, HOME and those that keep this machine out. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A copy of fixtures/example that a test may change. */
export function copyExample(): string {
  const folder = temporaryFolder();
  cpSync(join(REPOSITORY, 'fixtures/example'), folder, { recursive: true });
  return folder;
}

/** Longer than any run takes on a busy machine, in milliseconds: a run that has not ended by then never will. */
export const RUN_LIMIT_MS = 240_000;

/** A directory that cannot be made. */
const NO_CACHE = '/dev/null/cache';

/** The environment of a run: nothing that this machine has cached from other runs may change an answer. */
function environment(own: RunOptions['env']): Record<string, string> {
  const { PATH = '', HOME = '/' } = process.env;
  return { PATH, HOME, ARCH: 'x86', XDG_CACHE_HOME: NO_CACHE, ...own };
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command line in this process, by the built commands: a quarter of the time of a process of its own. What needs
 * standard input, a terminal or signals is for `runBuilt`.
 */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  // One after the other: directory, environment and output are the process's.
  const running = last.then(() => runHere(args, options));
  last = running.catch(() => {});
  return running;
}

async function runHere(args: readonly string[], { cwd = REPOSITORY, env }: RunOptions): Promise<Run> {
  const before = { cwd: process.cwd(), env: process.env, exitCode: process.exitCode };
  const printed = { stdout: capture(process.stdout), stderr: capture(process.stderr) };
  const scope = new Scope();
  let status = EXIT_FAILED;
  process.chdir(cwd);
  process.env = environment(env);
  // As bin/ does, until a run is done.
  process.exitCode = EXIT_FAILED;
  try {
    status = await runCommandLine(args, scope);
  } catch (error) {
    (await loadCommands()).reportFailure(error);
  } finally {
    scope.close();
    process.chdir(before.cwd);
    process.env = before.env;
    process.exitCode = before.exitCode;
    printed.stdout.end();
    printed.stderr.end();
  }
  return { status, stdout: printed.stdout.text(), stderr: printed.stderr.text() };
}

/** Takes what is written to a stream, until `end`. */
function capture(stream: NodeJS.WriteStream): { text: () => string; end: () => void } {
  const { write } = stream;
  const chunks: Buffer[] = [];
  stream.write = (data: string | Uint8Array, encoding?: unknown) => {
    chunks.push(typeof data === 'string' ? Buffer.from(data, encoding as BufferEncoding) : Buffer.from(data));
    return true;
  };
  return {
    text: () => Buffer.concat(chunks).toString('latin1'),
    end: () => {
      stream.write = write;
    },
  };
}

/**
 * Starts the built program as a person would, and waits for its end. Several may run at the same time.
 * @throws where it does not end
 */
export async function runBuilt(
  args: readonly string[],
  { cwd = REPOSITORY, env, input = '' }: RunOptions & { readonly input?: string } = {},
): Promise<Run> {
  return await ended([process.execPath, PROGRAM, ...args], { cwd, env: environment(env), input });
}

/**
 * Starts a program and waits for its end.
 * @param options `env` is all of its environment
 * @throws where it cannot be started or does not end
 */
export async function ended(
  [file, ...args]: readonly string[],
  { cwd = REPOSITORY, env, input = '' }: RunOptions & { readonly input?: string },
): Promise<Run> {
  const child = spawn(file!, args, { cwd, env, timeout: RUN_LIMIT_MS, killSignal: 'SIGKILL' });
  // It may end without reading all of it.
  child.stdin.on('error', () => {});
  child.stdin.end(input, 'utf8');
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('latin1').on('data', (data: string) => {
      text[name] += data;
    });
  }
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject).once('close', (...end) => resolve(end));
  });
  if (signal === 'SIGKILL') throw new Error(`does not end: ${args.join(' ')}`);
  return { status, ...text };
}

/** Starts the built program several times at once. @param count how often, from 0 on; `args` gives each its command line */
export function runsAtOnce(
  count: number,
  args: (index: number) => readonly string[],
  options: RunOptions = {},
): Promise<Run[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => runBuilt(args(index), options)));
}

/** A report in which lines without a label that were broken are whole again. */
export const unbroken = (text: string): string => text.replace(/\n {6}(?! )/g, ' ');

/** A report in one line, whatever its lines are broken at. */
export const inOneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');
