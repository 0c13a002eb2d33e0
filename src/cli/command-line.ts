import { Command, CommanderError } from 'commander';
import type { Scope } from '../platform/scope.ts';
import { VERSION } from '../workspace/version.ts';
import { addBisect } from './bisect/command-line.ts';
import { EXIT_FAILED } from './exit-status.ts';
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
  parseFile,
  type RecordOptions,
  type RehearseOptions,
  type TrimOptions,
  type WhyOptions,
} from './options.ts';
import { printText } from './output.ts';
import { withCommandFirst, withSuggestion } from './words.ts';

const EXAMPLES = `
Examples:
  kconfig-trim                              trim the config in this kernel tree to the modules loaded here
  kconfig-trim --lsmod lsmod.txt --dry-run  say what a trim for another machine's listing would do
  kconfig-trim -c /boot/config-6.12 -o .config
  kconfig-trim conf olddefconfig            as the kernel's own conf, byte for byte
  kconfig-trim why SND_SOC                  why a symbol or module is on, off or kept
  kconfig-trim check --lsmod lsmod.txt      whether a config is sound and builds what is loaded
  kconfig-trim map iwlwifi                  which symbols build a module

Exit status: 0 done, 1 done with findings, 2 could not run.`;

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
  addWhy(program, start);
  addCheck(program, start);
  addConf(program, start);
  addMap(program, start);
  addObjects(program, start);
  addEstimate(program, start);
  addBuild(program, start);
  addRecord(program, start);
  addRehearse(program, start);
  addBisect(program, start);
  return program.hook('preAction', (_, command) => requireValues(command));
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

function newProgram(args: readonly string[], onError: (text: string) => void): Command {
  const program = new Command('kconfig-trim');
  /** The command that was asked for; undefined where there is none of that name. */
  const named = (): Command | undefined => {
    const [name] = withCommandFirst(args, program.commands);
    return program.commands.find((command) => command.name() === name);
  };
  return program
    .description('Trim a distribution kernel .config to the modules that a machine uses.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => printText(text),
      writeErr: (text) => printText(text, 'stderr'),
      outputError: (text) => onError(withSuggestion(text.trimEnd(), named()).replace(/^error: /, 'kconfig-trim: ')),
    })
    .addHelpText('after', EXAMPLES);
}

function addTrim(program: Command, start: Start): void {
  addTrimOptions(program.command('trim').description('trim the config (the default)')).action((options: TrimOptions) =>
    start(({ runTrim }, scope) => runTrim(options, scope)),
  );
}

function addRehearse(program: Command, start: Start): void {
  addRehearseOptions(program.command('rehearse'))
    .description("kernel parameters that try a deep trim on the distribution's own kernel, before anything is built")
    .addHelpText(
      'after',
      `
What --deep would turn off starts with an init function. Each line that is printed leaves out some of them
(initcall_blacklist=) for one start of the kernel that runs now; infrastructure (levels core, postcore, arch and
subsys) runs all the same. If the machine comes up and nothing is missing, the trimmed kernel will.

Examples:
  kconfig-trim record host.record
  kconfig-trim rehearse --lsmod host.record
  kconfig-trim record --compare host.record   after each restart

Exit status: 0 done, 1 the trim would have findings, 2 could not run.`,
    )
    .action((options: RehearseOptions) => start(({ runRehearse }, scope) => runRehearse(options, scope)));
}

function addWhy(program: Command, start: Start): void {
  addWhyOptions(program.command('why'))
    .description('why a symbol or module is on, off or kept')
    .argument('<name>', 'a symbol (USB_HID, CONFIG_USB_HID) or a module (usbhid)')
    .addHelpText(
      'after',
      `
Explains the config in hand. With a listing (--lsmod, LSMOD, or the modules of this machine) also what a trim
does with it: the shortest chain from a loaded module, or that nothing loaded needs it. What is off is named
with the conditions that fail and the cheapest way to turn it on. -v shows what is cut short.

Examples:
  kconfig-trim why SND_SOC
  kconfig-trim why usbhid --config /boot/config-6.12 --lsmod lsmod.txt

Exit status: 0 answered, 2 no such name (or could not run).`,
    )
    .action((name: string, options: WhyOptions) => start(({ runWhy }, scope) => runWhy(name, options, scope)));
}

function addCheck(program: Command, start: Start): void {
  addCheckOptions(program.command('check'))
    .description('is this config sound, and does it keep what it must? (for CI)')
    .addHelpText(
      'after',
      `
Errors: a value that olddefconfig would change, a line that conf does not take, a symbol that the tree does not
have, a select against dependencies; what --fragment, --lsmod, --keep and --against ask for and the config does
not hold; key files, programs and headers that the build would miss here (--skip files,tools leaves that out).
Warnings: symbols without a line, a built-in that became a module, loaded modules that are not of this tree,
programs that only make modules_install calls. Notes: values that follow the toolchain.

Formats: text, json, junit (Jenkins, GitLab), github (annotations), summary (Markdown); FORMAT=FILE writes a file.
Inside GitHub Actions annotations and the job's summary come by themselves.

Examples:
  kconfig-trim check --lsmod lsmod.txt --fragment ci.config
  kconfig-trim check --config new.config --against /boot/config-6.12
  kconfig-trim check --lsmod lsmod.txt --skip files,tools --format junit=report.xml

Exit status: 0 sound, 1 errors (with --strict also warnings), 2 could not run.`,
    )
    .action((options: CheckOptions) => start(({ runCheck }, scope) => runCheck(options, scope)));
}

function addConf(program: Command, start: Start): void {
  addConfOptions(program.command('conf'))
    .description("write a config as the kernel's conf does")
    .argument('<target>', 'olddefconfig, allnoconfig, allyesconfig, allmodconfig, alldefconfig, defconfig, merge, …')
    .argument('[files...]', 'defconfig: the file to start from; merge: the base, then fragments')
    .addHelpText(
      'after',
      `
merge FRAGMENT… writes what scripts/kconfig/merge_config.sh and conf would write: later files win, and the first is the
base (or --config, where it is named). A file may be named as for make: kvm_guest.config. Each value that a file asks
for and the config does not hold is named, with the reason and what would make it hold; the exit status is 1 then.

Examples:
  kconfig-trim conf olddefconfig
  kconfig-trim conf merge .config kvm_guest.config ci.config
  kconfig-trim conf merge -m base.config board.config -o merged

Exit status: 0 done, 1 merge: a value does not hold (or --strict), 2 could not run.`,
    )
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
    .description('every translation unit that a config builds, one path a line')
    .action((options: CommonOptions) => start(({ runObjects }, scope) => runObjects(options, scope)));
}

function addEstimate(program: Command, start: Start): void {
  addEstimateOptions(program.command('estimate'))
    .description('what a config costs to build, or two compared')
    .argument('[configs...]', 'one or two configs (default: --config, or the first that is found)')
    .action(async (configs: string[], options: EstimateOptions) => {
      if (configs.length > 2) program.error('error: estimate takes two configs at most');
      await start(({ runEstimate }, scope) => runEstimate(configs, options, scope));
    });
}

function addBuild(program: Command, start: Start): void {
  addBuildOptions(program.command('build'))
    .description('make with progress, a time to go, and a check of what came out')
    .argument('[words...]', "targets, variables (CC='ccache gcc', W=1) and, behind --, options for make")
    .addHelpText(
      'after',
      `
Builds the config that make would build: .config (KCONFIG_CONFIG) in the build directory, or --config FILE. Shows how
far it is, how long it will take, and the warnings so far; where it fails, the first error, the command that failed
and the symbol that turned it on. Afterwards every module of the config, vmlinux and the image have to be there, and
with --lsmod or --keep what they name. make gets nothing to read: a config that it would ask about is refused,
unless --olddefconfig takes the defaults.

Examples:
  kconfig-trim build
  kconfig-trim build -O ../out -j8 CC="ccache gcc" bzImage modules
  kconfig-trim build --lsmod lsmod.txt --json > build.json

Exit status: 0 built and all there, 1 make failed or something is missing, 2 could not run.`,
    )
    .action((words: string[], options: BuildOptions) =>
      start(({ runBuild }, scope) => runBuild(words, options, scope)),
    );
}

function addRecord(program: Command, start: Start): void {
  addRecordOptions(program.command('record'))
    .description('what this machine is and uses, without secrets, in one file')
    .argument('[file]', 'where to write it (default: standard output)', parseFile)
    .addHelpText(
      'after',
      `
Modules and built-in drivers in use, hardware with and without a driver, file systems, network, crypto, security:
one fact a line, no address, serial number, UUID, name of a host or user, or mount point (docs/record.md). A record
is taken wherever a listing is: --lsmod host.record. No root is needed; with it a little more is seen.

Examples:
  kconfig-trim record host.record
  kconfig-trim record --script | ssh host sh > host.record
  kconfig-trim record --add host.record      unite with what was seen before (for a timer)
  kconfig-trim record --compare host.record  under the new kernel: what is missing? (-C TREE names the symbols)

Exit status: 0 done, 1 with --compare: something is missing, 2 could not run.`,
    )
    .action((file: string | undefined, options: RecordOptions) =>
      start(({ runRecord }, scope) => runRecord(file, options, scope)),
    );
}
