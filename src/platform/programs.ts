import { type ChildProcess, spawn } from 'node:child_process';
import type { PassedSignal, ProgramEnd, ProgramStarter, RunningProgram, StartOptions } from './platform.ts';

/**
 * How long the output may stay open after the program's end, in milliseconds. A server that it left behind (of ccache's
 * kind) may hold it for hours.
 */
const OUTPUT_GRACE_MS = 2_000;

/**
 * Starts programs with `spawn`.
 *
 * Each has a session and process group of its own: what a terminal's Ctrl-C sends reaches this process alone, which
 * passes it on once. (GNU make that gets a signal twice, from the terminal and from us, ends without deleting what it
 * left half made; one that gets it alone does not tell the makes below it.) Output goes through one pipe, so that what
 * make says and what its compilers say keep their order, and a make that has lost us ends with its next line.
 */
export class NodeProgramStarter implements ProgramStarter {
  start(file: string, args: readonly string[], { cwd, env, onOutput }: StartOptions): RunningProgram {
    // The shell is gone when the program starts: it only makes standard error the pipe that standard output is.
    const child = spawn('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1', file, ...args], {
      cwd,
      env: env as NodeJS.ProcessEnv,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.on('data', (bytes: Buffer) => onOutput(bytes.toString('latin1')));
    const signal = (name: PassedSignal): void => signalGroup(child, name);
    const orphaned = (): void => signal('SIGTERM');
    process.once('exit', orphaned);
    const end = ending(child, signal).finally(() => process.off('exit', orphaned));
    return { signal, end };
  }
}

function ending(child: ChildProcess, signal: (name: PassedSignal) => void): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    child.once('error', reject);
    child.once('exit', (_, by) => {
      grace = setTimeout(() => {
        // Whoever was to be ended and is not: what it would still do is not wanted any more.
        if (by !== null) signal('SIGKILL');
        child.stdout?.destroy();
      }, OUTPUT_GRACE_MS);
    });
    child.once('close', (status, by) => {
      clearTimeout(grace);
      resolve({ status, signal: by });
    });
  });
}

function signalGroup(child: ChildProcess, name: PassedSignal): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // All of the group have ended.
  }
}
