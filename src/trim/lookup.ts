import type { ConfigLookup, DomainLookup } from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';

/** A configuration as Kbuild sees it: values as auto.conf has them, undefined for what is off. */
export function kbuildLookup(config: Configuration): ConfigLookup {
  const { kconfig } = config;
  const { symbols } = kconfig;
  const valueIn = (symbol: KSymbol | undefined): string | undefined => {
    if (!symbol || symbol.type === 'unknown') return undefined;
    if (symbol.type === 'bool' || symbol.type === 'tristate') {
      const value = config.tristate(symbol);
      return value === 0 ? undefined : value === 1 ? 'm' : 'y';
    }
    return config.isWritten(symbol) ? config.text(symbol) : undefined;
  };
  const numbered = {
    checksum: kconfig.symbolsChecksum,
    valueAt: (number: number) => valueIn(symbols.all[number]),
  };
  return Object.assign((name: string) => valueIn(symbols.find(name)), { numbered });
}

/** What symbols of a Kconfig tree can be in Kbuild files; a tristate of a tree without modules is a bool. */
export function kbuildDomain({ symbols, symbolsChecksum }: Pick<Kconfig, 'symbols' | 'symbolsChecksum'>): DomainLookup {
  const numbered = { checksum: symbolsChecksum, numberOf: (name: string) => symbols.find(name)?.id };
  return Object.assign(domainOf(symbols), { numbered });
}

function domainOf(symbols: Kconfig['symbols']): DomainLookup {
  const tristate = symbols.modules === null ? 'bool' : 'tristate';
  return (name) => {
    const type = symbols.find(name)?.type ?? 'unknown';
    if (type === 'unknown') return 'none';
    if (type === 'bool') return 'bool';
    return type === 'tristate' ? tristate : 'open';
  };
}

/** The same without the tree, which need not stay in memory then. */
export function kbuildDomainAlone(tree: Pick<Kconfig, 'symbols'>): DomainLookup {
  const domain = domainOf(tree.symbols);
  const known = new Map(tree.symbols.all.map(({ name }) => [name ?? '', domain(name ?? '')]));
  return (name) => known.get(name) ?? 'none';
}
