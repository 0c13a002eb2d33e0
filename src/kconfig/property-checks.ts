import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type KSymbol, type MenuNode, OP, type Property } from './symbol.ts';

/** Whether a text is a valid value of an int or hex symbol (`symbol.c:sym_string_valid`). */
export function isValidNumber(type: 'int' | 'hex', text: string): boolean {
  return type === 'int' ? /^-?(0|[1-9][0-9]*)$/.test(text) : /^(0[xX])?[0-9a-fA-F]+$/.test(text);
}

/**
 * Warns about properties that contradict the symbol's type (`menu.c:sym_check_prop`, and the tests around it).
 * @param node the definition that is being finalised
 * @param oldChoices whether choices are symbols with a value of their own
 */
export function checkProperties(
  symbol: KSymbol,
  node: MenuNode,
  oldChoices: boolean,
  report: (diagnostic: Diagnostic) => void,
): void {
  const name = symbol.name ?? '<choice>';
  const warn = (code: string, at: { file: string; line: number }, args: Record<string, string> = {}): void =>
    report({ code, severity: 'warning', at: { ...at, column: 0 }, args: { symbol: name, ...args } });
  if (symbol.type === 'unknown') warn('kconfig-symbol-without-type', node.at);
  if (oldChoices && symbol.isChoice && !node.prompt) warn('kconfig-choice-without-prompt-warning', node.at);
  for (const property of symbol.properties) {
    for (const found of checkProperty(symbol, property)) warn(found.code, property.at, found.args);
  }
}

const NOTHING: readonly Found[] = [];

interface Found {
  readonly code: string;
  readonly args?: Record<string, string>;
}

function checkProperty(symbol: KSymbol, property: Property): readonly Found[] {
  switch (property.kind) {
    case 'default':
      return checkDefault(symbol, property);
    case 'select':
    case 'imply': {
      const use = property.kind;
      const target = property.value!.sym!;
      if (symbol.type !== 'bool' && symbol.type !== 'tristate') {
        return [{ code: 'kconfig-select-not-bool', args: { use } }];
      }
      if (target.type !== 'unknown' && target.type !== 'bool' && target.type !== 'tristate') {
        return [{ code: 'kconfig-select-wrong-type', args: { symbol: target.name!, use } }];
      }
      return NOTHING;
    }
    case 'range': {
      const found: Found[] = [];
      if (symbol.type !== 'int' && symbol.type !== 'hex') found.push({ code: 'kconfig-range-not-number' });
      if (!isNumberFor(symbol, property.low!) || !isNumberFor(symbol, property.high!)) {
        found.push({ code: 'kconfig-range-invalid' });
      }
      return found;
    }
    default:
      return NOTHING;
  }
}

function checkDefault(symbol: KSymbol, property: Property): readonly Found[] {
  const value = property.value!;
  const needsSymbol = symbol.type === 'string' || symbol.type === 'int' || symbol.type === 'hex';
  if (value.op !== OP.symbol) return needsSymbol ? [{ code: 'kconfig-default-not-symbol' }] : NOTHING;
  if ((symbol.type === 'int' || symbol.type === 'hex') && !isNumberFor(symbol, value.sym!)) {
    return [{ code: 'kconfig-invalid-number' }];
  }
  return NOTHING;
}

/** `menu.c:menu_validate_number`. */
function isNumberFor(symbol: KSymbol, value: KSymbol): boolean {
  if (value.type === 'int' || value.type === 'hex') return true;
  if (value.type !== 'unknown') return false;
  // An unknown probe answer is no reason to warn.
  if (value.name!.includes('\0')) return true;
  switch (symbol.type) {
    case 'int':
    case 'hex':
      return isValidNumber(symbol.type, value.name!);
    case 'bool':
    case 'tristate':
      return /^[ymnYMN]/.test(value.name!);
    default:
      return symbol.type === 'string';
  }
}
