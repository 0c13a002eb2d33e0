/** Values as conf takes them from the lines of a .config or fragment. */
import type { KSymbol, Tristate } from '../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';
import { unquoted } from './quoted.ts';

/** The value of a bool or tristate as conf takes it from a line: its first letter counts. */
export function letterOf(value: string): string {
  return value.slice(0, 1);
}

/**
 * What conf takes of what stands behind `=` (`confdata.c:conf_set_sym_val`): of a bool or tristate the first letter, of a
 * string what is in quotes.
 * @param value `n` for `is not set`
 * @returns null where it is no value of the symbol's type
 */
export function valueOfLine(symbol: KSymbol, value: string, config: Configuration): UserValue | null {
  switch (symbol.type) {
    case 'bool':
    case 'tristate':
      return levelOf(symbol, value);
    case 'string':
      return value[0] === '"' ? unquoted(value) : null;
    case 'int':
    case 'hex':
      return config.isValidText(symbol, value) ? value : null;
    default:
      return null;
  }
}

/** Whether a line can hold a value, so that conf reads it back: it ends at the first line end, and at a NUL. */
export const fitsInLine = (value: string): boolean => !value.includes('\n') && !value.includes('\0');

/** The letter that is all that conf takes of a longer value of a bool or tristate; null where it takes all or nothing. */
export function letterTaken(symbol: KSymbol, value: string): string | null {
  const isSwitch = symbol.type === 'bool' || symbol.type === 'tristate';
  return isSwitch && value.length > 1 && levelOf(symbol, value) !== null ? letterOf(value) : null;
}

function levelOf({ type }: KSymbol, value: string): Tristate | null {
  const first = value[0];
  return first === 'y' ? 2 : first === 'n' ? 0 : first === 'm' && type === 'tristate' ? 1 : null;
}
