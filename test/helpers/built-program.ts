import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The top of this repository. */
export const REPOSITORY = resolve(import.meta.dirname, '../..');

/** The program as it is installed; Node runs it. */
export const PROGRAM = join(REPOSITORY, 'bin/kconfig-trim.js');

/** Builds dist/ where it is not this source's; once for all test files (global set-up). */
export default function build(): void {
  const done = spawnSync(process.execPath, ['scripts/build.mjs', '--program'], { cwd: REPOSITORY, encoding: 'utf8' });
  if (done.status !== 0 || !existsSync(join(REPOSITORY, 'dist/cli.js'))) throw new Error(done.stderr);
}
