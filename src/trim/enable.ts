import type { Condition, ModuleEntry } from '../kbuild/index.ts';
import type { Tristate } from '../kconfig/expression.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';
import { isModuleBuilt, kbuildLookup } from './lookup.ts';
import { type Plan, Planner } from './plan.ts';

/** Rounds of planning and looking for one module: each may show a dependency that the one before could not see. */
const MAX_ROUNDS = 6;

/**
 * Turns modules on that a configuration has off, each with the cheapest set of symbols that does it. Where that would
 * take away another of the modules (`depends on !OTHER`), the one that is there stays and the one asked for is off.
 * @param config changed in place
 * @param wanted for each module the entries of the tree that bear its name; one of them is enough
 * @param built entries that the configuration builds and that must stay
 * @returns for each module whether it is built now
 */
export function enableModules(
  config: Configuration,
  wanted: readonly (readonly ModuleEntry[])[],
  built: readonly ModuleEntry[],
): boolean[] {
  const kept = [...built];
  return wanted.map((entries) => {
    const before = config.clone();
    const lookup = kbuildLookup(config);
    const done = enableModule(config, entries) && kept.every((entry) => isModuleBuilt(entry, lookup));
    if (done) kept.push(...entries.filter((entry) => isModuleBuilt(entry, lookup)));
    else restore(config, before);
    return done;
  });
}

/** Gives a configuration the user values of another one. */
function restore(config: Configuration, from: Configuration): void {
  const changes = new Map<KSymbol, UserValue | null>();
  for (const symbol of config.kconfig.symbols.all) {
    const value = from.userValue(symbol);
    if (config.userValue(symbol) !== value) changes.set(symbol, value);
  }
  config.apply(changes);
}

function enableModule(config: Configuration, entries: readonly ModuleEntry[]): boolean {
  const lookup = kbuildLookup(config);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (entries.some((entry) => isModuleBuilt(entry, lookup))) return true;
    const plan = cheapestWay(config, entries);
    if (!plan || plan.changes.size === 0) return false;
    config.apply(plan.changes);
  }
  return entries.some((entry) => isModuleBuilt(entry, lookup));
}

/**
 * The cheapest set of symbol values that makes one of the entries be built; null where none is found. Nothing is
 * changed.
 */
export function cheapestWay(config: Configuration, entries: readonly ModuleEntry[]): Plan | null {
  const planner = new Planner(config);
  let best: Plan | null = null;
  for (const entry of entries) {
    const asModule = planner.both(planCondition(planner, entry.whenModule), planCondition(planner, entry.whenLinked));
    for (const plan of [asModule, planCondition(planner, entry.whenBuiltin)]) {
      if (plan && (!best || plan.cost < best.cost)) best = plan;
    }
  }
  return best;
}

/** A way to make a Kbuild condition true. */
function planCondition(planner: Planner, condition: Condition): Plan | null {
  switch (condition.kind) {
    case 'constant':
      return condition.value ? planner.nothing : null;
    case 'and': {
      let whole: Plan | null = planner.nothing;
      for (const operand of condition.operands) whole = planner.both(whole, planCondition(planner, operand));
      return whole;
    }
    case 'or': {
      let best: Plan | null = null;
      for (const operand of condition.operands) best = planner.cheaper(best, planCondition(planner, operand));
      return best;
    }
    default: {
      const symbol = planner.config.kconfig.symbols.find(condition.symbol);
      return symbol ? planLiteral(planner, symbol, condition.values, condition.negated) : null;
    }
  }
}

function planLiteral(planner: Planner, symbol: KSymbol, values: readonly string[], negated: boolean): Plan | null {
  const allows = (value: string): boolean => values.includes(value) !== negated;
  const now = planner.config.tristate(symbol);
  if (allows(['', 'm', 'y'][now]!)) return planner.nothing;
  const wanted: Tristate | null = allows('m') ? 1 : allows('y') ? 2 : null;
  return wanted === null ? planner.off(symbol) : planner.on(symbol, wanted);
}
