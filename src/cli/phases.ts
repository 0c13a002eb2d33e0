import type { Ora } from 'ora';
import type { Platform } from '../platform/platform.ts';
import type { Scope } from '../platform/scope.ts';
import type { TrimPhase } from '../trim/types.ts';
import type { WorkspacePhase } from '../workspace/workspace.ts';
import { isDumb } from './color.ts';
import { startSpinner } from './spinner.ts';

/** What the progress line says of the parts of a trim. */
export const TRIM_PHASES: Readonly<Record<TrimPhase, string>> = {
  kbuild: 'Reading Makefiles',
  match: 'Finding the loaded modules',
  resolve: 'Finding what can go',
  deep: 'Finding built-ins that nothing uses',
  prove: 'Proving the result',
};

/** What it says while a tree is opened and read. */
export const WORKSPACE_PHASES: Readonly<Record<WorkspacePhase, string>> = {
  environment: 'Asking the toolchain',
  parse: 'Reading Kconfig files',
  finalise: 'Reading Kconfig files',
  probes: 'Asking the toolchain',
  evaluate: 'Calculating values',
  kbuild: 'Reading Makefiles',
};

/** What ora adds to a text's columns where it counts its lines: two more than it shows. */
const BESIDE_TEXT = 4;

/** Milliseconds on the clock, and of the processors by who used them. */
type Times = Readonly<Record<(typeof COLUMNS)[number], number>>;
const COLUMNS = ['clock', 'main', 'sources', 'V8', 'programs'] as const;
const NO_TIME: Times = { clock: 0, main: 0, sources: 0, V8: 0, programs: 0 };

function combined(a: Times, b: Times, combine: (a: number, b: number) => number): Times {
  return Object.fromEntries(COLUMNS.map((name) => [name, combine(a[name], b[name])])) as Times;
}

/** Tells a terminal what is being done, and measures how long each phase takes. */
export class Phases {
  readonly #spinner: Ora | null;
  /** By phase, in the order in which they began first. */
  readonly #times = new Map<string, Times>();
  /** Whose clock has begun with the process; null where nothing is measured. */
  readonly #platform: Platform | null;
  #name = 'start';
  #text = '';
  #since = NO_TIME;

  private constructor(spinner: Ora | null, platform: Platform | null) {
    this.#spinner = spinner;
    this.#platform = platform;
  }

  /**
   * @param visible whether a progress line may be shown; it is on a terminal only
   * @param platform measures; null for nobody, as it takes some time itself
   * @param scope takes the line away where `finish` is not reached
   * @param color false where the command line wants no colours
   */
  static async start(visible: boolean, platform: Platform | null, scope: Scope, color: boolean): Promise<Phases> {
    // A terminal that does not know its width (0 columns, as `script` makes one) has ora count lines without end.
    const { isTTY, columns } = process.stderr;
    if (!visible || !isTTY || !columns || columns < BESIDE_TEXT || isDumb()) return new Phases(null, platform);
    const spinner = await startSpinner(color);
    scope.add(() => spinner.stop());
    return new Phases(spinner, platform);
  }

  /** Ends the phase before and begins another. */
  begin(name: string, text = name): void {
    this.#end();
    this.#name = name;
    this.#text = text;
    this.#show(text);
  }

  /** Does work that has phases of its own, and goes on with this one. */
  around<Result>(work: () => Result): Result {
    const [name, text] = [this.#name, this.#text];
    const result = work();
    this.begin(name, text);
    return result;
  }

  /** Says how far the phase is. @param done what is done, and of how much: `61 of 107 questions` */
  progress(done: string): void {
    this.#show(`${this.#text}: ${done}`);
  }

  #show(text: string): void {
    if (!this.#spinner) return;
    this.#spinner.text = inOneLine(text, process.stderr.columns - BESIDE_TEXT);
    // The work does not give the timer a turn.
    this.#spinner.render();
  }

  /** Takes the progress line away: what is left is to print, and to keep what later runs gain from. */
  finish(): void {
    this.#end();
    this.#name = 'keep';
    this.#spinner?.stop();
  }

  /**
   * One line a phase up to this moment, in milliseconds on the clock and of the processors: of the main thread, the one
   * that reads sources, those of V8, and programs. What these do beside the main thread counts in the phase in which it
   * is done. Behind them stands the most memory that was used.
   */
  text(): string {
    this.#end();
    const memoryBytes = this.#platform?.used().memoryBytes ?? 0;
    const line = (name: string, cells: readonly string[]): string =>
      `${name.padEnd(12)}${cells.map((cell) => cell.padStart(10)).join('')}\n`;
    const times = (name: string, of: Times): string =>
      line(
        name,
        COLUMNS.map((column) => of[column].toFixed(1)),
      );
    const phases = [...this.#times].map(([name, of]) => times(name, of)).join('');
    const total = [...this.#times.values()].reduce((sum, of) => combined(sum, of, (a, b) => a + b), NO_TIME);
    return (
      line('ms', COLUMNS) +
      phases +
      times('total', total) +
      line('memory', [`${(memoryBytes / 1024 ** 2).toFixed(1)} MiB`])
    );
  }

  #end(): void {
    if (!this.#platform) return;
    const { mainMs: main, threadsMs: sources, engineMs: V8, programsMs: programs } = this.#platform.used().processors;
    const now: Times = { clock: this.#platform.monotonicMs(), main, sources, V8, programs };
    const spent = combined(now, this.#since, (a, b) => a - b);
    this.#times.set(
      this.#name,
      combined(this.#times.get(this.#name) ?? NO_TIME, spent, (a, b) => a + b),
    );
    this.#since = now;
  }
}

/** Ora may count a line more than it shows, and takes away as many as it has counted, so there is never more than one. */
function inOneLine(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`.slice(0, Math.max(0, columns));
}
