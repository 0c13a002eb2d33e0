import { type Command, InvalidArgumentError, type Option } from 'commander';
import { CONF_TARGET, joinedFlags, pathOf } from './help/help.ts';
import { MAKE_TARGETS, OF_MAKE_ALONE } from './make-targets.ts';

/** Options that are the program's own. */
const OWN_OPTIONS: ReadonlySet<string> = new Set(['-h', '--help', '-V', '--version']);

/**
 * The words of the command line with the command first, as commander wants it: options may stand before it, as those of
 * git and make do, and `trim` is meant where there is none. Commander's own default command would take a mistyped one
 * for an argument of the trim.
 * @param given the words
 * @param commands all that there are
 */
export function withCommandFirst(given: readonly string[], commands: readonly Command[]): string[] {
  if (OWN_OPTIONS.has(given[0] ?? '')) return [...given];
  // Commander would print its whole help, and not say that there is no such command.
  const [first, about] = given;
  const isCommand = commands.some((command) => command.name() === about);
  if (first === 'help' && about !== undefined && /^\w/.test(about) && !isCommand) return given.slice(1);
  const options = [...commands, ...commands.flatMap((command) => command.commands)].flatMap(({ options }) => options);
  const namesOf = (wanted: readonly Option[]) => new Set(wanted.flatMap(({ short, long }) => [short, long]));
  const names = namesOf(options.filter(({ required }) => required));
  // In `-qC` it is the last that takes the next word.
  const takesNext = (word = ''): boolean => names.has(word) || (/^-\w{2,}$/.test(word) && names.has(`-${word.at(-1)}`));
  // A value that may be left out stands behind `=`; commander would take the next word.
  const optional = namesOf(options.filter((option) => option.optional));
  // What stands behind is for make, or for the command of `bisect run`.
  const end = given.findIndex((word, i) => word === '--' || (word === 'run' && given.lastIndexOf('bisect', i) >= 0));
  const isBare = (word: string, i: number): boolean =>
    (end < 0 || i < end) && optional.has(word) && !takesNext(given[i - 1]);
  const known = namesOf(options);
  /** With the first word that is neither an option nor the value of one in front; null where there is none. */
  const wordFirst = (words: readonly string[]): string[] | null => {
    const at = words.findIndex((word, i) => !word.startsWith('-') && (i === 0 || !takesNext(words[i - 1])));
    // Behind an option that there is none of stands its value, not a command.
    const before = words[at - 1] ?? '';
    const isValue = before.startsWith('--') && !before.includes('=') && !known.has(before);
    if (at < 0 || isValue || words.slice(0, at).includes('--')) return null;
    return [words[at]!, ...words.slice(0, at), ...words.slice(at + 1)];
  };
  const words = given.map((word, i) => (isBare(word, i) ? `${word}=` : word));
  const [command, ...rest] = wordFirst(words) ?? ['trim', ...words];
  const hasOwn = commands.some((each) => each.name() === command && each.commands.length > 0);
  return [command!, ...((hasOwn ? wordFirst(rest) : null) ?? rest)];
}

/**
 * An error of commander's, with what was meant where commander has no idea: a target of make for a command, the
 * beginning of an option, a value behind a space that belongs behind `=`.
 * @param command the one that was given the option
 * @param program that of all commands
 * @param given the words of the command line
 */
export function withSuggestion(
  error: string,
  command: Command | undefined,
  program: Command,
  given: readonly string[],
): string {
  if (/^error: (?:unknown command|too many arguments)/.test(error)) {
    const takesIt = command ?? program.commands.find((each) => each.name() === 'trim');
    const spaced = takesIt && spacedValue(given, takesIt);
    if (spaced) return spaced;
  }
  if (command && /^error: (?:missing required argument|too many arguments|option '.*' argument missing)/.test(error))
    return `${error}\n(see kconfig-trim help ${pathOf(command)})`;
  const [, unknown, word] = /^(error: unknown command '(.*)')$/s.exec(error) ?? [];
  if (word !== undefined)
    return suggest(unknown!, meantCommand(word)) ?? withList(error, command?.commands.length ? command : undefined);
  const [, wrong, option] = /^(error: unknown option '(-[^']+)')/.exec(error) ?? [];
  if (option === undefined) return error.replace(/^error: option '[^']*'/, joinedFlags);
  const names = command?.options.flatMap(({ long }) => long ?? []) ?? [];
  const [name = ''] = option.split('=');
  if (names.includes(name)) return `error: option '${name}' takes no value\n(Did you mean ${name}?)`;
  const meant = option.startsWith('--') ? names.filter((name) => name.startsWith(option)) : [];
  const said = suggest(wrong!, meant.sort());
  if (said !== null || !command || error !== wrong) return said ?? error;
  return command.name() === 'build' ? withListAndMake(error, command, option) : withList(error, command);
}

/** A word that may be one for make. */
function withListAndMake(error: string, command: Command, option: string): string {
  const path = pathOf(command);
  return `${error}\n(kconfig-trim help ${path} lists them; options for make stand behind --: kconfig-trim ${path} -- ${option})`;
}

/** That a value stands behind a space, and its option takes it behind `=` alone; null where none does. */
function spacedValue(given: readonly string[], command: Command): string | null {
  for (const { long, optional, parseArg } of command.options) {
    const value = optional && long ? given[given.indexOf(long) + 1] : undefined;
    if (value && given.includes(long!) && isValueOf(parseArg, value))
      return suggest(`error: ${long} takes its value behind '=', without a space`, [`${long}=${value}`]);
  }
  return null;
}

function isValueOf(parse: Option['parseArg'], value: string): boolean {
  try {
    parse?.(value, undefined);
    return true;
  } catch (error) {
    if (error instanceof InvalidArgumentError) return false;
    throw error;
  }
}

/** @param command the one whose help says what there is; without it the program's does */
function withList(error: string, command: Command | undefined): string {
  return `${error}\n(kconfig-trim help ${command ? `${pathOf(command)} ` : ''}lists them)`;
}

function meantCommand(word: string): string[] {
  const command = MAKE_TARGETS[word];
  if (command !== undefined) return [command];
  if (CONF_TARGET.test(word)) return [`conf ${word}`];
  // The tree's, by their names: files that make takes for targets.
  if (/^[\w.-]+_defconfig$/.test(word)) return [`conf defconfig ${word}`];
  if (/^[\w-][\w.-]*\.config$/.test(word)) return [`conf merge .config ${word}`];
  return OF_MAKE_ALONE.has(word) ? [`make ${word}`] : [];
}

/** In commander's words. */
function suggest(error: string, meant: readonly string[]): string | null {
  if (meant.length === 0) return null;
  return `${error}\n(Did you mean ${meant.length > 1 ? 'one of ' : ''}${meant.join(', ')}?)`;
}
