import type { Position } from '../diagnostics/diagnostic.ts';
import {
  type Condition,
  type ConfigLookup,
  conditionSymbols,
  isModuleBuilt,
  type KbuildTree,
  type Mention,
  type ModuleEntry,
  printCondition,
} from '../kbuild/index.ts';
import { containsSymbol, formatExpr } from '../kconfig/expression.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { dependencyClauses } from './clauses.ts';
import type { Feature } from './features.ts';
import { namingLine } from './naming-line.ts';
import type { Link } from './why-types.ts';

/**
 * The symbols without which a module that is built would not be, those of its own line first. Where several lines list
 * it, so that none of their symbols alone decides, those of them that are on.
 */
export function neededByModule(entry: ModuleEntry, lookup: ConfigLookup): string[] {
  const conditions = [entry.whenModule, entry.whenLinked, entry.whenBuiltin];
  const names = new Set([...entry.symbols, ...conditions.flatMap((condition) => conditionSymbols(condition))]);
  const needed = [...names].filter(
    (name) => lookup(name) !== undefined && !isModuleBuilt(entry, (each) => (each === name ? undefined : lookup(each))),
  );
  if (entry.decidingSymbols.some((name) => needed.includes(name))) return needed;
  return [...entry.decidingSymbols.filter((name) => lookup(name) !== undefined), ...needed];
}

/** The link from a module to a symbol that builds it or gates it, at the line of the Makefile that names the symbol. */
export function buildLink(entry: ModuleEntry, symbol: string, kbuild: KbuildTree): Link {
  const mention = mentionOf(entry, symbol, kbuild);
  return {
    kind: entry.decidingSymbols.includes(symbol) ? 'builds' : 'gated-by',
    from: entry.name,
    to: symbol,
    condition: mention ? printCondition(mention.when) : '',
    at: mention?.at ?? null,
  };
}

/** The line by which a symbol gates a module: its own, one of a directory on the way, or one of its objects. */
export function mentionOf(entry: ModuleEntry, symbol: string, kbuild: KbuildTree): Mention | null {
  const directories = kbuild.modules.directoryChain(entry.directory);
  const lists: readonly (readonly [object: string, readonly Mention[]])[] = [
    [`${entry.path}.o`, entry.mentions],
    ...directories.map(({ directory, mentions }) => [`${directory}/`, mentions] as const),
    ...entry.objects.map(({ path, mentions }) => [path, mentions] as const),
  ];
  for (const [object, mentions] of lists) {
    const found = mentions.find(({ when }) => names(when, symbol));
    if (found) return { ...found, at: found.at && namingLine(found.at, object, symbol, entry.directory, kbuild) };
  }
  return null;
}

/** The link from a module to a feature of it. */
export function featureLink({ module, symbol }: Feature, kbuild: KbuildTree, kconfig: Kconfig): Link {
  const name = symbol.name!;
  const link = (condition: string, at: Position | null): Link => ({
    kind: 'feature',
    from: module.name,
    to: name,
    condition,
    at,
  });
  const gate = kbuild.modules.gatedBy(name).find((item) => item.module === module.path && item.object !== null);
  if (gate) {
    const at = gate.at && namingLine(gate.at, gate.object!, name, module.directory, kbuild);
    return link(printCondition(gate.when), at);
  }
  for (const owner of module.decidingSymbols) {
    const owning = kconfig.symbols.find(owner);
    for (const clause of owning ? symbol.nodes.flatMap((node) => dependencyClauses(node)) : []) {
      if (containsSymbol(clause.condition, owning!))
        return link(formatExpr(clause.condition), { ...clause.at, column: 0 });
    }
  }
  return link('', symbol.nodes[0] ? { ...symbol.nodes[0].at, column: 0 } : null);
}

const names = (when: Condition, symbol: string): boolean => conditionSymbols(when).includes(symbol);
