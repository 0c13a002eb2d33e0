import { formatExpr } from '../../src/kconfig/expression.ts';
import type { ParsedTree } from '../../src/kconfig/snapshot.ts';
import { type Expr, type KSymbol, type MenuNode, nextNode, type Property } from '../../src/kconfig/symbol.ts';

/** Everything that a Kconfig tree says, as plain data: symbols by number, menu nodes by their place in the tree. */
export function dumpTree(tree: ParsedTree): unknown {
  const { symbols, root, exact, usedEnvironment, dialect, files, unknownCommands, diagnostics } = tree;
  const nodes = new Map<MenuNode | null, number>([[null, -1]]);
  for (let node: MenuNode | null = root; node; node = nextNode(node)) nodes.set(node, nodes.size - 1);
  const id = (symbol: KSymbol | null): number | null => symbol?.id ?? null;
  const text = (e: Expr | null): string | null => e && formatExpr(e, (symbol) => String(symbol.id));
  const property = (given: Property): unknown => {
    const { kind, text: words, at, condition, visible, value, low, high, node } = given;
    return {
      ...{ kind, text: words, at },
      condition: text(condition),
      visible: text(visible),
      value: text(value),
      low: id(low),
      high: id(high),
      node: nodes.get(node),
      exact: text(exact.visible(given)),
    };
  };
  const nodeOf = (node: MenuNode): unknown => ({
    symbol: id(node.symbol),
    at: node.at,
    places: [node.parent, node.next, node.list, node.enclosing].map((each) => nodes.get(each)),
    prompt: node.prompt && property(node.prompt),
    isProperty: node.prompt && node.symbol?.properties.indexOf(node.prompt),
    own: text(node.ownDependency),
    dependency: text(node.dependency),
    exact: text(exact.dependency(node)),
    visibility: text(node.visibility),
    clauses: [...node.clauses, ...node.visibleClauses].map(({ condition, at }) => [text(condition), at]),
    split: node.clauses.length,
    help: node.help?.text(),
    members: node.choiceMembers.map(id),
  });
  const symbolOf = (symbol: KSymbol): unknown => ({
    ...plainPart(symbol),
    properties: symbol.properties.map(property),
    nodes: symbol.nodes.map((node) => nodes.get(node)),
    directDependency: text(symbol.directDependency),
    reverseDependency: text(symbol.reverseDependency),
    implied: text(symbol.implied),
    choice: nodes.get(symbol.choice),
    isKnown: symbol.name === null || symbols.find(symbol.name)?.id,
    exact: [exact.direct(symbol), exact.reverse(symbol, 'select'), exact.reverse(symbol, 'imply')].map(text),
  });
  return {
    ...{ dialect, files, unknownCommands, diagnostics },
    usedEnvironment: [...usedEnvironment],
    modules: id(symbols.modules),
    constants: [symbols.no, symbols.mod, symbols.yes].map(id),
    symbols: symbols.all.map(symbolOf),
    nodes: [...nodes.keys()].filter((node) => node !== null).map(nodeOf),
  };
}

/** What a symbol says beside what it refers to. */
function plainPart(symbol: KSymbol): object {
  const { id, name, type, quoted, constant, isChoice, isDefined, answer } = symbol;
  const { optional, transitional, isDefconfigList, isOnInAllnoconfig } = symbol;
  return {
    ...{ id, name, type, quoted, constant, isChoice, isDefined, answer },
    ...{ optional, transitional, isDefconfigList, isOnInAllnoconfig },
  };
}
