import type { CommandRunner, FileSystem } from '../../platform/platform.ts';
import { findProgram } from '../../toolchain/environment.ts';
import { versionIn } from './versions.ts';

/** What the machine is asked with. */
export interface MachineToolsInput {
  readonly fs: FileSystem;
  /** Null: no program may be run. */
  readonly commands: CommandRunner | null;
  /** What programs are run in. */
  readonly machineEnv: Readonly<Record<string, string | undefined>>;
  /** Where make runs, absolute. */
  readonly cwd: string;
}

/** Whether a header is there; `unsure` where it is in none of the usual places and no compiler was asked. */
export type HeaderState = 'there' | 'missing' | 'unsure';

/** A program that says its version does so at once. */
const TIMEOUT_MS = 10_000;

/** Where compilers look for headers by default. */
const INCLUDE_DIRECTORIES = ['/usr/local/include', '/usr/include'];

/** Directories that scripts of the build look into beside PATH. */
const SYSTEM_DIRECTORIES = ':/usr/sbin:/sbin';

/** Programs that stand before a compiler. */
const LAUNCHERS = new Set(['ccache', 'sccache', 'distcc', 'icecc']);

/** The programs and headers of the machine that runs this. */
export class MachineTools {
  readonly #input: MachineToolsInput;

  constructor(input: MachineToolsInput) {
    this.#input = input;
  }

  /** Whether programs may be run. */
  get mayAsk(): boolean {
    return this.#input.commands !== null;
  }

  /**
   * The program of a command that is not there.
   * @param command with arguments, and with `ccache` and the like before it
   * @param system whether /sbin is looked into as well
   * @returns null where all of them are there
   */
  missing(command: string, system = false): string | null {
    return this.#programs(command).find((program) => this.#path(program, system) === null) ?? null;
  }

  /**
   * The version that a program prints; null where it may not be asked, or says nothing of the kind.
   * @param args what makes it print its version
   */
  version(command: string, args: readonly string[], system = false): string | null {
    if (args.length === 0) return null;
    return versionIn(this.output(command, args, system));
  }

  /** What a program prints; empty where it may not be run. */
  output(command: string, args: readonly string[], system = false): string {
    const { commands, machineEnv: env, cwd } = this.#input;
    const words = command.trim().split(/\s+/);
    const path = this.#path(words[0]!, system);
    if (!commands || path === null) return '';
    const options = { cwd, env: { ...env, LC_ALL: 'C' }, timeoutMs: TIMEOUT_MS };
    const { stdout, stderr } = commands.run(path, [...words.slice(1), ...args], options);
    return stdout.trim() === '' ? stderr : stdout;
  }

  /**
   * Whether host programs can include a header: by asking the compiler, as the build will; else by looking.
   * @param name as it is included: `openssl/opensslv.h`
   * @param library for pkg-config
   * @param compiler HOSTCC
   */
  header(name: string, library: string, compiler: string): HeaderState {
    const { commands, machineEnv: env, cwd } = this.#input;
    const [program, ...own] = compiler.trim().split(/\s+/);
    const path = program ? this.#path(program, false) : null;
    if (commands && path !== null) {
      const flags = this.output('pkg-config', ['--cflags', library]).trim();
      const args = [...own, ...(/^-/.test(flags) ? flags.split(/\s+/) : []), '-E', '-x', 'c', '-o', '/dev/null', '-'];
      const { status } = commands.run(path, args, { cwd, env, timeoutMs: TIMEOUT_MS, input: `#include <${name}>\n` });
      return status === 0 ? 'there' : 'missing';
    }
    return this.#includeDirectories().some((directory) => this.#input.fs.stat(`${directory}/${name}`)?.isFile)
      ? 'there'
      : 'unsure';
  }

  #programs(command: string): string[] {
    const words = command.trim().split(/\s+/);
    const last = words.findIndex((word) => !LAUNCHERS.has(word.replace(/^.*\//, '')));
    return words.slice(0, last < 0 ? words.length : last + 1);
  }

  #path(program: string, system: boolean): string | null {
    const { fs, machineEnv: env, cwd } = this.#input;
    const path = env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
    return findProgram(fs, program, system ? { PATH: path + SYSTEM_DIRECTORIES } : env, cwd);
  }

  /** The usual ones, Debian's for this machine's triplets among them, and those that the environment names. */
  #includeDirectories(): string[] {
    const { fs, machineEnv: env } = this.#input;
    const named = [env['CPATH'], env['C_INCLUDE_PATH']].flatMap((list) => (list ?? '').split(':'));
    const triplets = (fs.readDirectory('/usr/include') ?? []).filter((name) => /-linux-/.test(name));
    return [
      ...named.filter((directory) => directory !== ''),
      ...INCLUDE_DIRECTORIES,
      ...triplets.map((triplet) => `/usr/include/${triplet}`),
    ];
  }
}
