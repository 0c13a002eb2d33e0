import { makeEnvironment } from '../build/make-command.ts';
import type { OutputLine } from '../build/output-line.ts';
import { OutputReader } from '../build/output-reader.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import type { LogFile, Platform } from '../platform/platform.ts';
import { shellWords } from '../report/shell-words.ts';
import { findProgram } from '../toolchain/environment.ts';
import { type AwaitedEnd, endOf } from './running-end.ts';

/** Runs make, hands over what it prints, and writes it down. */
export class Maker {
  readonly #platform: Platform;
  readonly #make: string;

  /** @throws InputError `build-no-make` */
  constructor(platform: Platform) {
    this.#platform = platform;
    const make = findProgram(platform.fs, 'make', platform.env, platform.cwd);
    if (make === null) throw new InputError({ code: 'build-no-make', args: {} });
    this.#make = make;
  }

  /**
   * Runs make to its end. A signal that would end this process ends make and all below it first.
   * @param log takes the command and all output, as it comes
   * @param onLine takes each line of output
   */
  async run(args: readonly string[], log: LogFile, onLine: (line: OutputLine) => void): Promise<AwaitedEnd> {
    const { programs, cwd, env } = this.#platform;
    const reader = new OutputReader();
    log.write(`$ ${shellWords(['make', ...args])}\n`);
    const running = programs!.start(this.#make, args, {
      cwd,
      env: makeEnvironment(env),
      onOutput: (text) => {
        log.write(text);
        for (const line of reader.read(text)) onLine(line);
      },
    });
    const end = await endOf(running);
    for (const line of reader.end()) onLine(line);
    return end;
  }
}
