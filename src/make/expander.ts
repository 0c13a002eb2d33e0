/**
 * Expands texts. Without a configuration every `CONFIG_` variable is open, and what depends on one holds under a
 * condition; with a configuration all conditions are constants and the same code is plain make.
 */
import { type Condition, type ConfigLookup, FALSE, TRUE } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import { Budget } from '../diagnostics/budget.ts';
import { type Diagnostic, InputError, type Position, type Severity } from '../diagnostics/diagnostic.ts';
import { Demand, NeedsProgram } from './demand.ts';
import { equalValues } from './equality.ts';
import type { MakeFiles } from './files.ts';
import { callFunction, type FunctionRun } from './functions.ts';
import { SymbolValues } from './symbols.ts';
import { Template, type TemplatePart } from './template.ts';
import {
  type Alternative,
  hasHole,
  type Piece,
  splitWords,
  TooManyAlternatives,
  UNKNOWN,
  type Value,
  Values,
} from './values.ts';
import { CALLS_EVAL, type VariablePart, Variables } from './variables.ts';

/** Answers `$(shell …)`. What it does not answer expands to nothing. */
export interface MakeShell {
  /** Whether it may answer a command that is written in this way; the text of others is not expanded. */
  mayAnswer(text: string): boolean;
  /** The output; undefined for no answer. */
  answer(command: string): string | undefined;
}

export interface EvaluatorOptions {
  readonly table: ConditionTable;
  readonly files: MakeFiles;
  /** Null: all symbols are open. */
  readonly config: ConfigLookup | null;
  readonly shell?: MakeShell | undefined;
  /** Symbols whose values stand open in texts, by number; shared by all evaluators of a tree. */
  readonly holes: string[];
  /** Variables to start with; they are not changed. It has the same configuration. */
  readonly base?: Expander | undefined;
  /** Stops where make would, and runs programs only for values that somebody asks for. It has a configuration. */
  readonly isOnDemand?: boolean;
  /** Where `include` looks for what is not found otherwise (`--include-dir`). */
  readonly includeDirectories?: readonly string[];
}

/** Files and variables inside one another. */
const MAX_DEPTH = 200;
/** Chars that one directory may expand to (the kernel: 0.2 million), and what else counts as some of them. */
const MAX_EXPANDED_CHARS = 4 * 1024 * 1024;
const CHARS_PER_EXPANSION = 16;

const STEM: Piece = { when: TRUE, text: '%', at: null };

/** The expansion half of a run of make: variables, the current path condition, and what was noticed on the way. */
export abstract class Expander implements FunctionRun {
  readonly table: ConditionTable;
  readonly values: Values;
  readonly files: MakeFiles;
  /** Findings: `$(error)` and `$(warning)` that were reached, files that could not be included. */
  readonly diagnostics: Diagnostic[] = [];
  /** `$(shell …)` calls that were left unanswered. */
  readonly unanswered: { readonly command: string; readonly at: Position | null }[] = [];
  protected readonly variables: Variables;
  protected readonly symbols: SymbolValues;
  /** Null where programs are asked at once, or not at all. */
  protected readonly demand: Demand | null;
  protected readonly includeDirectories: readonly string[];
  /** Under which the evaluation goes on. */
  protected path: Condition = TRUE;
  /** Where the evaluation stands. */
  protected at: Position | null = null;
  protected depth = 0;
  readonly #shell: MakeShell | undefined;
  #unknowns = 0;
  readonly #budget = new Budget(MAX_EXPANDED_CHARS, () => this.#refusal('kbuild-too-large', MAX_EXPANDED_CHARS));

  constructor({ table, files, config, shell, holes, base, isOnDemand = false, includeDirectories }: EvaluatorOptions) {
    this.table = table;
    this.files = files;
    this.values = base?.values ?? new Values(table);
    this.symbols = base?.symbols ?? new SymbolValues(table, config, holes);
    this.demand = isOnDemand ? new Demand(table) : null;
    this.includeDirectories = includeDirectories ?? [];
    this.#shell = shell;
    this.variables = new Variables({
      table,
      symbols: this.symbols,
      keepsFlags: files.keepsFlags,
      base: base?.variables,
      expand: (text, isCommand) => this.#immediate(text, isCommand),
      spend: (parts) => this.spend(parts * CHARS_PER_EXPANSION),
    });
  }

  /** Runs text as `$(eval)` does. */
  abstract evalText(text: string): void;

  /** Whether symbols are open. */
  get isSymbolic(): boolean {
    return this.symbols.areOpen;
  }

  /** Sets a variable that a file may change. */
  define(name: string, value: Value): void {
    this.variables.define(name, value, 'default');
  }

  /** Sets a variable as make's command line does: assignments in files don't change it. */
  pin(name: string, value: Value | Template): void {
    this.variables.define(name, value, 'command line');
  }

  /** Runs an action with one more condition on the path. */
  under<Result>(when: Condition, action: () => Result): Result {
    const path = this.path;
    this.path = this.table.and(path, when);
    try {
      return action();
    } finally {
      this.path = path;
    }
  }

  /** Counts work that input causes. @throws InputError where it is more than any tree is worth */
  spend(chars: number): void {
    this.#budget.spend(chars);
  }

  /** Expands a template. @throws TooManyAlternatives */
  expand(template: Template): Value {
    if (template.isLiteral) return template.raw;
    this.checkDepth();
    const value = this.#expandParts(template.parts);
    const size = typeof value === 'string' ? value.length : value.pieces.length * CHARS_PER_EXPANSION;
    this.#budget.spend(size + CHARS_PER_EXPANSION);
    return value;
  }

  #expandParts(parts: readonly TemplatePart[]): Value {
    this.depth++;
    try {
      if (parts.length === 1) return this.#expandPart(parts[0]!);
      return this.values.concat(parts.map((part) => this.#expandPart(part)));
    } finally {
      this.depth--;
    }
  }

  protected checkDepth(): void {
    if (this.depth > MAX_DEPTH) throw this.#refusal('kbuild-too-deep', MAX_DEPTH);
  }

  #refusal(code: string, limit: number): InputError {
    return new InputError({ code, ...(this.at === null ? {} : { at: this.at }), args: { limit } });
  }

  #expandPart(part: TemplatePart): Value {
    if (typeof part === 'string') return part;
    if (part.kind === 'function') return callFunction(this, part.name, part.args);
    if (part.kind === 'variable' && part.name.isLiteral) return this.variable(part.name.raw);
    const names = this.values.alternatives(this.expand(part.name));
    const found = names.map(({ when, text }) => this.values.guard(this.variable(text), when));
    const value = found.length === 1 ? found[0]! : this.values.concat(found);
    if (part.kind === 'variable') return value;
    const from = this.expand(part.from);
    const to = this.expand(part.to);
    const hasStem = typeof from === 'string' && from.includes('%');
    const [pattern, replacement] = hasStem ? [from, to] : [prefixed(from), prefixed(to)];
    return callFunction(this, 'patsubst', [pattern, replacement, value]);

    function prefixed(suffix: Value): Value {
      return typeof suffix === 'string' ? `%${suffix}` : { kind: 'text', pieces: [STEM, ...suffix.pieces] };
    }
  }

  /** The expanded value of a variable. @throws TooManyAlternatives */
  variable(name: string): Value {
    const variable = this.variables.get(name);
    if (variable === undefined) return name.startsWith('CONFIG_') ? this.symbols.value(name.slice(7)) : '';
    const parts = this.demand === null ? variable.parts : variable.parts.filter(({ when }) => this.isReached(when));
    if (parts.length === 1) {
      const only = parts[0]!;
      const value = this.#partValue(only);
      return this.demand !== null || only.when === TRUE ? value : this.values.guard(value, only.when);
    }
    if (!this.isSymbolic) return this.#joined(parts);
    const words: Piece[] = [];
    for (const part of parts) {
      if (this.table.and(this.path, part.when) === FALSE) continue;
      const own = this.values.words(this.#partValue(part), part.at);
      for (const piece of this.values.guardPieces(own, part.when)) words.push(piece);
    }
    return this.values.list(words);
  }

  /** What `+=` makes of texts that are all there: blanks between them stay as make has them. */
  #joined(parts: readonly VariablePart[]): Value {
    const filled = parts.filter((part) => this.#rawText(part) !== '');
    return this.values.concat(
      filled.flatMap((part, i) => (i === 0 ? [this.#partValue(part)] : [' ', this.#partValue(part)])),
    );
  }

  #rawText({ value }: VariablePart): Value {
    if (value instanceof Template) return value.raw;
    return typeof value === 'function' ? value() : value;
  }

  #partValue(part: VariablePart): Value {
    const { value } = part;
    if (typeof value === 'function') return value();
    if (!(value instanceof Template)) return value;
    if (value.isLiteral) return value.raw;
    this.checkDepth();
    this.depth++;
    try {
      return this.expand(value);
    } finally {
      this.depth--;
    }
  }

  /** The expanded value of a variable, unknown where it has too many forms. */
  safeVariable(name: string): Value {
    return this.#safely(
      () => this.variable(name),
      () => UNKNOWN,
    );
  }

  /** The words of a variable, each with the statement that put it there; unknown ones are marked. */
  variableWords(name: string): readonly Piece[] {
    const variable = this.variables.get(name);
    if (variable === undefined) return [];
    const words: Piece[] = [];
    for (const part of variable.parts) {
      const { when, at } = part;
      this.at = at;
      const text = plainText(part);
      if (text !== null) {
        if (when !== FALSE) for (const word of splitWords(text)) words.push({ when, text: word, at });
        continue;
      }
      const own = this.safeWords(() => this.#partValue(part), at);
      for (const piece of this.values.guardPieces(own, when)) words.push(piece);
    }
    return words;
  }

  /** The unexpanded text of a variable, for `$(value)`. */
  rawVariable(name: string): Value {
    const parts = this.variables.get(name)?.parts ?? [];
    const raw = parts
      .filter(({ when }) => this.isReached(when))
      .map((part) => this.#rawText(part))
      .filter((text) => text !== '');
    const isPlain = raw.every((text) => typeof text === 'string') && (!this.isSymbolic || parts.length === 1);
    return isPlain ? raw.join(' ') : this.variable(name);
  }

  /** Where a variable comes from, for `$(origin)`; and its flavor. */
  describe(name: string): { readonly origin: string; readonly flavor: string } {
    const variable = this.variables.get(name);
    const last = variable?.parts.findLast(({ when }) => this.isReached(when));
    if (variable === undefined || last === undefined) return { origin: 'undefined', flavor: 'undefined' };
    const isSimple = this.isReached(variable.simple);
    return { origin: last.origin, flavor: isSimple ? 'simple' : 'recursive' };
  }

  /** Binds variables while an action runs, as `$(foreach)` and `$(call)` do. */
  withVariables<Result>(bindings: readonly (readonly [string, Value])[], action: () => Result): Result {
    return this.variables.withBound(bindings, action);
  }

  /** As `ifdef` sees it: the unexpanded text is not empty. */
  protected isDefined(name: string): Condition {
    const variable = this.variables.get(name);
    if (variable === undefined) {
      return name.startsWith('CONFIG_') ? this.values.nonEmpty(this.symbols.value(name.slice(7))) : FALSE;
    }
    return this.table.any(variable.parts.map((part) => this.#fills(part)));
  }

  /** Whether a statement puts a text into its variable that is not empty. Nothing is asked for one that is not reached. */
  #fills(part: VariablePart): Condition {
    if (typeof part.value === 'function' && !this.isReached(part.when)) return FALSE;
    return this.table.and(part.when, this.values.nonEmpty(this.#rawText(part)));
  }

  /** When two values are the same text. @throws TooManyAlternatives */
  equal(left: Value, right: Value): Condition {
    const { table, values, symbols } = this;
    const unknown = (): Condition => this.unknown();
    return equalValues(left, right, { table, values, symbolOf: (hole) => symbols.symbolOf(hole), unknown });
  }

  /** A condition of its own that no configuration decides. */
  protected unknown(): Condition {
    return this.table.is(`?${this.at?.file ?? ''}:${this.at?.line ?? 0}:${this.#unknowns++}`, 'y');
  }

  /** Answers a shell command by the callback; nothing where it does not answer. */
  shell(command: Value): Value {
    if (this.demand?.mayRun === false) throw new NeedsProgram();
    return this.values.concat(
      this.values.alternatives(command).map(({ when, text }) => {
        const answer = hasHole(text) ? undefined : this.#shell?.answer(text);
        if (answer === undefined) this.unanswered.push({ command: text, at: this.at });
        const line = (answer ?? '').replace(/(?:\r?\n)+$/, '').replaceAll(/\r?\n/g, ' ');
        return this.values.guard(line, when);
      }),
    );
  }

  /** Whether a shell command may be answered. */
  mayAnswer({ raw }: Template): boolean {
    return this.#shell?.mayAnswer(raw) ?? false;
  }

  /** Notes an unanswered command without expanding it. */
  skipShell(command: Template): void {
    this.unanswered.push({ command: command.raw, at: this.at });
  }

  /** Notes `$(error)` or `$(warning)`, not `$(info)`. @throws InputError for an error where this run stands for make itself */
  message(kind: string, text: Value): void {
    if (this.demand !== null) {
      if (kind === 'error' && this.isReached(this.path)) throw this.stop(String(text));
    } else if (kind !== 'info' && (!this.isSymbolic || this.path === TRUE)) {
      const args = { text: typeof text === 'string' ? text : '' };
      this.note(kind === 'error' ? 'kbuild-error' : 'kbuild-warning', 'warning', this.at, args);
    }
  }

  /** What make stops with. */
  protected stop(message: string): InputError {
    return new InputError({
      code: 'toolchain-make-stops',
      ...(this.at === null ? {} : { at: this.at }),
      args: { message },
    });
  }

  /** @param severity `error` for what make stops with, whatever the config and the variables that others set */
  protected note(code: string, severity: Severity, at: Position | null, args: Diagnostic['args']): void {
    this.diagnostics.push({ code, severity, ...(at === null ? {} : { at }), args });
  }

  /** The words of what `expand` returns; an unknown one where they have too many forms. */
  protected safeWords(expand: () => Value, at: Position | null = this.at): readonly Piece[] {
    return this.#safely(
      () => this.values.words(expand(), at),
      () => [{ when: TRUE, text: UNKNOWN, at }],
    );
  }

  /** The names a computed name can have; other values of a symbol than y and m count as none. */
  protected nameAlternatives(name: Template): readonly Alternative[] {
    if (name.isLiteral) return [{ when: TRUE, text: name.raw }];
    const last = name.parts.at(-1);
    if (name.parts.length === 2 && typeof name.parts[0] === 'string' && isSymbolReference(last)) {
      return this.symbolNames(name.parts[0], last.name.raw.slice(7));
    }
    return this.#knownNames(() => this.expand(name));
  }

  /** `prefix-$(CONFIG_X)`, by far the most frequent computed name. */
  protected symbolNames(prefix: string, symbol: string): readonly Alternative[] {
    if (this.isSymbolic && !this.variables.isSymbolSet(symbol)) return this.symbols.names(prefix, symbol);
    return this.#knownNames(() => this.values.concat([prefix, this.variable(`CONFIG_${symbol}`)]));
  }

  #knownNames(expand: () => Value): readonly Alternative[] {
    return this.#alternatives(expand).filter((alternative) => !hasHole(alternative.text));
  }

  /** The texts that a template can expand to; none where they are too many. */
  protected alternatives(template: Template): readonly Alternative[] {
    return this.#alternatives(() => this.expand(template));
  }

  #alternatives(expand: () => Value): readonly Alternative[] {
    return this.#safely(
      () => this.values.alternatives(expand()),
      () => [],
    );
  }

  #safely<Result>(action: () => Result, otherwise: () => Result): Result {
    try {
      return action();
    } catch (error) {
      if (error instanceof TooManyAlternatives) return otherwise();
      throw error;
    }
  }

  /** Whether something under a condition is to be done; decides conditions that wait for programs. */
  protected isReached(when: Condition): boolean {
    return this.demand === null ? when !== FALSE : this.demand.holds(when);
  }

  /** What an action comes to, or null where a program would have to run for it. */
  protected withoutPrograms<Result>(action: () => Result): Result | null {
    const { path, at, depth, demand } = this;
    if (demand === null) return action();
    const { mayRun } = demand;
    demand.mayRun = false;
    try {
      return action();
    } catch (error) {
      if (!(error instanceof NeedsProgram)) throw error;
      [this.path, this.at, this.depth] = [path, at, depth];
      return null;
    } finally {
      demand.mayRun = mayRun;
    }
  }

  /** Does an action later, and once, with all as it is now; by then the path is known to hold. */
  protected deferred<Result>(action: () => Result): () => Result {
    const { at } = this;
    const time = this.variables.snapshot();
    let done: { readonly result: Result } | null = null;
    return () => {
      done ??= { result: this.#asOf(time, at, action) };
      return done.result;
    };
  }

  #asOf<Result>(time: number, at: Position | null, action: () => Result): Result {
    const now = { path: this.path, at: this.at };
    [this.path, this.at] = [TRUE, at];
    try {
      return this.variables.at(time, action);
    } finally {
      [this.path, this.at] = [now.path, now.at];
    }
  }

  /** What is assigned at once. */
  #immediate(text: Template, isCommand: boolean): Value | (() => Value) {
    if (text.isLiteral && !isCommand) return text.raw;
    const expand = (): Value =>
      this.#safely(
        () => (isCommand ? this.shell(this.expand(text)) : this.expand(text)),
        () => UNKNOWN,
      );
    if (!this.isDeferrable([text])) return expand();
    return this.withoutPrograms(expand) ?? this.deferred(expand);
  }

  /** Whether texts may wait for somebody who needs them: `$(eval)` in them, or in what they refer to, may not. */
  protected isDeferrable(texts: readonly Template[]): boolean {
    if (this.demand?.mayRun !== true) return false;
    const queue = texts.map(({ raw }) => raw);
    const seen = new Set<string>();
    for (let text = queue.pop(); text !== undefined; text = queue.pop()) {
      if (CALLS_EVAL.test(text)) return false;
      if (this.variables.callEval) queue.push(...this.#lateTexts(text, seen));
    }
    return true;
  }

  /** The unexpanded texts of all variables whose names are in a text. */
  #lateTexts(text: string, seen: Set<string>): string[] {
    const found: string[] = [];
    for (const [name] of text.matchAll(/[^\s$(){},:=]+/g)) {
      if (seen.has(name)) continue;
      seen.add(name);
      for (const { value } of this.variables.get(name)?.parts ?? [])
        if (value instanceof Template) found.push(value.raw);
    }
    return found;
  }
}

/** The text of a part in which nothing has to be expanded; null for any other. */
function plainText({ value }: VariablePart): string | null {
  if (typeof value === 'string') return value;
  return value instanceof Template && value.isLiteral ? value.raw : null;
}

function isSymbolReference(part: TemplatePart | undefined): part is { kind: 'variable'; name: Template } {
  return (
    typeof part === 'object' && part.kind === 'variable' && part.name.isLiteral && part.name.raw.startsWith('CONFIG_')
  );
}
