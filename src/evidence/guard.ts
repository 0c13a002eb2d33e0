/** Conditions of the C preprocessor, as far as they speak of symbols. */
import type { Condition } from '../conditions/condition.ts';
import { ConditionTable } from '../conditions/condition-table.ts';

const TOKEN = /\s*(&&|\|\||!(?!=)|[()]|\w+|[^\s\w()&|!]+|[&|!])/y;
const MAX_DEPTH = 40;
/** Values of a symbol for which a macro of include/linux/kconfig.h is true. */
const MACROS: Readonly<Record<string, readonly string[]>> = {
  defined: ['y'],
  IS_ENABLED: ['m', 'y'],
  IS_REACHABLE: ['m', 'y'],
  IS_BUILTIN: ['y'],
  IS_MODULE: ['m'],
};

/** Reads guards; equal ones are one condition. */
export class Guards {
  readonly #table = new ConditionTable();
  readonly #known = new Map<string, Condition | null>();

  /**
   * What a guard says of symbols; what it says of anything else may be so or not.
   * @param text from a `Registration`
   * @returns null where it says nothing that counts
   */
  condition(text: string): Condition | null {
    if (text === '') return null;
    let known = this.#known.get(text);
    if (known === undefined) {
      known = new GuardReader(text, this.#table).read();
      this.#known.set(text, known);
    }
    return known;
  }
}

/** A part of a guard: null where nobody knows whether it holds. */
type Part = Condition | null;

class GuardReader {
  readonly #tokens: readonly string[];
  readonly #table: ConditionTable;
  #at = 0;

  constructor(text: string, table: ConditionTable) {
    this.#tokens = tokensOf(text);
    this.#table = table;
  }

  read(): Part {
    const found = this.#either(false, 0);
    return this.#at < this.#tokens.length ? null : found;
  }

  /** @param isNegated whether the part stands behind an odd number of `!` */
  #either(isNegated: boolean, depth: number): Part {
    let left = this.#both(isNegated, depth);
    while (this.#take('||')) left = this.#joined(left, this.#both(isNegated, depth), isNegated);
    return left;
  }

  #both(isNegated: boolean, depth: number): Part {
    let left = this.#one(isNegated, depth);
    while (this.#take('&&')) left = this.#joined(left, this.#one(isNegated, depth), !isNegated);
    return left;
  }

  #joined(a: Part, b: Part, isAnd: boolean): Part {
    if (isAnd) return a && b ? this.#table.and(a, b) : (a ?? b);
    return a && b ? this.#table.or(a, b) : null;
  }

  #one(isNegated: boolean, depth: number): Part {
    if (depth > MAX_DEPTH) return null;
    if (this.#take('!')) return this.#one(!isNegated, depth + 1);
    if (this.#take('(')) {
      const found = this.#either(isNegated, depth + 1);
      this.#take(')');
      return found;
    }
    const values = MACROS[this.#tokens[this.#at] ?? ''];
    const found = values ? this.#symbol(values, isNegated) : null;
    if (found === null) this.#skip();
    return found;
  }

  /** `defined(CONFIG_X)`, `defined CONFIG_X`. */
  #symbol(values: readonly string[], isNegated: boolean): Part {
    const word = this.#tokens[this.#at + 1] === '(' ? this.#at + 2 : this.#at + 1;
    const name = /^CONFIG_(\w+)$/.exec(this.#tokens[word] ?? '')?.[1];
    if (name === undefined) return null;
    this.#at = word + 1;
    if (this.#tokens[word - 1] === '(') this.#take(')');
    const symbol = name.replace(/_MODULE$/, '');
    return this.#table.isOneOf(symbol, symbol === name ? values : ['m'], isNegated);
  }

  /** Passes over what is not understood, up to what joins it with the rest. */
  #skip(): void {
    let open = 0;
    for (; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at]!;
      if (open === 0 && (token === '&&' || token === '||' || token === ')')) return;
      if (token === '(') open++;
      else if (token === ')') open--;
    }
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) tokens.push(match[1]!);
  return tokens;
}
