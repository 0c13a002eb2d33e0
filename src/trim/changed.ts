import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import type { TurnedOn } from './enable.ts';
import { setBy } from './set-by.ts';
import { SymbolLinks } from './symbol-links.ts';
import type { SymbolChange } from './types.ts';

/** Selectors that a reason names. */
const SELECTORS_SHOWN = 3;

/**
 * Every symbol that --enable changed beside those that the modules themselves are: in order of name, each with the
 * reason. What the trim took back is none.
 * @param given the base config
 * @param enabled the same with the modules turned on
 * @param result what is left after the trim
 */
export function enabledChanges(
  given: Configuration,
  enabled: Configuration,
  result: Configuration,
  turnedOn: readonly TurnedOn[],
): SymbolChange[] {
  const own = new Set(turnedOn.flatMap(({ entries }) => entries.flatMap((entry) => entry.decidingSymbols ?? [])));
  const changed = given.kconfig.symbols.all.filter(
    (symbol) =>
      symbol.name !== null &&
      symbol.constant === null &&
      !own.has(symbol.name) &&
      heldText(symbol, given) !== heldText(symbol, enabled) &&
      heldText(symbol, given) !== heldText(symbol, result),
  );
  if (changed.length === 0) return [];
  const links = new SymbolLinks(enabled);
  return changed
    .map((symbol) => ({
      symbol: symbol.name!,
      from: heldText(symbol, given),
      to: heldText(symbol, result),
      because: neededFor(symbol, turnedOn) ?? follows(symbol, enabled, links),
    }))
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

/** As a .config has it; empty for a number or text that it does not have. */
function heldText(symbol: KSymbol, config: Configuration): string {
  const isSwitch = symbol.type === 'bool' || symbol.type === 'tristate';
  return isSwitch || config.isWritten(symbol) ? config.text(symbol) : '';
}

function neededFor(symbol: KSymbol, turnedOn: readonly TurnedOn[]): string | null {
  const names = turnedOn.filter(({ way }) => way.has(symbol)).map(({ name }) => name);
  return names.length > 0 ? `${names.join(', ')} cannot be on without it` : null;
}

/** Why a symbol changed that nobody set. */
function follows(symbol: KSymbol, config: Configuration, links: SymbolLinks): string {
  const { kind, by } = setBy(symbol, config, links);
  const names = by.slice(0, SELECTORS_SHOWN).map(({ text }) => text);
  const list = names.join(', ') + (by.length > names.length ? `, and ${by.length - names.length} more` : '');
  switch (kind) {
    case 'select':
      return `selected by ${list}`;
    case 'imply':
      return `implied by ${list}`;
    case 'default':
      return `its default is ${list}`;
    case 'choice':
      return `by the choice ${list}`;
    case 'config':
      return 'the base config has it so, and it can be so now';
    default:
      return 'its dependencies do not hold any more';
  }
}
