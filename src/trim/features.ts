import type { KbuildTree, ModuleEntry } from '../kbuild/index.ts';
import { forEachSymbol, OP, operands } from '../kconfig/expression.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';

/** A bool that the base has on and that belongs to a loaded module. */
export interface Feature {
  readonly symbol: KSymbol;
  /** The module it belongs to. */
  readonly module: ModuleEntry;
}

/**
 * The features of loaded modules that are on in the base: bools that gate an object inside such a module, or whose
 * direct dependency names its symbol.
 *
 * A dependency names many symbols when menus hand theirs down. A bool that cannot be on without a module that is not
 * kept belongs to that module, not to the loaded one around it: `depends on USB && USB_SERIAL_FTDI_SIO` is no
 * feature of `usbcore`.
 * @param modules the loaded modules that the base builds
 * @param kept a configuration that keeps just what the loaded modules need
 */
export function findFeatures(
  modules: readonly ModuleEntry[],
  kbuild: KbuildTree,
  base: Configuration,
  kept: Configuration,
): Feature[] {
  const { symbols } = base.kconfig;
  const owners = new Map<KSymbol, ModuleEntry>();
  const byPath = new Map<string, ModuleEntry>();
  for (const entry of modules) {
    byPath.set(entry.path, entry);
    for (const name of entry.decidingSymbols) {
      const symbol = symbols.find(name);
      if (symbol?.type === 'tristate' && !owners.has(symbol)) owners.set(symbol, entry);
    }
  }
  const features: Feature[] = [];
  for (const symbol of symbols.all) {
    if (symbol.type !== 'bool' || symbol.isChoice || base.tristate(symbol) !== 2) continue;
    const module = gatesObjectOf(symbol, byPath, kbuild) ?? dependsOnOwner(symbol, owners, base, kept);
    if (module) features.push({ symbol, module });
  }
  return features;
}

function gatesObjectOf(
  symbol: KSymbol,
  byPath: ReadonlyMap<string, ModuleEntry>,
  kbuild: KbuildTree,
): ModuleEntry | undefined {
  for (const item of kbuild.modules.gatedBy(symbol.name!)) {
    const module = item.module !== null && item.object !== null ? byPath.get(item.module) : undefined;
    if (module) return module;
  }
  return undefined;
}

function dependsOnOwner(
  symbol: KSymbol,
  owners: ReadonlyMap<KSymbol, ModuleEntry>,
  base: Configuration,
  kept: Configuration,
): ModuleEntry | undefined {
  let owner: ModuleEntry | undefined;
  forEachSymbol(symbol.directDependency, (named) => {
    // The last one named is the nearest: menus hand theirs down from the left.
    owner = owners.get(named) ?? owner;
  });
  if (!owner) return undefined;
  for (const operand of operands(symbol.directDependency!, OP.and)) {
    const needed = operand.op === OP.symbol ? operand.sym! : null;
    if (needed?.type === 'tristate' && base.tristate(needed) === 1 && kept.tristate(needed) === 0) return undefined;
  }
  return owner;
}
