/**
 * The judge of conf's surroundings: the kernel's own `make olddefconfig`. The environment comes out through a Kconfig
 * file of ours (KBUILD_KCONFIG) that writes it down with `$(shell …)`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kernel } from './kernels.ts';

/** How make ended, and conf's environment where it came so far and conf was given a recording Kconfig file. */
export interface MakeRun {
  readonly status: number;
  readonly stderr: string;
  readonly env: Readonly<Record<string, string>> | null;
  readonly cwd: string | null;
}

/** A build directory of a kernel in which conf is built; copied from the one of setup.sh, since tests write into it. */
export function copyObjtree(kernel: Kernel, name: string): string {
  const objtree = join(tmpdir(), 'kconfig-trim-judge', `${name}-${kernel.version}-${process.pid}`);
  rmSync(objtree, { recursive: true, force: true });
  mkdirSync(objtree, { recursive: true });
  cpSync(kernel.confObjtree, objtree, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return objtree;
}

/**
 * Lays a Kconfig file into a build directory that writes down the environment and the directory conf works in.
 * @returns its path, for make's KBUILD_KCONFIG
 */
export function recordingKconfig(objtree: string): string {
  const path = join(objtree, 'record.Kconfig');
  writeFileSync(path, 'recorded := $(shell,env -0 >conf.env; pwd >conf.cwd)\n\nconfig EMPTY\n\tbool\n');
  return path;
}

/**
 * Runs `make target` in a build directory.
 * @param variables of make's command line, `NAME=value`
 */
export function runMake(
  kernel: Kernel,
  objtree: string,
  target: string,
  variables: readonly string[],
  env: Readonly<Record<string, string>>,
): MakeRun {
  for (const file of ['conf.env', 'conf.cwd']) rmSync(join(objtree, file), { force: true });
  const done = spawnSync('make', ['-C', kernel.tree, `O=${objtree}`, ...variables, target], {
    env,
    encoding: 'latin1',
    // Not a socket: bash (the SHELL of um) would read ~/.bashrc.
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  });
  const read = (name: string) => (existsSync(join(objtree, name)) ? readFileSync(join(objtree, name), 'latin1') : null);
  const dumped = read('conf.env');
  return {
    status: done.status ?? -1,
    stderr: done.stderr,
    env: dumped === null ? null : parseEnvironment(dumped),
    cwd: read('conf.cwd')?.trimEnd() ?? null,
  };
}

function parseEnvironment(dumped: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const entry of dumped.split('\0')) {
    const equals = entry.indexOf('=');
    if (equals > 0) env[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  return env;
}
