import type { Argument, Command, Option } from 'commander';
import { newCommandLine } from '../src/cli/command-line.ts';
import { COMMON_OPTIONS, helpOf, humanName, pathOf, visibleCommands } from '../src/cli/help/help.ts';
import type { CommandHelp } from '../src/cli/help/texts.ts';

/** Columns of the page's source. */
const COLUMNS = 78;

/** What the environment says, and where files are: neither belongs to one command. */
const ENVIRONMENT: readonly (readonly [name: string, meaning: string])[] = [
  ['ARCH, CROSS_COMPILE, CC, LD, LLVM, KCONFIG_CONFIG, KBUILD_OUTPUT', 'as for make'],
  ['LSMOD, LMC_KEEP', 'as for make localmodconfig: listings, and what stays'],
  ['NO_COLOR', 'no colours'],
  ['XDG_CACHE_HOME', 'where results are cached between runs (default: ~/.cache)'],
];

/**
 * kconfig-trim.1, made of the commands and options that the program has.
 * @param version of the package
 * @param date of the page: 2026-01-31
 */
export function manPage(version: string, date: string): string {
  const program = newCommandLine(
    [],
    async () => undefined,
    () => undefined,
  );
  const commands = visibleCommands(program).flatMap((command) => [command, ...visibleCommands(command)]);
  // Those of the first command: where others differ, their help says so.
  const common = new Map(
    commands
      .flatMap(commonOptions)
      .reverse()
      .map((option) => [option.long, option]),
  );
  const help = helpOf(program)!;
  const lines = [
    `.TH KCONFIG\\-TRIM 1 ${date} "kconfig\\-trim ${version}" "User Commands"`,
    '.SH NAME',
    'kconfig\\-trim \\- trim a kernel .config to the modules that a machine uses',
    '.SH SYNOPSIS',
    '.B kconfig\\-trim',
    '[\\fIcommand\\fR] [\\fIoption\\fR ...]',
    '.SH DESCRIPTION',
    ...filled(
      "It turns off all modules in a distribution's kernel .config that a machine does not use, and proves that each loaded one is still built: the kernel's make localmodconfig, made right. Without a command it trims.",
    ),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH "COMMON OPTIONS"',
    'Most commands take these.',
    ...[...common.values()].reverse().flatMap(optionLines),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([name, meaning]) => ['.TP', `.B ${roff(name)}`, ...filled(meaning)]),
    '.SH "EXIT STATUS"',
    ...filled(help.status!),
    ...exampleLines(help, '.SH EXAMPLES'),
    '.SH "SEE ALSO"',
    '.BR lsmod (8),',
    '.BR make (1),',
    '.BR git\\-bisect (1)',
  ];
  return `${lines.join('\n')}\n`;
}

const isCommon = (option: Option): boolean => option.helpGroupHeading === COMMON_OPTIONS;

const commonOptions = (command: Command): Option[] => command.options.filter(isCommon);

function commandLines(command: Command): string[] {
  const help = helpOf(command)!;
  const names = command.registeredArguments.map(humanName);
  return [
    `.SS "${roff(['kconfig-trim', pathOf(command), ...names].join(' '))}"`,
    ...filled(sentence(command.description())),
    ...(help.about ?? []).flatMap((text) => ['.PP', ...filled(text)]),
    ...command.registeredArguments.flatMap(argumentLines),
    ...command.options.filter((option) => !isCommon(option) && !option.hidden).flatMap(optionLines),
    ...(help.status === undefined ? [] : ['.PP', ...filled(`Exit status: ${help.status}`)]),
    ...exampleLines(help, '.PP'),
  ];
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? '' : '.'}`;

const argumentLines = (argument: Argument): string[] => [
  '.TP',
  `\\fI${roff(argument.name())}\\fR`,
  ...filled([argument.description, argument.argChoices?.join(', ')].filter(Boolean).join(': ')),
];

function optionLines({ short, long, flags, description }: Option): string[] {
  const names = [short, long].flatMap((name) => (name ? `\\fB${roff(name)}\\fR` : [])).join(', ');
  const [, open, value] = /([<[])([^>\]]+)/.exec(flags) ?? [];
  const italic = value === undefined ? '' : `\\fI${roff(value)}\\fR`;
  const behind = open === '[' ? `[=${italic}]` : ` ${italic}`;
  return ['.TP', value === undefined ? names : names + behind, ...filled(description)];
}

function exampleLines({ examples }: CommandHelp, heading: string): string[] {
  const lines = examples.flatMap(([line, meaning]) => [
    '.TP',
    `.B ${roff(line)}`,
    ...filled(meaning === '' ? '\u00a0' : sentence(meaning)),
  ]);
  return heading === '.PP' ? ['.PP', 'Examples:', ...lines] : [heading, ...lines];
}

/** What roff takes for something else. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '"': '\\(dq',
  '…': '\\&...',
  '\u00a0': '\\&',
};

const roff = (text: string): string => text.replace(/[\\'`^~"…\u00a0-]/g, (char) => ESCAPES[char]!);

/** Text in lines of the source, each sentence in a line of its own; none of them is a request. */
function filled(text: string): string[] {
  const lines: string[] = [];
  for (const part of roff(text).split(/(?<=[.?!:]) (?=[A-Z])/)) {
    let line = '';
    for (const word of part.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > COLUMNS) {
        lines.push(line);
        line = word;
      } else line += line === '' ? word : ` ${word}`;
    }
    lines.push(line);
  }
  return lines.map((line) => (line.startsWith('.') ? `\\&${line}` : line));
}
