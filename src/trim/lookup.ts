import {
  type BuiltinItem,
  type ConfigLookup,
  type DomainLookup,
  evaluateCondition,
  type ModuleEntry,
} from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
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

/** What symbols of a Kconfig tree can be in Kbuild files; a tristate of a tree without modules is a bool. */
export function kbuildDomain({ symbols }: Kconfig): DomainLookup {
  const tristate = symbols.modules === null ? 'bool' : 'tristate';
  return (name) => {
    const type = symbols.find(name)?.type ?? 'unknown';
    if (type === 'unknown') return 'none';
    if (type === 'bool') return 'bool';
    return type === 'tristate' ? tristate : 'open';
  };
}

/** What decides whether something is built: all of a module's entry that does. */
export type Buildable = Pick<ModuleEntry, 'whenModule' | 'whenLinked' | 'whenBuiltin'> &
  Partial<Pick<ModuleEntry, 'decidingSymbols'>>;

const NEVER = { kind: 'constant', id: 1, value: false } as const;

/** An object that can only be part of vmlinux. */
export function builtinOnly({ when }: BuiltinItem): Buildable {
  return { whenModule: NEVER, whenLinked: NEVER, whenBuiltin: when };
}

/** Whether a configuration builds a module: as one, with at least one object, or as part of vmlinux. */
export function isModuleBuilt(entry: Buildable, lookup: ConfigLookup): boolean {
  return (
    (evaluateCondition(entry.whenModule, lookup) && evaluateCondition(entry.whenLinked, lookup)) ||
    evaluateCondition(entry.whenBuiltin, lookup)
  );
}
