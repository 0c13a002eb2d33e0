/** The value of a constant expression of C, as tables of devices have them: 32 bits, without a sign. */

const TOKEN = /\s*(0[xX][0-9a-fA-F]+|\d+|<<|>>|[()|&^~+*-])(?:[uUlL]*)/y;
/** Operators by how strongly they bind. */
const STRENGTH: Readonly<Record<string, number>> = { '|': 1, '^': 2, '&': 3, '<<': 4, '>>': 4, '+': 5, '-': 5, '*': 6 };

/** @returns null for what is no number */
export function constantValue(expression: string): number | null {
  const tokens: string[] = [];
  // Casts change no number of these tables.
  const text = expression.replace(
    /\((?:unsigned |signed )?(?:__)?(?:[us](?:8|16|32|64)|char|short|int|long|kernel_ulong_t)\)/g,
    '',
  );
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    tokens.push(match[1]!);
    end = TOKEN.lastIndex;
  }
  if (tokens.length === 0 || text.slice(end).trim() !== '') return null;
  const reader = new ConstantReader(tokens);
  const value = reader.value(0);
  return value === null || !reader.isDone ? null : value >>> 0;
}

class ConstantReader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get isDone(): boolean {
    return this.#at === this.#tokens.length;
  }

  /** @param least operators that bind less end it */
  value(least: number): number | null {
    let left = this.#operand();
    for (;;) {
      const operator = this.#tokens[this.#at] ?? '';
      const strength = STRENGTH[operator] ?? 0;
      if (left === null || strength <= least) return left;
      this.#at++;
      const right = this.value(strength);
      left = right === null ? null : calculated(operator, left, right);
    }
  }

  #operand(): number | null {
    const token = this.#tokens[this.#at++];
    if (token === '(') {
      const inner = this.value(0);
      return this.#tokens[this.#at++] === ')' ? inner : null;
    }
    if (token === '~' || token === '-' || token === '+') {
      const operand = this.#operand();
      if (operand === null) return null;
      return token === '~' ? ~operand : token === '-' ? -operand : operand;
    }
    return token !== undefined && /^\d/.test(token) ? Number(token.replace(/^0(?=\d)/, '0o')) : null;
  }
}

function calculated(operator: string, a: number, b: number): number {
  switch (operator) {
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&':
      return a & b;
    case '<<':
      return a << b;
    case '>>':
      return a >>> b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    default:
      return Math.imul(a, b);
  }
}
