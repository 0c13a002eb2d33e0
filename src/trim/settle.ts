import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';

/**
 * The changes that make values that something else gave the user's own, as they will be in the written file: a symbol
 * that was only selected stays on without its selector when the file is read again. Choices are left as they are.
 */
export function settlingChanges(config: Configuration): ReadonlyMap<KSymbol, UserValue | null> {
  const changes = new Map<KSymbol, UserValue | null>();
  for (const symbol of config.unsettled()) {
    changes.set(symbol, config.isWritten(symbol) ? config.tristate(symbol) : null);
  }
  return changes;
}

/**
 * A configuration that reads the same when it is written and read again: itself, if it is one. It is not where `imply`
 * or a default made a symbol `y` that a user could only set to `m`, as the file will.
 */
export function settled(config: Configuration): Configuration {
  const isUnsettled = config.kconfig.symbols.all.some(
    (symbol) =>
      symbol.type === 'tristate' &&
      symbol.constant === null &&
      !config.hasUserValue(symbol) &&
      config.tristate(symbol) === 2 &&
      config.visibility(symbol) === 1 &&
      config.reverseDependency(symbol) < 2,
  );
  if (!isUnsettled) return config;
  const copy = config.clone();
  copy.apply(settlingChanges(copy));
  return copy;
}
