import { makeEnvironment } from '../build/make-command.ts';
import type { OutputLine } from '../build/output-line.ts';
import { OutputReader } from '../build/output-reader.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import type { EndSignal, LogFile, Platform, ProgramEnd } from '../platform/platform.ts';
import { catchSignals } from '../platform/signals.ts';
import { shellWords } from '../report/shell-words.ts';
import { findProgram } from '../toolchain/environment.ts';

/** How a run of make ended. */
export interface MakeEnd extends ProgramEnd {
  /** The signal that this process was sent and passed on; null where make ended without one. */
  readonly interruptedBy: EndSignal | null;
}

/**
 * What make and all below it are sent when this process gets a signal to end, and when it gets another. First what Ctrl-C
 * sends, whatever came: at SIGTERM, each make sends another to those below it, and the second ends them at once.
 */
const PASSED_ON: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGKILL'];

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
  async run(args: readonly string[], log: LogFile, onLine: (line: OutputLine) => void): Promise<MakeEnd> {
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
    const received: EndSignal[] = [];
    const release = catchSignals(
      (name) => {
        running.signal(PASSED_ON[received.length] ?? 'SIGKILL');
        received.push(name);
      },
      (name) => running.signal(name),
    );
    try {
      const end = await running.end;
      for (const line of reader.end()) onLine(line);
      return { ...end, interruptedBy: received[0] ?? null };
    } finally {
      release();
    }
  }
}
