import type { Dialect } from '../kconfig/dialect.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { children, type Expr, type KSymbol, type MenuNode, type Tristate } from '../kconfig/symbol.ts';
import { SYMBOL_FLAGS } from '../kconfig/tables.ts';
import type { UserValue } from './symbol-values.ts';

/**
 * How a dialect calculates choices: the only part of the values that differs in kind between versions. What is asked
 * of every symbol takes its id.
 */
export interface ChoiceCalculator {
  /** Whether the symbol is a member of a choice, as `sym_is_choice_value` has it. */
  isMember(id: number): boolean;
  /** Whether a tristate is a bool because it is a fully visible member. */
  isBoolMember(id: number): boolean;
  /** A prompt's visibility, as far as the choice leaves it. */
  limitVisibility(id: number, visible: Tristate): Tristate;
  /** A member's value; null where the choice does not decide it. */
  memberValue(id: number): Tristate | null;
  /** Called when the value of a choice itself is known. */
  calculated(choice: KSymbol, written: boolean): void;
  /** Whether conf counts a choice as one that the user has not answered yet, though a file says something of it. */
  isNew(choice: KSymbol): boolean;
  /** From now on, whether members may keep a visibility that no longer holds: see `Configuration.invalidateAsConf`. */
  keepStale(stale: boolean): void;
  /** Makes a member the one that the user set last; what comes back takes that back. */
  prefer(symbol: KSymbol): () => void;
  default(choice: MenuNode): KSymbol | null;
  copyFrom(other: ChoiceCalculator): void;
}

/** The values of one configuration, as the calculation of choices reads and sets them. */
export interface ChoiceValues {
  readonly kconfig: Kconfig;
  /** A bool's or tristate's value, which is calculated if need be. */
  tristate(symbol: KSymbol): Tristate;
  /** The value so far, without calculating it. */
  currentTristate(symbol: KSymbol): Tristate;
  /** The visibility so far, without calculating it. */
  currentVisibility(symbol: KSymbol): Tristate;
  /** Calculates a symbol's visibility. */
  calculateVisibility(id: number): void;
  evaluate(e: Expr | null): Tristate;
  /** Whether the user gave the symbol a value. */
  hasUserValue(symbol: KSymbol): boolean;
  /** The value a user gave; null for none. */
  userValue(symbol: KSymbol): UserValue | null;
  /** Sets a member's value. */
  setCalculated(symbol: KSymbol, value: Tristate): void;
  /** A choice without any visible member is off. */
  resetChoice(choice: KSymbol): void;
  /** Marks a member as written to the .config. */
  markWritten(symbol: KSymbol): void;
  /** Has `restore` called where the values are set back to what they are now. */
  noteOther(restore: () => void): void;
}

/** The calculator of a dialect. */
export function choiceCalculatorFor(dialect: Dialect, config: ChoiceValues): ChoiceCalculator {
  return dialect.choices === 'priority' ? new PriorityChoices(config) : new SymbolChoices(config);
}

/** Choices whose members compete (6.11 and later, `symbol.c:sym_calc_choice(struct menu *)`). */
class PriorityChoices implements ChoiceCalculator {
  readonly #config: ChoiceValues;
  readonly #flags: Int32Array;
  #stale = false;
  /** Members of choices where users changed their order, the one with the highest priority first. */
  #order = new Map<MenuNode, readonly KSymbol[]>();

  constructor(config: ChoiceValues) {
    this.#config = config;
    this.#flags = config.kconfig.tables.flags;
  }

  isMember(id: number): boolean {
    return (this.#flags[id]! & SYMBOL_FLAGS.member) !== 0;
  }

  isBoolMember(): boolean {
    return false;
  }

  limitVisibility(_id: number, visible: Tristate): Tristate {
    return visible;
  }

  memberValue(id: number): Tristate | null {
    const config = this.#config;
    const { tables, symbols } = config.kconfig;
    if (tables.choice[id] === -1) return null;
    const symbol = symbols.all[id]!;
    const choice = symbol.choice!;
    const chosen = this.#choose(choice);
    for (const node of children(choice)) {
      if (!node.symbol || config.currentVisibility(node.symbol) === 0) continue;
      config.setCalculated(node.symbol, node.symbol === chosen ? 2 : 0);
    }
    return config.currentTristate(symbol);
  }

  #choose(choice: MenuNode): KSymbol | null {
    const config = this.#config;
    const order = this.#order.get(choice) ?? choice.choiceMembers;
    for (const member of order) {
      config.calculateVisibility(member.id);
      if (config.currentVisibility(member) !== 0 && config.userValue(member) === 2) {
        if (!this.#stale) this.#rest(order, member);
        return member;
      }
    }
    const byDefault = this.default(choice);
    if (byDefault && config.userValue(byDefault) !== 0) return byDefault;
    for (const node of children(choice)) {
      const member = node.symbol;
      if (member && config.currentVisibility(member) !== 0 && !config.hasUserValue(member)) return member;
    }
    return order.findLast((member) => config.currentVisibility(member) !== 0) ?? null;
  }

  /** Members behind the chosen one: their visibility too is needed for what is written. */
  #rest(order: readonly KSymbol[], chosen: KSymbol): void {
    for (const member of order.slice(order.indexOf(chosen) + 1)) this.#config.calculateVisibility(member.id);
  }

  calculated(): void {}

  isNew(): boolean {
    return false;
  }

  keepStale(stale: boolean): void {
    this.#stale = stale;
  }

  prefer(symbol: KSymbol): () => void {
    const { choice } = symbol;
    const before = choice ? this.#order.get(choice) : undefined;
    const order = before ?? choice?.choiceMembers;
    if (!order?.includes(symbol)) return () => {};
    this.#order.set(choice!, [symbol, ...order.filter((member) => member !== symbol)]);
    return () => {
      if (before) this.#order.set(choice!, before);
      else this.#order.delete(choice!);
    };
  }

  /** The first default that is visible, else the first visible member. */
  default(choice: MenuNode): KSymbol | null {
    const config = this.#config;
    for (const property of choice.symbol!.properties) {
      if (property.kind !== 'default' || config.evaluate(property.visible) === 0) continue;
      const member = property.value!.sym!;
      if (config.currentVisibility(member) !== 0) return member;
    }
    for (const node of children(choice)) {
      if (node.symbol && config.currentVisibility(node.symbol) !== 0) return node.symbol;
    }
    return null;
  }

  copyFrom(other: ChoiceCalculator): void {
    if (other instanceof PriorityChoices) this.#order = new Map(other.#order);
  }
}

/** Choices with a value of their own (up to 6.10, `symbol.c:sym_calc_choice(struct symbol *)`). */
class SymbolChoices implements ChoiceCalculator {
  readonly #config: ChoiceValues;
  readonly #all: readonly KSymbol[];
  /** By symbol id the id of the choice that it is a member of. */
  readonly #choice: Int32Array;
  /** The chosen member, by the choice's id. */
  #chosen = new Map<number, KSymbol | null>();
  /** The member that the user set to `y`, by the choice's id. */
  #wanted = new Map<number, KSymbol>();

  constructor(config: ChoiceValues) {
    this.#config = config;
    this.#all = config.kconfig.symbols.all;
    this.#choice = config.kconfig.tables.choice;
  }

  isMember(id: number): boolean {
    return this.#choice[id] !== -1;
  }

  isBoolMember(id: number): boolean {
    return this.#choice[id] !== -1 && this.#config.currentVisibility(this.#all[id]!) === 2;
  }

  limitVisibility(id: number, visible: Tristate): Tristate {
    if (visible !== 1 || this.#choice[id] === -1 || this.#all[id]!.type !== 'tristate') return visible;
    return this.#config.currentTristate(this.#all[this.#choice[id]!]!) === 2 ? 0 : visible;
  }

  memberValue(id: number): Tristate | null {
    if (this.#choice[id] === -1) return null;
    const symbol = this.#all[id]!;
    if (this.#config.currentVisibility(symbol) !== 2) return null;
    const choice = this.#all[this.#choice[id]!]!;
    this.#config.tristate(choice);
    return this.#chosen.get(choice.id) === symbol ? 2 : 0;
  }

  calculated(choice: KSymbol, written: boolean): void {
    const config = this.#config;
    const members = choice.nodes[0]!.choiceMembers;
    const whole = config.currentTristate(choice) === 2;
    const chosen = whole ? this.#choose(choice) : null;
    const before = this.#chosen.get(choice.id) ?? null;
    if (before !== chosen) config.noteOther(() => this.#chosen.set(choice.id, before));
    this.#chosen.set(choice.id, chosen);
    if (whole && !chosen) config.resetChoice(choice);
    if (!written) return;
    for (const member of members) if (config.currentVisibility(member) !== 0) config.markWritten(member);
  }

  #choose(choice: KSymbol): KSymbol | null {
    const config = this.#config;
    for (const member of choice.nodes[0]!.choiceMembers) config.calculateVisibility(member.id);
    const wanted = this.#wanted.get(choice.id);
    if (wanted && config.currentVisibility(wanted) !== 0) return wanted;
    return this.default(choice.nodes[0]!);
  }

  /** A choice that is on, with a visible member that the user said nothing about. */
  isNew(choice: KSymbol): boolean {
    const config = this.#config;
    if (config.tristate(choice) !== 2) return false;
    const members = choice.nodes[0]!.choiceMembers;
    return members.some((member) => config.currentVisibility(member) !== 0 && !config.hasUserValue(member));
  }

  /** Here every member's visibility is calculated each time. */
  keepStale(): void {}

  prefer(symbol: KSymbol): () => void {
    if (!symbol.choice) return () => {};
    const { id } = symbol.choice.symbol!;
    const before = this.#wanted.get(id);
    this.#wanted.set(id, symbol);
    return () => {
      if (before) this.#wanted.set(id, before);
      else this.#wanted.delete(id);
    };
  }

  default(choice: MenuNode): KSymbol | null {
    const config = this.#config;
    for (const property of choice.symbol!.properties) {
      if (property.kind !== 'default' || config.evaluate(property.visible) === 0) continue;
      const member = property.value!.sym!;
      if (config.currentVisibility(member) !== 0) return member;
    }
    return choice.choiceMembers.find((member) => config.currentVisibility(member) !== 0) ?? null;
  }

  copyFrom(other: ChoiceCalculator): void {
    if (!(other instanceof SymbolChoices)) return;
    this.#wanted = new Map(other.#wanted);
    this.#chosen = new Map(other.#chosen);
  }
}
