/**
 * The environment in which `make <target>` starts scripts/kconfig/conf: what `$(CC)`, `$(CLANG_FLAGS)`,
 * `$(CC_VERSION_TEXT)` and the like mean in Kconfig files. Found by reading the tree's own Makefiles.
 */
import { isAbsolute, join, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FileSystem } from '../platform/platform.ts';
import { isIncludeFlag, TopMake } from './top-make.ts';
import { unameAnswer } from './uname.ts';

/** What the environment is worked out from. */
export interface EnvironmentInput {
  readonly fs: FileSystem;
  /** `$(shell command)` of the Makefiles: standard output. Null: nothing may be run, the answers are empty. */
  readonly shell: ((command: string, run: ShellSurroundings) => string) | null;
  /** The source tree, absolute. */
  readonly tree: string;
  /** The build directory (`O=`), absolute; the tree itself where it is not given. */
  readonly objtree?: string;
  /** The environment that make would be started in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Variables of make's command line: they win over what Makefiles assign. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Variables that Kconfig files read, beside those that they usually do: programs are run for their values. */
  readonly wanted?: ReadonlySet<string>;
  /** The running kernel, as `uname -m` and `uname -r` tell; they need not be run then. */
  readonly host?: Host;
}

/** The machine that configures. */
export interface Host {
  /** `uname -m` */
  readonly machine: string;
  /** `uname -r` */
  readonly release: string;
}

/** Where a `$(shell)` of a Makefile runs. */
export interface ShellSurroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** make's SHELL. */
  readonly shell: string;
}

/** What conf is started with. */
export interface ConfEnvironment {
  /** conf's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** conf's working directory, absolute: the build directory. */
  readonly cwd: string;
  readonly arch: string;
  readonly srcarch: string;
  /** The file that conf is given, mostly `Kconfig`. */
  readonly kconfig: string;
  /** What `make defconfig` is based on: a file under arch/SRCARCH/configs, or another target. */
  readonly defconfig: string;
  /** Exported variables that `env` lacks: their values need programs, and nobody wanted them. */
  readonly unevaluated: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What an environment was worked out from beside files, for those who keep it. */
export interface EnvironmentTrace {
  /** Variables that had a say in it, if only by not being set; all others are handed on as they are. */
  readonly concerned: Set<string>;
  readonly commands: TracedCommand[];
  /** The environments that runs of make handed on, one after the other; the last one is conf's. */
  readonly handedOn: Readonly<Record<string, string>>[];
}

/** A `$(shell)` that was asked. */
export interface TracedCommand {
  readonly command: string;
  readonly shell: string;
  /** How many environments had been handed on by then. */
  readonly run: number;
  readonly answer: string;
}

/** Variables that Kconfig files or the scripts they run read: programs are run for these where a value needs it. */
const WANTED: ReadonlySet<string> = new Set(
  `ARCH SRCARCH SUBARCH HEADER_ARCH srctree objtree CROSS_COMPILE CROSS_COMPILE_COMPAT CC LD AR NM STRIP OBJCOPY OBJDUMP
  READELF HOSTCC HOSTCXX HOSTRUSTC RUSTC RUSTDOC RUSTFMT BINDGEN PAHOLE PYTHON3 PERL AWK BASH CONFIG_SHELL CLANG_FLAGS
  CC_VERSION_TEXT RUSTC_VERSION_TEXT PAHOLE_VERSION KERNELVERSION USERCFLAGS USERLDFLAGS KBUILD_DEFCONFIG KBUILD_KCONFIG
  KCONFIG_CONFIG KCONFIG_DEFCONFIG_LIST`.split(/\s+/),
);

const NONE: ReadonlySet<string> = new Set();

/** Variables that, set in our own environment, stand for `make NAME=…`: a plain make would not look at them. */
const COMMAND_LINE_NAMES: readonly string[] =
  'CC LD AR NM STRIP OBJCOPY OBJDUMP READELF HOSTCC RUSTC BINDGEN PAHOLE PYTHON3 SUBARCH'.split(' ');

/** Variables of make itself, which must not leak from one make into another. */
const MAKE_OWN = ['MAKEFLAGS', 'MFLAGS', 'MAKELEVEL', 'MAKEOVERRIDES', 'MAKEFILES', 'KBUILD_OUTPUT', 'sub_make_done'];

/**
 * Tells the variables that make's command line would have given from the rest of an environment.
 * @returns those named in COMMAND_LINE_NAMES and those in MAKEFLAGS, where a make that runs us puts its own
 */
export function commandLineVariables(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of COMMAND_LINE_NAMES) {
    const value = env[name];
    if (value !== undefined && value !== '') found[name] = value;
  }
  for (const word of (env['MAKEFLAGS'] ?? '').split(/(?<!\\) +/)) {
    const assignment = /^([A-Za-z_][A-Za-z_0-9]*)=(.*)$/.exec(word);
    if (assignment) found[assignment[1]!] = assignment[2]!.replaceAll('\\ ', ' ');
  }
  return found;
}

/** Where make runs, and what its command line says. */
export interface MakeSituation {
  /** With no links in it, as is `cwd`. */
  readonly tree: string;
  /** conf's working directory. */
  readonly cwd: string;
  readonly overrides: Readonly<Record<string, string>>;
  /** What the first run of make gets from outside. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The situation that an input describes. */
export function makeSituation({ fs, tree: given, objtree, env, overrides }: EnvironmentInput): MakeSituation {
  const tree = fs.realPath(given) ?? given;
  const cwd = objtree === undefined ? tree : (fs.realPath(objtree) ?? resolve(objtree));
  return { tree, cwd, overrides: { ...commandLineVariables(env), ...overrides }, environment: topEnvironment(env) };
}

/** Directory and environment of a run of make. @param before what the run before handed on; none for the first */
export function makeSurroundings(
  { tree, cwd, environment }: MakeSituation,
  before: Readonly<Record<string, string>> | undefined,
): { readonly cwd: string; readonly env: Readonly<Record<string, string>> } {
  if (before) return { cwd, env: before };
  return { cwd: tree, env: cwd === tree ? environment : { ...environment, KBUILD_OUTPUT: cwd } };
}

/**
 * Works out conf's environment from the tree's Makefiles (Makefile, scripts/kconfig/Makefile, arch/SRCARCH/Makefile).
 * @param trace gets the dependencies of the result
 * @throws InputError `toolchain-make-stops` where make would end with an error, `arch-unknown` for an ARCH that the
 *   tree does not have
 */
export function confEnvironment(
  input: EnvironmentInput,
  trace: EnvironmentTrace = { concerned: new Set(), commands: [], handedOn: [] },
): ConfEnvironment {
  const situation = makeSituation(input);
  const { tree } = situation;
  const run = { ...input, shell: input.shell && remembering(input.shell, trace) };
  const first = makeRun(run, situation, trace, '');
  first.read(join(tree, 'Makefile'));
  if (first.value('need-sub-make') === '') return describe(run, readKconfigMakefile(first, tree), situation, trace);
  const flags = first.value('MAKEFLAGS').split(/\s+/).filter(isIncludeFlag);
  handOn(first, trace, NONE);
  const second = makeRun(run, situation, trace, ['rR', ...flags, '--no-print-directory'].join(' '));
  second.read(join(tree, 'Makefile'));
  return describe(run, readKconfigMakefile(second, tree), situation, trace);
}

/** What scripts/Makefile.build does for obj=scripts/kconfig, as far as conf's environment goes. */
function readKconfigMakefile(make: TopMake, tree: string): TopMake {
  make.set('obj', 'scripts/kconfig');
  make.set('src', `${make.value('srctree')}/scripts/kconfig`);
  make.read(join(tree, 'scripts/kconfig/Makefile'));
  return make;
}

function describe(
  input: EnvironmentInput,
  make: TopMake,
  { cwd }: MakeSituation,
  trace: EnvironmentTrace,
): ConfEnvironment {
  const arch = make.value('ARCH');
  const srcarch = make.value('SRCARCH');
  const kconfig = make.value('KBUILD_KCONFIG') || 'Kconfig';
  const defconfig = make.value('KBUILD_DEFCONFIG') || 'defconfig';
  const env = handOn(make, trace, new Set([...WANTED, ...(input.wanted ?? NONE)]));
  const unevaluated = make.exportedNames().filter((name) => !MAKE_OWN.includes(name) && env[name] === undefined);
  // Programs are looked for there.
  trace.concerned.add('PATH');
  const diagnostics = input.shell === null ? [] : missingTools(input, env, cwd, arch);
  return { env, cwd, arch, srcarch, kconfig, defconfig, unevaluated, diagnostics };
}

/** The same command is asked several times; it runs once. */
function remembering(
  shell: NonNullable<EnvironmentInput['shell']>,
  { commands, handedOn }: EnvironmentTrace,
): NonNullable<EnvironmentInput['shell']> {
  const answers = new Map<string, string>();
  return (command, surroundings) => {
    let answer = answers.get(command);
    if (answer === undefined) {
      answer = shell(command, surroundings);
      answers.set(command, answer);
      commands.push({ command, shell: surroundings.shell, run: handedOn.length, answer });
    }
    return answer;
  };
}

function topEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !MAKE_OWN.includes(name)) clean[name] = value;
  }
  return clean;
}

/** A run of make with what the run before has handed on. */
function makeRun(
  input: EnvironmentInput,
  situation: MakeSituation,
  { handedOn }: EnvironmentTrace,
  flags: string,
): TopMake {
  const { cwd, env: environment } = makeSurroundings(situation, handedOn.at(-1));
  const make = new TopMake({
    fs: input.fs,
    cwd,
    environment,
    commandLine: situation.overrides,
    flags: flags.split(' '),
    run: (command, shell) => {
      // The build directory is made by whoever writes into it, not by looking.
      if (command.startsWith('mkdir -p '))
        return command.endsWith('&& pwd') ? (environment['KBUILD_OUTPUT'] ?? '') : '';
      const known = input.host && unameAnswer(command, input.host);
      if (known !== undefined && known !== null) return known;
      return input.shell?.(command, { cwd, env: environment, shell }) ?? '';
    },
  });
  const own = { MAKE: 'make', MAKE_VERSION: '4.4', CURDIR: cwd, MAKECMDGOALS: 'olddefconfig', MAKEFLAGS: flags };
  for (const [name, value] of Object.entries(own)) make.set(name, value);
  make.set('.FEATURES', 'target-specific order-only second-expansion else-if shortest-stem undefine output-sync');
  return make;
}

/**
 * Ends a run of make.
 * @param wanted variables for whose values programs are run
 * @returns what it would hand to a program
 */
function handOn(make: TopMake, { concerned, handedOn }: EnvironmentTrace, wanted: ReadonlySet<string>) {
  const env = exported(make, wanted);
  handedOn.push(env);
  for (const name of make.concerned) concerned.add(name);
  return env;
}

/** What make would hand to a program: everything exported, but for values that only a build needs and that cost. */
function exported(make: TopMake, wanted: ReadonlySet<string>): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of make.exportedNames()) {
    if (MAKE_OWN.includes(name) && name !== 'sub_make_done') continue;
    const value = make.passedOn(name) ?? (wanted.has(name) ? make.value(name) : make.cheapValue(name));
    if (value !== null) env[name] = value;
  }
  return env;
}

function missingTools(
  input: EnvironmentInput,
  env: Readonly<Record<string, string>>,
  cwd: string,
  arch: string,
): readonly Diagnostic[] {
  const missing: Diagnostic[] = [];
  for (const name of ['CC', 'LD']) {
    const command = env[name] ?? '';
    const program = command.trim().split(/\s+/)[0] ?? '';
    if (program !== '' && findProgram(input.fs, program, env, cwd) === null) {
      const args = { variable: name, program, arch, lack: programLack(input.fs, program, cwd) };
      missing.push({ code: 'toolchain-program-missing', severity: 'warning', args });
    }
  }
  return missing;
}

/** The path of a program as the shell would find it, absolute; null where there is none. */
export function findProgram(
  fs: FileSystem,
  program: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string | null {
  const candidates = program.includes('/')
    ? [resolve(cwd, program)]
    : (env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin')
        .split(':')
        .map((directory) => join(isAbsolute(directory) ? directory : resolve(cwd, directory), program));
  for (const path of candidates) {
    const stat = fs.stat(path);
    if (stat?.isFile && (stat.mode & 0o111) !== 0) return path;
  }
  return null;
}

/** Why `findProgram` finds none. */
export type ProgramLack = 'path' | 'file' | 'directory' | 'mode';

/** @returns `path` where no directory of PATH has it, else what is wrong with the file that is named */
export function programLack(fs: FileSystem, program: string, cwd: string): ProgramLack {
  if (!program.includes('/')) return 'path';
  const stat = fs.stat(resolve(cwd, program));
  if (stat === null) return 'file';
  return stat.isDirectory ? 'directory' : 'mode';
}

const ELF = '\x7fELF';

/** Whether a file is a program by itself, and no script or wrapper that starts another. */
export function isBinary(fs: FileSystem, path: string): boolean {
  return fs.readHead(path, ELF.length)?.text === ELF;
}

/**
 * Is the compiler another than the one that a config was made with? The probes' answers, and with them some symbols,
 * will differ then.
 * @param configured CC_VERSION_TEXT as the config records it, without quotes; null where it does not
 * @param present CC_VERSION_TEXT of the compiler at hand
 * @returns the finding, or null where they are the same or one is not known
 */
export function compilerDiffers(configured: string | null, present: string): Diagnostic | null {
  if (!configured || present === '' || compilerAndVersion(configured) === compilerAndVersion(present)) return null;
  return { code: 'toolchain-compiler-differs', severity: 'info', args: { configured, present } };
}

/**
 * What of a compiler's text Kconfig files can tell: `gcc 12.2.0` of `x86_64-linux-gnu-gcc-12 (Debian 12.2.0-14) 12.2.0`.
 * A text of another form stands for itself.
 */
function compilerAndVersion(text: string): string {
  const clang = /\bclang version (\d+(?:\.\d+)*)/.exec(text);
  if (clang) return `clang ${clang[1]}`;
  const gcc = /^\S*\bgcc(?:-\d[\d.]*)? \(.*\) (\d+(?:\.\d+)*)$/.exec(text);
  return gcc ? `gcc ${gcc[1]}` : text;
}
