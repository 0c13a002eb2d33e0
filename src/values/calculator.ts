import { InputError } from '../diagnostics/diagnostic.ts';
import { isStackOverflow } from '../diagnostics/stack-overflow.ts';
import { inHashOrder } from '../kconfig/hash-order.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { type Expr, type KSymbol, OP, type Op, type Property, SYMBOL_TYPES, type Tristate } from '../kconfig/symbol.ts';
import { KIND, SYMBOL_FLAGS, TYPE, type ValueTables } from '../kconfig/tables.ts';
import { type ChoiceCalculator, type ChoiceValues, choiceCalculatorFor } from './choices.ts';
import { compareValues, comparisonValue, strtoll } from './compare.ts';
import { orderMatters } from './order-matters.ts';
import { type SymbolValues, type UserValue, VALID } from './symbol-values.ts';

/** Tristates as a .config has them. */
export const LETTERS = ['n', 'm', 'y'] as const;

/** Symbols of these kinds have no line in a .config. */
const NEVER_WRITTEN = SYMBOL_FLAGS.choice | SYMBOL_FLAGS.transitional | SYMBOL_FLAGS.defconfigList;

/** Calculates the values of a tree's symbols from what the user said (`symbol.c`), each when it is asked for. */
export class Calculator implements ChoiceValues {
  readonly kconfig: Kconfig;
  readonly values: SymbolValues;
  readonly choices: ChoiceCalculator;
  /** Whether the second operand may wait: choices of old trees have values that depend on what is calculated first. */
  readonly isLazy: boolean;
  /** Whether only conf's own order of calculation gives conf's values. */
  readonly #isOrdered: boolean;
  /** Whether conf remembers values of expressions until all are forgotten, even those that were not the last ones. */
  readonly #remembers: boolean;
  /** Whether a value was calculated since all were forgotten. */
  hasValues = false;
  readonly #tables: ValueTables;
  /** While all is calculated: values of expressions, each with one added; 0 for those that are not known. */
  #shared: Uint8Array | null = null;
  /** By property, how visible each prompt was when its symbol was calculated, where conf may go by an older value. */
  #prompts: Uint8Array | null;
  /** While the symbol that turns modules on is calculated: what it was before, which others go by meanwhile. */
  #modulesBefore: Tristate | null = null;
  /** Whether an expression read a symbol that waits for that very expression: its value is not the last one then. */
  #sawUnfinished = false;

  /** @param values of this tree's symbols; what is calculated goes there */
  constructor(kconfig: Kconfig, values: SymbolValues) {
    this.kconfig = kconfig;
    this.values = values;
    this.#tables = kconfig.tables;
    this.#isOrdered = orderMatters(kconfig);
    const isLate = this.#isOrdered || kconfig.dialect.resetsUserValues;
    this.#prompts = isLate ? new Uint8Array(kconfig.tables.kind.length) : null;
    this.#remembers = this.#isOrdered && kconfig.dialect.simplification === 'shared';
    this.isLazy = kconfig.dialect.choices === 'priority' && !this.#isOrdered;
    this.choices = choiceCalculatorFor(kconfig.dialect, this);
  }

  /** A bool's or tristate's value; 0 for every other type. */
  tristate(symbol: KSymbol): Tristate {
    if (this.values.valid[symbol.id] === VALID.no) this.calculate(symbol.id);
    return this.values.tri[symbol.id] as Tristate;
  }

  /** The value as it stands in a .config, strings without quotes (`symbol.c:sym_get_string_value`). */
  text(symbol: KSymbol): string {
    return this.#textOf(symbol.id);
  }

  /** Calculates every symbol. */
  calculateAll(): void {
    if (this.#isOrdered) {
      const { symbols, dialect } = this.kconfig;
      for (const { id } of inHashOrder(symbols.all, dialect.symbolBuckets)) this.#need(id);
      return;
    }
    // Symbols of a menu share most of their conditions. Old trees calculate in an order that must not change.
    if (this.isLazy) this.#shared = new Uint8Array(this.#tables.expressions.op.length);
    for (let id = 0; id < this.values.valid.length; id++) {
      if (this.values.valid[id] !== VALID.no) continue;
      this.#sawUnfinished = false;
      this.calculate(id);
    }
    this.#shared = null;
  }

  /** The value of an expression (`expr.c:expr_calc_value`). */
  evaluate(e: Expr | null): Tristate {
    if (!e) return 2;
    if (e.number !== 0) return this.valueAt(e.number);
    switch (e.op) {
      case OP.symbol:
        return this.tristate(e.sym!);
      case OP.and: {
        const left = this.evaluate(e.left);
        if (left === 0 && this.isLazy) return 0;
        const right = this.evaluate(e.right);
        return left < right ? left : right;
      }
      case OP.or: {
        const left = this.evaluate(e.left);
        if (left === 2 && this.isLazy) return 2;
        const right = this.evaluate(e.right);
        return left > right ? left : right;
      }
      case OP.not:
        return (2 - this.evaluate(e.left)) as Tristate;
      default:
        return this.#compare(e.op, e.sym!.id, e.sym2!.id);
    }
  }

  /** The same of an expression that stands in the tree's tables, by its number there. */
  valueAt(number: number): Tristate {
    if (number === 0) return 2;
    const { op: ops, left: lefts, right: rights } = this.#tables.expressions;
    const op = ops[number]!;
    const left = lefts[number]!;
    if (op === OP.symbol && !this.#remembers) {
      this.#need(left);
      return this.values.tri[left] as Tristate;
    }
    const shared = this.#shared;
    if (shared === null) return this.#combine(op as Op, left, rights[number]!);
    const known = shared[number]!;
    if (known !== 0) return (known - 1) as Tristate;
    const value = this.#combine(op as Op, left, rights[number]!);
    if (!this.#sawUnfinished || this.#remembers) shared[number] = value + 1;
    return value;
  }

  #combine(op: Op, left: number, right: number): Tristate {
    switch (op) {
      case OP.symbol:
        this.#need(left);
        return this.values.tri[left] as Tristate;
      case OP.and: {
        const first = this.valueAt(left);
        if (first === 0 && this.isLazy) return 0;
        const second = this.valueAt(right);
        return first < second ? first : second;
      }
      case OP.or: {
        const first = this.valueAt(left);
        if (first === 2 && this.isLazy) return 2;
        const second = this.valueAt(right);
        return first > second ? first : second;
      }
      case OP.not:
        return (2 - this.valueAt(left)) as Tristate;
      default:
        return this.#compare(op, left, right);
    }
  }

  /** Calculates a symbol that an expression reads. */
  #need(id: number): void {
    const state = this.values.valid[id];
    if (state === VALID.no) this.calculate(id);
    else if (state === VALID.begun) this.#sawUnfinished = true;
  }

  #compare(op: Op, left: number, right: number): Tristate {
    const { type } = this.#tables;
    const [leftType, rightType] = [SYMBOL_TYPES[type[left]!]!, SYMBOL_TYPES[type[right]!]!];
    this.#need(left);
    this.#need(right);
    return comparisonValue(op, compareValues(this.#textOf(left), leftType, this.#textOf(right), rightType));
  }

  #textOf(id: number): string {
    this.#need(id);
    const type = this.#tables.type[id];
    return type === TYPE.bool || type === TYPE.tristate ? LETTERS[this.values.tri[id]!]! : this.values.text[id]!;
  }

  // --- for the incremental updater ----------------------------------------------------------------------------------

  /** Forgets one symbol's value. @param id the symbol's */
  invalidate(id: number): void {
    if (this.values.fixed[id] !== 0) return;
    this.values.note(id);
    this.values.valid[id] = 0;
    // What others go by while it is calculated is what it is in a calculation of all.
    if (id === this.kconfig.symbols.modules?.id) this.values.tri[id] = 0;
    this.forgetExpressions();
    if (this.values.unmet.size > 0) this.values.unmet.delete(this.kconfig.symbols.all[id]!);
  }

  /** The visibility of one of a symbol's prompts, as conf goes by it in menus. */
  promptVisibility(symbol: KSymbol, prompt: Property): Tristate {
    if (this.#prompts === null) return this.choices.limitVisibility(symbol.id, this.evaluate(prompt.visible));
    this.#need(symbol.id);
    const property = this.#tables.firstProperty[symbol.id]! + symbol.properties.indexOf(prompt);
    return this.#prompts[property] as Tristate;
  }

  /** From now on prompts are as visible as the present values have them. */
  forgetPrompts(): void {
    this.#prompts = null;
  }

  /** Forgets the values of expressions (`expr.c:expr_invalidate_all`). */
  forgetExpressions(): void {
    if (this.#remembers) this.#shared = null;
  }

  /** Calculates a symbol again. @returns whether it has another value than before */
  recalculate(id: number): boolean {
    if (this.values.fixed[id] !== 0) return false;
    const tristate = this.values.tri[id];
    const text = this.values.text[id];
    this.invalidate(id);
    this.calculate(id);
    return this.values.tri[id] !== tristate || this.values.text[id] !== text;
  }

  // --- for choices --------------------------------------------------------------------------------------------------

  hasUserValue(symbol: KSymbol): boolean {
    return this.values.hasUser[symbol.id] === 1;
  }

  userValue(symbol: KSymbol): UserValue | null {
    return this.values.userValue(symbol);
  }

  setCalculated(symbol: KSymbol, value: Tristate): void {
    this.values.note(symbol.id);
    this.values.tri[symbol.id] = value;
    this.values.valid[symbol.id] = 1;
    this.values.write[symbol.id] = 1;
  }

  resetChoice(choice: KSymbol): void {
    this.values.note(choice.id);
    this.values.tri[choice.id] = 0;
  }

  currentTristate(symbol: KSymbol): Tristate {
    return this.values.tri[symbol.id] as Tristate;
  }

  currentVisibility(symbol: KSymbol): Tristate {
    return this.values.visible[symbol.id] as Tristate;
  }

  markWritten(symbol: KSymbol): void {
    this.values.note(symbol.id);
    this.values.write[symbol.id] = 1;
  }

  noteOther(restore: () => void): void {
    this.values.noteOther(restore);
  }

  // --- one symbol ---------------------------------------------------------------------------------------------------

  /** Whether a bool or tristate can only be `y` or `n` under the present values. */
  isBool(id: number): boolean {
    return this.#tables.type[id] !== TYPE.tristate || this.choices.isBoolMember(id) || this.modulesOff();
  }

  /** Whether the tree has no modules, or the configuration has turned them off. */
  modulesOff(): boolean {
    const { modules } = this.kconfig.symbols;
    return modules === null || (this.#modulesBefore ?? this.tristate(modules)) === 0;
  }

  /**
   * Visibility and dependencies (`symbol.c:sym_calc_visibility`).
   * @param id the symbol's
   * @returns the value of the direct dependency; in old trees it may be asked for later, so null
   */
  calculateVisibility(id: number): Tristate | null {
    this.values.note(id);
    const tables = this.#tables;
    if ((tables.flags[id]! & SYMBOL_FLAGS.transitional) !== 0) {
      this.values.visible[id] = 2;
      return null;
    }
    const direct = this.isLazy ? this.valueAt(tables.direct[id]!) : null;
    let visible = 0;
    for (let property = tables.firstProperty[id]!; property < tables.firstProperty[id + 1]!; property++) {
      if (tables.hasText[property] === 0) continue;
      const here = this.choices.limitVisibility(id, this.#conditionValue(id, property, direct));
      if (this.#prompts !== null) this.#prompts[property] = here;
      if (here > visible) visible = here;
    }
    if (visible === 1 && (tables.type[id] !== TYPE.tristate || this.modulesOff())) visible = 2;
    this.values.visible[id] = visible;
    if (this.choices.isMember(id)) return direct;
    this.values.direct[id] = this.#raised(id, direct ?? this.valueAt(tables.direct[id]!));
    const reverse = tables.reverse[id]!;
    this.values.reverse[id] = reverse === 0 ? 0 : this.#raised(id, this.valueAt(reverse));
    const implied = tables.implied[id]!;
    const isIgnored = implied === 0 || (this.kconfig.dialect.implyForces && this.values.direct[id] === 0);
    this.values.implied[id] = isIgnored ? 0 : this.#raised(id, this.valueAt(implied));
    return direct;
  }

  /**
   * The value of a property's condition. Mostly it is the symbol's direct dependency itself, or begins with it.
   * @param direct the value of that, where it is known
   */
  #conditionValue(id: number, property: number, direct: Tristate | null): Tristate {
    const { visible: conditions, direct: directs, expressions } = this.#tables;
    const visible = conditions[property]!;
    if (direct === null) return this.valueAt(visible);
    const dependency = directs[id]!;
    if (visible === dependency) return direct;
    if (expressions.op[visible] !== OP.and || expressions.left[visible] !== dependency) return this.valueAt(visible);
    if (direct === 0) return 0;
    const right = this.valueAt(expressions.right[visible]!);
    return direct < right ? direct : right;
  }

  /** The value of a dependency: `m` is enough for a bool. */
  #raised(id: number, value: Tristate): Tristate {
    const { type } = this.#tables;
    const isBoolean = type[id] === TYPE.bool || type[id] === TYPE.tristate;
    return value === 1 && isBoolean && this.isBool(id) ? 2 : value;
  }

  /**
   * `symbol.c:sym_calc_value`.
   * @throws InputError `kconfig-chain-too-long`
   */
  calculate(id: number): void {
    try {
      this.#calculate(id);
    } catch (error) {
      // Ranges may name each other in a chain that is longer than the stack.
      if (isStackOverflow(error)) throw new InputError({ code: 'kconfig-chain-too-long', args: {} });
      throw error;
    }
  }

  #calculate(id: number): void {
    if (!this.hasValues) this.#begin(id);
    if (this.values.valid[id] !== VALID.no) return;
    this.values.note(id);
    this.values.valid[id] = this.#shared === null ? VALID.yes : VALID.begun;
    const isModules = id === this.kconfig.symbols.modules?.id;
    if (isModules) this.#modulesBefore = this.values.tri[id] as Tristate;
    this.#calculateParts(id);
    if (isModules) this.#modulesBefore = null;
    this.values.valid[id] = VALID.yes;
  }

  /** Before the first value: whether there are modules is calculated before all else. */
  #begin(id: number): void {
    this.hasValues = true;
    if (this.#remembers) this.#shared ??= new Uint8Array(this.#tables.expressions.op.length);
    const { modules } = this.kconfig.symbols;
    if (modules !== null && modules.id !== id) this.tristate(modules);
  }

  #calculateParts(id: number): void {
    const { type, flags } = this.#tables;
    if (type[id] === TYPE.unknown) return;
    this.values.write[id] = 0;
    const direct = this.calculateVisibility(id);
    if (this.values.visible[id] !== 0) this.values.write[id] = 1;
    if (type[id] === TYPE.bool || type[id] === TYPE.tristate) this.#calculateTristate(id, direct);
    else this.#calculateText(this.kconfig.symbols.all[id]!);
    if ((flags[id]! & NEVER_WRITTEN) !== 0) this.values.write[id] = 0;
  }

  #calculateTristate(id: number, direct: Tristate | null): void {
    // What a loop would see.
    this.values.tri[id] = 0;
    const chosen = this.choices.memberValue(id);
    let value: number;
    if (chosen !== null) value = chosen;
    else {
      value = this.#ownValue(id, direct);
      if (this.values.direct[id]! < this.values.reverse[id]!) this.values.unmet.add(this.kconfig.symbols.all[id]!);
      if (this.values.reverse[id]! > value) value = this.values.reverse[id]!;
    }
    const forced = this.kconfig.dialect.implyForces && this.values.implied[id] === 2 && chosen === null;
    if (value === 1 && (forced || this.isBool(id))) value = 2;
    this.values.tri[id] = value;
    const isChoice = (this.#tables.flags[id]! & SYMBOL_FLAGS.choice) !== 0;
    if (isChoice) this.choices.calculated(this.kconfig.symbols.all[id]!, this.values.write[id] === 1);
  }

  /** What user value, defaults and `imply` give, before `select`. */
  #ownValue(id: number, direct: Tristate | null): number {
    const visible = this.values.visible[id]!;
    if (visible !== 0 && this.values.hasUser[id] === 1) return Math.min(this.values.userTri[id]!, visible);
    if (this.values.reverse[id] !== 0) this.values.write[id] = 1;
    const tables = this.#tables;
    if ((tables.flags[id]! & SYMBOL_FLAGS.choice) !== 0) return 0;
    let value = 0;
    for (let property = tables.firstProperty[id]!; property < tables.firstProperty[id + 1]!; property++) {
      if (tables.kind[property] !== KIND.default) continue;
      const condition = this.#conditionValue(id, property, direct);
      if (condition === 0) continue;
      value = Math.min(this.valueAt(tables.value[property]!), condition);
      if (value !== 0) this.values.write[id] = 1;
      break;
    }
    const implied = this.values.implied[id]!;
    if (implied !== 0) {
      this.values.write[id] = 1;
      value = Math.max(value, implied);
      if (!this.kconfig.dialect.implyForces) value = Math.min(value, this.values.direct[id]!);
    }
    return value;
  }

  #calculateText(symbol: KSymbol): void {
    const { id } = symbol;
    const zero = symbol.type === 'int' ? '0' : symbol.type === 'hex' ? '0x0' : '';
    let value = this.kconfig.dialect.zeroDefaults ? zero : '';
    this.values.text[id] = value;
    if (this.values.visible[id] !== 0 && this.values.hasUser[id] === 1) value = this.values.userText[id] ?? '';
    else {
      const source = this.activeDefault(symbol)?.value;
      if (source && source.op === OP.symbol) {
        this.values.write[id] = 1;
        value = this.text(source.sym!);
      }
    }
    this.values.text[id] = value;
    if (symbol.type !== 'string') this.values.text[id] = this.#withinRange(symbol, value);
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
      if (kinds[property] === kind && this.valueAt(visible[property]!) !== 0)
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
    // The upper bound is not calculated where the lower one counts: it may be calculated from this very number.
    let written = range.low!;
    let bound = this.bound(written, base);
    if (number >= bound) {
      written = range.high!;
      bound = this.bound(written, base);
      if (number <= bound) return value;
    }
    if (!this.kconfig.dialect.printsRangeBounds) return this.text(written);
    return base === 10 ? String(bound) : `0x${BigInt.asUintN(64, bound).toString(16)}`;
  }

  /** A bound of a range as a number. @param base of the symbol that has the range, where the bound has none itself */
  bound(symbol: KSymbol, base: 10 | 16): bigint {
    const own = symbol.type === 'int' ? 10 : symbol.type === 'hex' ? 16 : base;
    return strtoll(this.text(symbol), own);
  }
}
