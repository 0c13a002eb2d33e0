import {
  type Condition,
  type ConfigLookup,
  evaluateCondition,
  isModuleBuilt,
  type KbuildTree,
  type ModuleEntry,
  printCondition,
} from '../kbuild/index.ts';
import { formatExpr } from '../kconfig/expression.ts';
import type { Expr, KSymbol, Property, Tristate } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import type { Blocker } from './blocker.ts';
import { dependencyClauses, failingOperands, ownCondition, type PlacedClause, promptClauses } from './clauses.ts';
import { kbuildLookup } from './lookup.ts';
import { mentionOf } from './module-links.ts';
import type { SymbolLinks } from './symbol-links.ts';

/**
 * Why a user has no say in a symbol that is off: the conditions of its prompt that fail; for a symbol without a prompt
 * the `select`s and defaults that could turn it on. Nothing where only a user's value is in the way.
 * @param wanted the value that it should have: with `y` also what keeps a tristate at `m`
 */
export function symbolBlockers(
  symbol: KSymbol,
  config: Configuration,
  links: SymbolLinks,
  wanted: Tristate = 1,
): Blocker[] {
  if (!symbol.isDefined || config.visibility(symbol) >= wanted) return [];
  // A bool is visible as soon as its conditions are at least m.
  const least = symbol.type === 'tristate' ? wanted : 1;
  const prompts = symbol.properties.filter(({ text }) => text !== null);
  if (prompts.length > 0) {
    // Of several definitions the one that is nearest to be seen.
    const each = prompts.map((prompt) => promptBlockers(prompt, config, least));
    const [first = []] = each.filter((found) => found.length > 0).sort((a, b) => a.length - b.length);
    return first;
  }
  const failing = symbol.nodes.length === 1 ? failingClauses(dependencyClauses(symbol.nodes[0]!), config, least) : [];
  const ways = [
    ...symbol.properties
      // A default of text is no condition that could fail.
      .filter(({ kind }) => kind === 'default' && (symbol.type === 'bool' || symbol.type === 'tristate'))
      .map((property) => defaultBlocker(property, config, least)),
    ...[...links.properties(symbol, 'select'), ...links.properties(symbol, 'imply')]
      .filter(({ node, visible }) => links.canBeOn(node.symbol!) && links.canHold(visible))
      .map((property) => selectBlocker(property, config, least)),
  ];
  return [...failing, ...ways.filter((blocker) => blocker.operands.length > 0)];
}

/** Why a module is not built: the symbols of its condition in Kbuild that have another value. */
export function moduleBlockers(entry: ModuleEntry, lookup: ConfigLookup, kbuild: KbuildTree): Blocker[] {
  if (isModuleBuilt(entry, lookup)) return [];
  const failing = new Set([...failingSymbols(entry.whenModule, lookup), ...failingSymbols(entry.whenLinked, lookup)]);
  return [...failing].map((name) => {
    const mention = mentionOf(entry, name, kbuild);
    const condition = mention ? printCondition(mention.when) : name;
    const operands = [{ text: name, symbol: name, value: lookup(name) ?? 'n' }];
    return { kind: 'builds', of: entry.name, condition, at: mention?.at ?? null, operands };
  });
}

/** Why a module is not built, and why the symbols that are off for it are. */
export function moduleObstacles(
  entry: ModuleEntry,
  config: Configuration,
  kbuild: KbuildTree,
  links: SymbolLinks,
): Blocker[] {
  const own = moduleBlockers(entry, kbuildLookup(config), kbuild);
  const symbols = own.flatMap(({ operands }) => operands.map(({ symbol }) => config.kconfig.symbols.find(symbol)));
  return [...own, ...symbols.flatMap((symbol) => (symbol ? symbolBlockers(symbol, config, links) : []))];
}

function failingSymbols(condition: Condition, lookup: ConfigLookup): string[] {
  if (condition.kind === 'constant' || evaluateCondition(condition, lookup)) return [];
  if (condition.kind === 'symbol') return [condition.symbol];
  return condition.operands.flatMap((operand) => failingSymbols(operand, lookup));
}

function promptBlockers(prompt: Property, config: Configuration, least: Tristate): Blocker[] {
  const clauses = [...dependencyClauses(prompt.node), ...promptClauses(prompt)];
  const found = failingClauses(clauses, config, least);
  const choice = prompt.node.symbol?.choice;
  if (found.length > 0 || !choice) return found;
  // A tristate member of a choice that has a built-in member.
  const { file, line } = choice.at;
  const of = choice.prompt?.text ?? 'choice';
  return [{ kind: 'choice', of, condition: of, at: { file, line, column: 0 }, operands: [] }];
}

function failingClauses(clauses: readonly PlacedClause[], config: Configuration, least: Tristate): Blocker[] {
  return clauses
    .filter(({ condition }) => config.evaluate(condition) < least)
    .map(({ kind, of, condition, at }) => blocker(kind, of, condition, at, config, least));
}

function blocker(
  kind: Blocker['kind'],
  of: string,
  condition: Expr,
  at: { readonly file: string; readonly line: number },
  config: Configuration,
  least: Tristate,
): Blocker {
  const operands = failingOperands(config, condition, least);
  return { kind, of, condition: formatExpr(condition), at: { ...at, column: 0 }, operands };
}

function defaultBlocker(property: Property, config: Configuration, least: Tristate): Blocker {
  const value = property.value!;
  const condition = config.evaluate(value) < least ? value : (ownCondition(property) ?? value);
  return blocker('default', property.node.symbol!.name!, condition, property.at, config, least);
}

/** A `select` that does not count: its symbol is off, or its condition fails. */
function selectBlocker(property: Property, config: Configuration, least: Tristate): Blocker {
  const symbol = property.node.symbol!;
  const own = property.condition;
  const ownFails = own ? failingOperands(config, own, least) : [];
  const name = symbol.name ?? 'choice';
  const isOff = config.tristate(symbol) < least;
  const operands = [...(isOff ? [{ text: name, symbol: name, value: config.text(symbol) }] : []), ...ownFails];
  const at = { ...property.at, column: 0 };
  return { kind: 'select', of: name, condition: own ? formatExpr(own) : '', at, operands };
}
