import { conditionSymbols, type ModuleEntry } from '../kbuild/index.ts';
import { operands } from '../kconfig/expression.ts';
import { type Expr, type KSymbol, OP } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';

/** A bool that the base has on and that belongs to a loaded module. */
export interface Feature {
  readonly symbol: KSymbol;
  /** The module it belongs to. */
  readonly module: ModuleEntry;
}

/** A bool that is one, as long as all modules stay that it needs. */
export interface PossibleFeature extends Feature {
  /** Modular symbols of the base without which it cannot be on. */
  readonly needs: readonly KSymbol[];
}

/**
 * The features of loaded modules that are on in the base: bools that gate an object inside such a module, or whose
 * direct dependency names its symbol.
 * @param modules the loaded modules that the base builds
 * @param kept a configuration that keeps just what the loaded modules need
 */
export function findFeatures(modules: readonly ModuleEntry[], base: Configuration, kept: Configuration): Feature[] {
  return realFeatures(possibleFeatures(modules, base), kept);
}

/**
 * The features whose modules a configuration keeps. A dependency names many symbols when menus hand theirs down: a bool
 * that cannot be on without a module that is not kept belongs to that module, not to the loaded one around it.
 * `depends on USB && USB_SERIAL_FTDI_SIO` is no feature of `usbcore`.
 */
export function realFeatures<T extends PossibleFeature>(possible: readonly T[], kept: Configuration): T[] {
  return possible.filter(({ needs }) => needs.every((needed) => kept.tristate(needed) !== 0));
}

/**
 * All that could be features of loaded modules, whatever is kept. A bool without a prompt that something else turns on,
 * by `select` or a default with a condition, is none: it is part of whatever turns it on, and stays as long as one of
 * those does.
 */
export function possibleFeatures(modules: readonly ModuleEntry[], base: Configuration): PossibleFeature[] {
  const owners = ownersOf(modules, base);
  const gated = gatingSymbols(modules);
  const found: PossibleFeature[] = [];
  for (const symbol of base.kconfig.symbols.all) {
    if (symbol.type !== 'bool' || symbol.isChoice || base.tristate(symbol) !== 2) continue;
    const gates = gated.get(symbol.name!);
    const module = gates ?? nearestOwner(symbol.directDependency, owners);
    if (!module || (base.visibility(symbol) === 0 && !isPlainDefault(symbol, base))) continue;
    found.push({ symbol, module, needs: gates ? [] : neededModules(symbol, base) });
  }
  return found;
}

/** The modules that symbols decide on, by the symbol's id; of several the first. */
function ownersOf(modules: readonly ModuleEntry[], base: Configuration): readonly (ModuleEntry | undefined)[] {
  const { symbols } = base.kconfig;
  const owners = new Array<ModuleEntry | undefined>(symbols.all.length).fill(undefined);
  for (const entry of modules) {
    for (const name of entry.decidingSymbols) {
      const symbol = symbols.find(name);
      if (symbol?.type === 'tristate') owners[symbol.id] ??= entry;
    }
  }
  return owners;
}

/** Symbols that gate an object inside one of these modules, with the module; of several the first. */
function gatingSymbols(modules: readonly ModuleEntry[]): ReadonlyMap<string, ModuleEntry> {
  const found = new Map<string, ModuleEntry>();
  for (const module of modules) {
    if (!module.isComposite) continue;
    for (const { mentions } of module.objects) {
      for (const { when } of mentions) {
        for (const name of conditionSymbols(when)) if (!found.has(name)) found.set(name, module);
      }
    }
  }
  return found;
}

/** Whether a symbol without a prompt is on by `def_bool y`, as far as its dependencies allow, and by nothing else. */
function isPlainDefault(symbol: KSymbol, base: Configuration): boolean {
  const active = base.activeDefault(symbol);
  return base.reverseDependency(symbol) === 0 && active?.condition === null && active.value?.sym?.constant === 2;
}

/** The owner that an expression names last: menus hand their dependencies down from the left. */
function nearestOwner(e: Expr | null, owners: readonly (ModuleEntry | undefined)[]): ModuleEntry | undefined {
  if (!e) return undefined;
  if (e.sym) return (e.sym2 && owners[e.sym2.id]) ?? owners[e.sym.id];
  return nearestOwner(e.right, owners) ?? nearestOwner(e.left, owners);
}

/** The modular symbols that must be on for a bool's dependency to hold, also those that bools in between stand for. */
function neededModules(symbol: KSymbol, base: Configuration): KSymbol[] {
  const found = new Set<KSymbol>();
  const bools = new Set<KSymbol>([symbol]);
  for (const bool of bools) {
    for (const needed of conjuncts(bool.directDependency)) {
      if (needed.type !== 'tristate') {
        // A selected bool is on without its own dependencies.
        if (base.reverseDependency(needed) === 0) bools.add(needed);
      } else if (base.tristate(needed) === 1) found.add(needed);
    }
  }
  return [...found];
}

/** The bools and tristates that must be on for an expression to hold, as far as its form tells. */
function conjuncts(e: Expr | null): KSymbol[] {
  const found: KSymbol[] = [];
  for (const operand of e ? operands(e, OP.and) : []) {
    const { op, sym, sym2 } = operand;
    const isOn =
      op === OP.symbol ||
      (op === OP.unequal && sym2!.constant === 0) ||
      (op === OP.equal && sym2!.constant !== null && sym2!.constant !== 0);
    if (isOn && (sym!.type === 'tristate' || sym!.type === 'bool') && sym!.constant === null) found.push(sym!);
  }
  return found;
}
