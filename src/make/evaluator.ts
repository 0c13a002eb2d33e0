/**
 * Runs makefile statements. Without a configuration every `CONFIG_` variable is open, and what depends on one holds
 * under a condition; with a configuration all conditions are constants and the same code is plain make.
 */

import { type Condition, type ConfigLookup, FALSE, TRUE } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import { Budget } from '../diagnostics/budget.ts';
import { type Diagnostic, InputError, type Position } from '../diagnostics/diagnostic.ts';
import { equalValues } from './equality.ts';
import { callFunction } from './functions.ts';

import { LIST_ENDS, type ListEnd, ListRecord, listEnd } from './list-family.ts';
import type { ListedWords } from './listed-words.ts';
import {
  isCompilerFlags,
  type MakeBranch,
  type MakeStatement,
  type MakeTest,
  parseMakefile,
  type WordsStatement,
} from './parser.ts';
import { expandRule, type MakeRule, type RuleStatement } from './rules.ts';
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

/** What the evaluator needs of the tree; paths are relative to the tree's root. */
export interface MakeFiles {
  /** The parsed file, which is kept; null where there is none. */
  parse(path: string): readonly MakeStatement[] | null;
  /** The same of a file that hardly anybody asks for again: it is not kept. */
  parseOnce(path: string): readonly MakeStatement[] | null;
  exists(path: string): boolean;
  /** Names in a directory, sorted; null where it is none. */
  list(path: string): readonly string[] | null;
  /** The text of a file, null where there is none. */
  read(path: string): string | null;
  /** The tree's root as `$(abspath .)` would name it. */
  readonly root: string;
}

/** Answers a `$(shell …)`: its output, or undefined to leave it unanswered (it then expands to nothing). */
export type MakeShell = (command: string, at: Position | null) => string | undefined;

/** A piece of a variable: what one statement put into it. */
interface VariablePart {
  readonly when: Condition;
  readonly value: Value | Template;
  readonly at: Position | null;
}

interface Variable {
  /** Where it is a simply expanded one: what is added to it is expanded at once. */
  simple: Condition;
  parts: VariablePart[];
  /** Bound by `foreach`, `call` or `let`. */
  isAutomatic?: boolean;
}

export interface EvaluatorOptions {
  readonly table: ConditionTable;
  readonly files: MakeFiles;
  /** Null: all symbols are open. */
  readonly config: ConfigLookup | null;
  readonly shell?: MakeShell | undefined;
  /** Symbols whose values stand open in texts, by number; shared by all evaluators of a tree. */
  readonly holes: string[];
  /** Variables to start with; they are not changed. */
  readonly base?: MakeEvaluator | undefined;
}

/** The first of the chars that stand for the values of symbols. */
export const HOLE_BASE = 0xe000;
/** Files and variables inside one another. */
const MAX_DEPTH = 200;
/** Chars that one directory may expand to (the kernel: 0.2 million), and what else counts as some of them. */
const MAX_EXPANDED_CHARS = 32 * 1024 * 1024;
const CHARS_PER_EXPANSION = 16;
const CHARS_PER_STATEMENT = 100;

/** One run of make: variables, the current path condition, and what was noticed on the way. */
export class MakeEvaluator {
  readonly table: ConditionTable;
  readonly values: Values;
  readonly files: MakeFiles;
  /** Findings: `$(error)` and `$(warning)` that were reached, files that could not be included. */
  readonly diagnostics: Diagnostic[] = [];
  /** `$(shell …)` calls that were left unanswered. */
  readonly unanswered: { readonly command: string; readonly at: Position | null }[] = [];
  readonly exported = new Set<string>();
  /** Rules read so far; null where nobody asks for them. */
  rules: MakeRule[] | null = null;
  readonly #pinned = new Set<string>();
  readonly #variables = new Map<string, Variable>();
  /** By stem: the lists that are not variables yet, or how statements that add to them are taken. */
  readonly #families = new Map<string, ListRecord[] | 'variables' | 'dropped'>();
  /** Stems (without their dash) that may have lists: what `foo` in `foo.o` is a composite by. */
  readonly #stems = new Set<string>();
  /** Symbols whose variables are set like any other. */
  readonly #setSymbols = new Set<string>();
  readonly #base: MakeEvaluator | undefined;
  readonly #config: ConfigLookup | null;
  readonly #shell: MakeShell | undefined;
  readonly #holes: string[];
  readonly #symbolic: Map<string, Value>;
  #path: Condition = TRUE;
  #at: Position | null = null;
  #depth = 0;
  #unknowns = 0;
  readonly #budget = new Budget(MAX_EXPANDED_CHARS, () => this.#refusal('kbuild-too-large', MAX_EXPANDED_CHARS));

  constructor(options: EvaluatorOptions) {
    this.table = options.table;
    this.files = options.files;
    this.values = options.base?.values ?? new Values(options.table);
    this.#symbolic = options.base === undefined ? new Map() : options.base.#symbolic;
    this.#config = options.config;
    this.#shell = options.shell;
    this.#holes = options.holes;
    this.#base = options.base;
  }

  #inherited(name: string): Variable | undefined {
    return this.#base === undefined ? undefined : this.#base.#lookup(name);
  }

  /** A variable of this evaluator or of the one it starts from. */
  #lookup(name: string): Variable | undefined {
    this.#settle(name);
    return this.#variables.get(name) ?? this.#inherited(name);
  }

  /** Where the evaluation stands. */
  get at(): Position | null {
    return this.#at;
  }

  /** Whether symbols are open. */
  get isSymbolic(): boolean {
    return this.#config === null;
  }

  /** Sets a variable as the command line or the environment would. */
  define(name: string, value: Value): void {
    this.#settle(name);
    this.#bind(name, { simple: TRUE, parts: [{ when: TRUE, value, at: null }] });
  }

  #bind(name: string, variable: Variable): void {
    this.#variables.set(name, variable);
    if (name.startsWith('CONFIG_')) this.#setSymbols.add(name.slice(7));
    const end = listEnd(name);
    if (end !== null) this.#stems.add(name.slice(0, -1 - end.length));
    else if (name.endsWith('-objs')) this.#stems.add(name.slice(0, -5));
  }

  /** Sets a variable as make's command line does: assignments in files don't change it. */
  pin(name: string, value: Value): void {
    this.define(name, value);
    this.#pinned.add(name);
  }

  /** Runs a file of the tree that other files may include too. @returns false where there is no such file */
  runFile(path: string): boolean {
    return this.#runParsed(this.files.parse(path));
  }

  /** Runs a directory's own file. @returns false where there is no such file */
  runOwnFile(path: string): boolean {
    return this.#runParsed(this.files.parseOnce(path));
  }

  #runParsed(statements: readonly MakeStatement[] | null): boolean {
    if (statements === null) return false;
    this.run(statements);
    return true;
  }

  /** Runs statements under the current path condition. */
  run(statements: readonly MakeStatement[]): void {
    if (this.#depth > MAX_DEPTH) throw this.#refusal('kbuild-too-deep', MAX_DEPTH);
    this.#budget.spend(statements.length * CHARS_PER_STATEMENT);
    this.#depth++;
    for (const statement of statements) {
      if (this.#path === FALSE) break;
      this.#at = statement.at;
      this.#statement(statement);
    }
    this.#depth--;
  }

  /** Runs an action with one more condition on the path. */
  under<T>(when: Condition, action: () => T): T {
    const path = this.#path;
    this.#path = this.table.and(path, when);
    try {
      return action();
    } finally {
      this.#path = path;
    }
  }

  #statement(statement: MakeStatement): void {
    switch (statement.kind) {
      case 'words':
        this.#words(statement);
        break;
      case 'assign':
        this.#assignment(statement);
        break;
      case 'conditional':
        this.#conditional(statement.branches);
        break;
      case 'include':
        this.#include(statement.files, statement.optional);
        break;
      case 'export':
        for (const word of this.#safeWords(() => this.expand(statement.names))) this.exported.add(word.text);
        break;
      case 'undefine':
        for (const word of this.#safeWords(() => this.expand(statement.names))) this.#undefine(word.text);
        break;
      case 'expand':
        this.#expandStatement(statement.text);
        break;
      case 'rule':
        this.#rule(statement);
        break;
    }
  }

  /** Which file is made from which does not change the lists, but tells which objects are compiled. */
  #rule(statement: RuleStatement): void {
    if (this.rules === null) return;
    const words = (template: Template): readonly Piece[] => this.#ruleWords(template);
    const bind = <Result>(target: string, action: () => Result): Result => this.withVariables([['@', target]], action);
    this.rules.push(...expandRule(statement, this.#path, { table: this.table, words, bind }));
  }

  #ruleWords(template: Template): readonly Piece[] {
    try {
      return this.values.words(this.expand(template));
    } catch (error) {
      if (error instanceof TooManyAlternatives) return [];
      throw error;
    }
  }

  #assignment(statement: MakeStatement & { kind: 'assign' }): void {
    const { name, operator, value } = statement;
    if (name.isLiteral) {
      if (statement.exported) this.exported.add(name.raw);
      this.#assign(name.raw, operator, value);
      return;
    }
    for (const { when, text } of this.#nameAlternatives(name)) {
      const path = this.#path;
      this.#path = this.table.and(path, when);
      if (this.#path !== FALSE) {
        if (statement.exported) this.exported.add(text);
        this.#assign(text, operator, value);
      }
      this.#path = path;
    }
  }

  #words(statement: WordsStatement): void {
    const { name, symbol, operator, text } = statement;
    if (symbol === null) {
      if (!this.isSymbolic || listEnd(name) === null || !this.#addToList(statement)) this.#assign(name, operator, text);
    } else if (!this.isSymbolic || this.#isSet(symbol) || !this.#addToLists(statement, symbol)) {
      this.#assignWords(this.#symbolNames(name, symbol), statement);
    }
  }

  #assignWords(names: readonly Alternative[], { operator, text }: WordsStatement): void {
    const path = this.#path;
    for (const name of names) {
      this.#path = this.table.and(path, name.when);
      if (this.#path !== FALSE) this.#assign(name.text, operator, text);
    }
    this.#path = path;
  }

  /** Adds to `foo-y` or `foo-m`. @returns false where the list is a variable like any other */
  #addToList(statement: WordsStatement): boolean {
    const end = listEnd(statement.name)!;
    const stem = statement.name.slice(0, statement.name.length - end.length);
    const family = this.#family(stem);
    if (typeof family === 'string' || end === '') return family === 'dropped';
    const isFirst = (): boolean => family.every((record) => record.when(end, this.table) === FALSE);
    if (statement.operator !== '+=' && !isFirst()) return false;
    family.push(new ListRecord(statement, this.#path, this.table, null));
    return true;
  }

  /** Adds to all lists of a stem. @returns false where they are variables like any other */
  #addToLists(statement: WordsStatement, symbol: string): boolean {
    const family = this.#family(statement.name);
    if (family === 'variables') return false;
    // Asked for what is dropped too: the order in which symbols are met is the order of a condition's operands.
    const usual = this.table.usual(symbol);
    if (family === 'dropped') return true;
    if (statement.operator !== '+=' && family.length > 0) return false;
    family.push(new ListRecord(statement, this.#path, this.table, usual));
    return true;
  }

  #family(stem: string): ListRecord[] | 'variables' | 'dropped' {
    let family = this.#families.get(stem);
    if (family === undefined) {
      family = this.#openFamily(stem);
      this.#families.set(stem, family);
    }
    return family;
  }

  #openFamily(stem: string): ListRecord[] | 'variables' | 'dropped' {
    if (!stem.endsWith('-')) return 'variables';
    // What makes `foo-` hold flags makes `foo-y` and `foo-m` do so.
    if (isCompilerFlags(stem)) return 'dropped';
    const stemName = stem.slice(0, -1);
    if (this.mayBeComposite(stemName)) {
      for (const end of LIST_ENDS) {
        if (this.#isPinned(stem + end) || this.#variables.has(stem + end)) return 'variables';
        if (this.#inherited(stem + end)?.parts.some(({ value }) => value !== '')) return 'variables';
      }
    }
    this.#stems.add(stemName);
    return [];
  }

  /** Makes variables of a stem's lists where this is the name of one: somebody asks for it, or changes it otherwise. */
  #settle(name: string): void {
    if (this.#families.size === 0) return;
    const end = listEnd(name);
    if (end === null) return;
    const stem = name.slice(0, name.length - end.length);
    const family = this.#families.get(stem);
    if (family === undefined || typeof family === 'string') return;
    this.#families.set(stem, 'variables');
    const [path, at] = [this.#path, this.#at];
    for (const { statement, path: when } of family) {
      const { name: written, symbol } = statement;
      this.#path = when;
      this.#at = statement.at;
      this.#assignWords(symbol === null ? [{ when: TRUE, text: written }] : this.#suffixed(written, symbol), statement);
    }
    [this.#path, this.#at] = [path, at];
  }

  /** Whether the variable of a symbol is set like any other. */
  #isSet(symbol: string): boolean {
    if (this.#setSymbols.has(symbol)) return this.#lookup(`CONFIG_${symbol}`) !== undefined;
    return this.#base === undefined ? false : this.#base.#isSet(symbol);
  }

  #undefine(name: string): void {
    if (this.#isPinned(name)) return;
    const variable = this.#own(name);
    variable.parts = this.#without(variable.parts, this.#path);
    variable.simple = this.#outside(variable.simple, this.#path);
  }

  #isPinned(name: string): boolean {
    if (this.#pinned.has(name)) return true;
    return this.#base === undefined ? false : this.#base.#isPinned(name);
  }

  #assign(name: string, operator: string, template: Template | string): void {
    if (isCompilerFlags(name) || this.#isPinned(name)) return;
    const when = this.#path;
    const variable = this.#own(name);
    if (operator === '+=') {
      this.#append(variable, template, when);
      return;
    }
    if (operator === '?=') {
      const defined = this.table.any(variable.parts.map((part) => part.when));
      const free = this.#outside(when, defined);
      variable.simple = this.#outside(variable.simple, free);
      if (free !== FALSE) variable.parts.push({ when: free, value: template, at: this.#at });
      return;
    }
    const isLate = operator === '=';
    const value = isLate ? template : this.#immediate(template, operator === '!=');
    variable.parts = when === TRUE ? [] : this.#without(variable.parts, when);
    variable.simple = isLate ? this.#outside(variable.simple, when) : this.table.any([variable.simple, when]);
    variable.parts.push({ when, value, at: this.#at });
  }

  /** Adds to a variable: at once what it is where the variable is simple, elsewhere what it will be. */
  #append(variable: Variable, template: Template | string, when: Condition): void {
    const atOnce = typeof template === 'string' ? FALSE : this.table.and(when, variable.simple);
    if (atOnce !== FALSE) {
      const value = this.#immediate(template, false);
      variable.parts.push({ when: atOnce, value, at: this.#at });
    }
    const late = this.#outside(when, atOnce);
    if (late !== FALSE) variable.parts.push({ when: late, value: template, at: this.#at });
  }

  #outside(when: Condition, other: Condition): Condition {
    return when === FALSE || other === FALSE ? when : this.table.and(when, this.table.not(other));
  }

  /** The variable to change: what comes from the base is copied first. */
  #own(name: string): Variable {
    this.#settle(name);
    let variable = this.#variables.get(name);
    if (variable !== undefined) return variable;
    const inherited = this.#inherited(name);
    const parts: VariablePart[] = [...(inherited?.parts ?? [])];
    if (inherited === undefined && name.startsWith('CONFIG_')) {
      parts.push({ when: TRUE, value: this.#symbolValue(name.slice(7)), at: null });
    }
    variable = { simple: inherited?.simple ?? FALSE, parts };
    this.#bind(name, variable);
    return variable;
  }

  #without(parts: readonly VariablePart[], when: Condition): VariablePart[] {
    const other = this.table.not(when);
    return parts.flatMap((part) => {
      const both = this.table.and(part.when, other);
      return both === FALSE ? [] : [{ when: both, value: part.value, at: part.at }];
    });
  }

  #immediate(template: Template | string, isCommand: boolean): Value {
    if (typeof template === 'string') return template;
    try {
      const value = this.expand(template);
      return isCommand ? this.shell(value) : value;
    } catch (error) {
      if (error instanceof TooManyAlternatives) return UNKNOWN;
      throw error;
    }
  }

  #conditional(branches: readonly MakeBranch[]): void {
    const path = this.#path;
    let open: Condition = path;
    for (const branch of branches) {
      this.#at = branch.at;
      this.#path = open;
      const holds = branch.test === null ? TRUE : this.#test(branch.test);
      const taken = this.table.and(open, holds);
      if (taken !== FALSE) {
        this.#path = taken;
        this.run(branch.body);
      }
      open = this.table.and(open, this.table.not(holds));
      if (open === FALSE) break;
    }
    this.#path = path;
  }

  #test(test: MakeTest): Condition {
    const holds = test.kind === 'defined' ? this.#testDefined(test.name) : this.#testEqual(test.left, test.right);
    return test.negated ? this.table.not(holds) : holds;
  }

  #testDefined(name: Template): Condition {
    const found = this.#nameAlternatives(name).map(({ when, text }) =>
      this.table.and(when, this.#isDefined(text.trim())),
    );
    return this.table.any(found);
  }

  /** As `ifdef` sees it: the unexpanded text is not empty. */
  #isDefined(name: string): Condition {
    const variable = this.#lookup(name);
    if (variable === undefined) {
      return name.startsWith('CONFIG_') ? this.values.nonEmpty(this.#symbolValue(name.slice(7))) : FALSE;
    }
    const parts = variable.parts.map((part) => {
      const filled =
        part.value instanceof Template ? (part.value.raw === '' ? FALSE : TRUE) : this.values.nonEmpty(part.value);
      return this.table.and(part.when, filled);
    });
    return this.table.any(parts);
  }

  #testEqual(leftTemplate: Template, rightTemplate: Template): Condition {
    try {
      return this.equal(this.expand(leftTemplate), this.expand(rightTemplate));
    } catch (error) {
      if (error instanceof TooManyAlternatives) return this.unknown();
      throw error;
    }
  }

  /** When two values are the same text. @throws TooManyAlternatives */
  equal(left: Value, right: Value): Condition {
    const { table, values } = this;
    return equalValues(left, right, {
      table,
      values,
      symbolOf: (hole) => this.#holes[hole.charCodeAt(0) - HOLE_BASE]!,
      unknown: () => this.unknown(),
    });
  }

  /** A condition of its own that no configuration decides. */
  unknown(): Condition {
    return this.table.is(`?${this.#at?.file ?? ''}:${this.#at?.line ?? 0}:${this.#unknowns++}`, 'y');
  }

  #include(template: Template, optional: boolean): void {
    const at = this.#at;
    for (const word of this.#safeWords(() => this.expand(template))) {
      if (hasHole(word.text)) continue;
      this.under(word.when, () => {
        if (this.#path === FALSE || this.runFile(word.text) || optional) return;
        // The build makes these; they hold values that are known otherwise.
        if (/(^|\/)include\/(config|generated)\//.test(word.text)) return;
        this.#note('kbuild-include-missing', at, { file: word.text });
      });
    }
    this.#at = at;
  }

  #note(code: string, at: Position | null, args: Record<string, string | number>): void {
    this.diagnostics.push({ code, severity: 'warning', ...(at === null ? {} : { at }), args });
  }

  /** A line that is neither assignment nor rule until it is expanded, such as `$(eval …)` or `$(call …)`. */
  #expandStatement(template: Template): void {
    let alternatives: readonly Alternative[];
    try {
      alternatives = this.values.alternatives(this.expand(template));
    } catch (error) {
      if (error instanceof TooManyAlternatives) return;
      throw error;
    }
    for (const { when, text } of alternatives) {
      if (text.trim() !== '' && text.includes(':')) this.under(when, () => this.evalText(text));
    }
  }

  /** Runs text as `$(eval)` does. */
  evalText(text: string): void {
    const at = this.#at;
    if (this.#path !== FALSE) this.run(parseMakefile(text, at?.file ?? '(eval)', at?.line ?? 1));
    this.#at = at;
  }

  /** Expands a template. @throws TooManyAlternatives */
  expand(template: Template): Value {
    if (template.isLiteral) return template.raw;
    if (this.#depth > MAX_DEPTH) throw this.#refusal('kbuild-too-deep', MAX_DEPTH);
    const value = this.#expandParts(template.parts);
    const size = typeof value === 'string' ? value.length : value.pieces.length * CHARS_PER_EXPANSION;
    this.#budget.spend(size + CHARS_PER_EXPANSION);
    return value;
  }

  #expandParts(parts: readonly TemplatePart[]): Value {
    this.#depth++;
    try {
      if (parts.length === 1) return this.#expandPart(parts[0]!);
      return this.values.concat(parts.map((part) => this.#expandPart(part)));
    } finally {
      this.#depth--;
    }
  }

  #refusal(code: string, limit: number): InputError {
    return new InputError({ code, ...(this.#at === null ? {} : { at: this.#at }), args: { limit } });
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
    const variable = this.#lookup(name);
    if (variable === undefined) return name.startsWith('CONFIG_') ? this.#symbolValue(name.slice(7)) : '';
    const { parts } = variable;
    if (parts.length === 1) {
      const only = parts[0]!;
      const value = this.#partValue(only);
      return only.when === TRUE ? value : this.values.guard(value, only.when);
    }
    if (!this.isSymbolic) return this.#joined(parts);
    const words: Piece[] = [];
    for (const part of parts) {
      if (this.table.and(this.#path, part.when) === FALSE) continue;
      const own = this.values.words(this.#partValue(part), part.at);
      for (const piece of this.values.guardPieces(own, part.when)) words.push(piece);
    }
    return this.values.list(words);
  }

  /** What `+=` makes of texts that are all there: blanks between them stay as make has them. */
  #joined(parts: readonly VariablePart[]): Value {
    const filled = parts.filter(({ value }) => (value instanceof Template ? value.raw : value) !== '');
    return this.values.concat(
      filled.flatMap((part, i) => (i === 0 ? [this.#partValue(part)] : [' ', this.#partValue(part)])),
    );
  }

  /** The expanded value of a variable, unknown where it has too many forms. */
  safeVariable(name: string): Value {
    try {
      return this.variable(name);
    } catch (error) {
      if (error instanceof TooManyAlternatives) return UNKNOWN;
      throw error;
    }
  }

  /** The words of a variable, each with the statement that put it there; unknown ones are marked. */
  variableWords(name: string): readonly Piece[] {
    const variable = this.#lookup(name);
    if (variable === undefined) return [];
    const words: Piece[] = [];
    for (const part of variable.parts) {
      const { when, at } = part;
      this.#at = at;
      const text = plainText(part.value);
      if (text !== null) {
        if (when !== FALSE) for (const word of splitWords(text)) words.push({ when, text: word, at });
        continue;
      }
      const own = this.#safeWords(() => this.#partValue(part), at);
      for (const piece of this.values.guardPieces(own, when)) words.push(piece);
    }
    return words;
  }

  /** Whether a list of members may be there under a name: `foo-objs`, `foo-y` or the like for `foo`. */
  mayBeComposite(stem: string): boolean {
    return this.#stems.has(stem) || (this.#base?.mayBeComposite(stem) ?? false);
  }

  /**
   * Adds the words of `foo-y`, `foo-m` or `foo-` to others.
   * @param stem `foo-`
   * @param directory in which the words are files
   */
  addListWords(stem: string, end: ListEnd, directory: string, to: ListedWords): void {
    const family = this.#families.get(stem);
    if (family === undefined || typeof family === 'string') {
      to.addPieces(this.variableWords(stem + end), directory);
      return;
    }
    for (let i = 0; i < family.length; i++) {
      const record = family[i]!;
      const when = record.when(end, this.table);
      if (when !== FALSE) to.addPlain(record.words, record.pathsIn(directory), when, record.statement.at);
    }
  }

  /** The unexpanded text of a variable, for `$(value)`. */
  rawVariable(name: string): Value {
    const parts = this.#lookup(name)?.parts ?? [];
    const raw = parts.map(({ value }) => (value instanceof Template ? value.raw : value)).filter((text) => text !== '');
    const isPlain = raw.every((text) => typeof text === 'string') && (!this.isSymbolic || parts.length === 1);
    return isPlain ? raw.join(' ') : this.variable(name);
  }

  /** Where a variable comes from, for `$(origin)`; and its flavor. */
  describe(name: string): { readonly origin: string; readonly flavor: string } {
    const variable = this.#lookup(name);
    if (variable === undefined || variable.parts.length === 0) return { origin: 'undefined', flavor: 'undefined' };
    return {
      origin: variable.isAutomatic ? 'automatic' : 'file',
      flavor: variable.simple === FALSE ? 'recursive' : 'simple',
    };
  }

  /** Binds variables while an action runs, as `$(foreach)` and `$(call)` do. */
  withVariables<T>(bindings: readonly (readonly [string, Value])[], action: () => T): T {
    const saved = bindings.map(([name]) => {
      this.#settle(name);
      return [name, this.#variables.get(name)] as const;
    });
    for (const [name, value] of bindings) {
      this.#bind(name, { simple: TRUE, parts: [{ when: TRUE, value, at: null }], isAutomatic: true });
    }
    try {
      return action();
    } finally {
      for (const [name, variable] of saved) {
        if (variable === undefined) this.#variables.delete(name);
        else this.#variables.set(name, variable);
      }
    }
  }

  /** Answers a shell command by the callback; nothing where it does not answer. */
  shell(command: Value): Value {
    return this.values.concat(
      this.values.alternatives(command).map(({ when, text }) => {
        const answer = hasHole(text) ? undefined : this.#shell?.(text, this.#at);
        if (answer === undefined) this.unanswered.push({ command: text, at: this.#at });
        return this.values.guard((answer ?? '').replace(/\n+$/, '').replaceAll('\n', ' '), when);
      }),
    );
  }

  /** Whether a callback answers shell commands. */
  get hasShell(): boolean {
    return this.#shell !== undefined;
  }

  /** Notes an unanswered command without expanding it. */
  skipShell(command: Template): void {
    this.unanswered.push({ command: command.raw, at: this.#at });
  }

  /** Notes `$(error)` or `$(warning)`. */
  message(kind: string, text: Value): void {
    if (this.isSymbolic && this.#path !== TRUE) return;
    this.#note(kind === 'error' ? 'kbuild-error' : 'kbuild-warning', this.#at, {
      text: typeof text === 'string' ? text : '',
    });
  }

  #partValue(part: VariablePart): Value {
    if (!(part.value instanceof Template)) return part.value;
    if (part.value.isLiteral) return part.value.raw;
    if (this.#depth > MAX_DEPTH) throw this.#refusal('kbuild-too-deep', MAX_DEPTH);
    this.#depth++;
    try {
      return this.expand(part.value);
    } finally {
      this.#depth--;
    }
  }

  /** The words of what `expand` returns; an unknown one where they have too many forms. */
  #safeWords(expand: () => Value, at: Position | null = this.#at): readonly Piece[] {
    try {
      return this.values.words(expand(), at);
    } catch (error) {
      if (error instanceof TooManyAlternatives) return [{ when: TRUE, text: UNKNOWN, at }];
      throw error;
    }
  }

  /** The names a computed name can have; other values of a symbol than y and m count as none. */
  #nameAlternatives(name: Template): readonly Alternative[] {
    if (name.isLiteral) return [{ when: TRUE, text: name.raw }];
    const last = name.parts.at(-1);
    if (name.parts.length === 2 && typeof name.parts[0] === 'string' && isSymbolReference(last)) {
      return this.#symbolNames(name.parts[0], last.name.raw.slice(7));
    }
    return this.#knownNames(() => this.expand(name));
  }

  /** `prefix-$(CONFIG_X)`, by far the most frequent computed name. */
  #symbolNames(prefix: string, symbol: string): readonly Alternative[] {
    if (this.isSymbolic && !this.#isSet(symbol)) return this.#suffixed(prefix, symbol);
    return this.#knownNames(() => this.values.concat([prefix, this.variable(`CONFIG_${symbol}`)]));
  }

  #knownNames(expand: () => Value): readonly Alternative[] {
    try {
      return this.values.alternatives(expand()).filter((alternative) => !hasHole(alternative.text));
    } catch (error) {
      if (error instanceof TooManyAlternatives) return [];
      throw error;
    }
  }

  #suffixed(prefix: string, symbol: string): readonly Alternative[] {
    const { isYes, isModule, isNeither } = this.table.usual(symbol);
    const found: Alternative[] = [];
    if (isYes !== FALSE) found.push({ when: isYes, text: `${prefix}y` });
    if (isModule !== FALSE) found.push({ when: isModule, text: `${prefix}m` });
    if (isNeither !== FALSE) found.push({ when: isNeither, text: prefix });
    return found;
  }

  /** A symbol's value: what the configuration says, or y, m and an open place. */
  #symbolValue(symbol: string): Value {
    if (this.#config !== null) return this.#config(symbol) ?? '';
    let value = this.#symbolic.get(symbol);
    if (value === undefined) {
      const { isYes, isModule, isOther } = this.table.usual(symbol);
      const pieces: Piece[] = [];
      if (isYes !== FALSE) pieces.push({ when: isYes, text: 'y', at: null });
      if (isModule !== FALSE) pieces.push({ when: isModule, text: 'm', at: null });
      if (isOther !== FALSE) pieces.push({ when: isOther, text: this.#hole(symbol), at: null });
      value = pieces.length === 0 ? '' : { kind: 'text', pieces };
      this.#symbolic.set(symbol, value);
    }
    return value;
  }

  /** The char that stands for a symbol's value. */
  #hole(symbol: string): string {
    let index = this.#holes.indexOf(symbol);
    if (index < 0) index = this.#holes.push(symbol) - 1;
    return String.fromCharCode(HOLE_BASE + index);
  }
}

/** The text of a value in which nothing has to be expanded; null for any other. */
function plainText(value: Value | Template): string | null {
  if (typeof value === 'string') return value;
  return value instanceof Template && value.isLiteral ? value.raw : null;
}

const STEM: Piece = { when: TRUE, text: '%', at: null };

function isSymbolReference(part: TemplatePart | undefined): part is { kind: 'variable'; name: Template } {
  return (
    typeof part === 'object' && part.kind === 'variable' && part.name.isLiteral && part.name.raw.startsWith('CONFIG_')
  );
}
