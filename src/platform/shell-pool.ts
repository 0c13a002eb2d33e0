import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type CommandRunner, type ShellPool, type ShellSurroundings, shellWord } from './platform.ts';
import { requireProcesses } from './process-room.ts';
import type { Scope } from './scope.ts';

/** Shells at most: starting one takes a millisecond or two of the time that is to be saved. */
const MAX_SHELLS = 8;

/**
 * Commands that a shell is given ahead, so that it goes on while this process is busy and cannot hand it another: two
 * shells then have all 85 that the first reading of the kernel's Kconfig files asks for.
 */
const AHEAD = 48;

/** Output of one command that is read at most, in chars; more ends the command. */
const MAX_OUTPUT = 1024 * 1024;

/** Where there is none (NixOS), some commands are run without the shells. */
const CAT = '/bin/cat';

/**
 * Commands of which everything that can be printed stands in their text: the words behind `echo`, in one line. Any
 * other may print NULs, which a shell's `$(…)` would swallow.
 */
const PLAIN_WORDS = String.raw`"?[\w $.+-]*"?`;
const PLAIN_OUTPUT = new RegExp(
  String.raw`^(?:\{ .*; \} >/dev/null 2>&1 && echo ${PLAIN_WORDS} \|\| echo ${PLAIN_WORDS}|set -- [\w .+-]* && echo \$\d)$`,
);

/** Commands that print something whatever comes of them, unless their shell could not start what they name. */
const PRINTS_SOMETHING = /&& echo "?\w[^|]*\|\| echo "?\w[^|]*$/;

/** What one shell has running at a time, at most: shells, a compiler, its passes, assembler and linker. */
const PROCESSES_PER_SHELL = 8;

/** How long a command may go on that is not wanted any more, in milliseconds, before it is killed. */
const LAST_COMMAND_MS = 5_000;

interface Job {
  readonly command: string;
  readonly done: (output: string) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Shells that are given one command after the other. Forking this process takes milliseconds, as it is large; a shell
 * forks in a fraction of one, and starts its next command without waiting for us.
 */
export class NodeShellPool implements ShellPool {
  readonly #runner: CommandRunner;
  readonly #surroundings: ShellSurroundings;
  readonly #shells: Shell[] = [];
  readonly #waiting: Job[] = [];
  readonly #limit: number;
  readonly #scope: Scope;
  #broken = false;

  /**
   * @param scope ends the shells
   * @param limit commands at a time at most
   * @throws InputError `machine-exhausted` where the system would let them start too few processes
   */
  constructor(runner: CommandRunner, scope: Scope, surroundings: ShellSurroundings, limit: number) {
    this.#runner = runner;
    this.#scope = scope;
    this.#surroundings = surroundings;
    this.#limit = Math.min(limit, MAX_SHELLS);
    requireProcesses(this.#limit * PROCESSES_PER_SHELL);
  }

  run(command: string): Promise<string> {
    return new Promise((done, failed) => {
      const job: Job = {
        command,
        done: (output) => {
          if (output.trim() === '' && PRINTS_SOMETHING.test(command)) this.#runHere({ command, done, failed });
          else done(output);
        },
        failed,
      };
      if (this.#broken || shellText(command, '') === null) this.#runHere(job);
      else {
        this.#waiting.push(job);
        this.#dispatch();
      }
    });
  }

  close(): void {
    this.#waiting.length = 0;
    for (const shell of this.#shells.splice(0)) shell.end();
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      let shell = this.#shells.find(({ load }) => load === 0);
      if (!shell && this.#shells.length < this.#limit) shell = this.#tryStart();
      if (this.#broken) return;
      shell ??= this.#shells.reduce((least, each) => (each.load < least.load ? each : least));
      if (shell.load >= AHEAD) return;
      shell.give(this.#waiting.shift()!);
    }
  }

  #tryStart(): Shell | undefined {
    try {
      return this.#start();
    } catch {
      void this.#giveUp();
      return undefined;
    }
  }

  /** Whatever ended a shell, the plain way may still work, or says why it does not. */
  async #giveUp(): Promise<void> {
    this.#broken = true;
    for (;;) {
      // Signals are heard in between.
      await setImmediate();
      const job = this.#waiting.shift();
      if (job === undefined) return;
      this.#runHere(job);
    }
  }

  #start(): Shell {
    const shell = new Shell(this.#scope, this.#surroundings, {
      idle: () => this.#dispatch(),
      ended: (unfinished, broken) => {
        this.#shells.splice(this.#shells.indexOf(shell), 1);
        this.#waiting.unshift(...unfinished);
        if (broken) void this.#giveUp();
        else this.#dispatch();
      },
    });
    this.#shells.push(shell);
    return shell;
  }

  #runHere({ command, done, failed }: Job): void {
    try {
      done(this.#runner.run('/bin/sh', ['-c', command], this.#surroundings).stdout);
    } catch (error) {
      failed(error);
    }
  }
}

/**
 * One shell that reads its commands from us. What a terminal sends to our process group does not reach its commands: they
 * make files beside the sources, and remove them at their end. Without us the one that runs is the last, as the shell
 * cannot print the answer.
 */
class Shell {
  readonly #child: ChildProcess;
  readonly #jobs: Job[] = [];
  readonly #mark = `\n${randomBytes(16).toString('hex')}\n`;
  readonly #end: () => void;
  #output = '';

  constructor(
    scope: Scope,
    { cwd, env }: ShellSurroundings,
    tell: { idle(): void; ended(unfinished: readonly Job[], broken: boolean): void },
  ) {
    this.#child = spawn('/bin/sh', [], {
      cwd,
      env: env as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    this.#end = scope.add(() => this.#destroy());
    const ended = (): void => {
      this.end();
      tell.ended(this.#jobs.splice(0), true);
    };
    this.#child.on('error', ended);
    this.#child.on('close', ended);
    // Without file handles there are no pipes, and `error` follows.
    this.#child.stdin?.on('error', ended);
    this.#child.stdout?.setEncoding('latin1').on('data', (text: string) => {
      this.#output += text;
      if (this.#takeAnswers()) tell.idle();
      else if (this.#output.length > MAX_OUTPUT) {
        this.end();
        this.#jobs.shift()?.done(this.#output);
        tell.ended(this.#jobs.splice(0), false);
      }
    });
  }

  /** How many commands it has that are not finished. */
  get load(): number {
    return this.#jobs.length;
  }

  give(job: Job): void {
    this.#jobs.push(job);
    this.#child.stdin?.write(shellText(job.command, this.#mark)!, 'latin1');
  }

  /** Has the command that runs be the last. */
  end(): void {
    this.#end();
  }

  /** @returns settles when the command that runs has come to its end */
  async #destroy(): Promise<void> {
    const child = this.#child;
    for (const emitter of [child, child.stdin, child.stdout]) {
      emitter?.removeAllListeners();
      // What comes after the end is of no interest, but an error that nobody hears would end the process.
      emitter?.on('error', () => {});
    }
    child.stdin?.destroy();
    child.stdout?.destroy();
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const limit = setTimeout(() => killGroup(child), LAST_COMMAND_MS);
    await once(child, 'exit');
    clearTimeout(limit);
  }

  #takeAnswers(): boolean {
    let end = this.#output.indexOf(this.#mark);
    if (end < 0) return false;
    let from = 0;
    for (; end >= 0; end = this.#output.indexOf(this.#mark, from)) {
      const output = this.#output.slice(from, end);
      from = end + this.#mark.length;
      this.#jobs.shift()?.done(output);
    }
    this.#output = this.#output.slice(from);
    return true;
  }
}

function killGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

/**
 * What a shell is to read so that a command runs as conf runs it and everything that it printed comes out, `end` behind
 * it. `exec` keeps bash from counting itself in SHLVL.
 * @returns null where that cannot be done here
 */
function shellText(command: string, end: string): string | null {
  const run = `exec /bin/sh -c ${shellWord(command)} </dev/null 2>/dev/null`;
  if (PLAIN_OUTPUT.test(command)) return `printf '%s\\n%s' "$(${run})" '${end}'\n`;
  return hasCat() ? `{ ${run}; } | ${CAT}; printf %s '${end}'\n` : null;
}

let catFound: boolean | undefined;

function hasCat(): boolean {
  catFound ??= isProgram(CAT);
  return catFound;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
