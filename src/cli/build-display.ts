import type { Ora } from 'ora';
import type { Scope } from '../platform/scope.ts';
import { type ProgressLine, plainProgress, progressLine } from '../report/build-progress.ts';
import { withoutCommands } from '../report/ci/github.ts';
import { isDumb } from './color.ts';
import { printMessage } from './messages.ts';
import { startSpinner } from './spinner.ts';

/** How often the line on a terminal is written anew, in milliseconds. */
const LINE_MS = 150;
/** How often the clock is read where there is none. */
const PLAIN_MS = 1_000;
/** Lines for where there is no terminal: one for this much progress, but none sooner or later than these seconds. */
const PLAIN_STEP = 0.05;
const PLAIN_SOONEST = 10;
const PLAIN_LATEST = 60;
/** What ora counts beside the text, spinner and blank among it: more text, and it clears the line above as well. */
const SPINNER_COLUMNS = 4;

/** Shows on standard error how far a build is: a line that changes on a terminal, else lines now and then. */
export class BuildDisplay {
  readonly #look: () => ProgressLine;
  readonly #spinner: Ora | null;
  readonly #end: () => void;
  #shown = { fraction: 0, seconds: 0 };

  private constructor(look: () => ProgressLine, scope: Scope, spinner: Ora | null, isQuiet: boolean) {
    this.#look = look;
    this.#spinner = spinner;
    const update = spinner ? () => this.#line(spinner) : () => this.#plain(isQuiet);
    const timer = setInterval(update, spinner ? LINE_MS : PLAIN_MS);
    this.#end = scope.add(() => {
      clearInterval(timer);
      spinner?.stop();
    });
  }

  /**
   * @param look what there is to say now
   * @param scope ends it where `stop` is not reached
   * @param options `quiet`: nothing is shown; `json`: no line that changes; `color` as for `startSpinner`
   */
  static async start(
    look: () => ProgressLine,
    scope: Scope,
    options: { readonly color: boolean; readonly quiet?: boolean; readonly json?: boolean },
  ): Promise<BuildDisplay> {
    const { stderr } = process;
    const isCi = 'CI' in process.env;
    // ora shows nothing where CI is set; a terminal without width would have it count lines without end.
    const isTerminal = stderr.isTTY && stderr.columns && !isDumb() && !isCi;
    if (!isTerminal || options.quiet || options.json)
      return new BuildDisplay(look, scope, null, options.quiet ?? false);
    return new BuildDisplay(look, scope, await startSpinner(options.color), false);
  }

  /** Says something above the line that changes. */
  message(text: string): void {
    this.#spinner?.clear();
    printMessage(process.env['GITHUB_ACTIONS'] === 'true' ? withoutCommands(text) : text);
    this.#spinner?.render();
  }

  /** Takes the line away. */
  stop(): void {
    this.#end();
  }

  #line(spinner: Ora): void {
    spinner.text = progressLine(this.#look(), Math.max(1, process.stderr.columns - SPINNER_COLUMNS));
  }

  #plain(isQuiet: boolean): void {
    const line = this.#look();
    const { fraction, elapsedSeconds } = line.moment;
    const since = elapsedSeconds - this.#shown.seconds;
    const isDue = since >= PLAIN_SOONEST && fraction - this.#shown.fraction >= PLAIN_STEP;
    if (isQuiet || (!isDue && since < PLAIN_LATEST)) return;
    this.#shown = { fraction, seconds: elapsedSeconds };
    printMessage(plainProgress(line));
  }
}
