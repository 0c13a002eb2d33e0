import { type Buildable, type Condition, type ConfigLookup, conditionSymbols, isModuleBuilt } from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { kbuildLookup } from './lookup.ts';

export type RequirementKind = 'loaded' | 'keep' | 'set' | 'feature' | 'record' | 'floor';

/** Something that must hold in the trimmed configuration. */
export interface Requirement {
  readonly kind: RequirementKind;
  /** Module or symbol, for the report. */
  readonly name: string;
  /** Whether it holds. */
  readonly holds: (config: Configuration, lookup: ConfigLookup) => boolean;
  /** The symbols it reads. */
  readonly symbols: readonly KSymbol[];
  /** Symbols that are on in whatever way it holds. */
  readonly needed: readonly KSymbol[];
  /**
   * Symbols that decide on a loaded module and without which it is not built in any way: that it is loaded is all that
   * is asked why they stay.
   */
  readonly deciding: readonly KSymbol[];
  /** Conditions of Kbuild files that are enough together, in each way that it can hold; none for a symbol. */
  readonly ways: readonly (readonly Condition[])[];
}

/** That a module is built: as a module, with at least one object, or as part of vmlinux. */
export function moduleRequirement(
  kind: RequirementKind,
  name: string,
  entry: Buildable,
  kconfig: Kconfig,
): Requirement {
  const parts = [entry.whenModule, entry.whenLinked, entry.whenBuiltin];
  const names = new Set(parts.flatMap((condition) => conditionSymbols(condition)));
  const isModule = conjuncts(entry.whenModule);
  return {
    kind,
    name,
    holds: (_config, lookup) => isModuleBuilt(entry, lookup),
    symbols: symbolsNamed(names, kconfig),
    needed: symbolsNamed(isModule, kconfig),
    deciding: kind === 'loaded' ? symbolsNamed(decidingSymbols(entry, isModule), kconfig) : [],
    ways: [[entry.whenModule, entry.whenLinked], [entry.whenBuiltin]],
  };
}

/** That a symbol has at least the value it has now. */
export function symbolRequirement(kind: RequirementKind, symbol: KSymbol, base: Configuration): Requirement {
  const least = base.tristate(symbol);
  return {
    kind,
    name: symbol.name!,
    holds: (config) => config.tristate(symbol) >= least,
    symbols: [symbol],
    needed: [symbol],
    deciding: [],
    ways: [],
  };
}

/** A requirement in words. */
export function requirementText({ kind, name }: Requirement): string {
  switch (kind) {
    case 'keep':
      return `--keep ${name}`;
    case 'set':
      return `${name}, which was asked for,`;
    case 'feature':
      return `the feature ${name}`;
    case 'record':
      return `${name}, which the record names,`;
    case 'floor':
      return `the floor (${name})`;
    default:
      return `the loaded module ${name}`;
  }
}

/** @param isModule the symbols without which it is no module */
function decidingSymbols({ whenBuiltin, decidingSymbols: own = [] }: Buildable, isModule: readonly string[]): string[] {
  const isNeverBuiltin = whenBuiltin.kind === 'constant' && !whenBuiltin.value;
  const isBuiltin = isNeverBuiltin ? isModule : conjuncts(whenBuiltin);
  return own.filter((name) => isModule.includes(name) && isBuiltin.includes(name));
}

/** The symbols that must be on for a condition to hold, as far as its form tells. */
function conjuncts(condition: Condition): string[] {
  if (condition.kind === 'and') return condition.operands.flatMap((operand) => conjuncts(operand));
  if (condition.kind !== 'symbol') return [];
  const excludesOff = condition.negated ? condition.values.includes('') : !condition.values.includes('');
  return excludesOff ? [condition.symbol] : [];
}

function symbolsNamed(names: Iterable<string>, kconfig: Kconfig): KSymbol[] {
  const found: KSymbol[] = [];
  for (const name of names) {
    const symbol = kconfig.symbols.find(name);
    if (symbol && symbol.type !== 'unknown') found.push(symbol);
  }
  return found;
}

/** The requirements of a trim, indexed by the symbols they read. */
export class RequirementSet {
  readonly all: readonly Requirement[];
  /** Those of `#watched` that count come first: as many as there are in `all`. */
  readonly #watched: readonly Requirement[];
  readonly #watchers = new Map<KSymbol, number[]>();
  readonly #decided = new Map<KSymbol, Requirement>();

  /**
   * Requirements that do not hold in `base` are left out: a trim cannot keep what is not there.
   * @param watched may be broken, but what breaks them besides others is reported
   */
  constructor(requirements: readonly Requirement[], base: Configuration, watched: readonly Requirement[] = []) {
    const lookup = kbuildLookup(base);
    this.all = requirements.filter((requirement) => requirement.holds(base, lookup));
    this.#watched = [...this.all, ...watched];
    for (const requirement of this.all) {
      for (const symbol of requirement.deciding) this.#decided.set(symbol, requirement);
    }
    this.#watched.forEach((requirement, i) => {
      for (const symbol of requirement.symbols) {
        const known = this.#watchers.get(symbol);
        if (known) known.push(i);
        else this.#watchers.set(symbol, [i]);
      }
    });
  }

  /** A requirement that is broken as soon as a symbol is off, if a loaded module says all of why the symbol stays. */
  decidedBy(symbol: KSymbol): Requirement | undefined {
    return this.#decided.get(symbol);
  }

  /** Whether all requirements hold. */
  areMet(config: Configuration, lookup: ConfigLookup): boolean {
    return this.all.every((requirement) => requirement.holds(config, lookup));
  }

  /** The requirements that no longer hold after these symbols changed; with them also what is only watched. */
  broken(config: Configuration, lookup: ConfigLookup, changed: Iterable<KSymbol>): Requirement[] {
    const candidates = new Set<number>();
    for (const symbol of changed) for (const i of this.#watchers.get(symbol) ?? []) candidates.add(i);
    const broken: Requirement[] = [];
    for (const i of [...candidates].sort((a, b) => a - b)) {
      if (i >= this.all.length && broken.length === 0) break;
      const requirement = this.#watched[i]!;
      if (!requirement.holds(config, lookup)) broken.push(requirement);
    }
    return broken;
  }

  /** Whether any of the requirements that read these symbols is broken: cheaper than `broken`. */
  isBroken(config: Configuration, lookup: ConfigLookup, changed: Iterable<KSymbol>): boolean {
    const seen = new Set<number>();
    for (const symbol of changed) {
      for (const i of this.#watchers.get(symbol) ?? []) {
        if (i >= this.all.length || seen.has(i)) continue;
        seen.add(i);
        if (!this.all[i]!.holds(config, lookup)) return true;
      }
    }
    return false;
  }
}
