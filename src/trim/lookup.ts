import type { ConfigLookup } from '../kbuild/index.ts';
import type { Configuration } from '../values/configuration.ts';

/** A configuration as Kbuild sees it: values as auto.conf has them, undefined for what is off. */
export function kbuildLookup(config: Configuration): ConfigLookup {
  const { symbols } = config.kconfig;
  return (name) => {
    const symbol = symbols.find(name);
    if (!symbol || symbol.type === 'unknown') return undefined;
    if (symbol.type === 'bool' || symbol.type === 'tristate') {
      const value = config.tristate(symbol);
      return value === 0 ? undefined : value === 1 ? 'm' : 'y';
    }
    return config.isWritten(symbol) ? config.text(symbol) : undefined;
  };
}
