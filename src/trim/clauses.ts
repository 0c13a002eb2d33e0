import { containsSymbol, forEachSymbol, formatExpr, isText, symbolName } from '../kconfig/expression.ts';
import {
  type Expr,
  type KSymbol,
  type Location,
  type MenuNode,
  OP,
  type Property,
  type Tristate,
} from '../kconfig/symbol.ts';
import { compareValues, comparisonValue } from '../values/compare.ts';
import type { Configuration } from '../values/configuration.ts';
import { isUnasked } from './as-written.ts';
import type { FailingOperand } from './blocker.ts';

/** A condition that a definition stands under, and whose it is. */
export interface PlacedClause {
  /** `depends`: stated at the definition; `enclosing`: by a menu, if or choice around it; `prompt`: of its prompt. */
  readonly kind: 'depends' | 'enclosing' | 'prompt';
  /** The symbol's name, or the text of the menu or choice; `if` for an if. */
  readonly of: string;
  readonly condition: Expr;
  readonly at: Location;
}

/** What a definition depends on, the nearest statements first: its own `depends on`, then those around it. */
export function dependencyClauses(node: MenuNode): PlacedClause[] {
  const found: PlacedClause[] = [];
  for (let at: MenuNode | null = node; at; at = at.enclosing) {
    for (const { condition, at: where } of at.clauses) {
      found.push({ kind: at === node ? 'depends' : 'enclosing', of: nodeText(at), condition, at: where });
    }
  }
  return found;
}

/** What a prompt needs to be seen beside the definition's dependencies: its own `if`, and `visible if` around it. */
export function promptClauses(prompt: Property): PlacedClause[] {
  const found: PlacedClause[] = [];
  const own = ownCondition(prompt);
  if (own) found.push({ kind: 'prompt', of: nodeText(prompt.node), condition: own, at: prompt.at });
  for (let menu = prompt.node.enclosing; menu; menu = menu.enclosing) {
    for (const { condition, at } of menu.visibleClauses) {
      found.push({ kind: 'enclosing', of: nodeText(menu), condition, at });
    }
  }
  return found;
}

/** The `if` behind a prompt: its condition without the `visible if`s that the parser put behind it. */
export function ownCondition(property: Property): Expr | null {
  let whole = property.condition;
  const visible: Expr[] = [];
  for (let menu = property.node.enclosing; menu; menu = menu.enclosing)
    if (menu.visibility) visible.unshift(menu.visibility);
  for (const each of visible) {
    if (whole === each) return null;
    if (whole?.op === OP.and && whole.right === each) whole = whole.left;
  }
  return whole;
}

/** What a menu entry is called: a symbol's name, a prompt's text, or the statement. */
export function nodeText(node: MenuNode): string {
  return node.symbol?.name ?? node.prompt?.text ?? (node.symbol?.isChoice ? 'choice' : 'if');
}

/** The value that an expression would have if one symbol were off and all others as they are. */
export function evaluateWithout(config: Configuration, e: Expr | null, off: KSymbol): Tristate {
  if (!e) return 2;
  switch (e.op) {
    case OP.symbol:
      return e.sym === off ? 0 : config.tristate(e.sym!);
    case OP.and:
      return Math.min(evaluateWithout(config, e.left, off), evaluateWithout(config, e.right, off)) as Tristate;
    case OP.or:
      return Math.max(evaluateWithout(config, e.left, off), evaluateWithout(config, e.right, off)) as Tristate;
    case OP.not:
      return (2 - evaluateWithout(config, e.left, off)) as Tristate;
    default: {
      const text = (symbol: KSymbol): string => (symbol === off ? 'n' : config.text(symbol));
      const [left, right] = [e.sym!, e.sym2!];
      return comparisonValue(e.op, compareValues(text(left), left.type, text(right), right.type));
    }
  }
}

/** Whether an expression holds now and would not if the symbol were off. */
export function needs(config: Configuration, e: Expr | null, symbol: KSymbol): boolean {
  return containsSymbol(e, symbol) && config.evaluate(e) !== 0 && evaluateWithout(config, e, symbol) === 0;
}

/** The symbols without which an expression that holds now would not. */
export function neededSymbols(config: Configuration, e: Expr | null): KSymbol[] {
  const found = new Set<KSymbol>();
  forEachSymbol(e, (symbol) => {
    if (symbol.constant === null && (symbol.type === 'bool' || symbol.type === 'tristate')) found.add(symbol);
  });
  return [...found].filter((symbol) => config.tristate(symbol) !== 0 && needs(config, e, symbol));
}

/** The symbols that are on and stand in a comparison or a negation, which may hold once they are off: `B` in `A && B || B=n`. */
export function opposedSymbols(config: Configuration, e: Expr | null): KSymbol[] {
  const found = new Set<KSymbol>();
  const walk = (part: Expr, isOpposed: boolean): void => {
    if (part.op === OP.and || part.op === OP.or) for (const each of [part.left!, part.right!]) walk(each, isOpposed);
    else if (part.op === OP.not) walk(part.left!, true);
    else if (part.op !== OP.symbol || isOpposed) forEachSymbol(part, (symbol) => found.add(symbol));
  };
  if (e) walk(e, false);
  return [...found].filter((symbol) => symbol.constant === null && config.tristate(symbol) !== 0);
}

/** The parts of an expression that is less than `wanted` that make it so. */
export function failingOperands(config: Configuration, e: Expr, wanted: Tristate = 1): FailingOperand[] {
  if (config.evaluate(e) >= wanted) return [];
  if (e.op === OP.and || e.op === OP.or)
    return [...failingOperands(config, e.left!, wanted), ...failingOperands(config, e.right!, wanted)];
  const symbols: KSymbol[] = [];
  forEachSymbol(e, (symbol) => symbols.push(symbol));
  // Of a comparison, what may change is of interest.
  const symbol = symbols.find((each) => !isText(each)) ?? symbols[0]!;
  return [{ text: formatExpr(e), symbol: symbolName(symbol), value: valueText(config, symbol) }];
}

/** A symbol's value as a person reads it. */
export function valueText(config: Configuration, symbol: KSymbol): string {
  if (isUnasked(symbol)) return 'not asked';
  if (isText(symbol)) return 'constant';
  if (symbol.type === 'unknown' && symbol.constant === null && !symbol.quoted) return 'not defined';
  return config.text(symbol);
}
