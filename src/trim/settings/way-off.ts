/** How a person turns a symbol off, whose value may be what a choice selects. */
import type { KSymbol } from '../../kconfig/symbol.ts';
import type { Configuration } from '../../values/configuration.ts';
import { applyChanges } from '../plan.ts';
import { setBy } from '../set-by.ts';
import { SymbolLinks } from '../symbol-links.ts';

/** Off in `config`, or the reason why it is not. */
export type TurnedOff = { readonly config: Configuration } | { readonly because: string };

/**
 * Turns a symbol off: by its prompt, or by another member of the choice that has it selected, as `DEBUG_INFO` is. What
 * else selects it stays.
 * @param from not changed
 */
export function turnOff(symbol: KSymbol, from: Configuration): TurnedOff {
  const selectors = from.reverseDependency(symbol) === 0 ? [] : selectorsOf(symbol, from);
  const other = selectors.find(({ choice }) => choice === null);
  if (other) return { because: `${other.name} selects it` };
  const own = symbol.choice ? [symbol] : selectors;
  for (const config of own.length > 0 ? otherChoices(own, from) : [withoutUser(symbol, from)]) {
    if (config.tristate(symbol) === 0) return { config };
  }
  return { because: because(symbol, from) };
}

function withoutUser(symbol: KSymbol, from: Configuration): Configuration {
  const config = from.clone();
  config.set(symbol, 0);
  return config;
}

/** The ways to take another member of each choice, in the order of the members. */
function* otherChoices(chosen: readonly KSymbol[], from: Configuration): Generator<Configuration> {
  const [first, ...rest] = chosen;
  if (!first) yield from.clone();
  for (const member of first?.choice?.choiceMembers ?? []) {
    if (member === first || from.visibility(member) === 0) continue;
    const config = from.clone();
    applyChanges(
      config,
      new Map([
        [first!, 0],
        [member, 2],
      ]),
    );
    yield* rest.length === 0 ? [config] : otherChoices(rest, config);
  }
}

function selectorsOf(symbol: KSymbol, config: Configuration): KSymbol[] {
  const links = new SymbolLinks(config);
  return links.active(symbol, 'select').map(({ node }) => node.symbol!);
}

function because(symbol: KSymbol, config: Configuration): string {
  const { kind, by } = setBy(symbol, config, new SymbolLinks(config));
  if (config.visibility(symbol) !== 0) return 'its choice has no other member that can be taken';
  return kind === 'default' ? `it has no prompt, and its default is ${by[0]!.text}` : 'it has no prompt';
}
