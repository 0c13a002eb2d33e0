/** Puts answers of `$(shell)` where a tree has marks, since they were not known yet when its files were read. */
import type { ParsedKconfig } from './parser.ts';
import { filled, hasMark } from './preprocessor.ts';
import { type Expr, type KSymbol, type MenuNode, nextNode, type Property } from './symbol.ts';

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * A tree as it would have been read with the answers. The given one is used up.
 * @param answers to its `unknownCommands`
 * @returns null where the answers might have changed more than a word of an expression: read the files again then
 */
export function withAnswers(parsed: ParsedKconfig, answers: readonly string[]): ParsedKconfig | null {
  const { symbols, root, unknownConditions } = parsed;
  if (unknownConditions === null || unknownConditions.some((text) => filled(text, answers) === 'y')) return null;
  const known = new Map<KSymbol, KSymbol>();
  for (const symbol of [...symbols.all]) {
    if (!hasMark(symbol.name ?? '')) continue;
    const name = filled(symbol.name!, answers)!;
    // A word that is empty is none.
    if (symbol.isDefined || symbol.isChoice || (name === '' && !symbol.quoted)) return null;
    known.set(symbol, symbol.quoted ? symbols.constant(name) : symbols.lookup(name));
  }
  const filler = new Filler(known);
  for (let node: MenuNode | null = root; node; node = nextNode(node)) {
    filler.expression(node.ownDependency);
    filler.expression(node.visibility);
  }
  for (const property of allProperties(parsed)) {
    if (hasMark(property.text ?? '')) return null;
    filler.property(property);
  }
  symbols.replace(known);
  return { ...parsed, unknownCommands: [] };
}

function* allProperties({ symbols, root }: ParsedKconfig): Generator<Property> {
  for (const symbol of symbols.all) yield* symbol.properties;
  for (let node: MenuNode | null = root; node; node = nextNode(node)) {
    if (node.prompt && !node.symbol) yield node.prompt;
  }
}

/** Puts symbols in the place of others. */
class Filler {
  readonly #known: ReadonlyMap<KSymbol, KSymbol>;

  constructor(known: ReadonlyMap<KSymbol, KSymbol>) {
    this.#known = known;
  }

  property(property: Writable<Property>): void {
    this.expression(property.condition);
    this.expression(property.value);
    property.low = this.#symbol(property.low);
    property.high = this.#symbol(property.high);
  }

  expression(e: Writable<Expr> | null): void {
    if (!e) return;
    e.sym = this.#symbol(e.sym);
    e.sym2 = this.#symbol(e.sym2);
    this.expression(e.left);
    this.expression(e.right);
  }

  #symbol(symbol: KSymbol | null): KSymbol | null {
    return symbol && (this.#known.get(symbol) ?? symbol);
  }
}
