import { Command, CommanderError } from 'commander';
import type { Scope } from '../platform/scope.ts';
import { VERSION } from '../workspace/version.ts';
import { addBisect } from './bisect/command-line.ts';
import { addCompletion } from './completion/command-line.ts';
import { refuseContradictions, refusePrintedConfig, refuseSharedInput } from './contradictions.ts';
import { EXIT_FAILED } from './exit-status.ts';
import { arrangeHelp, HELP_FORM, helpColumns, humanName } from './help/help.ts';
import { loadCommands, type Start } from './load-commands.ts';
import {
  addBuildOptions,
  addCheckOptions,
  addConfOptions,
  addEstimateOptions,
  addMapOptions,
  addObjectsOptions,
  addRecordOptions,
  addRehearseOptions,
  addTrimOptions,
  addWhyOptions,
  type BuildOptions,
  type CheckOptions,
  type CommonOptions,
  type ConfOptions,
  type EstimateOptions,
  parseOutput,
  type RecordOptions,
  type RehearseOptions,
  type TrimOptions,
  type WhyOptions,
} from './options.ts';
import { printText } from './output.ts';
import { withCommandFirst, withSuggestion } from './words.ts';

/**
 * Does what a command line asks for, and prints what there is to say.
 * @param args the words behind the program's name
 * @param scope ends what is started for it; the caller closes it
 * @returns the exit status
 * @throws InputError, and whatever else a command throws
 */
export async function runCommandLine(args: readonly string[], scope: Scope): Promise<number> {
  // Until a command has returned, nothing is done.
  let status = EXIT_FAILED;
  /** What commander has to say of a command line that is wrong: the words for it are loaded then. */
  const said: string[] = [];
  const start: Start = async (work) => {
    status = await work(await loadCommands(), scope);
  };
  const program = newCommandLine(args, start, (text) => said.push(text));
  try {
    await program.parseAsync(withCommandFirst(args, program.commands), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    const { printMessage } = await loadCommands();
    for (const text of said) printMessage(text);
    return EXIT_FAILED;
  }
  scope.runDeferred();
  return status;
}

/**
 * All commands with their options.
 * @param args the words behind the program's name
 * @param start does what a command is for
 * @param onError gets the text of an error in the command line
 */
export function newCommandLine(args: readonly string[], start: Start, onError: (text: string) => void): Command {
  const program = newProgram(args, onError);
  addTrim(program, start);
  addRehearse(program, start);
  addRecord(program, start);
  addWhy(program, start);
  addMap(program, start);
  addObjects(program, start);
  addEstimate(program, start);
  addConf(program, start);
  addCheck(program, start);
  addBuild(program, start);
  addBisect(program, start);
  addCompletion(program);
  arrangeHelp(program);
  refuseContradictions(program);
  return program.hook('preAction', (_, command) => {
    requireValues(command);
    requireWords(command, args);
    refuseSharedInput(command, process.env);
    refusePrintedConfig(command, process.env);
  });
}

/** What a shell makes of a variable that is not set is no value. @throws CommanderError */
function requireValues(command: Command): void {
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (value === '' || (Array.isArray(value) && value.includes(''))) {
      command.error(`error: option '${option.flags}' has an empty value; leave it out, or give it one`);
    }
  }
}

/** Commands whose arguments are the words of another: `bisect run`, and what shells ask for completions. */
const OF_ANOTHER: ReadonlySet<string> = new Set(['run', 'complete']);

/**
 * As `requireValues`, of arguments.
 * @param given the words behind the program's name
 * @throws CommanderError
 */
function requireWords(command: Command, given: readonly string[]): void {
  if (OF_ANOTHER.has(command.name())) return;
  // What make is given is its own.
  const end = given.indexOf('--');
  const forMake = command.name() === 'build' && end >= 0 ? given.length - end - 1 : 0;
  const at = command.args.slice(0, command.args.length - forMake).indexOf('');
  if (at < 0) return;
  const argument = command.registeredArguments[at] ?? command.registeredArguments.at(-1)!;
  const remedy = argument.required ? 'give it one' : 'leave it out, or give it one';
  command.error(`error: argument '${humanName(argument)}' has an empty value; ${remedy}`);
}

function newProgram(args: readonly string[], onError: (text: string) => void): Command {
  const program = new Command('kconfig-trim');
  /** The command that was asked for, or the one below it; undefined where there is none of that name. */
  const named = (): Command | undefined => {
    const [name, ...words] = withCommandFirst(args, program.commands);
    const command = program.commands.find((each) => each.name() === name);
    return command?.commands.find((below) => words.includes(below.name())) ?? command;
  };
  return (
    program
      .description('Trim a distribution kernel .config to the modules that a machine uses.')
      .version(VERSION, '-V, --version', 'print the version')
      .helpOption('-h, --help', 'show this help')
      .exitOverride()
      // What stands behind the command of `bisect run` is that command's.
      .enablePositionalOptions()
      .configureHelp(HELP_FORM)
      .configureOutput({
        writeOut: (text) => printText(text),
        writeErr: (text) => printText(text, 'stderr'),
        getOutHelpWidth: () => helpColumns(process.stdout.columns),
        getErrHelpWidth: () => helpColumns(process.stderr.columns),
        outputError: (text) =>
          onError(withSuggestion(text.trimEnd(), named(), program, args).replace(/^error: /, 'kconfig-trim: ')),
      })
  );
}

function addTrim(program: Command, start: Start): void {
  addTrimOptions(program.command('trim').description('turn off what is not loaded (the default)')).action(
    (options: TrimOptions) => start(({ runTrim }, scope) => runTrim(options, scope)),
  );
}

function addRehearse(program: Command, start: Start): void {
  addRehearseOptions(program.command('rehearse'))
    .description('try a deep trim on the kernel that runs now')
    .action((options: RehearseOptions) => start(({ runRehearse }, scope) => runRehearse(options, scope)));
}

function addWhy(program: Command, start: Start): void {
  addWhyOptions(program.command('why'))
    .description('why a symbol or module is on, off or kept')
    .argument('<name>', 'a symbol (USB_HID, CONFIG_USB_HID) or a module (usbhid)')
    .action((name: string, options: WhyOptions) => start(({ runWhy }, scope) => runWhy(name, options, scope)));
}

function addCheck(program: Command, start: Start): void {
  addCheckOptions(program.command('check'))
    .description('is a config sound, does it keep what it must?')
    .action((options: CheckOptions) => start(({ runCheck }, scope) => runCheck(options, scope)));
}

function addConf(program: Command, start: Start): void {
  addConfOptions(program.command('conf'))
    .description("write a config as the kernel's conf does")
    .argument('<target>', 'olddefconfig, allnoconfig, allyesconfig, allmodconfig, alldefconfig, defconfig, merge, …')
    .argument('[files...]', 'defconfig: the file to start from; merge: the base, then fragments')
    .action((target: string, files: string[], options: ConfOptions) =>
      start(({ runConf }, scope) => runConf(target, files, options, scope)),
    );
}

function addMap(program: Command, start: Start): void {
  addMapOptions(program.command('map'))
    .description('which symbols build a module')
    .argument('[names...]', 'modules; all of the tree without any')
    .action((names: string[], options: CommonOptions) => start(({ runMap }, scope) => runMap(names, options, scope)));
}

function addObjects(program: Command, start: Start): void {
  addObjectsOptions(program.command('objects'))
    .description('list every source file that a config compiles')
    .action((options: CommonOptions) => start(({ runObjects }, scope) => runObjects(options, scope)));
}

function addEstimate(program: Command, start: Start): void {
  addEstimateOptions(program.command('estimate'))
    .description('how long a config takes to build, or two')
    .argument('[configs...]', 'one or two configs (default: --config, or the first that is found)')
    .action(async (configs: string[], options: EstimateOptions) => {
      if (configs.length > 2) program.error('error: estimate takes two configs at most');
      await start(({ runEstimate }, scope) => runEstimate(configs, options, scope));
    });
}

function addBuild(program: Command, start: Start): void {
  addBuildOptions(program.command('build'))
    .description('run make with progress, check what came out')
    .argument('[words...]', "targets, variables (CC='ccache gcc', W=1) and, behind --, options for make")
    .action((words: string[], options: BuildOptions) =>
      start(({ runBuild }, scope) => runBuild(words, options, scope)),
    );
}

function addRecord(program: Command, start: Start): void {
  addRecordOptions(program.command('record'))
    .description('write down what this machine is and uses')
    .argument(
      '[file]',
      'where to write it, with --json as JSON; a file of before stays as FILE.old (default: standard output)',
      parseOutput,
    )
    .action((file: string | undefined, options: RecordOptions) =>
      start(({ runRecord }, scope) => runRecord(file, options, scope)),
    );
}
