import { crc32 } from '../cache/crc32.ts';
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
    get checksum(): number {
      return kbuildDomain(kconfig).numbered!.checksum;
    },
    valueAt: (number: number) => valueIn(symbols.all[number]),
  };
  return Object.assign((name: string) => valueIn(symbols.find(name)), { numbered });
}

/** What symbols of a Kconfig tree can be in Kbuild files; a tristate of a tree without modules is a bool. */
export function kbuildDomain({ symbols, snapshot }: Pick<Kconfig, 'symbols' | 'snapshot'>): DomainLookup {
  let domain = domains.get(symbols);
  if (domain === undefined) {
    const numbered = { checksum: crc32(snapshot), numberOf: (name: string) => symbols.find(name)?.id };
    domain = Object.assign(domainOf(symbols), { numbered });
    domains.set(symbols, domain);
  }
  return domain;
}

/** It takes milliseconds to sum up a tree. */
const domains = new WeakMap<Kconfig['symbols'], DomainLookup>();

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
