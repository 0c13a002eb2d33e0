import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';

/** Shells that complete command lines, and how each is started without anybody's settings. */
const SHELLS = {
  bash: 'bash --noprofile --norc -i',
  zsh: 'zsh -f -i',
} as const;

/** Keys of a terminal. */
export const TAB = '\t';
const TO_BEGINNING = '\u0001';
const CLEAR_LINE = '\u0015';
const ENTER = '\r';

/** Longer than any of these tests takes, in milliseconds. */
const LIMIT_MS = 240_000;

/** Whether a shell is not here, which is said: its tests are then left out, but in CI. */
export function isMissing(shell: string): boolean {
  const isHere = spawnSync(shell, ['--version']).error === undefined;
  if (!isHere) process.stderr.write(`${shell} is not installed: its completion is NOT TESTED\n`);
  return !isHere && !process.env['CI'];
}

/** An interactive shell on a terminal that util-linux' script makes. */
export class ShellSession {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = '';
  #from = 0;
  #count = 0;
  #changed = (): void => undefined;

  /** @param env all of its environment */
  constructor(shell: keyof typeof SHELLS, cwd: string, env: Readonly<Record<string, string>>) {
    this.#child = spawn('script', ['-qec', `stty cols 200 rows 50; ${SHELLS[shell]}`, '/dev/null'], {
      cwd,
      env: { TERM: 'dumb', SHELL: '/bin/sh', ...env },
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#changed();
      });
    }
    this.#child.on('close', () => this.#changed());
  }

  /** Runs a line, and waits until it is done. @returns what it printed, the echo of it included */
  async run(line: string): Promise<string> {
    const end = `end-${++this.#count}-`;
    // What is echoed is not what is printed.
    this.#child.stdin.write(`${line}${ENTER}printf '%s%s\\n' end- ${this.#count}-${ENTER}`);
    return await this.#until(end);
  }

  /**
   * Types what the keys say, and has the shell print the words that it then has.
   * @returns the words behind the first
   */
  async words(keys: string): Promise<string[]> {
    const printed = await this.run(`kconfig-trim ${keys}${TO_BEGINNING}printf '<%s>' `);
    const [, words = ''] = /^<kconfig-trim>((?:<[^<>]*>)*)/m.exec(printed) ?? [];
    return [...words.matchAll(/<([^<>]*)>/g)].map(([, word]) => word!);
  }

  /** Types keys, and clears the line again. */
  async type(keys: string): Promise<string> {
    return await this.run(`${keys}${CLEAR_LINE}`);
  }

  /** Ends the shell. */
  end(): void {
    this.#child.kill('SIGKILL');
  }

  async #until(text: string): Promise<string> {
    while (!this.#output.includes(text, this.#from)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw new Error(`ended: ${this.#output}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
    const end = this.#output.indexOf(text, this.#from) + text.length;
    const found = this.#output.slice(this.#from, end);
    this.#from = end;
    return found;
  }
}
