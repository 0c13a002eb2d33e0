import { type Expr, OP, type Op, type Tristate } from '../kconfig/expression.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { isValidNumber } from '../kconfig/property-checks.ts';
import type { KSymbol, MenuNode, Property } from '../kconfig/symbol.ts';
import { SYMBOL_TYPES } from '../kconfig/symbol.ts';
import { KIND, SYMBOL_FLAGS, TYPE, type ValueTables } from '../kconfig/tables.ts';
import { type ChoiceCalculator, choiceCalculatorFor } from './choices.ts';
import { compareValues, comparisonValue, strtoll } from './compare.ts';
import { IncrementalUpdater } from './incremental.ts';
import { Journal } from './journal.ts';

/** A value a user gave: tristates as 0, 1, 2, everything else as text. */
export type UserValue = Tristate | string;

const LETTERS = ['n', 'm', 'y'] as const;

/** Stands in `valid` for a symbol whose calculation has begun. */
const UNFINISHED = 2;

/** Symbols of these kinds have no line in a .config. */
const NEVER_WRITTEN = SYMBOL_FLAGS.choice | SYMBOL_FLAGS.transitional | SYMBOL_FLAGS.defconfigList;

/**
 * The values of all symbols of a tree under some user values (`symbol.c`). Values are calculated when asked for; after
 * a change through `set`, `clear` or `apply`, only what depends on it is calculated again.
 */
export class Configuration {
  readonly kconfig: Kconfig;
  readonly #tables: ValueTables;
  readonly #tri: Uint8Array;
  readonly #text: string[];
  readonly #visible: Uint8Array;
  readonly #direct: Uint8Array;
  readonly #reverse: Uint8Array;
  readonly #implied: Uint8Array;
  /** 0 for not calculated, 1 for calculated, or `UNFINISHED`. */
  readonly #valid: Uint8Array;
  /** 1 for symbols that are never calculated: constants, and what has no type. */
  readonly #fixed: Uint8Array;
  readonly #write: Uint8Array;
  readonly #hasUser: Uint8Array;
  readonly #userTri: Uint8Array;
  readonly #userText: (string | null)[];
  readonly #unmet = new Set<KSymbol>();
  readonly #choices: ChoiceCalculator;
  /** Whether the second operand may wait: choices of old trees have values that depend on what is calculated first. */
  readonly #isLazy: boolean;
  /** While all is calculated: values of expressions, each with one added; 0 for those that are not known. */
  #shared: Uint8Array | null = null;
  /** Whether an expression read a symbol that waits for that very expression: its value is not the last one then. */
  #sawUnfinished = false;
  #updater: IncrementalUpdater | null = null;
  /** While changes are on trial: what was before. */
  #journal: Journal | null = null;
  /** Whether all values are calculated, and would be the same if all were calculated anew. */
  #isUpToDate = false;
  /** Whether a value was calculated since all were forgotten. */
  #hasValues = false;
  /** Whether values were calculated before user values changed that they may depend on. */
  #isMixed = false;

  /** @param known a calculated configuration of the same tree, to begin with its values */
  constructor(kconfig: Kconfig, known: Configuration | null = null) {
    this.kconfig = kconfig;
    this.#tables = kconfig.tables;
    this.#isLazy = kconfig.dialect.choices === 'priority';
    this.#choices = choiceCalculatorFor(kconfig.dialect, this);
    if (known) {
      this.#tri = known.#tri.slice();
      this.#text = known.#text.slice();
      this.#visible = known.#visible.slice();
      this.#direct = known.#direct.slice();
      this.#reverse = known.#reverse.slice();
      this.#implied = known.#implied.slice();
      this.#valid = known.#valid.slice();
      this.#fixed = known.#fixed;
      this.#write = known.#write.slice();
      this.#hasUser = known.#hasUser.slice();
      this.#userTri = known.#userTri.slice();
      this.#userText = known.#userText.slice();
      for (const symbol of known.#unmet) this.#unmet.add(symbol);
      this.#choices.copyFrom(known.#choices);
      this.#hasValues = true;
      this.#isUpToDate = true;
      return;
    }
    const { all } = kconfig.symbols;
    const count = all.length;
    this.#tri = new Uint8Array(count);
    this.#text = new Array<string>(count).fill('');
    this.#visible = new Uint8Array(count);
    this.#direct = new Uint8Array(count);
    this.#reverse = new Uint8Array(count);
    this.#implied = new Uint8Array(count);
    this.#fixed = new Uint8Array(count);
    this.#write = new Uint8Array(count);
    this.#hasUser = new Uint8Array(count);
    this.#userTri = new Uint8Array(count);
    this.#userText = new Array<string | null>(count).fill(null);
    for (const symbol of all) {
      if (symbol.constant !== null) {
        this.#tri[symbol.id] = symbol.constant;
        this.#text[symbol.id] = symbol.name!;
        this.#fixed[symbol.id] = 1;
      } else if (symbol.type === 'unknown') {
        this.#text[symbol.id] = symbol.answer ?? symbol.name ?? '';
        if (symbol.answer === 'y') this.#tri[symbol.id] = 2;
        this.#fixed[symbol.id] = 1;
      }
    }
    this.#valid = this.#fixed.slice();
  }

  // --- values -------------------------------------------------------------------------------------------------------

  /** A bool's or tristate's value; 0 for every other type. */
  tristate(symbol: KSymbol): Tristate {
    if (this.#valid[symbol.id] === 0) this.#calculate(symbol.id);
    return this.#tri[symbol.id] as Tristate;
  }

  /** The value as it stands in a .config, strings without quotes (`symbol.c:sym_get_string_value`). */
  text(symbol: KSymbol): string {
    return this.#textOf(symbol.id);
  }

  /** How far a user may raise the symbol: the visibility of its prompts. */
  visibility(symbol: KSymbol): Tristate {
    if (this.#valid[symbol.id] === 0) this.#calculate(symbol.id);
    return this.#visible[symbol.id] as Tristate;
  }

  /** The visibility of one of the symbol's prompts. */
  promptVisibility(symbol: KSymbol, prompt: Property): Tristate {
    return this.#choices.limitVisibility(symbol.id, this.evaluate(prompt.visible));
  }

  /** Value of the symbol's direct dependencies. Choice members have none of their own in new trees. */
  directDependency(symbol: KSymbol): Tristate {
    if (this.#valid[symbol.id] === 0) this.#calculate(symbol.id);
    return this.#direct[symbol.id] as Tristate;
  }

  /** What `select`s force the symbol to at least. */
  reverseDependency(symbol: KSymbol): Tristate {
    if (this.#valid[symbol.id] === 0) this.#calculate(symbol.id);
    return this.#reverse[symbol.id] as Tristate;
  }

  /** Whether a .config has a line for the symbol. */
  isWritten(symbol: KSymbol): boolean {
    if (this.#valid[symbol.id] === 0) this.#calculate(symbol.id);
    return this.#write[symbol.id] === 1;
  }

  /** Whether a user can change the symbol at all (`symbol.c:sym_is_changeable`). */
  isChangeable(symbol: KSymbol): boolean {
    if (this.kconfig.dialect.choices === 'priority' && symbol.isChoice) return false;
    return this.visibility(symbol) > this.reverseDependency(symbol);
  }

  /** Whether a choice lists the symbol, even if it has its first prompt elsewhere (`symbol.c:sym_is_choice_value`). */
  isChoiceMember(symbol: KSymbol): boolean {
    return this.#choices.isMember(symbol.id);
  }

  /** The type under the present values: without modules a tristate is a bool (`symbol.c:sym_get_type`). */
  effectiveType(symbol: KSymbol): KSymbol['type'] {
    if (symbol.type !== 'tristate') return symbol.type;
    return this.#isBool(symbol.id) ? 'bool' : 'tristate';
  }

  /** Symbols that a `select` forces on against their direct dependencies, as far as calculated. */
  unmetDependencies(): readonly KSymbol[] {
    this.calculateAll();
    return [...this.#unmet];
  }

  /** Calculates every symbol. */
  calculateAll(): void {
    // Symbols of a menu share most of their conditions. Old trees calculate in an order that must not change.
    if (this.#isLazy) this.#shared = new Uint8Array(this.#tables.expressions.op.length);
    for (let id = 0; id < this.#valid.length; id++) {
      if (this.#valid[id] !== 0) continue;
      this.#sawUnfinished = false;
      this.#calculate(id);
    }
    this.#shared = null;
    if (this.#isLazy && !this.#isMixed) this.#isUpToDate = true;
  }

  /** The value of an expression (`expr.c:expr_calc_value`). */
  evaluate(e: Expr | null): Tristate {
    if (!e) return 2;
    if (e.number !== 0) return this.#valueOf(e.number);
    switch (e.op) {
      case OP.symbol:
        return this.tristate(e.sym!);
      case OP.and: {
        const left = this.evaluate(e.left);
        if (left === 0 && this.#isLazy) return 0;
        const right = this.evaluate(e.right);
        return left < right ? left : right;
      }
      case OP.or: {
        const left = this.evaluate(e.left);
        if (left === 2 && this.#isLazy) return 2;
        const right = this.evaluate(e.right);
        return left > right ? left : right;
      }
      case OP.not:
        return (2 - this.evaluate(e.left)) as Tristate;
      default:
        return this.#compare(e.op, e.sym!.id, e.sym2!.id);
    }
  }

  /** The same of an expression of the tree, by its number. */
  #valueOf(number: number): Tristate {
    if (number === 0) return 2;
    const { op: ops, left: lefts, right: rights } = this.#tables.expressions;
    const op = ops[number]!;
    const left = lefts[number]!;
    if (op === OP.symbol) {
      this.#need(left);
      return this.#tri[left] as Tristate;
    }
    const shared = this.#shared;
    if (shared === null) return this.#combine(op as Op, left, rights[number]!);
    const known = shared[number]!;
    if (known !== 0) return (known - 1) as Tristate;
    const value = this.#combine(op as Op, left, rights[number]!);
    if (!this.#sawUnfinished) shared[number] = value + 1;
    return value;
  }

  #combine(op: Op, left: number, right: number): Tristate {
    switch (op) {
      case OP.and: {
        const first = this.#valueOf(left);
        if (first === 0 && this.#isLazy) return 0;
        const second = this.#valueOf(right);
        return first < second ? first : second;
      }
      case OP.or: {
        const first = this.#valueOf(left);
        if (first === 2 && this.#isLazy) return 2;
        const second = this.#valueOf(right);
        return first > second ? first : second;
      }
      case OP.not:
        return (2 - this.#valueOf(left)) as Tristate;
      default:
        return this.#compare(op, left, right);
    }
  }

  /** Calculates a symbol that an expression reads. */
  #need(id: number): void {
    const state = this.#valid[id];
    if (state === 0) this.#calculate(id);
    else if (state === UNFINISHED) this.#sawUnfinished = true;
  }

  #compare(op: Op, left: number, right: number): Tristate {
    const { type } = this.#tables;
    const [leftType, rightType] = [SYMBOL_TYPES[type[left]!]!, SYMBOL_TYPES[type[right]!]!];
    return comparisonValue(op, compareValues(this.#textOf(left), leftType, this.#textOf(right), rightType));
  }

  #textOf(id: number): string {
    this.#need(id);
    const type = this.#tables.type[id];
    return type === TYPE.bool || type === TYPE.tristate ? LETTERS[this.#tri[id]!]! : this.#text[id]!;
  }

  // --- user values --------------------------------------------------------------------------------------------------

  hasUserValue(symbol: KSymbol): boolean {
    return this.#hasUser[symbol.id] === 1;
  }

  /** Whether the user has still to be asked for the symbol: it has no user value that conf would go on with. */
  isNew(symbol: KSymbol): boolean {
    return this.#hasUser[symbol.id] === 0 || (symbol.isChoice && this.#choices.isNew(symbol));
  }

  /** The value a user gave; null for none. */
  userValue(symbol: KSymbol): UserValue | null {
    if (this.#hasUser[symbol.id] === 0) return null;
    return symbol.type === 'bool' || symbol.type === 'tristate' || symbol.isChoice
      ? (this.#userTri[symbol.id] as Tristate)
      : (this.#userText[symbol.id] ?? '');
  }

  /**
   * Gives a symbol a user value and calculates what depends on it. It counts only as far as the symbol is visible.
   * @returns the symbols that have another value than before
   */
  set(symbol: KSymbol, value: UserValue): readonly KSymbol[] {
    return this.apply(new Map([[symbol, value]]));
  }

  /**
   * Takes a symbol's user value away and calculates what depends on it.
   * @returns the symbols that have another value than before
   */
  clear(symbol: KSymbol): readonly KSymbol[] {
    return this.apply(new Map([[symbol, null]]));
  }

  /**
   * Several changes at once, null to clear; calculated once.
   * @param visited told the units of the dependency graph that are calculated
   * @returns the symbols that have another value than before
   */
  apply(changes: ReadonlyMap<KSymbol, UserValue | null>, visited: number[] | null = null): readonly KSymbol[] {
    const updater = this.#incremental();
    const read: KSymbol[] = [];
    for (const [symbol, value] of changes) {
      if (value === null) this.clearQuietly(symbol);
      else this.setQuietly(symbol, value);
      // What a user says of a symbol that cannot be seen is not read; if it is seen now, something that it reads changed.
      if (this.#visible[symbol.id] !== 0 || symbol.isChoice || symbol.choice) read.push(symbol);
    }
    const found = updater.update(read, visited);
    this.#isUpToDate = true;
    return found;
  }

  /** Begins a trial: what `set`, `clear` and `apply` change from now on can be taken back at once. */
  beginTrial(): void {
    this.#incremental();
    this.#journal = new Journal(this.#tri.length);
  }

  /** Ends a trial: what was changed stays. */
  keepTrial(): void {
    this.#journal = null;
  }

  /** Ends a trial: everything is as it was before, and nothing is calculated for that. */
  takeTrialBack(): void {
    const journal = this.#journal;
    this.#journal = null;
    journal?.restore((id, state, text, userText) => this.#restore(id, state, text, userText));
  }

  /** For choices: notes how something is taken back with the trial, if there is one. */
  noteInTrial(restore: () => void): void {
    this.#journal?.noteOther(restore);
  }

  /** As `set`, but nothing is calculated: for loading, followed by `invalidateAll`. */
  setQuietly(symbol: KSymbol, value: UserValue): void {
    this.#changeUser(symbol);
    this.#hasUser[symbol.id] = 1;
    if (typeof value === 'string') this.#userText[symbol.id] = value;
    else this.#userTri[symbol.id] = value;
  }

  /** As `clear`, but nothing is calculated. */
  clearQuietly(symbol: KSymbol): void {
    this.#changeUser(symbol);
    this.#hasUser[symbol.id] = 0;
    this.#userTri[symbol.id] = 0;
    this.#userText[symbol.id] = null;
  }

  /** Takes all user values away; nothing is calculated, and it cannot be taken back. */
  clearAllQuietly(): void {
    this.#changeUsers();
    this.#hasUser.fill(0);
    this.#userTri.fill(0);
    this.#userText.fill(null);
  }

  /** Before every change of a user value. */
  #changeUser(symbol: KSymbol): void {
    if (this.#journal !== null) this.#note(symbol.id);
    this.#changeUsers();
  }

  #changeUsers(): void {
    if (this.#hasValues && this.#updater === null) this.#isMixed = true;
    this.#isUpToDate = false;
  }

  /** For choices of old trees: notes what a file says, but not as a user value (`adoptRefused` makes it one). */
  refuseQuietly(choice: KSymbol, value: Tristate): void {
    this.#changeUser(choice);
    this.#hasUser[choice.id] = 0;
    this.#userTri[choice.id] = value;
  }

  /** Old trees, for targets that set all new symbols: what was refused for choices counts after all. */
  adoptRefused(): void {
    for (const { id } of this.kconfig.symbols.all.filter(({ isChoice }) => isChoice)) this.#hasUser[id] = 1;
    this.invalidateAll();
  }

  /**
   * A symbol that takes its value from a transitional one, which the user set, counts as set by the user as well
   * (the end of `symbol.c:sym_calc_value`).
   */
  adoptTransitional(): void {
    for (const symbol of this.kconfig.symbols.all) {
      if (this.hasUserValue(symbol) || symbol.isChoice || this.#choices.isMember(symbol.id)) continue;
      if (!symbol.properties.some(({ kind, value }) => kind === 'default' && value?.sym?.transitional)) continue;
      const value = this.activeDefault(symbol)?.value;
      if (value?.op !== OP.symbol || !value.sym!.transitional || !this.hasUserValue(value.sym!)) continue;
      const isBoolean = symbol.type === 'bool' || symbol.type === 'tristate';
      this.setQuietly(symbol, isBoolean ? this.tristate(symbol) : this.text(value.sym!));
    }
  }

  /**
   * Makes a choice member the one that counts when several are set: the user set it last. Nothing is calculated.
   * @returns takes it back
   */
  preferInChoice(symbol: KSymbol): () => void {
    return this.#choices.prefer(symbol);
  }

  /** Forgets all calculated values (`symbol.c:sym_clear_all_valid`). */
  invalidateAll(): void {
    this.#valid.set(this.#fixed);
    this.#unmet.clear();
    this.#updater = null;
    this.#hasValues = false;
    this.#isMixed = false;
    this.#isUpToDate = false;
    this.#choices.keepStale(false);
  }

  /**
   * As `invalidateAll`, but as conf does it between two calculations: members of a choice behind the chosen one keep
   * the visibility that they had, and with it their line in the .config; in old trees choices with new members lose
   * their user value. Only for targets of conf that do that; not for incremental changes.
   */
  invalidateAsConf(): void {
    this.calculateAll();
    for (const choice of this.kconfig.symbols.all.filter((symbol) => symbol.isChoice && this.isNew(symbol))) {
      this.#hasUser[choice.id] = 0;
    }
    this.invalidateAll();
    this.#isMixed = true;
    this.#choices.keepStale(true);
  }

  /** A configuration of the same tree with the same user values; nothing is calculated that is known. */
  clone(): Configuration {
    if (this.#isUpToDate) return new Configuration(this.kconfig, this);
    const copy = new Configuration(this.kconfig);
    for (const symbol of this.kconfig.symbols.all) {
      const value = this.userValue(symbol);
      if (value !== null) copy.setQuietly(symbol, value);
    }
    copy.#choices.copyFrom(this.#choices);
    return copy;
  }

  /** Everything is calculated before the first change, so that what changes can be told. */
  #incremental(): IncrementalUpdater {
    if (!this.#updater) {
      if (!this.#isUpToDate) {
        this.invalidateAll();
        this.calculateAll();
      }
      this.#updater = new IncrementalUpdater(this);
      this.#isUpToDate = true;
    }
    return this.#updater;
  }

  // --- calculation --------------------------------------------------------------------------------------------------

  /** For the incremental updater: forgets one symbol's value. @param id the symbol's */
  invalidate(id: number): void {
    if (this.#fixed[id] !== 0) return;
    if (this.#journal !== null) this.#note(id);
    this.#valid[id] = 0;
    if (this.#unmet.size > 0) this.#unmet.delete(this.kconfig.symbols.all[id]!);
  }

  /** For the incremental updater: calculates a symbol again. @returns whether it has another value than before */
  recalculate(id: number): boolean {
    if (this.#fixed[id] !== 0) return false;
    const tristate = this.#tri[id];
    const text = this.#text[id];
    this.invalidate(id);
    this.#calculate(id);
    return this.#tri[id] !== tristate || this.#text[id] !== text;
  }

  /** Notes what a symbol is before it changes on trial. */
  #note(id: number): void {
    const journal = this.#journal!;
    if (!journal.isNew(id)) return;
    const state =
      this.#tri[id]! |
      (this.#visible[id]! << 2) |
      (this.#direct[id]! << 4) |
      (this.#reverse[id]! << 6) |
      (this.#implied[id]! << 8) |
      (this.#userTri[id]! << 10) |
      (this.#hasUser[id]! << 12) |
      (this.#write[id]! << 13) |
      (this.#valid[id]! << 14) |
      (Number(this.#unmet.has(this.kconfig.symbols.all[id]!)) << 15);
    journal.note(id, state, this.#text[id]!, this.#userText[id]!);
  }

  #restore(id: number, state: number, text: string, userText: string | null): void {
    this.#tri[id] = state & 3;
    this.#visible[id] = (state >> 2) & 3;
    this.#direct[id] = (state >> 4) & 3;
    this.#reverse[id] = (state >> 6) & 3;
    this.#implied[id] = (state >> 8) & 3;
    this.#userTri[id] = (state >> 10) & 3;
    this.#hasUser[id] = (state >> 12) & 1;
    this.#write[id] = (state >> 13) & 1;
    this.#valid[id] = (state >> 14) & 1;
    this.#text[id] = text;
    this.#userText[id] = userText;
    const symbol = this.kconfig.symbols.all[id]!;
    if (state >> 15 === 1) this.#unmet.add(symbol);
    else this.#unmet.delete(symbol);
  }

  /** For choices: sets a member's value. */
  setCalculated(symbol: KSymbol, value: Tristate): void {
    if (this.#journal !== null) this.#note(symbol.id);
    this.#tri[symbol.id] = value;
    this.#valid[symbol.id] = 1;
    this.#write[symbol.id] = 1;
  }

  /** For choices: a choice without any visible member is off. */
  resetChoice(choice: KSymbol): void {
    if (this.#journal !== null) this.#note(choice.id);
    this.#tri[choice.id] = 0;
  }

  /** For choices: the value so far, without calculating it. */
  currentTristate(symbol: KSymbol): Tristate {
    return this.#tri[symbol.id] as Tristate;
  }

  /** For choices: the visibility so far, without calculating it. */
  currentVisibility(symbol: KSymbol): Tristate {
    return this.#visible[symbol.id] as Tristate;
  }

  /** For choices: marks a member as written to the .config. */
  markWritten(symbol: KSymbol): void {
    if (this.#journal !== null) this.#note(symbol.id);
    this.#write[symbol.id] = 1;
  }

  /** Whether a bool or tristate can only be `y` or `n` under the present values. */
  #isBool(id: number): boolean {
    return this.#tables.type[id] !== TYPE.tristate || this.#choices.isBoolMember(id) || this.#modulesOff();
  }

  #modulesOff(): boolean {
    const { modules } = this.kconfig.symbols;
    return modules === null || this.tristate(modules) === 0;
  }

  /**
   * Visibility and dependencies (`symbol.c:sym_calc_visibility`).
   * @param id the symbol's
   * @returns the value of the direct dependency; in old trees it may be asked for later, so null
   */
  calculateVisibility(id: number): Tristate | null {
    if (this.#journal !== null) this.#note(id);
    const tables = this.#tables;
    if ((tables.flags[id]! & SYMBOL_FLAGS.transitional) !== 0) {
      this.#visible[id] = 2;
      return null;
    }
    const direct = this.#isLazy ? this.#valueOf(tables.direct[id]!) : null;
    let visible = 0;
    for (let property = tables.firstProperty[id]!; property < tables.firstProperty[id + 1]!; property++) {
      if (tables.hasText[property] === 0) continue;
      const here = this.#choices.limitVisibility(id, this.#conditionValue(id, property, direct));
      if (here > visible) visible = here;
    }
    if (visible === 1 && (tables.type[id] !== TYPE.tristate || this.#modulesOff())) visible = 2;
    this.#visible[id] = visible;
    if (this.#choices.isMember(id)) return direct;
    this.#direct[id] = this.#raised(id, direct ?? this.#valueOf(tables.direct[id]!));
    const reverse = tables.reverse[id]!;
    this.#reverse[id] = reverse === 0 ? 0 : this.#raised(id, this.#valueOf(reverse));
    const implied = tables.implied[id]!;
    const deaf = implied === 0 || (this.kconfig.dialect.implyForces && this.#direct[id] === 0);
    this.#implied[id] = deaf ? 0 : this.#raised(id, this.#valueOf(implied));
    return direct;
  }

  /**
   * The value of a property's condition. Mostly it is the symbol's direct dependency itself, or begins with it.
   * @param direct the value of that, where it is known
   */
  #conditionValue(id: number, property: number, direct: Tristate | null): Tristate {
    const { visible: conditions, direct: directs, expressions } = this.#tables;
    const visible = conditions[property]!;
    if (direct === null) return this.#valueOf(visible);
    const dependency = directs[id]!;
    if (visible === dependency) return direct;
    if (expressions.op[visible] !== OP.and || expressions.left[visible] !== dependency) return this.#valueOf(visible);
    if (direct === 0) return 0;
    const right = this.#valueOf(expressions.right[visible]!);
    return direct < right ? direct : right;
  }

  /** The value of a dependency: `m` is enough for a bool. */
  #raised(id: number, value: Tristate): Tristate {
    const { type } = this.#tables;
    const isBoolean = type[id] === TYPE.bool || type[id] === TYPE.tristate;
    return value === 1 && isBoolean && this.#isBool(id) ? 2 : value;
  }

  /** `symbol.c:sym_calc_value`. */
  #calculate(id: number): void {
    if (this.#journal !== null) this.#note(id);
    this.#valid[id] = this.#shared === null ? 1 : UNFINISHED;
    this.#hasValues = true;
    this.#calculateParts(id);
    this.#valid[id] = 1;
  }

  #calculateParts(id: number): void {
    const { type, flags } = this.#tables;
    if (type[id] === TYPE.unknown) return;
    this.#write[id] = 0;
    const direct = this.calculateVisibility(id);
    if (this.#visible[id] !== 0) this.#write[id] = 1;
    if (type[id] === TYPE.bool || type[id] === TYPE.tristate) this.#calculateTristate(id, direct);
    else this.#calculateText(this.kconfig.symbols.all[id]!);
    if ((flags[id]! & NEVER_WRITTEN) !== 0) this.#write[id] = 0;
  }

  #calculateTristate(id: number, direct: Tristate | null): void {
    // What a loop would see.
    this.#tri[id] = 0;
    const chosen = this.#choices.memberValue(id);
    let value: number;
    if (chosen !== null) value = chosen;
    else {
      value = this.#ownValue(id, direct);
      if (this.#direct[id]! < this.#reverse[id]!) this.#unmet.add(this.kconfig.symbols.all[id]!);
      if (this.#reverse[id]! > value) value = this.#reverse[id]!;
    }
    const forced = this.kconfig.dialect.implyForces && this.#implied[id] === 2 && chosen === null;
    if (value === 1 && (forced || this.#isBool(id))) value = 2;
    this.#tri[id] = value;
    const isChoice = (this.#tables.flags[id]! & SYMBOL_FLAGS.choice) !== 0;
    if (isChoice) this.#choices.calculated(this.kconfig.symbols.all[id]!, this.#write[id] === 1);
  }

  /** What user value, defaults and `imply` give, before `select`. */
  #ownValue(id: number, direct: Tristate | null): number {
    const visible = this.#visible[id]!;
    if (visible !== 0 && this.#hasUser[id] === 1) return Math.min(this.#userTri[id]!, visible);
    if (this.#reverse[id] !== 0) this.#write[id] = 1;
    const tables = this.#tables;
    if ((tables.flags[id]! & SYMBOL_FLAGS.choice) !== 0) return 0;
    let value = 0;
    for (let property = tables.firstProperty[id]!; property < tables.firstProperty[id + 1]!; property++) {
      if (tables.kind[property] !== KIND.default) continue;
      const condition = this.#conditionValue(id, property, direct);
      if (condition === 0) continue;
      value = Math.min(this.#valueOf(tables.value[property]!), condition);
      if (value !== 0) this.#write[id] = 1;
      break;
    }
    const implied = this.#implied[id]!;
    if (implied !== 0) {
      this.#write[id] = 1;
      value = Math.max(value, implied);
      if (!this.kconfig.dialect.implyForces) value = Math.min(value, this.#direct[id]!);
    }
    return value;
  }

  #calculateText(symbol: KSymbol): void {
    const { id } = symbol;
    const zero = symbol.type === 'int' ? '0' : symbol.type === 'hex' ? '0x0' : '';
    let value = this.kconfig.dialect.zeroDefaults ? zero : '';
    this.#text[id] = value;
    if (this.#visible[id] !== 0 && this.#hasUser[id] === 1) value = this.#userText[id] ?? '';
    else {
      const source = this.activeDefault(symbol)?.value;
      if (source && source.op === OP.symbol) {
        this.#write[id] = 1;
        value = this.text(source.sym!);
      }
    }
    this.#text[id] = value;
    if (symbol.type !== 'string') this.#text[id] = this.#withinRange(symbol, value);
  }

  /** The first default whose condition holds (`symbol.c:sym_get_default_prop`). */
  activeDefault(symbol: KSymbol): Property | null {
    return this.#activeProperty(symbol, KIND.default);
  }

  /** The first range whose condition holds (`symbol.c:sym_get_range_prop`). */
  activeRange(symbol: KSymbol): Property | null {
    return this.#activeProperty(symbol, KIND.range);
  }

  /** @param kind as the tables have it */
  #activeProperty(symbol: KSymbol, kind: number): Property | null {
    const { firstProperty, kind: kinds, visible } = this.#tables;
    const first = firstProperty[symbol.id]!;
    for (let property = first; property < firstProperty[symbol.id + 1]!; property++) {
      if (kinds[property] === kind && this.#valueOf(visible[property]!) !== 0)
        return symbol.properties[property - first]!;
    }
    return null;
  }

  /** The value, or the bound it passes (`symbol.c:sym_validate_range`). */
  #withinRange(symbol: KSymbol, value: string): string {
    const range = this.activeRange(symbol);
    if (!range) return value;
    const base = symbol.type === 'int' ? 10 : 16;
    const number = strtoll(value, base);
    const [low, high] = [this.#bound(range.low!, base), this.#bound(range.high!, base)];
    if (number >= low && number <= high) return value;
    const [bound, written] = number < low ? [low, range.low!] : [high, range.high!];
    if (!this.kconfig.dialect.printsRangeBounds) return this.text(written);
    return base === 10 ? String(bound) : `0x${BigInt.asUintN(64, bound).toString(16)}`;
  }

  #bound(symbol: KSymbol, base: 10 | 16): bigint {
    const own = symbol.type === 'int' ? 10 : symbol.type === 'hex' ? 16 : base;
    return strtoll(this.text(symbol), own);
  }

  /** Whether a text is a value of the symbol's type (`symbol.c:sym_string_valid`). */
  isValidText(symbol: KSymbol, text: string): boolean {
    switch (symbol.type) {
      case 'string':
        return true;
      case 'int':
      case 'hex':
        return isValidNumber(symbol.type, text);
      case 'bool':
      case 'tristate':
        return /^[ymnYMN]/.test(text);
      default:
        return false;
    }
  }

  /** Whether a text is valid and within the active range (`symbol.c:sym_string_within_range`, without tristates). */
  isWithinRange(symbol: KSymbol, text: string): boolean {
    if (!this.isValidText(symbol, text)) return false;
    if (symbol.type !== 'int' && symbol.type !== 'hex') return true;
    const range = this.activeRange(symbol);
    if (!range) return true;
    const base = symbol.type === 'int' ? 10 : 16;
    const number = strtoll(text, base);
    return number >= this.#bound(range.low!, base) && number <= this.#bound(range.high!, base);
  }

  /** The member of a choice that its defaults would take (`symbol.c:sym_choice_default`); null for none. */
  choiceDefault(choice: MenuNode): KSymbol | null {
    return this.#choices.default(choice);
  }

  /** The value without any user value (`symbol.c:sym_get_string_default`). */
  defaultText(symbol: KSymbol): string {
    this.tristate(symbol);
    const found = this.activeDefault(symbol);
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') {
      const source = found?.value?.op === OP.symbol ? this.text(found.value.sym!) : '';
      if (source !== '' || !this.kconfig.dialect.zeroDefaults) return source;
      return symbol.type === 'int' ? '0' : symbol.type === 'hex' ? '0x0' : source;
    }
    let value = found ? Math.min(this.evaluate(found.value), this.evaluate(found.visible)) : 0;
    value = Math.max(value, this.#reverse[symbol.id]!);
    if (value === 1 && !this.#choices.isMember(symbol.id) && this.#modulesOff()) value = 2;
    if (symbol.type === 'bool' && value === 1) value = 2;
    return LETTERS[Math.max(value, this.#implied[symbol.id]!)]!;
  }
}
