import type { Ora } from 'ora';
import type { Used } from '../platform/platform.ts';
import type { TrimPhase } from '../trim/types.ts';

/** What the progress line says of the parts of a trim. */
export const TRIM_PHASES: Readonly<Record<TrimPhase, string>> = {
  kbuild: 'Reading Makefiles',
  match: 'Finding the loaded modules',
  resolve: 'Finding what can go',
  prove: 'Proving the result',
};

/** Tells a terminal what is being done, and measures how long each phase takes. */
export class Phases {
  readonly #spinner: Ora | null;
  /** Milliseconds by phase, in the order in which they began first. */
  readonly #times = new Map<string, number>();
  readonly #now: () => number;
  #name = 'start';
  #since = 0;

  private constructor(spinner: Ora | null, now: () => number) {
    this.#spinner = spinner;
    this.#now = now;
  }

  /**
   * @param visible whether a progress line may be shown; it is on a terminal only
   * @param now milliseconds since the process started
   */
  static async start(visible: boolean, now: () => number): Promise<Phases> {
    // A terminal that does not know its width (0 columns, as `script` makes one) has ora count lines without end.
    if (!visible || !process.stderr.isTTY || !process.stderr.columns) return new Phases(null, now);
    const { default: ora } = await import('ora');
    return new Phases(ora({ stream: process.stderr, discardStdin: false }).start(), now);
  }

  /** Ends the phase before and begins another. */
  begin(name: string, text = name): void {
    this.#end();
    this.#name = name;
    if (!this.#spinner) return;
    this.#spinner.text = text;
    // The work does not give the timer a turn.
    this.#spinner.render();
  }

  /** Ends the last phase and takes the progress line away. */
  finish(): void {
    this.#end();
    this.#name = '';
    this.#spinner?.stop();
  }

  /** One line a phase, in milliseconds, and what all of them used. */
  text({ cpuMs, memoryBytes }: Used): string {
    let total = 0;
    for (const ms of this.#times.values()) total += ms;
    const line = (name: string, value: number, unit: string): string =>
      `${name.padEnd(12)}${value.toFixed(1).padStart(9)} ${unit}\n`;
    const times = [...this.#times, ['total', total] as const].map(([name, ms]) => line(name, ms, 'ms'));
    return times.join('') + line('processor', cpuMs, 'ms') + line('memory', memoryBytes / 1024 ** 2, 'MiB');
  }

  #end(): void {
    const now = this.#now();
    if (this.#name !== '') this.#times.set(this.#name, (this.#times.get(this.#name) ?? 0) + now - this.#since);
    this.#since = now;
  }
}
