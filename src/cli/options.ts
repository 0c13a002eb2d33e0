import { type Command, InvalidArgumentError, Option } from 'commander';
import { isStandardOutput } from '../platform/descriptors.ts';
import type { DeepScope } from '../trim/types.ts';
import { COMMON_OPTIONS, OWN_OPTIONS } from './help/help.ts';

/** The options that every command takes, as commander hands them over. */
export interface CommonOptions {
  readonly tree?: string;
  readonly objtree?: string;
  readonly arch?: string;
  readonly config?: string;
  readonly output?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
  readonly exec: boolean;
  readonly cache: boolean;
  readonly performance?: boolean;
}

const collect = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];

/** Whether an option may be given several times, for several values. */
export function isRepeatable({ parseArg }: Option): boolean {
  return parseArg === collect;
}

/** What two of the common options are for a command. */
interface FileTexts {
  /** `--config`: what the config is to the command; null where it reads none, and says so of the option. */
  readonly config: string | null;
  /** `--output`: what is written. */
  readonly output: string;
}

/** How a config may be stored. */
const READABLE = 'plain, .gz, .xz, .zst, or - for standard input';
const WHERE_SEARCHED = 'default: the first that is found';
const REPORT = 'where the report goes (default: standard output)';

/**
 * Adds the options that every command takes.
 * @param isMany whether it takes several configs and architectures
 */
function addCommonOptions(command: Command, { config, output }: FileTexts, isMany = false): Command {
  const several = (flags: string, text: string): Option => {
    const option = new Option(flags, text);
    return isMany ? option.argParser(collect) : option;
  };
  command
    .addOption(several('-c, --config <file>', config ?? '').hideHelp(config === null))
    .option('-o, --output <file>', output, parseOutput)
    .optionsGroup(COMMON_OPTIONS)
    .option('-C, --tree <dir>', 'kernel source tree (default: the working directory)')
    .option('-O, --objtree <dir>', 'build directory, as make O= (KBUILD_OUTPUT)')
    .addOption(several('--arch <arch>', `architecture, as make ARCH= (ARCH)${isMany ? '; repeatable' : ''}`))
    .option('--json', 'print one JSON object')
    .addOption(new Option('-q, --quiet', 'print errors only').conflicts('verbose'))
    .option('-v, --verbose', 'print more')
    .option('--no-color', 'no colours (NO_COLOR)')
    .option('--no-exec', 'run no program at all; the base config answers for the toolchain')
    .option('--no-cache', 'cache nothing between runs, and use no cache')
    .option('--performance', 'print how long each phase took');
  return command.optionsGroup(OWN_OPTIONS);
}

/** The name of a file that is written. @throws InvalidArgumentError where only a directory can have it */
export function parseFile(text: string): string {
  if (text.endsWith('/')) throw new InvalidArgumentError('It names a directory; name a file in it.');
  return text;
}

/** As `parseFile`. @returns `-` for a name of standard output (`/dev/stdout`) */
export function parseOutput(text: string): string {
  const file = parseFile(text);
  return isStandardOutput(file) ? '-' : file;
}

/** A page to look at, beside the report. */
export interface PageOptions {
  readonly html?: string;
}

/** A file that cannot be standard output. @throws InvalidArgumentError where it is, and as `parseFile` */
function parseFileBeside(text: string): string {
  const file = parseOutput(text);
  if (file === '-') throw new InvalidArgumentError('Standard output has the report; name a file.');
  return file;
}

const pageOption = (): Option =>
  new Option('--html <file>', 'write a page to look at as well: one file, for any browser').argParser(parseFileBeside);

/** The options that say what is loaded and what stays. */
export interface ListingOptions {
  readonly lsmod?: readonly string[];
  /** What messages call these, where they are copies. */
  readonly lsmodNames?: readonly string[];
  readonly keep?: readonly string[];
  /** Go on with listings that hardly fit. */
  readonly force?: boolean;
}

const FORCE = 'go on with a listing that hardly fits the tree, or names no module';

const DEEP = 'turn off built-ins that the machine shows no use of; =bold: also what never shows itself';

/** @throws InvalidArgumentError for a scope that there is none of */
function parseDeep(text: string): DeepScope {
  if (text !== '' && text !== 'bold') throw new InvalidArgumentError('There are --deep and --deep=bold.');
  return text === 'bold' ? 'bold' : 'evidence';
}

/** Options of `rehearse`: those of a trim that say what goes. */
export interface RehearseOptions extends CommonOptions, ListingOptions {
  readonly lean?: boolean;
  readonly deep?: DeepScope;
}

/** How an answer of `why` is written. */
const WHY_FORMATS = ['text', 'json', 'dot', 'mermaid'] as const;

/** Values that must hold in the result of a trim. */
interface RequestOptions {
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
  readonly fragment?: readonly string[];
}

function addRequestOptions(command: Command): Command {
  return command
    .option('--set <symbol=value>', 'a value that must hold, with what it needs: DEBUG_KERNEL=y; repeatable', collect)
    .option('--unset <symbol>', 'a symbol that must be off; repeatable', collect)
    .option('--fragment <file>', 'values that must hold, as merge_config.sh takes them; repeatable', collect);
}

/** Options of `why`: those of the trim that it explains. */
export interface WhyOptions extends RehearseOptions, RequestOptions, PageOptions {
  readonly format?: (typeof WHY_FORMATS)[number];
  readonly fast?: boolean;
  readonly debugInfo?: boolean;
}

/** Options of a trim. */
export interface TrimOptions extends Omit<WhyOptions, 'format'> {
  readonly builtin?: boolean;
  readonly enable?: boolean;
  readonly dryRun?: boolean;
  readonly diff?: boolean;
  readonly strict?: boolean;
  readonly reference?: string;
}

/** Adds the options of `why`: those of the trim that it explains. */
export function addWhyOptions(command: Command): Command {
  addCommonOptions(command, { config: `the config to explain: ${READABLE} (${WHERE_SEARCHED})`, output: REPORT })
    .option('-l, --lsmod <file>', 'modules that are loaded, as for trim (default: those of this machine)', collect)
    .option('--keep <what>', 'what the trim is asked to keep; repeatable (LMC_KEEP)', collect)
    .option('--force', FORCE)
    .option('--lean', 'explain a trim with --lean')
    .option('--deep [bold]', 'explain a trim with --deep, or --deep=bold', parseDeep)
    .option('--fast', 'explain a trim with --fast')
    .option('--debug-info', 'explain a trim with --debug-info')
    .option('--no-debug-info', 'explain a trim with --no-debug-info');
  return addRequestOptions(command)
    .addOption(new Option('--format <format>', 'how the answer is written').choices(WHY_FORMATS).conflicts('json'))
    .addOption(pageOption());
}

/** Adds the options of `rehearse`: those of the trim that it tries. */
export function addRehearseOptions(command: Command): Command {
  return addCommonOptions(command, { config: `the config to trim: ${READABLE} (${WHERE_SEARCHED})`, output: REPORT })
    .option('-l, --lsmod <file>', 'what is loaded, as for trim: a record tells most', collect)
    .option('--keep <what>', 'what the trim is asked to keep; repeatable (LMC_KEEP)', collect)
    .option('--force', FORCE)
    .option('--lean', 'rehearse a trim with --lean')
    .option('--deep [bold]', 'rehearse a trim with --deep (default), or --deep=bold', parseDeep);
}

/** Adds the options of a trim. */
export function addTrimOptions(command: Command): Command {
  addCommonOptions(command, {
    config: `the config to trim: ${READABLE} (${WHERE_SEARCHED})`,
    output: 'where the trimmed config goes, - for standard output (default: .config or KCONFIG_CONFIG)',
  })
    .option('-l, --lsmod <file>', 'modules that are loaded: lsmod output, /proc/modules, names; repeatable', collect)
    .option('--keep <what>', 'symbol, module or Kconfig directory that stays; repeatable (LMC_KEEP)', collect)
    .option('--force', FORCE)
    .option('--builtin', 'build what is kept into the kernel where possible (localyesconfig)')
    .option('--lean', 'give features of kept drivers up where they cost other modules')
    .option('--enable', 'turn on loaded modules that the base config has off')
    .option('--deep [bold]', DEEP, parseDeep)
    .option('--fast', 'turn off settings that cost build time and nothing that runs: DEBUG_INFO, MODVERSIONS, …')
    .option('--debug-info', 'with --fast: keep debug information')
    .option('--no-debug-info', 'turn off debug information');
  return addRequestOptions(command)
    .option('--dry-run', 'write no config')
    .addOption(pageOption())
    .addOption(
      new Option(
        '--diff',
        'print the changed symbols, as scripts/diffconfig does of the base after olddefconfig and the result',
      ).conflicts('json'),
    )
    .option('--reference <time>', 'how long the build of the base config takes here: 13h, 1h30m')
    .option('--strict', 'exit 1 also for loaded modules that the result does not build');
}

/** Options of `check`. */
export interface CheckOptions extends Omit<CommonOptions, 'config' | 'arch'>, ListingOptions, PageOptions {
  readonly config?: readonly string[];
  readonly arch?: readonly string[];
  readonly fragment?: readonly string[];
  readonly against?: string;
  readonly skip?: readonly string[];
  readonly format?: readonly string[];
  readonly strict?: boolean;
  readonly severity?: readonly string[];
  readonly baseline?: string;
  readonly writeBaseline?: boolean;
  readonly minimal?: boolean;
  readonly fix?: boolean;
}

/** Adds the options of `check`. */
export function addCheckOptions(command: Command): Command {
  const config = `the config to check: ${READABLE} (default: .config or KCONFIG_CONFIG); repeatable`;
  return addCommonOptions(command, { config, output: REPORT }, true)
    .option('-l, --lsmod <file>', 'modules that must be built: lsmod output, /proc/modules, names; repeatable', collect)
    .option('--keep <what>', 'symbol or module that must be on, or Kconfig directory; repeatable (LMC_KEEP)', collect)
    .option('--force', FORCE)
    .option('--fragment <file>', 'values that must hold, as merge_config.sh takes them; repeatable', collect)
    .option('--against <config>', 'an old config: what is on there must not be off')
    .option('--skip <checks>', 'leave checks out, by the names of the report: files,tools; repeatable', collect)
    .option('--severity <check=level>', 'error, warning, note or off for what a check finds; repeatable', collect)
    .option('--baseline <file>', 'findings that are known: they are left out, and those that are fixed are named')
    .option('--write-baseline', 'write what is found to the file of --baseline, and exit with 0')
    .option('--minimal', 'the config is a defconfig: is it what savedefconfig writes?')
    .option('--fix', 'with --minimal: write what savedefconfig writes')
    .option('--format <format>', 'text, json, junit, github, sarif or summary, or FORMAT=FILE; repeatable', collect)
    .option('--strict', 'exit 1 also for warnings')
    .addOption(pageOption());
}

/** Options of an estimate. */
export interface EstimateOptions extends CommonOptions, PageOptions {
  readonly jobs?: string;
  readonly reference?: string;
}

/** Adds the options of an estimate. */
export function addEstimateOptions(command: Command): Command {
  return addCommonOptions(command, {
    config: `the config to estimate where no other is named: ${READABLE} (${WHERE_SEARCHED})`,
    output: REPORT,
  })
    .option('-j, --jobs <n>', 'jobs that make is given (default: as many as there are processors)')
    .option('--reference <time>', 'how long the build of the first config takes here: 13h, 1h30m')
    .addOption(pageOption());
}

/** Options of a record. */
export interface RecordOptions extends CommonOptions {
  readonly script?: boolean;
  readonly add?: readonly string[];
  readonly compare?: string;
}

/** Adds the options of a record. */
export function addRecordOptions(command: Command): Command {
  return addCommonOptions(command, {
    config: null,
    output: 'where the record or the comparison goes, - for standard output (default)',
  })
    .option('--script', 'print a POSIX sh script that prints the same record, for machines without Node')
    .option(
      '--add <file>',
      'unite with what FILE has (a record, into which it all goes where nothing else is named, or a listing, modprobed.db; - for standard input); repeatable',
      collect,
    )
    .option(
      '--compare <file>',
      'say what the machine had in FILE (- for standard input) and has not now; exit 1 where something is missing',
    );
}

/** Options of a build. */
export interface BuildOptions extends CommonOptions, ListingOptions {
  readonly jobs?: string;
  readonly units?: string;
  readonly olddefconfig?: boolean;
  readonly seed?: string;
  readonly log?: string;
  /** Where output goes without `log`: a bisection has a place for it. */
  readonly usualLog?: string;
  readonly format?: readonly string[];
}

/** Adds the options of a build. @param usualLog where its output goes without `--log`, for the help */
export function addBuildOptions(command: Command, usualLog = 'kconfig-trim-build.log in the build directory'): Command {
  return addCommonOptions(command, {
    config: 'the config to build, plain (default: .config or KCONFIG_CONFIG in the build directory)',
    output: REPORT,
  })
    .option('-j, --jobs <n>', 'jobs that make is given (default: as many as there are processors)')
    .option('--olddefconfig', 'take the defaults of symbols that the config does not set, and list them')
    .option('--units <sample>', 'compile a sample of the units alone: 5%, or a number of them')
    .option('--seed <n>', 'which sample: those with 1, 2, 3 … are other units, and together are all (default: 1)')
    .option('--log <file>', `where all output goes (default: ${usualLog})`, parseFileBeside)
    .option('--format <format>', 'text, json, junit, github or summary, or FORMAT=FILE; repeatable', collect)
    .option('-l, --lsmod <file>', 'modules that have to be there, as for trim; repeatable (LSMOD)', collect)
    .option('--keep <what>', 'symbol or module that has to be there; repeatable (LMC_KEEP)', collect)
    .option('--force', FORCE);
}

/** Options of the commands of a bisection. */
export type BisectOptions = Pick<
  CommonOptions,
  'tree' | 'quiet' | 'verbose' | 'color' | 'exec' | 'cache' | 'performance'
>;

/** Options of what needs root. */
export type BisectActOptions = BisectOptions & { readonly yes?: boolean };

/** Options of the start of a bisection. */
export interface BisectStartOptions extends TrimOptions {
  readonly trustEnds?: boolean;
}

/** Adds the options that every command of a bisection takes. */
export function addBisectOptions(command: Command): Command {
  command
    .optionsGroup(COMMON_OPTIONS)
    .option('-C, --tree <dir>', 'kernel source tree, a git checkout (default: the working directory)')
    .addOption(new Option('-q, --quiet', 'print errors only').conflicts('verbose'))
    .option('-v, --verbose', 'print more')
    .option('--no-color', 'no colours (NO_COLOR)')
    .option('--no-cache', 'cache nothing between runs, and use no cache')
    .option('--no-exec', 'refused: a bisection runs git and make');
  return command.optionsGroup(OWN_OPTIONS);
}

/** Adds the options of `bisect start`. */
export function addBisectStartOptions(command: Command): Command {
  addBisectOptions(command)
    .option('-O, --objtree <dir>', 'build directory, as make O= (KBUILD_OUTPUT)')
    .option('--arch <arch>', 'architecture, as make ARCH= (ARCH)')
    .option('-c, --config <file>', `the full config, never a trimmed one: ${READABLE} (default: the running kernel's)`)
    .option(
      '-l, --lsmod <file>',
      'what the machine uses: a record or listing; repeatable (default: this machine)',
      collect,
    )
    .option('--keep <what>', 'symbol, module or Kconfig directory that stays; repeatable (LMC_KEEP)', collect)
    .option('--force', FORCE)
    .option('--builtin', 'build what is kept into the kernel where possible (localyesconfig)')
    .option('--lean', 'give features of kept drivers up where they cost other modules')
    .option('--deep [bold]', DEEP, parseDeep)
    .option('--fast', 'turn off settings that cost build time and nothing that runs: DEBUG_INFO, MODVERSIONS, …')
    .option('--debug-info', 'with --fast: keep debug information')
    .option('--no-debug-info', 'turn off debug information');
  return addRequestOptions(command).option('--trust-ends', 'do not test the two ends with the trimmed config first');
}

/** Options of `conf`; those of its own are for `conf merge` alone, and are called as those of merge_config.sh. */
export interface ConfOptions extends CommonOptions {
  readonly mergeOnly?: boolean;
  readonly allnoconfig?: boolean;
  readonly redundant?: boolean;
  readonly builtin?: boolean;
  readonly strict?: boolean;
  /** False with `-Q`. */
  readonly overridden?: boolean;
}

/** Adds the options of `conf`. */
export function addConfOptions(command: Command): Command {
  return addCommonOptions(command, {
    config: `the config that the target reads, where it reads one: ${READABLE} (default: .config or KCONFIG_CONFIG)`,
    output: "where the target's config goes, - for standard output (default: .config or KCONFIG_CONFIG; defconfig)",
  })
    .option('-m, --merge-only', 'merge: put the files together and ask no Kconfig file')
    .option('-n, --allnoconfig', 'merge: what no file sets is off; without it, it has its default')
    .option('-r, --redundant', 'merge: name the lines that say what was said before')
    .option('-y, --builtin', 'merge: what is built in stays so where a later file makes it a module')
    .option('-s, --strict', 'merge: write nothing and exit 1 where a file changes a value of one before it')
    .option('-Q, --no-overridden', 'merge: do not name the lines that take the place of others');
}

/** Adds the options of `map`. */
export function addMapOptions(command: Command): Command {
  return addCommonOptions(command, {
    config: `of modules with one name, those of this config are meant: ${READABLE} (${WHERE_SEARCHED})`,
    output: 'where the list goes (default: standard output)',
  });
}

/** Adds the options of `objects`. */
export function addObjectsOptions(command: Command): Command {
  return addCommonOptions(command, {
    config: `the config that builds them: ${READABLE} (${WHERE_SEARCHED})`,
    output: 'where the list goes (default: standard output)',
  });
}
