import { Budget } from '../diagnostics/budget.ts';
import { InputError } from '../diagnostics/diagnostic.ts';

/** What the macro language may ask of the outside world. */
export interface PreprocessorHost {
  /** An environment variable, as getenv; undefined where it is unset. */
  env(name: string): string | undefined;
  /**
   * The standard output of `/bin/sh -c command`, as it came (Latin-1); null where no program may be run, so that the
   * answer is unknown.
   */
  shell(command: string): string | null;
  /** `$(info,…)`, `$(warning-if,…)`. */
  message(kind: 'info' | 'warning', text: string, where: MacroPosition): void;
}

/** Where a macro stands: `$(filename)` and `$(lineno)`. */
export interface MacroPosition {
  readonly file: string;
  readonly line: number;
  /** Where the outermost reference starts; absent in assignments. */
  readonly column?: number;
}

/** Flavour of a macro variable (`preprocess.h:enum variable_flavor`). */
export type VariableFlavor = 'simple' | 'recursive' | 'append';

/** Output of one `$(shell)` that conf takes, in bytes (`preprocess.c:do_shell`, a buffer of 4096 with its NUL). */
export const MAX_SHELL_OUTPUT = 4095;
/** Arguments of one macro call (`preprocess.c:FUNCTION_MAX_ARGS`). */
const MAX_ARGUMENTS = 16;
/** Nested calls of one variable (`preprocess.c:variable_expand`). */
const MAX_RECURSION = 1000;

/** Chars of all references of a tree and of what they expand to, each counted with some more (the kernel: 0.5 million). */
const MAX_EXPANDED_CHARS = 16 * 1024 * 1024;
const CHARS_PER_REFERENCE = 16;
/** Chars of a broken reference that a message shows. */
const MAX_SHOWN = 100;
/** References inside one another, through all variables. */
const MAX_NESTED_REFERENCES = 1010;

/** Starts and ends the stand-in for a `$(shell)` answer that is not known. No Kconfig text can hold a NUL. */
export const UNKNOWN_MARK = '\0';
const PLACEHOLDER = new RegExp(`${UNKNOWN_MARK}(\\d+)${UNKNOWN_MARK}`, 'g');

/** Whether a text is made of an answer that is not known. */
export function hasMark(text: string): boolean {
  return text.includes(UNKNOWN_MARK);
}

interface Variable {
  value: string;
  flavor: 'simple' | 'recursive';
  /** Expansions under way. */
  depth: number;
}

/** The macro language of Kconfig (`preprocess.c`, Documentation/kbuild/kconfig-macro-language.rst). */
export class Preprocessor {
  readonly #host: PreprocessorHost;
  readonly #variables = new Map<string, Variable>();
  readonly #budget = new Budget(MAX_EXPANDED_CHARS, () =>
    this.#error('kconfig-expansion-too-large', this.#where, { limit: MAX_EXPANDED_CHARS }),
  );
  /** Where the reference stands that is being expanded. */
  #where: MacroPosition = { file: '', line: 0 };
  #nested = 0;
  /** Commands whose answer is unknown, by the number in their mark. */
  readonly unknownCommands: string[] = [];
  /** Conditions of `$(error-if)` and `$(warning-if)` that are made of answers; null where these decide on anything else. */
  unknownConditions: string[] | null = [];
  /** Environment variables that were read, with their values. */
  readonly usedEnvironment = new Map<string, string>();

  constructor(host: PreprocessorHost) {
    this.#host = host;
  }

  /** Assigns a variable: `=`, `:=` or `+=` (`preprocess.c:variable_add`). */
  assign(name: string, value: string, flavor: VariableFlavor, where: MacroPosition): void {
    if (hasMark(name)) this.unknownConditions = null;
    const known = this.#variables.get(name);
    const kind = flavor !== 'append' ? flavor : (known?.flavor ?? 'recursive');
    const text = kind === 'simple' ? this.expand(value, where) : value;
    if (known) {
      known.value = flavor === 'append' ? `${known.value} ${text}` : text;
      known.flavor = kind;
    } else this.#variables.set(name, { value: text, flavor: kind, depth: 0 });
  }

  /** Expands every reference in a text (`preprocess.c:expand_string`). */
  expand(text: string, where: MacroPosition): string {
    return this.#expandAll(text, [], where);
  }

  /**
   * Expands a token that holds a `$`: stops at the first char, outside references, that cannot be part of a word.
   * @param isWord tells the chars of words
   * @returns the expansion, and the offset in `text` behind what was used (`preprocess.c:expand_one_token`)
   */
  expandToken(
    text: string,
    start: number,
    end: number,
    where: MacroPosition,
    isWord: (code: number) => boolean,
  ): { value: string; next: number } {
    let out = '';
    let from = start;
    let at = start;
    while (at < end) {
      const code = text.charCodeAt(at);
      if (code === 36 /* $ */) {
        out += text.slice(from, at);
        const reference = this.expandDollar(text, at + 1, end, [], where);
        out += reference.value;
        at = from = reference.next;
      } else if (isWord(code)) at++;
      else break;
    }
    return { value: out + text.slice(from, at), next: at };
  }

  /**
   * Expands what follows a `$` (`preprocess.c:expand_dollar_with_args`).
   * @param at the offset behind the `$`
   */
  expandDollar(
    text: string,
    at: number,
    end: number,
    args: readonly string[],
    where: MacroPosition,
  ): { value: string; next: number } {
    if (at >= end || text.charCodeAt(at) !== 40 /* ( */) return { value: '$', next: at };
    let nest = 0;
    for (let i = at + 1; i < end; i++) {
      const code = text.charCodeAt(i);
      if (code === 40) nest++;
      else if (code === 41 && nest-- === 0) {
        return { value: this.#reference(text.slice(at + 1, i), args, where), next: i + 1 };
      }
    }
    throw this.#error('kconfig-unterminated-reference', where, {
      reference: text.slice(at + 1, Math.min(end, at + MAX_SHOWN)),
    });
  }

  #expandAll(text: string, args: readonly string[], where: MacroPosition): string {
    let dollar = text.indexOf('$');
    if (dollar < 0) return text;
    let out = '';
    let from = 0;
    while (dollar >= 0) {
      out += text.slice(from, dollar);
      const reference = this.expandDollar(text, dollar + 1, text.length, args, where);
      out += reference.value;
      from = reference.next;
      dollar = text.indexOf('$', from);
    }
    return out + text.slice(from);
  }

  #reference(clause: string, args: readonly string[], where: MacroPosition): string {
    if (++this.#nested > MAX_NESTED_REFERENCES) {
      throw this.#error('kconfig-nested-references', where, { limit: MAX_NESTED_REFERENCES });
    }
    this.#where = where;
    // What stands inside is read again for each reference around it.
    this.#budget.spend(clause.length + CHARS_PER_REFERENCE);
    const value = this.#evaluate(clause, args, where);
    this.#budget.spend(value.length);
    this.#nested--;
    return value;
  }

  /** The inside of a `$(…)` (`preprocess.c:eval_clause`). */
  #evaluate(clause: string, args: readonly string[], where: MacroPosition): string {
    const index = /^\s*\+?0*([1-9]\d*)$/.exec(clause);
    if (index && Number(index[1]) <= args.length) return args[Number(index[1]) - 1]!;

    const parts = splitArguments(clause);
    if (parts.length > MAX_ARGUMENTS) throw this.#error('kconfig-too-many-arguments', where, { name: parts[0]! });
    const name = this.#expandAll(parts[0]!, args, where);
    if (hasMark(name)) this.unknownConditions = null;
    const values: string[] = [];
    for (let i = 1; i < parts.length; i++) values.push(this.#expandAll(parts[i]!, args, where));

    return (
      this.#expandVariable(name, values, where) ??
      this.#callFunction(name, values, where) ??
      (values.length === 0 ? this.#expandEnvironment(name) : '')
    );
  }

  #expandVariable(name: string, args: readonly string[], where: MacroPosition): string | null {
    const variable = this.#variables.get(name);
    if (!variable) return null;
    if (args.length === 0 && variable.depth > 0) throw this.#error('kconfig-recursive-variable', where, { name });
    if (variable.depth > MAX_RECURSION) throw this.#error('kconfig-deep-expansion', where, { name });
    if (variable.flavor === 'simple') return variable.value;
    variable.depth++;
    const value = this.#expandAll(variable.value, args, where);
    variable.depth--;
    return value;
  }

  #expandEnvironment(name: string): string {
    const value = name === '' ? undefined : this.#host.env(name);
    if (value === undefined) return '';
    this.usedEnvironment.set(name, value);
    return value;
  }

  /** The built-in functions (`preprocess.c:function_table`). */
  #callFunction(name: string, args: readonly string[], where: MacroPosition): string | null {
    const arity = FUNCTION_ARITY[name as FunctionName];
    if (arity === undefined || !Object.hasOwn(FUNCTION_ARITY, name)) return null;
    if (args.length < arity) throw this.#error('kconfig-too-few-function-arguments', where, { name });
    if (args.length > arity) throw this.#error('kconfig-too-many-function-arguments', where, { name });
    switch (name as FunctionName) {
      case 'error-if':
        this.#noteCondition(args[0]!);
        if (args[0] === 'y') throw this.#error('kconfig-error-if', where, { message: args[1]! });
        return '';
      case 'warning-if':
        this.#noteCondition(args[0]!);
        if (args[0] === 'y') this.#host.message('warning', args[1]!, where);
        return '';
      case 'info':
        if (hasMark(args[0]!)) this.unknownConditions = null;
        this.#host.message('info', args[0]!, where);
        return '';
      case 'filename':
        return where.file;
      case 'lineno':
        return String(where.line);
      case 'shell':
        return this.#shell(args[0]!);
    }
  }

  #noteCondition(text: string): void {
    if (hasMark(text)) this.unknownConditions?.push(text);
  }

  #shell(command: string): string {
    const output = hasMark(command) ? null : this.#host.shell(command);
    if (output === null) {
      this.unknownCommands.push(command);
      return `${UNKNOWN_MARK}${this.unknownCommands.length - 1}${UNKNOWN_MARK}`;
    }
    return answerText(output);
  }

  #error(code: string, where: MacroPosition, args: Record<string, string | number>): InputError {
    return new InputError({ code, at: { file: where.file, line: where.line, column: where.column ?? 0 }, args });
  }
}

/** What a command's output is in a text: trailing newlines go, others become spaces (`preprocess.c:do_shell`). */
function answerText(output: string): string {
  const text = output.length > MAX_SHELL_OUTPUT ? output.slice(0, MAX_SHELL_OUTPUT) : output;
  const nul = text.indexOf('\0');
  const line = text.replace(/\n+$/, '').replaceAll('\n', ' ');
  return nul < 0 ? line : line.slice(0, nul);
}

/** A text with answers in the place of their marks; null where one is not known. */
export function filled(text: string, answers: readonly (string | null)[]): string | null {
  let isWhole = true;
  const found = text.replace(PLACEHOLDER, (_, index) => {
    const answer = answers[Number(index)] ?? null;
    isWhole &&= answer !== null;
    return answer ?? '';
  });
  return isWhole ? found : null;
}

/**
 * Asks for commands that had no answer, as far as those are known of which they are made.
 * @param commands the `unknownCommands` of a reading
 * @param ask as `shell` of the host
 * @returns what they say, as a text has it; null where one has no answer yet
 */
export function askUnknown(
  commands: readonly string[],
  ask: (command: string) => string | null,
): readonly string[] | null {
  const answers: (string | null)[] = [];
  for (const command of commands) {
    const text = filled(command, answers);
    const output = text === null ? null : ask(text);
    answers.push(output === null ? null : answerText(output));
  }
  return answers.includes(null) ? null : (answers as string[]);
}

const FUNCTION_ARITY = {
  'error-if': 2,
  filename: 0,
  info: 1,
  lineno: 0,
  shell: 1,
  'warning-if': 2,
} as const;
type FunctionName = keyof typeof FUNCTION_ARITY;

/** Splits at the commas outside parentheses; blanks count. */
function splitArguments(clause: string): string[] {
  const parts: string[] = [];
  let nest = 0;
  let from = 0;
  for (let i = 0; i < clause.length; i++) {
    const code = clause.charCodeAt(i);
    if (code === 44 /* , */ && nest === 0) {
      parts.push(clause.slice(from, i));
      from = i + 1;
    } else if (code === 40) nest++;
    else if (code === 41) nest--;
  }
  parts.push(clause.slice(from));
  return parts;
}

/** Chars of a word in trees where names of files need no quotes (`zconf.l`, state PARAM). */
export function isBareTextCode(code: number): boolean {
  return isWordCode(code) || code === 46 /* . */ || code === 47 /* / */;
}

/** Chars of a word: letters, digits, `_` and `-` (`lexer.l`, `preprocess.c:is_end_of_token`). */
export function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45
  );
}
