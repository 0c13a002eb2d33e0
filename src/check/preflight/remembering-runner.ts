import type {
  CommandResult,
  CommandRunner,
  RunOptions,
  ShellPool,
  ShellSurroundings,
} from '../../platform/platform.ts';

/** Runs each program once: what it said then is its answer to the same question. */
export class RememberingRunner implements CommandRunner {
  readonly #commands: CommandRunner;
  readonly #known = new Map<string, CommandResult>();

  constructor(commands: CommandRunner) {
    this.#commands = commands;
  }

  run(file: string, args: readonly string[], options?: RunOptions): CommandResult {
    const key = JSON.stringify([file, args, options]);
    const result = this.#known.get(key) ?? this.#commands.run(file, args, options);
    this.#known.set(key, result);
    return result;
  }

  shells(surroundings: ShellSurroundings, spared?: number): ShellPool {
    return this.#commands.shells(surroundings, spared);
  }

  waitFor<Result>(answers: Promise<Result>): Promise<Result> {
    return this.#commands.waitFor(answers);
  }
}
