/**
 * The functions of make, over guarded values: word by word where a function allows it, alternative by alternative
 * where it does not.
 */
import { type Condition, FALSE, TRUE } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import type { MakeFiles } from './files.ts';
import { joinPath, matchWildcard, normalizePath } from './paths.ts';
import { Template } from './template.ts';
import { hasHole, type Piece, splitWords, UNKNOWN, type Value, type Values } from './values.ts';

/** An argument: not yet expanded, or already a value. */
export type Argument = Template | Value;

/** What functions need of the run of make that calls them. */
export interface FunctionRun {
  readonly table: ConditionTable;
  readonly values: Values;
  readonly files: MakeFiles;
  expand(template: Template): Value;
  under<Result>(when: Condition, action: () => Result): Result;
  withVariables<Result>(bindings: readonly (readonly [string, Value])[], action: () => Result): Result;
  variable(name: string): Value;
  rawVariable(name: string): Value;
  describe(name: string): { readonly origin: string; readonly flavor: string };
  evalText(text: string): void;
  shell(command: Value): Value;
  mayAnswer(command: Template): boolean;
  skipShell(command: Template): void;
  message(kind: string, text: Value): void;
  spend(chars: number): void;
}

type MakeFunction = (make: FunctionRun, args: readonly Argument[]) => Value;

/**
 * Calls a function of make.
 * @throws TooManyAlternatives where the arguments have too many alternatives to list
 */
export function callFunction(make: FunctionRun, name: string, args: readonly Argument[]): Value {
  const found = FUNCTIONS.get(name);
  return found === undefined ? '' : found(make, args);
}

/** The expanded argument, '' where it is missing. */
function argument(make: FunctionRun, args: readonly Argument[], index: number): Value {
  const arg = args[index];
  if (arg === undefined) return '';
  return arg instanceof Template ? make.expand(arg) : arg;
}

/** What a pattern matches: words with these ends, or, without a `%`, the one word. */
interface Pattern {
  readonly start: string;
  readonly end: string | null;
}

/** Splits a pattern at its `%`. A `\%` is a plain percent sign. */
function parsePattern(text: string): Pattern {
  const at = text.search(/(?<!\\)%/);
  const start = (at < 0 ? text : text.slice(0, at)).replaceAll('\\%', '%');
  return { start, end: at < 0 ? null : text.slice(at + 1) };
}

/** What `%` stands for where the pattern matches the word; null where it does not. */
function stemOf({ start, end }: Pattern, word: string): string | null {
  if (end === null) return start === word ? '' : null;
  if (word.length < start.length + end.length || !word.startsWith(start) || !word.endsWith(end)) return null;
  return word.slice(start.length, word.length - end.length);
}

/** What `$(patsubst)` makes of a word. */
function patternSubstitution(from: string, to: string): (word: string) => string {
  const pattern = parsePattern(from);
  const made = parsePattern(to);
  return (word) => {
    const stem = stemOf(pattern, word);
    if (stem === null) return word;
    return made.end === null || pattern.end === null ? to : made.start + stem + made.end;
  };
}

/**
 * Applies a word-wise function; a word may become several or none.
 * @param keepsBlank whether make writes a blank behind a word of which nothing is left
 */
function mapWords(make: FunctionRun, value: Value, change: (word: string) => string, keepsBlank = false): Value {
  if (typeof value === 'string') {
    const changed = splitWords(value).map(change);
    return (keepsBlank ? changed : changed.filter((word) => word !== '')).join(' ');
  }
  const words: Piece[] = [];
  for (const { when, text, at } of make.values.words(value)) {
    const changed = change(text);
    if (changed === '') continue;
    for (const part of splitWords(changed)) words.push({ when, text: part, at });
  }
  return make.values.list(words);
}

/** Joins values that hold under exclusive conditions. */
function choose(make: FunctionRun, choices: readonly (readonly [Condition, Value])[]): Value {
  const found = choices.filter(([when]) => when !== FALSE);
  if (found.length === 1) return make.values.guard(found[0]![1], found[0]![0]);
  return make.values.concat(found.map(([when, value]) => make.values.guard(value, when)));
}

/** Calls `apply` for every combination of the alternatives of some values. */
function lift(make: FunctionRun, values: readonly Value[], apply: (texts: readonly string[]) => Value): Value {
  let combinations: { when: Condition; texts: string[] }[] = [{ when: TRUE, texts: [] }];
  for (const value of values) {
    const alternatives = make.values.alternatives(value);
    combinations = combinations.flatMap(({ when, texts }) =>
      alternatives.flatMap((alternative) => {
        const both = make.table.and(when, alternative.when);
        return both === FALSE ? [] : [{ when: both, texts: [...texts, alternative.text] }];
      }),
    );
  }
  return choose(
    make,
    combinations.map(({ when, texts }) => [when, apply(texts)] as const),
  );
}

/** A function of plain texts alone. */
function textual(arity: number, apply: (...texts: string[]) => string): MakeFunction {
  return (make, args) => {
    const values = Array.from({ length: arity }, (_, i) => argument(make, args, i));
    return lift(make, values, (texts) => apply(...texts));
  };
}

/** A function that treats each word of its only argument alone. */
function wordwise(change: (word: string) => string, keepsBlank = false): MakeFunction {
  return (make, args) => mapWords(make, argument(make, args, 0), change, keepsBlank);
}

function filter(keep: boolean): MakeFunction {
  return (make, args) => {
    const patterns = make.values.words(argument(make, args, 0));
    const value = argument(make, args, 1);
    const exact = new Map<string, Condition>();
    const open: { readonly when: Condition; readonly pattern: Pattern }[] = [];
    for (const { text, when } of patterns) {
      if (text.includes('%')) open.push({ when, pattern: parsePattern(text) });
      else exact.set(text, make.table.or(exact.get(text) ?? FALSE, when));
    }
    const words: Piece[] = [];
    for (const word of make.values.words(value)) {
      make.spend(open.length);
      let matched = exact.get(word.text) ?? FALSE;
      for (const { when, pattern } of open) {
        if (matched === TRUE) break;
        if (stemOf(pattern, word.text) !== null) matched = make.table.or(matched, when);
      }
      const when = make.table.and(word.when, keep ? matched : make.table.not(matched));
      if (when !== FALSE) words.push({ when, text: word.text, at: word.at });
    }
    return typeof value === 'string' && words.every((w) => w.when === TRUE)
      ? words.map((w) => w.text).join(' ')
      : make.values.list(words);
  };
}

function affix(isPrefix: boolean): MakeFunction {
  return (make, args) => {
    const value = argument(make, args, 1);
    return lift(make, [argument(make, args, 0)], ([fix]) =>
      mapWords(make, value, (word) => (isPrefix ? fix + word : word + fix)),
    );
  };
}

const patsubst: MakeFunction = (make, args) => {
  const value = argument(make, args, 2);
  return lift(make, [argument(make, args, 0), argument(make, args, 1)], ([pattern, replacement]) => {
    const { start, end } = parsePattern(pattern!);
    if (typeof value === 'string' && end === null) return substituteWord(start, replacement!, value);
    // function.c:patsubst_expand_pat: `$(patsubst %.o,%,.o a.o)` is ` a`, `$(patsubst %.o,,.o a.c)` is `a.c`.
    const keepsBlank = parsePattern(replacement!).end !== null;
    return mapWords(make, value, patternSubstitution(pattern!.trim(), replacement!), keepsBlank);
  });
};

/** A pattern without `%` matches a whole word, and blanks stay as they are (function.c:subst_expand). */
function substituteWord(from: string, to: string, text: string): string {
  return text.replace(/[^ \t\n\r\f\v]+/g, (word) => (word === from ? to : word));
}

const subst: MakeFunction = (make, args) => {
  const value = argument(make, args, 2);
  const from = argument(make, args, 0);
  if (typeof value !== 'string' && value.kind === 'words' && typeof from === 'string' && !/\s|^$/.test(from)) {
    return lift(make, [argument(make, args, 1)], ([to]) => mapWords(make, value, (word) => word.replaceAll(from, to!)));
  }
  return lift(make, [from, argument(make, args, 1), value], ([a, b, text]) =>
    a === '' ? text! + b! : text!.replaceAll(a!, () => b!),
  );
};

const sort: MakeFunction = (make, args) => {
  const value = argument(make, args, 0);
  if (typeof value === 'string') return [...new Set(splitWords(value))].sort().join(' ');
  const words = new Map<string, Piece>();
  for (const word of make.values.words(value)) {
    const known = words.get(word.text);
    const when = known === undefined ? word.when : make.table.or(known.when, word.when);
    words.set(word.text, { when, text: word.text, at: known?.at ?? word.at });
  }
  return make.values.list([...words.values()].sort((a, b) => (a.text < b.text ? -1 : 1)));
};

/** The first (or last) word: each word where none before it is there. */
function edgeWord(last: boolean): MakeFunction {
  return (make, args) => {
    const words = [...make.values.words(argument(make, args, 0))];
    if (last) words.reverse();
    let free: Condition = TRUE;
    const found: Piece[] = [];
    for (const word of words) {
      const when = make.table.and(word.when, free);
      if (when !== FALSE) found.push({ when, text: word.text, at: word.at });
      free = make.table.and(free, make.table.not(word.when));
      if (free === FALSE) break;
    }
    return found.length === 1 && found[0]!.when === TRUE ? found[0]!.text : make.values.list(found);
  };
}

const conditionalIf: MakeFunction = (make, args) => {
  const holds = make.values.nonEmpty(argument(make, args.map(trimmed), 0));
  const branch = (index: number, when: Condition): readonly [Condition, Value] =>
    when === FALSE ? [when, ''] : [when, make.under(when, () => argument(make, args, index))];
  return choose(make, [branch(1, holds), branch(2, make.table.not(holds))]);
};

/** Blanks around a condition are dropped before it is expanded. */
function trimmed(arg: Argument): Argument {
  return arg instanceof Template ? new Template(arg.raw.trim()) : arg;
}

const or: MakeFunction = (make, args) => {
  const choices: (readonly [Condition, Value])[] = [];
  let open: Condition = TRUE;
  for (const arg of args) {
    const value = argument(make, [trimmed(arg)], 0);
    const holds = make.values.nonEmpty(value);
    choices.push([make.table.and(open, holds), value]);
    open = make.table.and(open, make.table.not(holds));
    if (open === FALSE) break;
  }
  return choose(make, choices);
};

const and: MakeFunction = (make, args) => {
  let holds: Condition = TRUE;
  let value: Value = '';
  for (const arg of args) {
    value = argument(make, [trimmed(arg)], 0);
    holds = make.table.and(holds, make.values.nonEmpty(value));
    if (holds === FALSE) return '';
  }
  return make.values.guard(value, holds);
};

const foreach: MakeFunction = (make, args) => {
  const name = argument(make, args, 0);
  const body = args[2];
  if (typeof name !== 'string' || body === undefined) return '';
  const list = argument(make, args, 1);
  const results: (readonly [Condition, Value])[] = [];
  for (const word of make.values.words(list)) {
    const value = make.withVariables([[name.trim(), word.text]], () =>
      make.under(word.when, () => argument(make, [body], 0)),
    );
    results.push([word.when, value]);
  }
  if (results.every(([when, value]) => when === TRUE && typeof value === 'string')) {
    return results.map(([, value]) => value).join(' ');
  }
  if (results.some(([, value]) => hasLines(value))) {
    const joined = results.map(([when, value], i) =>
      make.values.guard(i === 0 ? value : make.values.concat([' ', value]), when),
    );
    return make.values.concat(joined);
  }
  return make.values.list(results.flatMap(([when, value]) => make.values.guardPieces(make.values.words(value), when)));
};

/** Whether a value may be lines of a makefile, of which words alone would make one. */
function hasLines(value: Value): boolean {
  return typeof value === 'string' ? value.includes('\n') : value.pieces.some(({ text }) => text.includes('\n'));
}

const call: MakeFunction = (make, args) => {
  const [name, ...values] = args.map((_, i) => argument(make, args, i));
  const bindings = values.map((value, i) => [String(i + 1), value] as const);
  // Arguments beyond those given are empty, even inside the call of another function.
  for (let i = values.length + 1; i < 10; i++) bindings.push([String(i), '']);
  return lift(make, [name ?? ''], ([text]) => {
    const called = text!.trim();
    if (BUILTIN_NAMES.has(called)) return callFunction(make, called, values);
    return make.withVariables([['0', called], ...bindings], () => make.variable(called));
  });
};

const evaluate: MakeFunction = (make, args) => {
  const value = argument(make, args, 0);
  for (const { when, text } of wholeLines(value) ?? make.values.alternatives(value)) {
    make.under(when, () => make.evalText(text));
  }
  return '';
};

/** What ends a conditional or a definition that may have begun in another piece. */
const BLOCK = /^\s*(?:(?:override|export|private)\s+)*(?:ifn?eq|ifn?def|else|endif|define|endef)\b/m;

/**
 * The pieces of a value, where each is lines of a makefile: one after the other they mean the same as all at once, and
 * have no alternatives.
 * @returns null where a line, or a block of lines, may go on in the next piece
 */
function wholeLines(value: Value): readonly Piece[] | null {
  if (typeof value === 'string' || value.kind === 'words') return null;
  const pieces = value.pieces.filter(({ text }) => text.trim() !== '');
  const areWhole = pieces.every(({ text }, i) => {
    const isEnded = i === pieces.length - 1 || /(?:^|[^\\])\n[ \t]*$/.test(text);
    return isEnded && !BLOCK.test(text);
  });
  return areWhole ? pieces : null;
}

const shell: MakeFunction = (make, args) => {
  const [command] = args;
  if (command instanceof Template && !make.mayAnswer(command)) {
    make.skipShell(command);
    return '';
  }
  return make.shell(argument(make, args, 0));
};

const wildcard: MakeFunction = (make, args) =>
  mapWords(make, argument(make, args, 0), (word) => matchWildcard(make.files, word).join(' '));

const realpath: MakeFunction = (make, args) =>
  mapWords(make, argument(make, args, 0), (word) => make.files.realPath(word) ?? '');

const abspath: MakeFunction = (make, args) => mapWords(make, argument(make, args, 0), (word) => absolute(make, word));

function absolute(make: FunctionRun, path: string): string {
  return path.startsWith('/') ? normalizePath(path) : normalizePath(joinPath(make.files.root, path));
}

/** `$(intcmp a,b[,less[,equal[,greater]]])`, of make 4.4. */
const intcmp: MakeFunction = (make, args) =>
  lift(make, [argument(make, args, 0), argument(make, args, 1)], ([a, b]) => {
    if (hasHole(a! + b!)) return UNKNOWN;
    const [left, right] = [Number.parseInt(a!, 10), Number.parseInt(b!, 10)];
    const order = Number.isNaN(left) || Number.isNaN(right) ? 0 : Math.sign(left - right);
    if (args.length === 2) return order === 0 ? String(left) : '';
    const greater = args.length > 4 ? 4 : 3;
    return argument(make, args, order < 0 ? 2 : order === 0 ? 3 : greater);
  });

const file: MakeFunction = (make, args) =>
  lift(make, [argument(make, args, 0)], ([operation]) => {
    const path = /^\s*<\s*(\S+)\s*$/.exec(operation!)?.[1];
    return path === undefined ? '' : (make.files.read(path) ?? '').replace(/\n$/, '');
  });

const letFunction: MakeFunction = (make, args) => {
  const names = splitWords(String(argument(make, args, 0)));
  const list = [...make.values.words(argument(make, args, 1))];
  const bindings = names.map((name, i): readonly [string, Value] => {
    const own = i === names.length - 1 ? list.slice(i) : list.slice(i, i + 1);
    return [name, make.values.list(own)];
  });
  return make.withVariables(bindings, () => argument(make, args, 2));
};

function message(kind: string): MakeFunction {
  return (make, args) => {
    make.message(kind, argument(make, args, 0));
    return '';
  };
}

function directoryOf(word: string): string {
  return word.includes('/') ? word.slice(0, word.lastIndexOf('/') + 1) : './';
}

function dotOf(word: string): number {
  const dot = word.lastIndexOf('.');
  return dot > word.lastIndexOf('/') ? dot : -1;
}

function joinLists(left: string, right: string): string {
  const [a, b] = [splitWords(left), splitWords(right)];
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? '') + (b[i] ?? '')).join(' ');
}

/** The words from..to, counted from 1, with the blanks between them as they are (function.c:func_wordlist). */
function slice(from: string, to: string, list: string): string {
  const [start, end] = [Number.parseInt(from, 10), Number.parseInt(to, 10)];
  if (Number.isNaN(start) || Number.isNaN(end) || start < 1) return '';
  const words = [...list.matchAll(/[^ \t\n\r\f\v]+/g)].slice(start - 1, end);
  const last = words.at(-1);
  return last === undefined ? '' : list.slice(words[0]!.index, last.index + last[0].length);
}

const FUNCTIONS: ReadonlyMap<string, MakeFunction> = new Map<string, MakeFunction>([
  ['abspath', abspath],
  ['addprefix', affix(true)],
  ['addsuffix', affix(false)],
  ['and', and],
  ['basename', wordwise((word) => (dotOf(word) < 0 ? word : word.slice(0, dotOf(word))), true)],
  ['call', call],
  ['dir', wordwise(directoryOf)],
  ['error', message('error')],
  ['eval', evaluate],
  ['file', file],
  ['filter', filter(true)],
  ['filter-out', filter(false)],
  ['findstring', textual(2, (wanted, text) => (text.includes(wanted) ? wanted : ''))],
  ['firstword', edgeWord(false)],
  ['flavor', (make, args) => lift(make, [argument(make, args, 0)], ([name]) => make.describe(name!).flavor)],
  ['foreach', foreach],
  ['if', conditionalIf],
  ['info', message('info')],
  ['intcmp', intcmp],
  ['join', textual(2, joinLists)],
  ['lastword', edgeWord(true)],
  ['let', letFunction],
  ['notdir', wordwise((word) => word.slice(word.lastIndexOf('/') + 1), true)],
  ['or', or],
  ['origin', (make, args) => lift(make, [argument(make, args, 0)], ([name]) => make.describe(name!).origin)],
  ['patsubst', patsubst],
  ['realpath', realpath],
  ['shell', shell],
  ['sort', sort],
  ['strip', wordwise((word) => word)],
  ['subst', subst],
  ['suffix', wordwise((word) => (dotOf(word) < 0 ? '' : word.slice(dotOf(word))))],
  ['value', (make, args) => lift(make, [argument(make, args, 0)], ([name]) => make.rawVariable(name!))],
  ['warning', message('warning')],
  ['wildcard', wildcard],
  ['word', textual(2, (index, list) => slice(index, index, list))],
  ['wordlist', textual(3, slice)],
  ['words', textual(1, (list) => String(splitWords(list).length))],
]);

const BUILTIN_NAMES: ReadonlySet<string> = new Set(FUNCTIONS.keys());
