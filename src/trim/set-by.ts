import { formatExpr } from '../kconfig/expression.ts';
import type { KSymbol, Location, Property } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import type { SymbolLinks } from './symbol-links.ts';
import { nameOf } from './symbol-links.ts';
import type { SetBy } from './why-types.ts';

type Source = SetBy['by'][number];

const place = (text: string, { file, line }: Location): Source => ({ text, at: { file, line, column: 0 } });

/** What gave a symbol the value it has (`symbol.c:sym_calc_value`). */
export function setBy(symbol: KSymbol, config: Configuration, links: SymbolLinks): SetBy {
  if (!symbol.isDefined || symbol.type === 'unknown') return { kind: 'undefined', by: [] };
  if (symbol.choice && config.visibility(symbol) !== 0) return byChoice(symbol, config);
  return symbol.type === 'bool' || symbol.type === 'tristate'
    ? tristateSetBy(symbol, config, links)
    : textSetBy(symbol, config);
}

function tristateSetBy(symbol: KSymbol, config: Configuration, links: SymbolLinks): SetBy {
  const user = config.visibility(symbol) !== 0 ? config.userValue(symbol) : null;
  const forced = config.reverseDependency(symbol);
  const own = user === null ? 0 : Math.min(Number(user), config.visibility(symbol));
  if (forced > own) return { kind: 'select', by: links.active(symbol, 'select').map((property) => turnsOn(property)) };
  if (user !== null) return { kind: 'config', by: [] };
  const active = config.activeDefault(symbol);
  const least = active ? Math.min(config.evaluate(active.value), config.evaluate(active.visible)) : 0;
  // A bool cannot be m.
  const byDefault = least === 1 && config.effectiveType(symbol) === 'bool' ? 2 : least;
  if (config.tristate(symbol) > byDefault) {
    return { kind: 'imply', by: links.active(symbol, 'imply').map((property) => turnsOn(property)) };
  }
  if (active) return { kind: 'default', by: [place(defaultText(active), active.at)] };
  return { kind: config.visibility(symbol) === 0 ? 'invisible' : 'nothing', by: [] };
}

function textSetBy(symbol: KSymbol, config: Configuration): SetBy {
  if (config.visibility(symbol) !== 0 && config.hasUserValue(symbol)) return { kind: 'config', by: [] };
  const active = config.activeDefault(symbol);
  if (active) return { kind: 'default', by: [place(defaultText(active), active.at)] };
  return { kind: config.visibility(symbol) === 0 ? 'invisible' : 'nothing', by: [] };
}

/** A member's value is the choice's: the member itself, or the one that was taken instead. */
function byChoice(symbol: KSymbol, config: Configuration): SetBy {
  const choice = symbol.choice!;
  const text = choice.prompt?.text ?? 'choice';
  const chosen = choice.choiceMembers.find((member) => config.tristate(member) === 2);
  const unseen = unseenMember(symbol, config);
  const isOther = chosen !== undefined && chosen !== symbol;
  const why = unseen ? `: ${unseen.name} cannot be chosen` : isOther ? `: ${chosen.name} is chosen` : '';
  return { kind: 'choice', by: [place(text + why, choice.at)] };
}

/**
 * The member of a choice that the config asks for and that cannot be seen, so that another one is on in its place.
 * @param symbol the one that is on; one that was asked for itself stands for no other
 */
export function unseenMember(symbol: KSymbol, config: Configuration): KSymbol | null {
  if (!symbol.choice || config.tristate(symbol) !== 2 || config.userValue(symbol) === 2) return null;
  const isUnseen = (member: KSymbol): boolean => config.userValue(member) === 2 && config.visibility(member) === 0;
  return symbol.choice.choiceMembers.find(isUnseen) ?? null;
}

function turnsOn(property: Property): Source {
  const condition = property.condition ? ` if ${formatExpr(property.condition)}` : '';
  return place(`${nameOf(property.node.symbol!)}${condition}`, property.at);
}

function defaultText({ value, condition }: Property): string {
  return `${formatExpr(value)}${condition ? ` if ${formatExpr(condition)}` : ''}`;
}
