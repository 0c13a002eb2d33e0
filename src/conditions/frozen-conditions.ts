/** The conditions of a table as numbers, by which they can be cached between runs. */
import { type Condition, type DomainLookup, FALSE, type SymbolDomain, TRISTATES } from './condition.ts';

/** How a condition is frozen: this, the number of its operands or values, these, and a literal's symbol. */
export const Form = { and: 0, or: 1, oneOf: 2, noneOf: 3 } as const;

/** In the place of the number of a symbol that has none. */
export const NO_NUMBER = -1;

/** How a domain is frozen. */
const DOMAINS: readonly SymbolDomain[] = ['bool', 'tristate', 'none', 'open'];
/** Numbers for each symbol in `FrozenNumbers.domains`. */
const DOMAIN_PARTS = 3;

/** What is cached. */
export interface FrozenNumbers {
  /** By id: where the condition's numbers start in `data`. */
  readonly starts: ArrayLike<number>;
  readonly data: ArrayLike<number>;
  /** Pairs of ids. */
  readonly negations: ArrayLike<number>;
  /** Every symbol that the table asked for, the answer, and its number or NO_NUMBER. */
  readonly domains: ArrayLike<number>;
  /** The numbers of `TRISTATES`. */
  readonly tristates: ArrayLike<number>;
  /** Of the lookup that gave the answers and numbers; 0 for none. */
  readonly checksum: number;
}

/** The same with the texts that its numbers stand for. */
export interface FrozenConditions extends FrozenNumbers {
  /** The text that a number stands for. */
  readonly text: (reference: number) => string;
  /** Numbers of texts are below it. */
  readonly textCount: number;
}

/** What a table knows. */
export interface TableContent {
  /** By id. */
  readonly conditions: readonly Condition[];
  /** By id: the opposite, where it was made. */
  readonly negations: readonly (Condition | undefined)[];
  /** What symbols can be that were asked for. */
  readonly domains: ReadonlyMap<string, SymbolDomain>;
}

/**
 * All conditions of a table as numbers.
 * @param domain gave the answers
 * @param reference gives texts their numbers
 */
export function freezeTable(
  { conditions, negations, domains }: TableContent,
  domain: DomainLookup | null,
  reference: (text: string) => number,
): FrozenNumbers {
  const starts: number[] = [];
  const data: number[] = [];
  for (const condition of conditions) {
    starts.push(data.length);
    if (condition.kind === 'symbol') {
      const values = condition.values.map(reference);
      data.push(condition.negated ? Form.noneOf : Form.oneOf, values.length, ...values, reference(condition.symbol));
    } else if (condition.kind !== 'constant') {
      const ids = condition.operands.map(({ id }) => id);
      data.push(condition.kind === 'and' ? Form.and : Form.or, ids.length, ...ids);
    }
  }
  const opposites = [...negations.entries()].flatMap(([id, opposite]) =>
    opposite !== undefined && id > FALSE.id ? [id, opposite.id] : [],
  );
  const { checksum = 0, numberOf } = domain?.numbered ?? {};
  const answers = [...domains].flatMap(([symbol, known]) => [
    reference(symbol),
    DOMAINS.indexOf(known),
    numberOf?.(symbol) ?? NO_NUMBER,
  ]);
  return { starts, data, negations: opposites, domains: answers, tristates: TRISTATES.map(reference), checksum };
}

/** Makes a frozen condition, no constant. @param at gives its operands */
export function thawCondition(
  { starts, data, text }: FrozenConditions,
  id: number,
  at: (id: number) => Condition,
): Condition {
  const start = starts[id]!;
  const [form, count] = [data[start]!, data[start + 1]!];
  const from = start + 2;
  if (form === Form.and || form === Form.or) {
    const operands: Condition[] = [];
    for (let i = from; i < from + count; i++) operands.push(at(data[i]!));
    return { kind: form === Form.and ? 'and' : 'or', id, operands };
  }
  const values: string[] = [];
  for (let i = from; i < from + count; i++) values.push(text(data[i]!));
  return { kind: 'symbol', id, symbol: text(data[from + count]!), negated: form === Form.noneOf, values };
}

/** The symbol of a frozen literal; null where the condition is a group. */
export function literalSymbol({ starts, data, text }: FrozenConditions, id: number): string | null {
  const start = starts[id]!;
  const isLiteral = data[start] === Form.oneOf || data[start] === Form.noneOf;
  return isLiteral ? text(data[start + 2 + data[start + 1]!]!) : null;
}

/** What symbols can be, as the table was told. */
export function* frozenDomains({ domains, text }: FrozenConditions): Generator<readonly [string, SymbolDomain]> {
  for (let i = 0; i < domains.length; i += DOMAIN_PARTS) yield [text(domains[i]!), DOMAINS[domains[i + 1]!]!];
}

/** The numbers of symbols by those of their names, or NO_NUMBER. */
export function symbolNumbersOf({ domains, textCount }: FrozenConditions): Int32Array {
  const numbers = new Int32Array(textCount).fill(NO_NUMBER);
  for (let i = 0; i < domains.length; i += DOMAIN_PARTS) numbers[domains[i]!] = domains[i + 2]!;
  return numbers;
}

/** Whether a lookup says of every symbol that was asked for what was said then. */
export function isAnsweredBy(domain: DomainLookup | null, frozen: FrozenConditions): boolean {
  if (frozen.checksum !== 0 && domain?.numbered?.checksum === frozen.checksum) return true;
  for (const [symbol, known] of frozenDomains(frozen)) if (domain?.(symbol) !== known) return false;
  return true;
}
