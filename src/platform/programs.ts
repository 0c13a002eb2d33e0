import { type ChildProcess, spawn } from 'node:child_process';
import type { PassedSignal, ProgramEnd, ProgramStarter, RunningProgram, StartOptions } from './platform.ts';
import type { Scope } from './scope.ts';
import { shortageOf } from './shortage.ts';

/**
 * How long the output may stay open after the program's end, in milliseconds. A server that it left behind (of ccache's
 * kind) may hold it for hours.
 */
const OUTPUT_GRACE_MS = 2_000;

/** How often it is looked for what is left of a program. */
const WATCH_MS = 50;

/**
 * Starts programs with `spawn`.
 *
 * Each has a session and process group of its own: what a terminal's Ctrl-C sends reaches this process alone, which
 * passes it on once. (GNU make that gets a signal twice, from the terminal and from us, ends without deleting what it
 * left half made; one that gets it alone does not tell the makes below it.) Output goes through one pipe, so that what
 * make says and what its compilers say keep their order, and a make that has lost us ends with its next line.
 */
export class NodeProgramStarter implements ProgramStarter {
  readonly #scope: Scope;

  /** @param scope ends the programs; it does not wait for them */
  constructor(scope: Scope) {
    this.#scope = scope;
  }

  start(file: string, args: readonly string[], { cwd, env, onOutput }: StartOptions): RunningProgram {
    // The shell is gone when the program starts: it only makes standard error the pipe that standard output is.
    const child = spawn('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1', file, ...args], {
      cwd,
      env: env as NodeJS.ProcessEnv,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // Without file handles there is no pipe, and `error` follows.
    child.stdout?.on('data', (bytes: Buffer) => onOutput(bytes.toString('latin1')));
    const group = new ProcessGroup(child);
    const abandon = this.#scope.add(() => {
      // Of one that has ended, this does nothing.
      group.signal('SIGTERM');
      child.stdout?.destroy();
      child.unref();
    });
    const end = ending(child, group).finally(abandon);
    return { signal: (name) => group.signal(name), end };
  }
}

/** The processes that a child leads. Once they have ended, their number may be another's: nobody is sent anything then. */
class ProcessGroup {
  readonly #leader: number | undefined;
  #ended = false;

  constructor({ pid }: ChildProcess) {
    this.#leader = pid;
  }

  signal(name: PassedSignal): void {
    this.#send(name);
  }

  /** Whether one of them is there. To be asked often from the leader's end on: in between, the number is not given away. */
  exists(): boolean {
    this.#send(0);
    return !this.#ended;
  }

  end(): void {
    this.#ended = true;
  }

  #send(name: PassedSignal | 0): void {
    if (this.#leader === undefined || this.#ended) return;
    try {
      process.kill(-this.#leader, name);
    } catch {
      this.#ended = true;
    }
  }
}

function ending(child: ChildProcess, group: ProcessGroup): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    let watch: NodeJS.Timeout | undefined;
    child.once('error', (error) => reject(shortageOf(error) ?? error));
    child.once('exit', (_, by) => {
      let left = OUTPUT_GRACE_MS / WATCH_MS;
      watch = setInterval(() => {
        const exists = group.exists();
        if (--left > 0) return;
        clearInterval(watch);
        // Whoever was to be ended and is not: what it would still do is not wanted any more.
        if (by !== null && exists) group.signal('SIGKILL');
        child.stdout?.destroy();
      }, WATCH_MS);
    });
    child.once('close', (status, by) => {
      clearInterval(watch);
      group.end();
      resolve({ status, signal: by });
    });
  });
}
