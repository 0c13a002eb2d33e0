/**
 * Conditions over configuration symbols, as small immutable data in negation normal form. A literal says that a
 * symbol's value is (or is not) one of a set, so that everything said about one symbol folds into one literal:
 * `X=y || X=m` is one literal, `X=y && X=m` is false. A table interns them: equal conditions are one object.
 */

/** True or false. */
export interface ConstantCondition {
  readonly kind: 'constant';
  readonly id: number;
  readonly value: boolean;
}

/** The symbol's value is one of `values` (none of them where `negated`); an off symbol has the value ''. */
export interface SymbolCondition {
  readonly kind: 'symbol';
  readonly id: number;
  readonly symbol: string;
  readonly negated: boolean;
  /** Sorted, never empty. */
  readonly values: readonly string[];
}

/** All (`and`) or one (`or`) of at least two operands. */
export interface GroupCondition {
  readonly kind: 'and' | 'or';
  readonly id: number;
  readonly operands: readonly Condition[];
}

export type Condition = ConstantCondition | SymbolCondition | GroupCondition;

/** Value of a symbol by its name without CONFIG_: as auto.conf has it, undefined where it is off. */
export interface ConfigLookup {
  (symbol: string): string | undefined;
  /** The same by symbols' numbers, which a `DomainLookup` with this checksum gives them. */
  readonly numbered?: { readonly checksum: number; readonly valueAt: (symbol: number) => string | undefined };
}

/**
 * What a symbol can be at all: `bool` on or off, `tristate` m as well, `none` where no Kconfig file defines it, so that
 * it is always off; `open` for texts and numbers.
 */
export type SymbolDomain = 'bool' | 'tristate' | 'none' | 'open';

/** What a tristate can be. */
export const TRISTATES: readonly string[] = ['', 'm', 'y'];

/** The domain of a symbol by its name without CONFIG_. */
export interface DomainLookup {
  (symbol: string): SymbolDomain;
  /** Two lookups with the same checksum, from 1 to 0xffffffff, say the same of every symbol and give it the same number. */
  readonly numbered?: { readonly checksum: number; readonly numberOf: (symbol: string) => number | undefined };
}

/** Always true. */
export const TRUE: Condition = { kind: 'constant', id: 0, value: true };
/** Never true. */
export const FALSE: Condition = { kind: 'constant', id: 1, value: false };

/** Whether the condition holds for this configuration. */
export function evaluateCondition(condition: Condition, config: ConfigLookup): boolean {
  if (condition.kind === 'constant') return condition.value;
  if (condition.kind === 'symbol') {
    return condition.values.includes(config(condition.symbol) ?? '') !== condition.negated;
  }
  if (condition.kind === 'and') return condition.operands.every((c) => evaluateCondition(c, config));
  return condition.operands.some((c) => evaluateCondition(c, config));
}

const NO_SYMBOLS: readonly string[] = [];
/** Conditions are few and asked for often. */
const symbolsOf = new WeakMap<Condition, readonly string[]>();

/** The symbols a condition speaks of, in order of name. */
export function conditionSymbols(condition: Condition): readonly string[] {
  if (condition.kind === 'constant') return NO_SYMBOLS;
  let symbols = symbolsOf.get(condition);
  if (symbols === undefined) {
    symbols = condition.kind === 'symbol' ? [condition.symbol] : groupSymbols(condition);
    symbolsOf.set(condition, symbols);
  }
  return symbols;
}

function groupSymbols(condition: GroupCondition): string[] {
  const found = new Set<string>();
  const seen = new Set<number>();
  const visit = (c: Condition): void => {
    if (seen.has(c.id)) return;
    seen.add(c.id);
    if (c.kind === 'symbol') found.add(c.symbol);
    else if (c.kind !== 'constant') c.operands.forEach(visit);
  };
  visit(condition);
  return [...found].sort();
}
