import { formatExpr, symbolName } from '../kconfig/expression.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Blocker } from '../trim/blocker.ts';
import { dependencyClauses, failingOperands } from '../trim/clauses.ts';
import type { SymbolLinks } from '../trim/symbol-links.ts';
import type { SetBy } from '../trim/why-types.ts';
import type { Configuration } from '../values/configuration.ts';
import type { ConfigFile } from './config-file.ts';
import { type CheckCase, finding } from './types.ts';

/** Symbols that a `select` forces on against their dependencies, as conf warns of them (`symbol.c:sym_warn_unmet_dep`). */
export function checkUnmet(config: Configuration, file: ConfigFile, links: SymbolLinks): CheckCase[] {
  return config.unmetDependencies().map((symbol) => {
    const name = symbol.name ?? symbolName(symbol);
    const subject = { kind: 'symbol', name } as const;
    const held = config.text(symbol);
    const at = file.entries.get(name)?.at ?? null;
    const found = finding({
      code: 'unmet-dependency',
      severity: 'error',
      subject,
      at,
      held,
      setBy: selectors(symbol, links),
      blockers: failingDependencies(symbol, config),
    });
    return { name, findings: [found] };
  });
}

/** The selects that count, each with its condition. */
function selectors(symbol: KSymbol, links: SymbolLinks): SetBy {
  const by = links.active(symbol, 'select').map(({ node, condition, at }) => ({
    text: `${node.symbol!.name ?? 'choice'}${condition ? ` if ${formatExpr(condition)}` : ''}`,
    at: { ...at, column: 0 },
  }));
  return { kind: 'select', by };
}

/** The dependencies that are less than the selects make the symbol; of several definitions all that fail. */
function failingDependencies(symbol: KSymbol, config: Configuration): Blocker[] {
  // A bool can be on as soon as its dependencies are at least m.
  const wanted = config.effectiveType(symbol) === 'bool' ? 1 : config.reverseDependency(symbol);
  return symbol.nodes
    .flatMap((node) => dependencyClauses(node))
    .flatMap(({ kind, of, condition, at }): Blocker[] => {
      const parts = failingOperands(config, condition, wanted);
      if (parts.length === 0) return [];
      return [{ kind, of, condition: formatExpr(condition), at: { ...at, column: 0 }, operands: parts }];
    });
}
