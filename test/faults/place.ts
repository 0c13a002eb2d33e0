import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyExample, PROGRAM, type Run } from '../cli/run.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** Bools that are added to the example, so that its config takes many pages of a disk. */
const ADDED_SYMBOLS = 1500;

/** A kernel tree with a config of some 40 kB, and a listing. */
export interface Kernel {
  readonly tree: string;
  /** The arguments of a trim. */
  readonly args: readonly string[];
  /** A copy of `old`. */
  readonly base: string;
  /** The config before, and what a trim and a trim with `--lean` make of it. */
  readonly old: string;
  readonly trimmed: string;
  readonly lean: string;
}

/** The example with many more symbols. */
export function makeKernel(): Kernel {
  const example = copyExample();
  // For runs of somebody else.
  chmodSync(example, 0o755);
  const [tree, lsmod] = [join(example, 'tree'), join(example, 'lsmod.txt')];
  const names = Array.from({ length: ADDED_SYMBOLS }, (_, i) => `config ADDED_SYMBOL_${i}\n\tbool "added ${i}"\n\n`);
  appendFileSync(join(tree, 'lib/Kconfig'), `\n${names.join('')}`);
  const added = Array.from({ length: ADDED_SYMBOLS }, (_, i) => `CONFIG_ADDED_SYMBOL_${i}=y\n`).join('');
  const base = join(example, 'big');
  writeFileSync(base, readFileSync(join(example, 'config'), 'latin1') + added);
  const out = (...args: string[]): string => {
    const done = runToEnd([...args, '-C', tree, '-c', base, '-o', '-']);
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout;
  };
  const kernel = {
    tree,
    base,
    args: ['-C', tree, '-l', lsmod],
    trimmed: out('trim', '-l', lsmod),
    lean: out('trim', '-l', lsmod, '--lean'),
  };
  return { ...kernel, old: out('conf', 'olddefconfig') };
}

const ENV = { PATH: process.env['PATH'] ?? '', ARCH: 'x86', XDG_CACHE_HOME: '/dev/null/cache' };

/** Starts the built program; the config that it trims is the one in `directory`. */
export function start(args: readonly string[], directory: string): ChildProcess {
  const env = { ...ENV, KCONFIG_CONFIG: join(directory, '.config') };
  return spawn(process.execPath, [PROGRAM, ...args], { stdio: 'ignore', env });
}

export interface RunOptions {
  /** Whose run it is. */
  readonly uid?: number;
  /** Where the config is that it trims. */
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A descriptor in place of a pipe. */
  readonly stdout?: number;
}

/** Runs the built program. */
export function runToEnd(args: readonly string[], { uid, directory, env, stdout }: RunOptions = {}): Run {
  const done = spawnSync(process.execPath, [PROGRAM, ...args], {
    encoding: 'latin1',
    cwd: '/',
    env: { ...ENV, ...(directory === undefined ? {} : { KCONFIG_CONFIG: join(directory, '.config') }), ...env },
    stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    ...(uid === undefined ? {} : { uid }),
  });
  return { status: done.status, stdout: done.stdout ?? '', stderr: done.stderr };
}

/** A directory of its own, and what has to be undone when the test is over. */
export class Place {
  readonly directory = temporaryFolder();
  readonly #undo: (() => void)[] = [];

  path(name: string): string {
    return join(this.directory, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'latin1');
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text, 'latin1');
  }

  /** Names in the directory, hidden ones too. */
  names(): string[] {
    return readdirSync(this.directory).sort();
  }

  subdirectory(name: string): string {
    mkdirSync(this.path(name));
    return this.path(name);
  }

  /** Mounts something on `at`; false where this machine does not allow it (in CI that is an error). */
  mount(args: readonly string[], at: string): boolean {
    const done = spawnSync('mount', [...args, at], { encoding: 'utf8' });
    if (done.status === 0) {
      this.#undo.push(() => spawnSync('umount', ['--lazy', at]));
      return true;
    }
    if (process.env['CI']) throw new Error(`no mounts in CI: ${done.stderr}`);
    process.stderr.write(`NOT TESTED: this machine allows no mount: ${done.stderr}`);
    return false;
  }

  /** Undoes the mounts. */
  leave(): void {
    for (const undo of this.#undo.reverse()) undo();
  }
}

/** Numbers from 0 to 1 that a seed gives (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a killed run may leave beside the config; the next run takes it away. */
export const LEFTOVER = /^\.config(\.old)?\.[0-9a-f]{8}\.\d+\.[0-9a-f]{12}\.tmp$/;
