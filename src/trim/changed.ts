import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import type { TurnedOn } from './enable.ts';
import type { AppliedRequests } from './requests.ts';
import { setBy } from './set-by.ts';
import { SymbolLinks } from './symbol-links.ts';
import type { SymbolChange } from './types.ts';

/** Selectors that a reason names. */
const SELECTORS_SHOWN = 3;

/**
 * Every symbol that --enable and requests changed beside those that they are about: in order of name, each with the reason.
 * What the trim took back is none.
 * @param given the base config
 * @param enabled the same with the modules turned on, and the values that were asked for
 * @param result what is left after the trim
 */
export function enabledChanges(
  given: Configuration,
  enabled: Configuration,
  result: Configuration,
  turnedOn: readonly TurnedOn[],
  requests: AppliedRequests | null = null,
): SymbolChange[] {
  const own = new Set(turnedOn.flatMap(({ entries }) => entries.flatMap((entry) => entry.decidingSymbols ?? [])));
  const changed = changedSymbols(given, enabled).filter(
    (symbol) =>
      !own.has(symbol.name!) &&
      !(requests && (requests.names(symbol) || isGoneModule(symbol, given, result))) &&
      heldText(symbol, given) !== heldText(symbol, result),
  );
  const because = (symbol: KSymbol, links: SymbolLinks) =>
    setFor(symbol, turnedOn, links) ?? requests?.because(symbol) ?? null;
  return explained(changed, given, result, enabled, because);
}

/**
 * The changes that were made when modules were switched off after a trim, in order of name, and those before. Of what only
 * became built in for it, the trim tells.
 * @param given the base config
 * @param trimmed what was left while there were modules
 * @param result the same without them
 * @param earlier changes from the base config to the result
 */
export function withEndOfModules(
  given: Configuration,
  trimmed: Configuration,
  result: Configuration,
  requests: AppliedRequests,
  earlier: readonly SymbolChange[],
): SymbolChange[] {
  const changed = changedSymbols(trimmed, result).filter(
    (symbol) => !requests.names(symbol) && heldText(symbol, given) !== heldText(symbol, result),
  );
  const because = (symbol: KSymbol): string | null =>
    requests.because(symbol) ??
    (trimmed.tristate(symbol) === 1 && result.tristate(symbol) === 2 ? 'without modules, it is built in' : null);
  const all = [...earlier, ...explained(changed, given, result, result, because)];
  const byName = new Map(all.map((change) => [change.symbol, change]));
  return [...byName.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

/** Modules go by every trim. */
function isGoneModule(symbol: KSymbol, given: Configuration, result: Configuration): boolean {
  return given.tristate(symbol) === 1 && result.tristate(symbol) === 0;
}

/** The symbols that have another value in a configuration than in another one, in order of name. */
export function changedSymbols(before: Configuration, after: Configuration): KSymbol[] {
  return before.kconfig.symbols.all
    .filter(
      (symbol) =>
        symbol.name !== null && symbol.constant === null && heldText(symbol, before) !== heldText(symbol, after),
    )
    .sort((a, b) => (a.name! < b.name! ? -1 : 1));
}

/**
 * Changes of symbols with the reason for each.
 * @param given what they were
 * @param result what they are
 * @param cause the configuration that says why, where nobody else does
 * @param because the reason where it is known; null where the configuration has to say it
 */
export function explained(
  changed: readonly KSymbol[],
  given: Configuration,
  result: Configuration,
  cause: Configuration,
  because: (symbol: KSymbol, links: SymbolLinks) => string | null,
): SymbolChange[] {
  if (changed.length === 0) return [];
  const links = new SymbolLinks(cause);
  return changed.map((symbol) => ({
    symbol: symbol.name!,
    from: heldText(symbol, given),
    to: heldText(symbol, result),
    because: because(symbol, links) ?? follows(symbol, cause, links),
  }));
}

/** As a .config has it; empty for a number or text that it does not have. */
function heldText(symbol: KSymbol, config: Configuration): string {
  const isSwitch = symbol.type === 'bool' || symbol.type === 'tristate';
  return isSwitch || config.isWritten(symbol) ? config.text(symbol) : '';
}

/** For which modules a symbol was set; null where for none. */
function setFor(symbol: KSymbol, turnedOn: readonly TurnedOn[], links: SymbolLinks): string | null {
  const modules = turnedOn.filter(({ way }) => way.has(symbol));
  if (modules.length === 0) return null;
  const own = new Set(modules.flatMap(({ entries }) => entries.flatMap((entry) => entry.decidingSymbols ?? [])));
  const target = links.turnsOn(symbol).find(({ link, to }) => link.kind === 'selects' && own.has(to.name!))?.to;
  const text = `for ${modules.map(({ name }) => name).join(', ')}`;
  if (!target) return text;
  const others = new Set(links.properties(target, 'select').map(({ node }) => node.symbol)).size - 1;
  const alike = others > 0 ? `, as ${others} ${others === 1 ? 'other does' : 'others do'}` : '';
  return `${text}: selects ${target.name}${alike}`;
}

/** That the number which was asked for is not the one that holds, as its range is another now; null where it is. */
function outsideRange(symbol: KSymbol, config: Configuration): string | null {
  const asked = config.userValue(symbol);
  const range = config.activeRange(symbol);
  if (typeof asked !== 'string' || asked === config.text(symbol) || !range) return null;
  return `${asked} is not within ${config.text(range.low!)} to ${config.text(range.high!)}`;
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
      return outsideRange(symbol, config) ?? 'the base config has it so, and it can be so now';
    default:
      return 'its dependencies do not hold any more';
  }
}
