import type { Kconfig } from '../kconfig/kconfig.ts';
import { isValidNumber } from '../kconfig/property-checks.ts';
import { type Expr, type KSymbol, type MenuNode, OP, type Property, type Tristate } from '../kconfig/symbol.ts';
import { SYMBOL_FLAGS, TYPE } from '../kconfig/tables.ts';
import { Calculator, LETTERS } from './calculator.ts';
import { strtoll } from './compare.ts';
import { IncrementalUpdater } from './incremental.ts';
import { SymbolValues, type UserValue, VALID } from './symbol-values.ts';

export type { UserValue } from './symbol-values.ts';

/**
 * The values of all symbols of a tree under some user values (`symbol.c`). Values are calculated when asked for; after
 * a change through `set`, `clear` or `apply`, only what depends on it is calculated again.
 */
export class Configuration {
  readonly kconfig: Kconfig;
  readonly #values: SymbolValues;
  readonly #calculator: Calculator;
  #updater: IncrementalUpdater | null = null;
  /** Whether all values are calculated, and would be the same if all were calculated anew. */
  #isUpToDate = false;
  /** Whether values were calculated before user values changed that they may depend on. */
  #isMixed = false;

  /** @param known a calculated configuration of the same tree, to begin with its values */
  constructor(kconfig: Kconfig, known: Configuration | null = null) {
    this.kconfig = kconfig;
    this.#values = new SymbolValues(kconfig.symbols.all, known === null ? null : known.#values);
    this.#calculator = new Calculator(kconfig, this.#values);
    if (!known) return;
    this.#choices.copyFrom(known.#choices);
    this.#calculator.hasValues = true;
    this.#calculator.forgetPrompts();
    this.#isUpToDate = true;
  }

  get #choices(): Calculator['choices'] {
    return this.#calculator.choices;
  }

  // --- values -------------------------------------------------------------------------------------------------------

  /** A bool's or tristate's value; 0 for every other type. */
  tristate(symbol: KSymbol): Tristate {
    this.#need(symbol);
    return this.#values.tri[symbol.id] as Tristate;
  }

  /** The value as it stands in a .config, strings without quotes (`symbol.c:sym_get_string_value`). */
  text(symbol: KSymbol): string {
    return this.#calculator.text(symbol);
  }

  /** How far a user may raise the symbol: the visibility of its prompts. */
  visibility(symbol: KSymbol): Tristate {
    this.#need(symbol);
    return this.#values.visible[symbol.id] as Tristate;
  }

  /** The visibility of one of the symbol's prompts. */
  promptVisibility(symbol: KSymbol, prompt: Property): Tristate {
    return this.#calculator.promptVisibility(symbol, prompt);
  }

  /** Value of the symbol's direct dependencies. Choice members have none of their own in new trees. */
  directDependency(symbol: KSymbol): Tristate {
    this.#need(symbol);
    return this.#values.direct[symbol.id] as Tristate;
  }

  /** What `select`s force the symbol to at least. */
  reverseDependency(symbol: KSymbol): Tristate {
    this.#need(symbol);
    return this.#values.reverse[symbol.id] as Tristate;
  }

  /** Whether a .config has a line for the symbol. */
  isWritten(symbol: KSymbol): boolean {
    this.#need(symbol);
    return this.#values.write[symbol.id] === 1;
  }

  /** Takes the mark away that a .config has a line for the symbol: the line is written. A choice may set it again. */
  unmarkWritten(symbol: KSymbol): void {
    this.#values.write[symbol.id] = 0;
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
    return this.#calculator.isBool(symbol.id) ? 'bool' : 'tristate';
  }

  /** Symbols that a `select` forces on against their direct dependencies, as far as calculated. */
  unmetDependencies(): readonly KSymbol[] {
    this.calculateAll();
    return [...this.#values.unmet];
  }

  /** Calculates every symbol. */
  calculateAll(): void {
    if (this.#isUpToDate) return;
    this.#calculator.calculateAll();
    if (this.#calculator.isLazy && !this.#isMixed) this.#isUpToDate = true;
  }

  /** The value of an expression (`expr.c:expr_calc_value`). */
  evaluate(e: Expr | null): Tristate {
    return this.#calculator.evaluate(e);
  }

  /** The same of an expression that stands in the tree's tables, by its number there. */
  valueAt(number: number): Tristate {
    return this.#calculator.valueAt(number);
  }

  /** The first default whose condition holds (`symbol.c:sym_get_default_prop`). */
  activeDefault(symbol: KSymbol): Property | null {
    return this.#calculator.activeDefault(symbol);
  }

  /** The first range whose condition holds (`symbol.c:sym_get_range_prop`). */
  activeRange(symbol: KSymbol): Property | null {
    return this.#calculator.activeRange(symbol);
  }

  #need(symbol: KSymbol): void {
    if (this.#values.valid[symbol.id] === VALID.no) this.#calculator.calculate(symbol.id);
  }

  // --- user values --------------------------------------------------------------------------------------------------

  hasUserValue(symbol: KSymbol): boolean {
    return this.#values.hasUser[symbol.id] === 1;
  }

  /** Whether the user has still to be asked for the symbol: it has no user value that conf would go on with. */
  isNew(symbol: KSymbol): boolean {
    return this.#values.hasUser[symbol.id] === 0 || (symbol.isChoice && this.#choices.isNew(symbol));
  }

  /**
   * The bools and tristates outside choices of which a .config would say something else than the user did: what the
   * user said is not what counts, or something else gave them their value.
   */
  unsettled(): KSymbol[] {
    this.calculateAll();
    const { type, flags, choice } = this.kconfig.tables;
    const { tri, write, hasUser, userTri } = this.#values;
    const found: KSymbol[] = [];
    for (let id = 0; id < type.length; id++) {
      if (type[id] !== TYPE.bool && type[id] !== TYPE.tristate) continue;
      if (hasUser[id] === write[id] && (write[id] === 0 || userTri[id] === tri[id])) continue;
      if ((flags[id]! & (SYMBOL_FLAGS.constant | SYMBOL_FLAGS.choice)) !== 0 || choice[id] !== -1) continue;
      found.push(this.kconfig.symbols.all[id]!);
    }
    return found;
  }

  /** The value a user gave; null for none. */
  userValue(symbol: KSymbol): UserValue | null {
    return this.#values.userValue(symbol);
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
   * @param visited called with the units of the dependency graph that are calculated
   * @returns the symbols that have another value than before
   */
  apply(changes: ReadonlyMap<KSymbol, UserValue | null>, visited: number[] | null = null): readonly KSymbol[] {
    const updater = this.#incremental();
    const read: KSymbol[] = [];
    for (const [symbol, value] of changes) {
      if (value === null) this.clearQuietly(symbol);
      else this.setQuietly(symbol, value);
      // What a user says of a symbol that cannot be seen is not read; if it is seen now, something that it reads changed.
      if (this.#values.visible[symbol.id] !== 0 || symbol.isChoice || symbol.choice) read.push(symbol);
    }
    const found = updater.update(read, visited);
    this.#isUpToDate = true;
    return found;
  }

  /** Begins a trial: what `set`, `clear` and `apply` change from now on can be taken back at once. */
  beginTrial(): void {
    this.#incremental();
    this.#calculator.forgetPrompts();
    this.#values.beginTrial();
  }

  /** Ends a trial: what was changed stays. */
  keepTrial(): void {
    this.#values.keepTrial();
  }

  /** Ends a trial: everything is as it was before, and nothing is calculated for that. */
  takeTrialBack(): void {
    this.#values.takeTrialBack();
  }

  /** As `set`, but nothing is calculated: for loading, followed by `invalidateAll`. */
  setQuietly(symbol: KSymbol, value: UserValue): void {
    this.#changeUser(symbol);
    this.#values.hasUser[symbol.id] = 1;
    if (typeof value === 'string') this.#values.userText[symbol.id] = value;
    else this.#values.userTri[symbol.id] = value;
  }

  /** As `clear`, but nothing is calculated. */
  clearQuietly(symbol: KSymbol): void {
    this.#changeUser(symbol);
    this.#values.hasUser[symbol.id] = 0;
    this.#values.userTri[symbol.id] = 0;
    this.#values.userText[symbol.id] = null;
  }

  /** Takes all user values away; nothing is calculated, and it cannot be taken back. */
  clearAllQuietly(): void {
    this.#changeUsers();
    this.#values.clearUser();
  }

  /** Before every change of a user value. */
  #changeUser(symbol: KSymbol): void {
    this.#values.note(symbol.id);
    this.#changeUsers();
  }

  #changeUsers(): void {
    if (this.#calculator.hasValues && this.#updater === null) this.#isMixed = true;
    this.#isUpToDate = false;
  }

  /** For choices of old trees: notes what a file says, but not as a user value (`adoptRefused` makes it one). */
  refuseQuietly(choice: KSymbol, value: Tristate): void {
    this.#changeUser(choice);
    this.#values.hasUser[choice.id] = 0;
    this.#values.userTri[choice.id] = value;
  }

  /** Old trees, for targets that set all new symbols: what was refused for choices counts after all. */
  adoptRefused(): void {
    for (const { id } of this.kconfig.symbols.all.filter(({ isChoice }) => isChoice)) this.#values.hasUser[id] = 1;
    this.#forget();
    this.#isMixed = true;
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
    this.#forget();
    this.#values.clearCalculated();
    this.#isMixed = false;
    this.#choices.keepStale(false);
  }

  /** Nothing that was calculated counts from now on, but it is there until it is calculated anew. */
  #forget(): void {
    this.#values.forget();
    this.#updater = null;
    this.#calculator.hasValues = false;
    this.#calculator.forgetExpressions();
    this.#isUpToDate = false;
  }

  /** Forgets one symbol's calculated value; what depends on it keeps its own. */
  invalidate(symbol: KSymbol): void {
    this.#isUpToDate = false;
    this.#calculator.invalidate(symbol.id);
  }

  /**
   * As `invalidateAll`, but as conf does it between two calculations: members of a choice behind the chosen one keep
   * the visibility that they had, and with it their line in the .config; in old trees choices with new members lose
   * their user value. Only for targets of conf that do that; not for incremental changes.
   */
  invalidateAsConf(): void {
    this.calculateAll();
    for (const choice of this.kconfig.symbols.all.filter((symbol) => symbol.isChoice && this.isNew(symbol))) {
      this.#values.hasUser[choice.id] = 0;
    }
    this.#forget();
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

  /** Everything is calculated before the first change, so that changes are noticed. */
  #incremental(): IncrementalUpdater {
    if (!this.#updater) {
      if (!this.#isUpToDate) {
        this.invalidateAll();
        this.calculateAll();
      }
      this.#updater = new IncrementalUpdater(this.#calculator);
      this.#isUpToDate = true;
    }
    return this.#updater;
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
    return number >= this.#calculator.bound(range.low!, base) && number <= this.#calculator.bound(range.high!, base);
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
    value = Math.max(value, this.#values.reverse[symbol.id]!);
    if (value === 1 && !this.#choices.isMember(symbol.id) && this.#calculator.modulesOff()) value = 2;
    if (symbol.type === 'bool' && value === 1) value = 2;
    return LETTERS[Math.max(value, this.#values.implied[symbol.id]!)]!;
  }
}
