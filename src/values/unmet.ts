import { formatExpr, operands, symbolName } from '../kconfig/expression.ts';
import { type Expr, type KSymbol, OP } from '../kconfig/symbol.ts';
import type { Configuration } from './configuration.ts';

/**
 * conf's warning that a `select` forces a symbol on against its dependencies (`symbol.c:sym_warn_unmet_dep`), in its
 * words: the block that starts with an empty line.
 */
export function unmetDependencyText(config: Configuration, symbol: KSymbol): string {
  const { exact } = config.kconfig;
  const name = (used: KSymbol): string =>
    used.type === 'unknown' || used.name === null ? symbolName(used) : `${symbolName(used)} [=${config.text(used)}]`;
  const depends = config.directDependency(symbol) === 1 ? 'm' : 'n';
  const selected = exact.reverse(symbol, 'select');
  return [
    `\nWARNING: unmet direct dependencies detected for ${symbol.name}\n`,
    `  Depends on [${depends}]: ${formatExpr(exact.direct(symbol), name)}\n`,
    selectors(config, selected, 2, name),
    selectors(config, selected, 1, name),
  ].join('');
}

function selectors(config: Configuration, e: Expr | null, value: 1 | 2, name: (symbol: KSymbol) => string): string {
  const terms = (e ? operands(e, OP.or) : []).filter((term) => config.evaluate(term) === value);
  if (terms.length === 0) return '';
  return `  Selected by [${value === 2 ? 'y' : 'm'}]:\n${terms.map((term) => `  - ${formatExpr(term, name)}\n`).join('')}`;
}
