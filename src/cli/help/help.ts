import { type AddHelpTextContext, type Argument, type Command, CommanderError, Help, type Option } from 'commander';
import { nearNames } from '../../diagnostics/near-names.ts';
import { COMMAND_HELP, type CommandHelp, type Example, PROGRAM_HELP } from './texts.ts';

/** Columns of the help, at most. */
const COLUMNS = 80;

/** The commands by what a person wants; those of `bisect` in the order in which they are needed. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Trim a config:': ['trim', 'rehearse', 'record'],
  'Understand a config:': ['why', 'map', 'objects', 'estimate'],
  'Write, check and build it:': ['conf', 'check', 'build'],
  'Find the commit that broke it:': ['bisect'],
  'More:': ['completion', 'help'],
};

/** The heading of the options that most commands take: it comes last. */
export const COMMON_OPTIONS = 'Common options:';

/** The heading of the others, as commander has it. */
export const OWN_OPTIONS = 'Options:';

/** Columns that a text beside its term has at least; where there are fewer it stands below. */
const LEAST_BESIDE = 24;

/** A text as it stands below what it explains. @param columns of a line */
function below(text: string, columns: number, helper = Object.assign(new Help(), HELP_FORM)): string[] {
  const indent = ' '.repeat(6);
  const wrapped = helper.boxWrap(text, columns - indent.length);
  return wrapped.split('\n').map((line) => indent + line);
}

/** Flags as they are typed: a value that may be left out stands behind `=`, where commander shows a space. */
export const joinedFlags = (flags: string): string => flags.replace(/ \[(\w+)\]/, '[=$1]');

/** How commander is to write the help: commands by name and arguments, and what is a command's own first. */
export const HELP_FORM = {
  minWidthToWrap: LEAST_BESIDE,
  formatItem(this: Help, term: string, termWidth: number, text: string, helper: Help): string {
    const columns = this.helpWidth ?? COLUMNS;
    if (columns - termWidth - '    '.length >= LEAST_BESIDE) {
      return Help.prototype.formatItem.call(this, term, termWidth, text, helper);
    }
    return [`  ${term}`, ...(text === '' ? [] : below(text, columns, helper))].join('\n');
  },
  optionTerm: ({ flags }: Option): string => joinedFlags(flags),
  subcommandTerm: (command: Command): string =>
    [command.name(), ...command.registeredArguments.map((argument) => humanName(argument))].join(' '),
  groupItems<Item extends Command | Option>(all: Item[], visible: Item[], groupOf: (item: Item) => string) {
    const groups = Help.prototype.groupItems(all, visible, groupOf);
    const common = groups.get(COMMON_OPTIONS);
    if (common && groups.delete(COMMON_OPTIONS)) groups.set(COMMON_OPTIONS, common);
    return groups;
  },
};

/** An argument as usage lines have it: `<name>`, `[names...]`. */
export function humanName(argument: Argument): string {
  const text = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${text}>` : `[${text}]`;
}

/** The help of a program's commands, as it is known by their names. */
export function helpOf(command: Command): CommandHelp | undefined {
  return command.parent === null ? PROGRAM_HELP : COMMAND_HELP[pathOf(command)];
}

/** The names that lead to a command: `bisect start`. */
export function pathOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${pathOf(parent)} ${command.name()}` : command.name();
}

/** The commands of a command that its help lists. */
export function visibleCommands(command: Command): Command[] {
  return command.createHelp().visibleCommands(command);
}

/** Gives all commands their groups, their texts and examples, and a `help` that names what there is none of. */
export function arrangeHelp(program: Command): void {
  addHelpCommand(program);
  for (const [group, names] of Object.entries(GROUPS)) {
    for (const command of program.commands) if (names.includes(command.name())) command.helpGroup(group);
  }
  for (const command of program.commands) {
    if (command.commands.length > 0) addHelpCommand(command);
    for (const each of [command, ...command.commands]) addText(each);
  }
  addText(program);
}

/** The columns that a help has on a stream of so many; undefined where it is no terminal. */
export function helpColumns(columns: number | undefined): number {
  return Math.min(columns || COLUMNS, COLUMNS);
}

function addText(command: Command): void {
  const help = helpOf(command);
  if (help) command.addHelpText('after', (context) => helpText(help, command, context));
}

function helpText({ about = [], examples, status }: CommandHelp, command: Command, { error }: AddHelpTextContext) {
  const columns = helpColumns(process[error ? 'stderr' : 'stdout'].columns);
  const wrap = (text: string): string => command.createHelp().boxWrap(text, columns);
  const parts = [...about.map(wrap), `Examples:\n${exampleLines(examples, columns).join('\n')}`];
  if (status !== undefined) parts.push(wrap(`Exit status: ${status}`));
  return parts.map((part) => `\n${part}`).join('\n');
}

/** @param columns of a line: where these are too few, what an example means stands below it */
function exampleLines(examples: readonly Example[], columns: number): string[] {
  const width = Math.max(...examples.map(([line, meaning]) => (meaning === '' ? 0 : line.length)));
  const isBeside = examples.every(([, meaning]) => width + meaning.length + '     '.length <= columns);
  if (!isBeside && columns < COLUMNS) {
    return examples.flatMap(([line, meaning]) => [`  ${line}`, ...(meaning === '' ? [] : below(meaning, columns))]);
  }
  return examples.map(([line, meaning]) => `  ${line.padEnd(width)}   ${meaning}`.trimEnd());
}

/** commander's own prints the whole help for a command that there is none of, and no word of it. */
function addHelpCommand(parent: Command): void {
  parent
    .helpCommand(false)
    .command('help')
    .description('show the help of a command')
    .argument('[command...]', 'its name')
    .action((names: string[]) => {
      let command = parent;
      for (const name of names) {
        const below = visibleCommands(command).find((each) => each.name() === name);
        if (!below && isTarget(command, name)) break;
        if (!below) refuse(command, name);
        command = below;
      }
      command.outputHelp();
      // command.help() ends with the status that stands for a run that is not done.
      throw new CommanderError(0, 'commander.help', '(outputHelp)');
    });
}

/** Targets of the kernel's make that conf has. */
export const CONF_TARGET = /^(?:olddef|all(?:no|yes|mod|def)|(?:save)?def|listnew|yes2mod|mod2(?:yes|no))config$/;

/** Whether the help of a command is that of one of its targets as well. */
const isTarget = (command: Command, name: string): boolean =>
  command.name() === 'conf' && (CONF_TARGET.test(name) || name === 'merge');

/** @throws CommanderError as for a command line with that command */
function refuse(command: Command, name: string): never {
  const names = visibleCommands(command).map((each) => each.name());
  const [near] = nearNames(name, names, 1);
  return command.error(`error: unknown command '${name}'${near === undefined ? '' : `\n(Did you mean ${near}?)`}`);
}
