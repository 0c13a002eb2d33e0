import type { Argument, Command, Option } from 'commander';
import { CHECK_NAMES } from '../../check/types.ts';
import { CONF_TARGETS } from '../../dotconfig/targets.ts';
import type { NameKind } from '../../workspace/name-lists.ts';
import { visibleCommands } from '../help/help.ts';
import { SEVERITY_LEVELS } from '../option-values.ts';
import { FORMATS } from '../report-formats.ts';
import { withCommandFirst } from '../words.ts';

/** A word that may be meant, and what it is for; empty where it speaks for itself. */
export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** What may stand at the end of a command line. */
export interface Completion {
  /** What the shell knows, or the candidates. */
  readonly kind: 'words' | 'files' | 'directories';
  readonly candidates: readonly Candidate[];
  /** Whether it stands behind the last `=` of the word. */
  readonly behind: boolean;
  /** Whether something is to follow in the same word. */
  readonly open: boolean;
}

/** The options of a command line that say which tree is meant. */
export type TreeOptions = Readonly<Partial<Record<'tree' | 'arch', string>>>;

/** Names that are cached of a tree, its architectures, and the branches and tags of its repository. */
export type CompletedNames = NameKind | 'arches' | 'revisions';

/** Gives the names of a tree. */
export type NamesOf = (kind: CompletedNames, tree: TreeOptions) => readonly string[];

/** What a value can be. */
interface Value {
  readonly kind: Completion['kind'];
  readonly words?: readonly string[];
  /** Names of the tree. */
  readonly names?: readonly CompletedNames[];
  /** Whether it is a list of words with commas. */
  readonly isList?: boolean;
  /** What stands behind a `=`; it must be there where `words` or `names` are `open`. */
  readonly behind?: Value;
  readonly open?: boolean;
}

const NOTHING: Value = { kind: 'words' };
const FILES: Value = { kind: 'files' };
const words = (known: readonly string[]): Value => ({ kind: 'words', words: known });
const names = (...kinds: readonly CompletedNames[]): Value => ({ kind: 'words', names: kinds });

/** What values of options and arguments are, by the word for them in the help. */
export const VALUES: Readonly<Record<string, Value>> = {
  dir: { kind: 'directories' },
  ...{ file: FILES, files: FILES, config: FILES, configs: FILES, command: FILES },
  ...{ what: names('symbols', 'modules'), name: names('symbols', 'modules'), names: names('modules') },
  symbol: names('symbols'),
  'symbol=value': { ...names('symbols'), open: true, behind: words(['y', 'm', 'n']) },
  checks: { ...words(CHECK_NAMES), isList: true },
  'check=level': { ...words(CHECK_NAMES), open: true, behind: words(Object.keys(SEVERITY_LEVELS)) },
  format: { ...words(FORMATS), behind: FILES },
  bold: words(['bold']),
  target: words([...CONF_TARGETS, 'merge']),
  arch: names('arches'),
  ...{ good: names('revisions'), bad: names('revisions') },
  // What nobody but the person knows.
  ...{ n: NOTHING, time: NOTHING, sample: NOTHING, words: NOTHING },
};

/**
 * What may stand in the place of the last word.
 * @param given the words behind the program's name; the last one is not complete, and may be empty
 * @param namesOf gives names of the tree that the words mean
 */
export function completionAt(program: Command, given: readonly string[], namesOf: NamesOf): Completion {
  const before = withValuesJoined(given);
  const current = before.pop() ?? '';
  const { command, args, isNamed, tree } = commandOf(program, before);
  const complete = (value: Value, begin: string): Completion => completed(value, begin, (kind) => namesOf(kind, tree));
  if (before.includes('--')) return complete(FILES, current);
  const pending = command.options.find((option) => option.required && isCalled(option, before.at(-1) ?? ''));
  if (pending) return complete(valueOfOption(pending), current);
  const [, long, begin = ''] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  if (long !== undefined) {
    const joined = command.options.find((option) => option.long === long);
    return { ...complete(joined ? valueOfOption(joined) : NOTHING, begin), behind: true };
  }
  if (current.startsWith('-')) return listed(optionsOf(command));
  if (command.name() === 'help') return listed(commandsBelow(command.parent!, args));
  const owner = isNamed ? command : program;
  if (owner.commands.length > 0 && args.length === 0) return listed(commandsBelow(owner, []));
  return complete(valueOfArgument(command.registeredArguments, args.length), current);
}

function listed(candidates: readonly Candidate[]): Completion {
  return { kind: 'words', candidates, behind: false, open: false };
}

function completed(value: Value, begin: string, namesOf: (kind: CompletedNames) => readonly string[]): Completion {
  if (value.isList && begin.includes(',')) return nextOfList(value, begin);
  const [, first = '', rest] = /^([^=]*)=(.*)$/s.exec(begin) ?? [];
  if (rest !== undefined && value.behind) return { ...completed(value.behind, rest, namesOf), behind: true };
  const prefix = first === '' && begin.startsWith('CONFIG_') ? 'CONFIG_' : '';
  const found = (value.names ?? []).flatMap((kind) => [
    ...namesOf(kind).map((name) => (kind === 'symbols' ? prefix + name : name)),
  ]);
  const fitting = [...new Set(found)].filter((name) => name.startsWith(begin) && IS_PLAIN.test(name)).sort();
  const candidates = [...(value.words ?? []), ...fitting].map((word) => ({
    word: value.open ? `${word}=` : word,
    meaning: '',
  }));
  return { kind: value.kind, candidates, behind: false, open: value.open ?? false };
}

/** The words that a list does not have yet, each behind what it has. */
function nextOfList({ words = [] }: Value, begin: string): Completion {
  const given = begin.slice(0, begin.lastIndexOf(',') + 1);
  const taken = given.split(',');
  return listed(words.filter((word) => !taken.includes(word)).map((word) => ({ word: given + word, meaning: '' })));
}

/** A shell may put the name in the command line as it stands: nothing of it may mean anything to a shell. */
const IS_PLAIN = /^\w[\w.,+/-]*$/;

/** bash makes three words of `--lsmod=FILE`; here they are one. */
function withValuesJoined(given: readonly string[]): string[] {
  const joined: string[] = [];
  for (const [i, word] of given.entries()) {
    if (joined.length > 0 && (word === '=' || given[i - 1] === '=')) joined.push(joined.pop()! + word);
    else joined.push(word);
  }
  return joined;
}

const isCalled = (option: Option, word: string): boolean => option.short === word || option.long === word;

function valueOfOption({ argChoices, flags }: Option): Value {
  if (argChoices) return words(argChoices);
  return VALUES[/[<[]([^>\]]+)/.exec(flags)?.[1] ?? ''] ?? NOTHING;
}

function valueOfArgument(known: readonly Argument[], index: number): Value {
  const argument = known[index] ?? (known.at(-1)?.variadic ? known.at(-1) : undefined);
  if (argument?.argChoices) return words(argument.argChoices);
  return (argument && VALUES[argument.name()]) ?? NOTHING;
}

function optionsOf(command: Command): Candidate[] {
  const visible = command.createHelp().visibleOptions(command);
  return visible.flatMap(({ long, description }) => (long ? [{ word: long, meaning: description }] : []));
}

/** The commands of a command, or of one of them, that the help lists. */
function commandsBelow(command: Command, path: readonly string[]): Candidate[] {
  let found: Command | undefined = command;
  for (const name of path) found = found?.commands.find((each) => each.name() === name);
  return (found ? visibleCommands(found) : []).map((each) => ({ word: each.name(), meaning: each.description() }));
}

/** The command that words belong to, what arguments it has by then, whether they name it, and which tree they mean. */
function commandOf(program: Command, before: readonly string[]) {
  const given = withCommandFirst(before, program.commands);
  const named = program.commands.find((each) => each.name() === given[0]);
  let command = named ?? program;
  const args = named ? [] : given.slice(0, 1);
  const tree: Partial<Record<keyof TreeOptions, string>> = {};
  for (let i = 1; i < given.length; i++) {
    const word = given[i]!;
    const [name = '', joined] = /^(--[\w-]+)=(.*)$/s.exec(word)?.slice(1) ?? [word];
    const option = command.options.find((each) => isCalled(each, name));
    if (option?.required) {
      const value = joined ?? given[++i];
      const key = option.attributeName();
      if (value && (key === 'tree' || key === 'arch')) tree[key] = value;
    } else if (!word.startsWith('-')) {
      const below = args.length === 0 ? command.commands.find((each) => each.name() === word) : undefined;
      if (below) command = below;
      else args.push(word);
    }
  }
  // `trim` is put in front where no command is named.
  return { command, args, isNamed: given.length <= before.length, tree };
}
