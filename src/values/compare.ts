import { OP, type Op, type SymbolType, type Tristate } from '../kconfig/symbol.ts';

const LLONG_MAX = (1n << 63n) - 1n;
const LLONG_MIN = -(1n << 63n);
const ULLONG_MAX = (1n << 64n) - 1n;

/** Digits behind which no number fits 64 bits, whatever its base: the rest need not be read. */
const MAX_DIGITS = 64;

/** A number at the start of a text, as C's strtoll and strtoull find it. */
interface ParsedNumber {
  readonly value: bigint;
  /** Chars used, blanks and sign included; 0 where there is no number. */
  readonly length: number;
}

/** The number at the start of a text; base 0 takes a C prefix (`0x`, `0`). */
function parseNumber(text: string, base: 0 | 10 | 16): ParsedNumber {
  const match =
    base === 10
      ? /^[ \t\n\v\f\r]*([+-]?)([0-9]+)/.exec(text)
      : base === 16
        ? /^[ \t\n\v\f\r]*([+-]?)(?:0[xX](?=[0-9a-fA-F]))?([0-9a-fA-F]+)/.exec(text)
        : /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(text);
  if (!match) return { value: 0n, length: 0 };
  const digits = match[2]!;
  let value: bigint;
  if (base === 16) value = bounded('0x', digits);
  else if (base === 10) value = bounded('', digits);
  else if (/^0[xX]/.test(digits)) value = bounded('0x', digits.slice(2));
  else value = bounded(digits.length > 1 && digits[0] === '0' ? '0o' : '', digits);
  return { value: match[1] === '-' ? -value : value, length: match[0].length };
}

/** The value of digits in the base of a prefix; one that is too large for any integer of C stays too large. */
function bounded(prefix: '' | '0o' | '0x', digits: string): bigint {
  return BigInt(prefix + digits.replace(/^0+(?=.)/, '').slice(0, MAX_DIGITS));
}

/** C's `strtoll(text, NULL, base)`: no number is 0, and it saturates. */
export function strtoll(text: string, base: 0 | 10 | 16): bigint {
  const { value } = parseNumber(text, base);
  return value > LLONG_MAX ? LLONG_MAX : value < LLONG_MIN ? LLONG_MIN : value;
}

type Kind = 'string' | 'signed' | 'unsigned';

/** How a comparison takes an operand (`expr.c:expr_parse_string`). */
function parseOperand(text: string, type: SymbolType): { kind: Kind; value: bigint } {
  if (type === 'bool' || type === 'tristate') {
    const value = text === 'n' ? 0n : text === 'm' ? 1n : text === 'y' ? 2n : -1n;
    return { kind: 'signed', value };
  }
  const { value, length } = parseNumber(text, type === 'int' ? 10 : type === 'hex' ? 16 : 0);
  const whole = length > 0 && length === text.length;
  if (type === 'hex') {
    const magnitude = value < 0n ? -value : value;
    if (!whole || magnitude > ULLONG_MAX) return { kind: 'string', value: 0n };
    return { kind: 'unsigned', value: BigInt.asUintN(64, value) };
  }
  return whole && value <= LLONG_MAX && value >= LLONG_MIN ? { kind: 'signed', value } : { kind: 'string', value: 0n };
}

/**
 * Compares the values of two symbols (`expr.c:__expr_calc_value`): as numbers where both are numbers, as strings
 * otherwise.
 * @returns negative, zero or positive
 */
export function compareValues(left: string, leftType: SymbolType, right: string, rightType: SymbolType): number {
  if (left === right) return 0;
  if (leftType !== 'string' || rightType !== 'string') {
    const a = parseOperand(left, leftType);
    const b = parseOperand(right, rightType);
    if (a.kind !== 'string' && b.kind !== 'string') {
      const unsigned = a.kind === 'unsigned' || b.kind === 'unsigned';
      const x = unsigned ? BigInt.asUintN(64, a.value) : a.value;
      const y = unsigned ? BigInt.asUintN(64, b.value) : b.value;
      return x < y ? -1 : x > y ? 1 : 0;
    }
  }
  return left < right ? -1 : 1;
}

/** The value of a comparison whose operands compare as `order` says. */
export function comparisonValue(op: Op, order: number): Tristate {
  switch (op) {
    case OP.equal:
      return order === 0 ? 2 : 0;
    case OP.unequal:
      return order !== 0 ? 2 : 0;
    case OP.less:
      return order < 0 ? 2 : 0;
    case OP.lessEqual:
      return order <= 0 ? 2 : 0;
    case OP.greater:
      return order > 0 ? 2 : 0;
    default:
      return order >= 0 ? 2 : 0;
  }
}
