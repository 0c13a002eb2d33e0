import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The top of this repository. */
export const REPOSITORY = resolve(import.meta.dirname, '../..');

/** What a run of the built program left. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds dist/ where it is not this source's; once for all test files (global set-up). */
export default function build(): void {
  const done = spawnSync(process.execPath, ['scripts/build.mjs', '--program'], { cwd: REPOSITORY, encoding: 'utf8' });
  if (done.status !== 0 || !existsSync(join(REPOSITORY, 'dist/cli.js'))) throw new Error(done.stderr);
}

/** A copy of fixtures/example that a test may change. */
export function copyExample(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'kconfig-trim-'));
  cpSync(join(REPOSITORY, 'fixtures/example'), scratch, { recursive: true });
  return scratch;
}

/** Longer than any run takes on a busy machine, in milliseconds: a run that has not ended by then never will. */
export const RUN_LIMIT_MS = 240_000;

/** A directory that cannot be made. */
const NO_CACHE = '/dev/null/cache';

/** Starts the built program as a person would. */
export function run(
  args: readonly string[],
  options: { cwd?: string; input?: string; env?: Record<string, string> } = {},
): Run {
  const { PATH = '', HOME = '/' } = process.env;
  const done = spawnSync(process.execPath, [join(REPOSITORY, 'bin/kconfig-trim.js'), ...args], {
    cwd: options.cwd ?? REPOSITORY,
    encoding: 'latin1',
    input: options.input ?? '',
    timeout: RUN_LIMIT_MS,
    killSignal: 'SIGKILL',
    // Nothing that this machine has kept from other runs may change an answer.
    env: { PATH, HOME, ARCH: 'x86', XDG_CACHE_HOME: NO_CACHE, ...options.env },
  });
  if (done.error) throw done.error;
  return { status: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** A report in which lines without a label that were broken are whole again. */
export const unbroken = (text: string): string => text.replace(/\n {6}(?! )/g, ' ');

/** A report in one line, whatever its lines are broken at. */
export const inOneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');
