/**
 * The judge of merges: the kernel's own merge_config.sh, run in a directory of its own. It calls make, for which a script
 * stands that brings what conf made of the merged file.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { type Arch, runConf } from './conf-judge.ts';
import type { Kernel } from './kernels.ts';

/** A base and fragments, and merge_config.sh's own options. */
export interface Stack {
  readonly kernel: Kernel;
  readonly arch: Arch;
  /** Paths; the base first. */
  readonly files: readonly string[];
  readonly options?: readonly string[];
}

/** What merge_config.sh says of a value that the config does not hold. */
export interface NotHeld {
  /** With its prefix. */
  readonly name: string;
  /** Lines that name it; empty for none. */
  readonly requested: string;
  readonly actual: string;
}

export interface MergeVerdict {
  /** What conf is given. */
  readonly merged: string;
  /** What conf writes. */
  readonly config: string;
  readonly notHeld: readonly NotHeld[];
  /** Symbols that a fragment is said to redefine, and those that it says once more. */
  readonly redefined: readonly string[];
  readonly redundant: readonly string[];
}

/** Stands for make: the config that it is to write lies beside it. */
const MAKE = '#!/bin/sh\ncp prepared .config\n';

/** How the merged file is to be completed, for the engine to be asked the same. */
export const mergeRun = ({ kernel, arch, options = [] }: Stack, merged: string) => ({
  kernel,
  arch,
  target: options.includes('-n') ? 'allnoconfig' : 'alldefconfig',
  config: merged,
  answers: 'yes' as const,
  env: { KCONFIG_ALLCONFIG: '.config' },
});

/** Runs merge_config.sh and conf. */
export function judgeMerge(stack: Stack): MergeVerdict {
  const script = new Script(stack);
  const merged = script.mergeOnly();
  const config = runConf(mergeRun(stack, merged)).config ?? '';
  const said = script.complete(config);
  return {
    merged,
    config,
    notHeld: notHeldIn(said),
    redefined: namesIn(said, 'is redefined by fragment'),
    redundant: namesIn(said, 'is redundant by fragment'),
  };
}

/** What merge_config.sh gives to conf. */
export function mergedOnly(stack: Stack): string {
  return new Script(stack).mergeOnly();
}

class Script {
  readonly #folder = temporaryFolder();
  readonly #stack: Stack;

  constructor(stack: Stack) {
    this.#stack = stack;
    mkdirSync(join(this.#folder, 'bin'));
    writeFileSync(join(this.#folder, 'bin/make'), MAKE);
    chmodSync(join(this.#folder, 'bin/make'), 0o755);
  }

  mergeOnly(): string {
    this.#run(['-m', ...(this.#stack.options ?? []).filter((option) => option !== '-n')]);
    return readFileSync(join(this.#folder, '.config'), 'latin1');
  }

  /** @returns what it prints */
  complete(config: string): string {
    writeFileSync(join(this.#folder, 'prepared'), config, 'latin1');
    return this.#run(['-r', ...(this.#stack.options ?? [])]);
  }

  #run(options: readonly string[]): string {
    const script = join(this.#stack.kernel.tree, 'scripts/kconfig/merge_config.sh');
    const done = spawnSync('sh', [script, ...options, ...this.#stack.files], {
      cwd: this.#folder,
      env: { PATH: `${join(this.#folder, 'bin')}:/usr/bin:/bin`, LC_ALL: 'C' },
      encoding: 'latin1',
      maxBuffer: 1 << 28,
    });
    if (done.status !== 0) throw new Error(`merge_config.sh: ${done.status} ${done.stderr}${done.stdout.slice(-400)}`);
    return done.stdout;
  }
}

function namesIn(said: string, words: string): string[] {
  return [...said.matchAll(new RegExp(`^Value of (\\S+) ${words}`, 'gm'))].map(([, name]) => name!);
}

function notHeldIn(said: string): NotHeld[] {
  const blocks = said.matchAll(
    /^Value requested for (\S+) not in final \.config\nRequested value: {2}([\s\S]*?)\nActual value: {5}([\s\S]*?)\n\n/gm,
  );
  return [...blocks].map(([, name, requested, actual]) => ({ name: name!, requested: requested!, actual: actual! }));
}
