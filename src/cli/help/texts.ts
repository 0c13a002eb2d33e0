/** What the help of a command says beside its options. The man page is made of the same. */
export interface CommandHelp {
  /** Paragraphs: what it does, and what one has to know. */
  readonly about?: readonly string[];
  readonly examples: readonly Example[];
  /** What the exit statuses mean. */
  readonly status?: string;
}

/** A command line, and what it is for; empty where it speaks for itself. */
export type Example = readonly [line: string, meaning: string];

/** Of the program: what stands below the list of its commands. */
export const PROGRAM_HELP: CommandHelp = {
  about: ["Without a command it trims; 'kconfig-trim help trim' lists the options of that."],
  examples: [
    ['cd linux && kconfig-trim', 'turn off what is not loaded here'],
    ['kconfig-trim bisect start v6.11 v6.12', 'a config for each commit'],
    ['kconfig-trim why SND_SOC', 'why a symbol or module is on or off'],
  ],
  status: '0 done, 1 done with findings, 2 could not run.',
};

/** By command; one that is below another stands behind its name. */
export const COMMAND_HELP: Readonly<Record<string, CommandHelp>> = {
  trim: {
    examples: [
      ['kconfig-trim', 'for this machine'],
      ['kconfig-trim --lsmod lsmod.txt --dry-run', 'for another; write no config'],
      ['kconfig-trim -c /boot/config-6.12 -o .config', 'another base config'],
    ],
    status: '0 done, 1 a loaded module could not be kept, 2 could not run.',
  },
  rehearse: {
    about: [
      "Prints kernel parameters that try a deep trim on the distribution's own kernel, before anything is built. What --deep would turn off starts with an init function. Each line that is printed leaves out some of them (initcall_blacklist=) for one start of the kernel that runs now; infrastructure (levels core, postcore, arch and subsys) runs all the same. If the machine comes up and nothing is missing, it can do without the code that these functions start. Objects without one are not tried. With -q, the lines are printed alone.",
    ],
    examples: [
      ['kconfig-trim record host.record', 'before the first restart'],
      ['kconfig-trim rehearse --lsmod host.record', 'the kernel command lines'],
      ['kconfig-trim record --compare host.record', 'after each restart'],
    ],
    status: '0 done, 1 the trim would have findings, 2 could not run.',
  },
  record: {
    about: [
      'Modules and built-in drivers in use, hardware with and without a driver, file systems, network, crypto, security: one fact a line, without secrets: no address, serial number, UUID, name of a host or user, or mount point (docs/record.md). A record is taken wherever a listing is: --lsmod host.record. No root is needed; with it a little more is seen.',
      'With --compare, under the new kernel: what is missing? -C TREE names the symbols. With --add, for a timer: what was seen before stays in the file. --add lsmod.txt host.record unites both with this machine.',
    ],
    examples: [
      ['kconfig-trim record host.record', 'this machine'],
      ['kconfig-trim record --script | ssh host sh > host.record', 'one without Node'],
      ['kconfig-trim record --add host.record', 'add what is new'],
    ],
    status: '0 done, 1 with --compare: something is missing, 2 could not run.',
  },
  why: {
    about: [
      'Explains the config in hand. With a listing (--lsmod, LSMOD, or the modules of this machine) also what a trim does with it: the shortest chain from a loaded module, or that nothing loaded needs it. What is off is named with the conditions that fail and the cheapest way to turn it on. -v shows what is cut short.',
    ],
    examples: [
      ['kconfig-trim why SND_SOC', 'a symbol'],
      ['kconfig-trim why usbhid -c /boot/config-6.12', 'a module, in another config'],
      ['kconfig-trim why BTRFS_FS --lsmod lsmod.txt', 'and what a trim makes of it'],
    ],
    status: '0 answered, 2 no such name (or could not run).',
  },
  map: {
    examples: [
      ['kconfig-trim map iwlwifi e1000e', 'the symbols that build two modules'],
      ['kconfig-trim map --json', 'all modules of the tree, for a program'],
    ],
    status: '0 done, 1 no module has one of the names, 2 could not run.',
  },
  objects: {
    about: ['One path a line: of vmlinux and of modules, without the programs that the build itself runs.'],
    examples: [
      ['kconfig-trim objects', 'what .config compiles'],
      ['kconfig-trim objects -c /boot/config-6.12', 'what another config compiles'],
    ],
    status: '0 done, 2 could not run.',
  },
  estimate: {
    examples: [
      ['kconfig-trim estimate', 'what costs most'],
      ['kconfig-trim estimate old.config .config', 'what the second saves'],
      ['kconfig-trim estimate --reference 1h30m', 'scaled by a build that you timed'],
    ],
    status: '0 done, 2 could not run.',
  },
  build: {
    about: [
      'Builds the config that make would build: .config (KCONFIG_CONFIG) in the build directory, or --config FILE. Shows how far it is, how long it will take, and the warnings so far; where it fails, the first error, the command that failed and the symbol that turned it on. Afterwards every module of the config, vmlinux and the image have to be there, and with --lsmod or --keep what they name. make gets nothing to read: a config that it would ask about is refused, unless --olddefconfig takes the defaults.',
    ],
    examples: [
      ['kconfig-trim build', 'a job for each CPU'],
      ['kconfig-trim build -O ../out -j8 CC="ccache gcc" bzImage modules', ''],
      ['kconfig-trim build --lsmod lsmod.txt --json > build.json', 'in CI'],
    ],
    status: '0 built and all there, 1 make failed or something is missing, 2 could not run.',
  },
  conf: {
    about: [
      'merge FRAGMENT… writes what scripts/kconfig/merge_config.sh and conf would write: later files win, and the first is the base (or --config, where it is named). A file may be named as for make: kvm_guest.config. Each value that a file asks for and the config does not hold is named, with the reason and what would make it hold; the exit status is 1 then.',
    ],
    examples: [
      ['kconfig-trim conf olddefconfig', 'bring .config up to date'],
      ['kconfig-trim conf savedefconfig -o defconfig', 'the shortest form'],
      ['kconfig-trim conf merge .config kvm_guest.config', 'add a fragment'],
    ],
    status: '0 done, 1 merge: a value does not hold (or --strict), 2 could not run.',
  },
  bisect: {
    about: [
      'The full config is stored, and trimmed anew at each commit: a trimmed config that is carried from commit to commit loses modules. The two ends are tested first, as a trim can take a bug away. Build, install (bisect install), boot and test each commit, then say good, bad or skip.',
    ],
    examples: [
      ['kconfig-trim bisect start v6.11 v6.12', 'in a git checkout'],
      ['kconfig-trim bisect build', 'then install, boot and test it'],
      ['kconfig-trim bisect bad', 'or good, or skip: the next commit'],
    ],
    status:
      '0 done, 1 done with findings, 2 could not run; config: 125 where the commit cannot be tested; run: 129 where something is wrong that no commit is to blame for.',
  },
  'bisect start': {
    examples: [
      ['kconfig-trim bisect start v6.11 v6.12', 'good, then bad'],
      ['kconfig-trim bisect start v6.11 v6.12 --fast', 'builds faster'],
      ['kconfig-trim bisect start v6.11 HEAD -l host.record', 'for another machine'],
    ],
  },
  'bisect config': inCheckout('config', 'make the config of this commit again'),
  'bisect build': {
    examples: [
      ['kconfig-trim bisect build', 'a job for each CPU'],
      ['kconfig-trim bisect build -j8 CC="ccache gcc"', 'as for make'],
    ],
  },
  'bisect good': inCheckout('good', 'the kernel of this commit works'),
  'bisect bad': inCheckout('bad', 'the kernel of this commit has the bug'),
  'bisect skip': inCheckout('skip', 'this commit does not build or boot'),
  'bisect run': {
    examples: [
      ['kconfig-trim bisect run ./test.sh', 'build and test each commit'],
      ['kconfig-trim bisect run --no-build ./test.sh', 'the script builds what it needs'],
    ],
  },
  'bisect install': {
    examples: [
      ['kconfig-trim bisect install', 'print the commands for root'],
      ['sudo kconfig-trim bisect install --yes', 'run them'],
    ],
  },
  'bisect clean': {
    examples: [
      ['kconfig-trim bisect clean', 'print the commands for root'],
      ['sudo kconfig-trim bisect clean --yes', 'run them'],
    ],
  },
  'bisect status': inCheckout('status', 'what is tested, and what is left'),
  'bisect report': inCheckout('report', "for the kernel's developers"),
  'bisect reset': inCheckout('reset', 'everything as it was before'),
  'bisect help': {
    examples: [
      ['kconfig-trim bisect help start', 'how a bisection starts'],
      ['kconfig-trim bisect help run', 'how a script tests each commit'],
    ],
  },
  check: {
    about: [
      'Errors: a value that olddefconfig would change, a line that conf does not take, a symbol that the tree does not have, a select against dependencies; what --fragment, --lsmod, --keep and --against ask for and the config does not hold; key files, programs and headers that the build would miss here (--skip files,tools leaves that out). Warnings: symbols without a line, a built-in that became a module, loaded modules that are not of this tree, programs that only make modules_install calls. Notes: values that follow the toolchain.',
      'Formats: text, json, junit (Jenkins, GitLab), github (annotations), sarif, summary (Markdown); FORMAT=FILE writes a file. Inside GitHub Actions annotations and the summary of the job come by themselves.',
    ],
    examples: [
      ['kconfig-trim check --lsmod lsmod.txt --fragment ci.config', ''],
      ['kconfig-trim check -c new.config --against old.config', 'what got lost?'],
      ['kconfig-trim check --skip files,tools --format junit=report.xml', ''],
    ],
    status: '0 sound (or --write-baseline), 1 errors (with --strict also warnings), 2 could not run.',
  },
  completion: {
    about: [
      'Completes commands, options and their values, files, and the symbols and modules of the kernel tree. Names of a tree are offered once a run has cached them: the shell never waits for a tree to be read.',
    ],
    examples: [
      ['kconfig-trim completion bash >> ~/.bashrc', ''],
      ['kconfig-trim completion zsh >> ~/.zshrc', 'below the line of compinit'],
      ['kconfig-trim completion fish > ~/.config/fish/completions/kconfig-trim.fish', ''],
    ],
  },
  help: {
    examples: [
      ['kconfig-trim help trim', 'all options of a trim'],
      ['kconfig-trim help bisect start', 'how a bisection starts'],
    ],
  },
};

/** Of a command of `bisect` that takes nothing but options. */
function inCheckout(name: string, meaning: string): CommandHelp {
  return {
    examples: [
      [`kconfig-trim bisect ${name}`, meaning],
      [`kconfig-trim bisect ${name} -C ~/linux`, 'in a checkout elsewhere'],
    ],
  };
}
