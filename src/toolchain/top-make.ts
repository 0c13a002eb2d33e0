/** A run of make over the kernel's own Makefiles, as far as somebody asks for what they say. */
import { ConditionTable } from '../conditions/condition-table.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import { MakeEvaluator } from '../make/evaluator.ts';
import { TreeFiles } from '../make/files.ts';
import { Template } from '../make/template.ts';
import type { FileSystem } from '../platform/platform.ts';

/** What a run of make is given. */
export interface TopMakeOptions {
  readonly fs: FileSystem;
  /** `$(shell command)`: the standard output; `shell` is make's SHELL. */
  readonly run: (command: string, shell: string) => string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Variables of the command line: assignments in files do not change them. */
  readonly commandLine: Readonly<Record<string, string>>;
  /** The working directory, absolute. */
  readonly cwd: string;
  /** Words of MAKEFLAGS. */
  readonly flags: readonly string[];
}

const INCLUDE_DIRECTORY = /^(?:--include-dir=|-I)(.+)$/;

/**
 * Whether a word of MAKEFLAGS says where `include` looks for files. The kernel's Makefile hands its own directory on to the
 * make of a build directory in that way; of Linux 5.10 all includes need it.
 */
export function isIncludeFlag(word: string): boolean {
  return INCLUDE_DIRECTORY.test(word);
}

/** Makefiles that were read, and what their variables are after all of them. */
export class TopMake {
  readonly #make: MakeEvaluator;
  readonly #environment: TopMakeOptions['environment'];
  /** Names whose values in the environment may affect anything so far. */
  readonly concerned: ReadonlySet<string>;

  constructor({ fs, run, environment, commandLine, cwd, flags }: TopMakeOptions) {
    const make = new MakeEvaluator({
      table: new ConditionTable(),
      files: new TreeFiles(fs, cwd, true),
      config: () => undefined,
      holes: [],
      shell: { mayAnswer: () => true, answer: (command) => run(command, this.value('SHELL') || '/bin/sh') },
      isOnDemand: true,
      includeDirectories: flags.flatMap((word) => INCLUDE_DIRECTORY.exec(word)?.[1] ?? []),
    });
    this.#make = make;
    this.#environment = environment;
    for (const [name, text] of Object.entries(environment)) {
      if (text !== undefined && name !== 'SHELL') make.defineEnvironment(name, text);
    }
    this.concerned = make.traceNames();
    make.define('SHELL', '/bin/sh');
    for (const [name, text] of Object.entries(commandLine)) {
      make.pin(name, new Template(text));
      make.export(name, true);
    }
  }

  /** Sets a variable as make itself does before it reads a file. */
  set(name: string, value: string): void {
    this.#make.define(name, value);
  }

  /** Reads a makefile, where there is one. @throws InputError where make would stop */
  read(path: string): void {
    this.#make.runFile(path);
  }

  /** A variable's value, empty where it is not defined. Runs programs for it. @throws InputError as `read` */
  value(name: string): string {
    return String(this.#make.variable(name));
  }

  /** The same without programs; null where it needs one, or make would stop. */
  cheapValue(name: string): string | null {
    try {
      const value = this.#make.valueWithoutPrograms(name);
      return value === null ? null : String(value);
    } catch (error) {
      // Nobody asked for it: make would not have stopped at it here either.
      if (error instanceof InputError) return null;
      throw error;
    }
  }

  /** The value of a variable that only the environment sets, and that nothing has asked for; null for any other. */
  passedOn(name: string): string | null {
    const text = this.concerned.has(name) ? undefined : this.#environment[name];
    return text === undefined || text.includes('$') ? null : text;
  }

  /** Names of the variables that make would hand to a program it starts. */
  exportedNames(): readonly string[] {
    return this.#make.exported;
  }
}
