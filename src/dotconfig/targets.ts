import type { Tristate } from '../kconfig/expression.ts';
import { type KSymbol, type MenuNode, nextNode } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';

/**
 * Gives every bool and tristate that has no user value yet the same one, as allnoconfig, allmodconfig and
 * allyesconfig do (`conf.c:conf_set_all_new_symbols`).
 */
export function setAllNewSymbols(config: Configuration, value: Tristate): void {
  const { symbols, root, dialect } = config.kconfig;
  const isTristate = (symbol: KSymbol): boolean => symbol.type === 'bool' || symbol.type === 'tristate';
  if (dialect.setsPromptedOnly) {
    for (let node: MenuNode | null = root; node; node = nextNode(node)) {
      const { symbol } = node;
      if (!symbol || !node.prompt || !isTristate(symbol) || config.hasUserValue(symbol)) continue;
      if (symbol.isChoice || isMember(symbol)) continue;
      config.setQuietly(symbol, value);
    }
  } else {
    for (const symbol of symbols.all) {
      if (symbol.constant === null && isTristate(symbol) && !config.hasUserValue(symbol)) {
        config.setQuietly(symbol, value);
      }
    }
  }
  config.invalidateAll();
}

const isMember = (symbol: KSymbol): boolean => symbol.choice?.choiceMembers.includes(symbol) ?? false;

/** Changes every tristate that the user gave one value to another (`conf.c:conf_rewrite_tristates`). */
export function rewriteTristates(config: Configuration, from: Tristate, to: Tristate): void {
  const changed = config.kconfig.symbols.all.filter(
    (symbol) => config.userValue(symbol) === from && config.effectiveType(symbol) === 'tristate',
  );
  for (const symbol of changed) config.setQuietly(symbol, to);
  config.invalidateAsConf();
}
