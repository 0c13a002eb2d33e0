/**
 * The variables of a run of make: their texts, under which conditions, and who set them. Lists to which words alone
 * are added (`obj-$(CONFIG_X) += a.o`) are records until somebody asks for the variable.
 */
import { type Condition, FALSE, TRUE } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import type { Position } from '../diagnostics/diagnostic.ts';
import { LIST_ENDS, ListRecord, listEnd } from './list-family.ts';
import { type AssignOperator, isCompilerFlags, type WordsStatement } from './parser.ts';
import type { SymbolValues } from './symbols.ts';
import { Template } from './template.ts';
import type { Alternative, Value } from './values.ts';

/** A text that calls `$(eval)`. */
export const CALLS_EVAL = /\$[({]eval\s/;

/** Who set a variable, as `$(origin)` names it. */
export type Origin = 'default' | 'environment' | 'file' | 'command line' | 'override' | 'automatic';

/** What one statement put into a variable. */
export interface VariablePart {
  readonly when: Condition;
  /** A function where a program has to run for it. */
  readonly value: Value | Template | (() => Value);
  readonly at: Position | null;
  readonly origin: Origin;
}

export interface Variable {
  /** Where it is a simply expanded one: what is added to it is expanded at once. */
  simple: Condition;
  parts: VariablePart[];
  /** The first snapshot that sees it; an earlier one sees `before`. */
  readonly time: number;
  readonly before: Variable | undefined;
}

/** An assignment as it is reached. */
export interface Assignment {
  readonly operator: AssignOperator;
  readonly when: Condition;
  readonly at: Position | null;
  readonly origin: Origin;
}

export interface VariablesOptions {
  readonly table: ConditionTable;
  readonly symbols: SymbolValues;
  /** Whether variables with flags are there (`isCompilerFlags`). */
  readonly keepsFlags: boolean;
  /** Variables to start with; they are not changed. */
  readonly base: Variables | undefined;
  /** Expands what is assigned at once. */
  readonly expand: (text: Template, isCommand: boolean) => Value | (() => Value);
  /** Counts what is copied. @throws InputError where it is too much */
  readonly spend: (parts: number) => void;
}

/** What statements that add to the lists of a stem do: they are recorded, assign variables, or are dropped. */
type Family = ListRecord[] | 'variables' | 'dropped';

/** Variables by name. */
export class Variables {
  /** Names that were asked for, or set by other than the environment; null where nobody wants to know. */
  asked: Set<string> | null = null;
  /** Whether the texts of variables may call `$(eval)`. */
  callEval = false;
  readonly #options: VariablesOptions;
  readonly #table: ConditionTable;
  readonly #base: Variables | undefined;
  readonly #variables = new Map<string, Variable>();
  /** Names of variables that the command line or `override` has set. */
  readonly #shielded = new Set<string>();
  readonly #families = new Map<string, Family>();
  /** Stems (without their dash) that may have lists: what `foo` in `foo.o` is a composite by. */
  readonly #stems = new Set<string>();
  /** Symbols whose variables are set like any other. */
  readonly #setSymbols = new Set<string>();
  /** The number of the next snapshot. */
  #time = 0;
  /** The snapshot that is read. */
  #reading = Number.POSITIVE_INFINITY;

  constructor(options: VariablesOptions) {
    this.#options = options;
    this.#table = options.table;
    this.#base = options.base;
  }

  /** A variable of this run or of the one it starts from. */
  get(name: string): Variable | undefined {
    this.asked?.add(name);
    this.#settle(name);
    let variable = this.#variables.get(name);
    while (variable !== undefined && variable.time > this.#reading) variable = variable.before;
    return variable ?? this.#base?.get(name);
  }

  /** Makes a variable what it was given from outside. Assignments in files don't change what the command line gave. */
  define(name: string, value: Value | Template, origin: Origin): void {
    if (origin !== 'environment') this.asked?.add(name);
    this.#settle(name);
    const simple = value instanceof Template ? FALSE : TRUE;
    this.#bind(name, simple, [{ when: TRUE, value, at: null, origin }]);
    if (origin === 'command line') this.#shielded.add(name);
  }

  /** Assigns a text. */
  assign(name: string, text: Template | string, { operator, when: reached, at, origin }: Assignment): void {
    if (!this.#options.keepsFlags && isCompilerFlags(name)) return;
    this.asked?.add(name);
    const when = this.#unshielded(name, reached, origin);
    if (when === FALSE) return;
    if (origin === 'override') this.#shielded.add(name);
    if (text instanceof Template && CALLS_EVAL.test(text.raw)) this.callEval = true;
    if (operator === '+=') {
      this.#append(name, text, when, at, origin);
      return;
    }
    if (operator === '?=') {
      const variable = this.#own(name);
      const defined = this.#table.any(variable.parts.map((part) => part.when));
      const free = this.#outside(when, defined);
      variable.simple = this.#outside(variable.simple, free);
      if (free !== FALSE) variable.parts.push({ when: free, value: text, at, origin });
      return;
    }
    const isLate = operator === '=';
    // Before the variable is changed: the text may refer to it.
    const value = isLate ? text : this.#expanded(text, operator === '!=');
    const variable = this.#own(name);
    variable.parts = when === TRUE ? [] : this.#without(variable.parts, when);
    variable.simple = isLate ? this.#outside(variable.simple, when) : this.#table.any([variable.simple, when]);
    variable.parts.push({ when, value, at, origin });
  }

  /** Adds to a variable: at once what it is where the variable is simple, elsewhere what it will be. */
  #append(name: string, text: Template | string, when: Condition, at: Position | null, origin: Origin): void {
    const atOnce = typeof text === 'string' ? FALSE : this.#table.and(when, this.get(name)?.simple ?? FALSE);
    const late = this.#outside(when, atOnce);
    const value = atOnce === FALSE ? '' : this.#expanded(text, false);
    const { parts } = this.#own(name);
    if (atOnce !== FALSE) parts.push({ when: atOnce, value, at, origin });
    if (late !== FALSE) parts.push({ when: late, value: text, at, origin });
  }

  /** Makes a variable undefined. */
  undefine(name: string, reached: Condition, origin: Origin): void {
    const when = this.#unshielded(name, reached, origin);
    if (when === FALSE) return;
    const variable = this.#own(name);
    variable.parts = this.#without(variable.parts, when);
    variable.simple = this.#outside(variable.simple, when);
  }

  /** Binds variables while an action runs, as `$(foreach)` and `$(call)` do. */
  withBound<Result>(bindings: readonly (readonly [string, Value])[], action: () => Result): Result {
    const saved = bindings.map(([name]) => {
      this.#settle(name);
      return [name, this.#variables.get(name)] as const;
    });
    const time = this.#time;
    for (const [name, value] of bindings) {
      this.#bind(name, TRUE, [{ when: TRUE, value, at: null, origin: 'automatic' }]);
    }
    try {
      return action();
    } finally {
      for (const [name, variable] of saved) {
        // A snapshot that was taken meanwhile has to see what was bound.
        if (time !== this.#time) this.#bind(name, variable?.simple ?? FALSE, [...(variable?.parts ?? [])]);
        else if (variable === undefined) this.#variables.delete(name);
        else this.#variables.set(name, variable);
      }
    }
  }

  /** Remembers the variables as they are. @returns a number for `at` */
  snapshot(): number {
    return this.#time++;
  }

  /** Does something with the variables as they were. */
  at<Result>(snapshot: number, action: () => Result): Result {
    const reading = this.#reading;
    this.#reading = snapshot;
    try {
      return action();
    } finally {
      this.#reading = reading;
    }
  }

  /** Adds to `foo-y` or `foo-m`. @returns false where the list is a variable like any other */
  addToList(statement: WordsStatement, path: Condition): boolean {
    const end = listEnd(statement.name);
    if (end === null) return false;
    const stem = statement.name.slice(0, statement.name.length - end.length);
    const family = this.#family(stem);
    if (typeof family === 'string' || end === '') return family === 'dropped';
    const isFirst = (): boolean => family.every((record) => record.when(end, this.#table) === FALSE);
    if (statement.operator !== '+=' && !isFirst()) return false;
    family.push(new ListRecord(statement, path, this.#table, null));
    return true;
  }

  /** Adds to all lists of a stem. @returns false where they are variables like any other */
  addToLists(statement: WordsStatement, symbol: string, path: Condition): boolean {
    const family = this.#family(statement.name);
    if (family === 'variables') return false;
    // Asked for what is dropped too: the order in which symbols are met is the order of a condition's operands.
    const usual = this.#table.usual(symbol);
    if (family === 'dropped') return true;
    if (statement.operator !== '+=' && family.length > 0) return false;
    family.push(new ListRecord(statement, path, this.#table, usual));
    return true;
  }

  /** The records of a stem's lists; null where they are variables. */
  records(stem: string): readonly ListRecord[] | null {
    const family = this.#families.get(stem);
    return family === undefined || typeof family === 'string' ? null : family;
  }

  /** Whether a list of members may be there under a name: `foo-objs`, `foo-y` or the like for `foo`. */
  mayBeComposite(stem: string): boolean {
    return this.#stems.has(stem) || (this.#base?.mayBeComposite(stem) ?? false);
  }

  /** Whether the variable of a symbol is set like any other. */
  isSymbolSet(symbol: string): boolean {
    if (this.#setSymbols.has(symbol)) return this.get(`CONFIG_${symbol}`) !== undefined;
    return this.#base === undefined ? false : this.#base.isSymbolSet(symbol);
  }

  #family(stem: string): Family {
    let family = this.#families.get(stem);
    if (family === undefined) {
      family = this.#openFamily(stem);
      this.#families.set(stem, family);
    }
    return family;
  }

  #openFamily(stem: string): Family {
    if (!stem.endsWith('-')) return 'variables';
    // Where `foo-` is for flags, `foo-y` and `foo-m` are as well.
    if (!this.#options.keepsFlags && isCompilerFlags(stem)) return 'dropped';
    const stemName = stem.slice(0, -1);
    if (this.mayBeComposite(stemName)) {
      for (const end of LIST_ENDS) {
        if (this.#isShielded(stem + end) || this.#variables.has(stem + end)) return 'variables';
        if (this.#base?.get(stem + end)?.parts.some(({ value }) => value !== '')) return 'variables';
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
    const records = this.records(stem);
    if (records === null) return;
    this.#families.set(stem, 'variables');
    for (const { statement, path } of records) this.assignWords(this.#names(statement), statement, path);
  }

  #names({ name, symbol }: WordsStatement): readonly Alternative[] {
    return symbol === null ? [{ when: TRUE, text: name }] : this.#options.symbols.names(name, symbol);
  }

  /** Assigns words to the variables that a name can mean. */
  assignWords(names: readonly Alternative[], { operator, text, at }: WordsStatement, path: Condition): void {
    for (const name of names) {
      const when = this.#table.and(path, name.when);
      if (when !== FALSE) this.assign(name.text, text, { operator, when, at, origin: 'file' });
    }
  }

  /** Where an assignment reaches a variable: the command line and `override` shield theirs. */
  #unshielded(name: string, when: Condition, origin: Origin): Condition {
    if (origin === 'override' || !this.#isShielded(name)) return when;
    const shields = (this.get(name)?.parts ?? []).filter(
      (part) => part.origin === 'override' || part.origin === 'command line',
    );
    return this.#outside(when, this.#table.any(shields.map((part) => part.when)));
  }

  #isShielded(name: string): boolean {
    if (this.#shielded.has(name)) return true;
    return this.#base === undefined ? false : this.#base.#isShielded(name);
  }

  /** The variable to change: what comes from the base, or what a snapshot sees, is copied first. */
  #own(name: string): Variable {
    this.#settle(name);
    const own = this.#variables.get(name);
    if (own !== undefined && own.time === this.#time) return own;
    const known = own ?? this.#base?.get(name);
    const parts: VariablePart[] = [...(known?.parts ?? [])];
    this.#options.spend(parts.length);
    if (known === undefined && name.startsWith('CONFIG_')) {
      parts.push({ when: TRUE, value: this.#options.symbols.value(name.slice(7)), at: null, origin: 'file' });
    }
    return this.#bind(name, known?.simple ?? FALSE, parts);
  }

  #bind(name: string, simple: Condition, parts: VariablePart[]): Variable {
    // What is bound while a snapshot is read is seen there.
    const time = Math.min(this.#time, this.#reading);
    const known = this.#variables.get(name);
    const variable = { simple, parts, time, before: known?.time === time ? known.before : known };
    this.#variables.set(name, variable);
    if (name.startsWith('CONFIG_')) this.#setSymbols.add(name.slice(7));
    const end = listEnd(name);
    if (end !== null) this.#stems.add(name.slice(0, -1 - end.length));
    else if (name.endsWith('-objs')) this.#stems.add(name.slice(0, -5));
    return variable;
  }

  #expanded(text: Template | string, isCommand: boolean): Value | (() => Value) {
    return typeof text === 'string' ? text : this.#options.expand(text, isCommand);
  }

  #outside(when: Condition, other: Condition): Condition {
    return when === FALSE || other === FALSE ? when : this.#table.and(when, this.#table.not(other));
  }

  #without(parts: readonly VariablePart[], when: Condition): VariablePart[] {
    const other = this.#table.not(when);
    this.#options.spend(parts.length);
    return parts.flatMap((part) => {
      const both = this.#table.and(part.when, other);
      return both === FALSE ? [] : [{ when: both, value: part.value, at: part.at, origin: part.origin }];
    });
  }
}
