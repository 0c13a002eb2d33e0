/** Ways to a number or text: its prompt has to be visible, or what its default is taken from to be otherwise. */
import type { Buildable } from '../kbuild/index.ts';
import { isModuleBuilt } from '../kbuild/index.ts';
import { notExpr } from '../kconfig/expression.ts';
import { type Expr, type KSymbol, OP, type Property } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { isUnasked } from './as-written.ts';
import { kbuildLookup } from './lookup.ts';
import type { Plan, Planner } from './plan.ts';
import { NO_TIES } from './ties.ts';
import { type WaySearch, wayTo } from './way-on.ts';

/** What setting a number or text costs. */
const COST_SET = 1;

/**
 * Searches for the cheapest way for a number or text to have a value, tried out and found to work: by its prompt, or by a
 * default, that of a choice for example (`HZ` is 300 with `HZ_300`). It crosses no condition of the whole kernel.
 * @param config the same afterwards as before
 * @param value as the engine has it, without quotes
 * @param kept what has to be built then, too
 */
export function wayToValue(
  config: Configuration,
  symbol: KSymbol,
  value: string,
  kept: readonly Buildable[] = [],
): WaySearch {
  const lookup = kbuildLookup(config);
  return wayTo({
    config,
    isReached: () => config.text(symbol) === value,
    isAllowed: () => kept.every((entry) => isModuleBuilt(entry, lookup)),
    goal: symbol,
    ties: NO_TIES,
    plan: (planner) => byPrompt(planner, symbol, value) ?? byDefault(planner, symbol, value),
  });
}

/**
 * Searches for a way for a symbol to be off that is on by a default alone, and that no user can set: what the default
 * needs has to be off. It crosses no condition of the whole kernel, and names those that are in the way.
 * @param config the same afterwards as before
 * @param kept what has to be built then, too
 */
export function wayToOff(config: Configuration, symbol: KSymbol, kept: readonly Buildable[] = []): WaySearch {
  const lookup = kbuildLookup(config);
  const active = config.reverseDependency(symbol) === 0 ? config.activeDefault(symbol) : null;
  if (promptsOf(symbol).length > 0 || !active) return { way: null, moved: [], isGivenUp: false };
  const crossed = new Set<KSymbol>();
  const search = wayTo({
    config,
    isReached: () => config.tristate(symbol) === 0,
    isAllowed: () => kept.every((entry) => isModuleBuilt(entry, lookup)),
    goal: symbol,
    ties: NO_TIES,
    plan: (planner) => {
      const conditions = [active.visible, active.value].filter((condition) => condition !== null);
      const plans = conditions.map((condition) => planner.reach(notExpr(condition), 2));
      for (const each of planner.crossed) crossed.add(each);
      return plans.reduce((one, other) => planner.cheaper(one, other), null);
    },
  });
  return search.way ? search : { ...search, moved: [...new Set([...search.moved, ...crossed])] };
}

const promptsOf = ({ properties }: KSymbol): readonly Property[] => properties.filter(({ text }) => text !== null);
const defaultsOf = ({ properties }: KSymbol): readonly Property[] =>
  properties.filter(({ kind }) => kind === 'default');

function byPrompt(planner: Planner, symbol: KSymbol, value: string): Plan | null {
  const own: Plan = { changes: new Map([[symbol, value]]), cost: COST_SET };
  const plans = promptsOf(symbol).map(({ visible }) => planner.both(planner.reach(visible, 1), own));
  return plans.reduce((one, other) => planner.cheaper(one, other), null);
}

/** The first default whose condition holds counts: one of the value, and then none before it. */
function byDefault(planner: Planner, symbol: KSymbol, value: string): Plan | null {
  let best: Plan | null = null;
  const before: Expr[] = [];
  for (const property of defaultsOf(symbol)) {
    const given = valueGiven(planner, property, value);
    const plan = planner.both(planner.reach(property.visible, 1), given);
    // What else has to be off shows once the condition holds: another member of a choice may be off by itself then.
    const isReady = plan !== null && plan.changes.size === 0;
    best = planner.cheaper(best, isReady ? noneOf(planner, before) : plan);
    if (property.visible) before.push(property.visible);
  }
  return best;
}

/** A way for none of some conditions to hold. */
function noneOf(planner: Planner, conditions: readonly Expr[]): Plan | null {
  return conditions
    .map((condition) => planner.reach(notExpr(condition), 2))
    .reduce((one, other) => planner.both(one, other), planner.nothing);
}

/** A way for a default to give the value: a constant does or does not, another symbol may be set. */
function valueGiven(planner: Planner, { value: given }: Property, value: string): Plan | null {
  const source = given?.op === OP.symbol ? given.sym : null;
  if (!source) return null;
  if (planner.config.text(source) === value) return planner.nothing;
  return isText(source) && planner.config.isValidText(source, value) ? byPrompt(planner, source, value) : null;
}

const isText = ({ type, isDefined }: KSymbol): boolean =>
  isDefined && (type === 'int' || type === 'hex' || type === 'string');

/** A symbol that no user can set. */
export interface Unprompted {
  /** The numbers or texts that its defaults can give, in the order of the files. */
  readonly values: readonly string[];
  /** Symbols with a prompt that have its value by default: what somebody meant to set, maybe. */
  readonly followers: readonly string[];
}

/** What is known of a symbol that has no prompt; null for a symbol that has one. */
export function unprompted(symbol: KSymbol, { kconfig }: Configuration): Unprompted | null {
  if (promptsOf(symbol).length > 0) return null;
  const values = defaultsOf(symbol).flatMap(({ value }) => {
    const source = value?.op === OP.symbol ? value.sym : null;
    const isText = source?.name && !source.isDefined && source.constant === null && !isUnasked(source);
    return isText ? [source.name!] : [];
  });
  const followers = kconfig.symbols.all.filter(
    (other) =>
      other.name !== null &&
      promptsOf(other).length > 0 &&
      defaultsOf(other).some(({ value }) => value?.op === OP.symbol && value.sym === symbol),
  );
  return { values: [...new Set(values)], followers: followers.map(({ name }) => name!) };
}
