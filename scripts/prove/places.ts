/** Where `npm run prove` has what it boots and builds, and how it runs programs. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../test/helpers/built-program.ts';

/** What scripts/prove/setup.sh brought, and all that is made from it. */
export const PROVE = process.env['KCONFIG_TRIM_PROVE'] ?? join(REPOSITORY, '.prove');

/** Debian's own kernel in the root file system: its release. */
export const debianRelease = (): string => readFileSync(join(PROVE, 'debian.version'), 'utf8').trim();

/** @returns why nothing can be proved here; null where it can */
export function whyNoProof(): string | null {
  if (process.getuid?.() !== 0) return 'it needs root, for chroot and the owners of files';
  return existsSync(join(PROVE, 'root/.ready')) ? null : `there is no ${join(PROVE, 'root')}`;
}

/** Shows what is being done. */
export function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

/**
 * Runs a program to its end.
 * @param accepts its exit statuses that are no failure
 * @returns what it printed
 * @throws Error where it fails
 */
export function runProgram(
  command: string,
  args: readonly string[],
  cwd = PROVE,
  accepts: readonly number[] = [0],
): string {
  const done = spawnSync(command, args, { cwd, encoding: 'latin1', maxBuffer: 1 << 30 });
  if (done.status !== null && accepts.includes(done.status)) return done.stdout;
  const last = done.stderr?.split('\n').slice(-20).join('\n');
  throw new Error(`${command} ${args.join(' ')}: status ${done.status}\n${last}`);
}
