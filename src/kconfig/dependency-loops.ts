import { InputError } from '../diagnostics/diagnostic.ts';
import type { Dialect } from './dialect.ts';
import type { ExactExpressions } from './exact-expressions.ts';
import { inHashOrder } from './hash-order.ts';
import { children, type Expr, type KSymbol, type MenuNode, nextNode, OP, type Property } from './symbol.ts';
import type { SymbolTable } from './symbol-table.ts';

/** What a symbol's value depends on, as far as loops go. */
interface Dependencies {
  direct(symbol: KSymbol): Expr | null;
  reverse(symbol: KSymbol): Expr | null;
  implied(symbol: KSymbol): Expr | null;
  visible(property: Property): Expr | null;
}

/** How the walk came from a symbol to the next one. */
type Link = 'depends' | 'selected' | 'implied' | 'value' | 'visible';

interface Frame {
  readonly symbol: KSymbol;
  link: Link;
  property: Property | null;
}

/**
 * Looks for symbols whose values depend on themselves (`symbol.c:sym_check_deps`).
 * @throws InputError with conf's description of every loop in its `chain` argument
 */
export function checkDependencyLoops(
  root: MenuNode,
  symbols: SymbolTable,
  dialect: Dialect,
  exact: ExactExpressions,
): void {
  const plain: Dependencies = {
    direct: (symbol) => symbol.directDependency,
    reverse: (symbol) => symbol.reverseDependency,
    implied: (symbol) => symbol.implied,
    visible: (property) => property.visible,
  };
  // Simplification can only take symbols away, so a tree without loops is without them in its plain form too.
  if (findLoops(root, symbols, dialect, plain).length === 0) return;
  const loops = findLoops(root, symbols, dialect, {
    direct: (symbol) => exact.direct(symbol),
    reverse: (symbol) => exact.reverse(symbol, 'select'),
    implied: (symbol) => exact.reverse(symbol, 'imply'),
    visible: (property) => exact.visible(property),
  });
  const first = loops[0];
  if (!first) return;
  throw new InputError({
    code: 'kconfig-recursive-dependency',
    at: { ...first.at, column: 0 },
    args: { chain: loops.map((loop) => loop.text).join('') },
  });
}

interface Loop {
  readonly at: { readonly file: string; readonly line: number };
  readonly text: string;
}

function findLoops(root: MenuNode, symbols: SymbolTable, dialect: Dialect, dependencies: Dependencies): Loop[] {
  const walker = new LoopWalker(dialect, dependencies, symbols.all.length);
  if (dialect.choices === 'priority') {
    for (let node: MenuNode | null = root; node; node = nextNode(node)) if (node.symbol) walker.check(node.symbol);
  } else {
    // Where two loops touch, the order decides which one is found, and from where.
    for (const symbol of inHashOrder(symbols.all, dialect.symbolBuckets)) walker.check(symbol);
  }
  return walker.loops;
}

class LoopWalker {
  readonly #dialect: Dialect;
  readonly #dependencies: Dependencies;
  /** 1 for symbols whose dependencies are being walked, by id. */
  readonly #open: Uint8Array;
  /** 1 for symbols whose dependencies were walked, or are being. */
  readonly #done: Uint8Array;
  readonly #stack: Frame[] = [];
  readonly loops: Loop[] = [];

  /** @param count how many symbols there are */
  constructor(dialect: Dialect, dependencies: Dependencies, count: number) {
    this.#dialect = dialect;
    this.#dependencies = dependencies;
    this.#open = new Uint8Array(count);
    this.#done = new Uint8Array(count);
  }

  /** The symbol in whose loop the walk is, or null (`sym_check_deps`). */
  check(symbol: KSymbol): KSymbol | null {
    if (this.#open[symbol.id] === 1) {
      this.#describe(symbol);
      return symbol;
    }
    if (this.#done[symbol.id] === 1) return null;
    if (symbol.choice && symbol.choice.symbol !== symbol) {
      this.#push(symbol);
      const found = this.check(symbol.choice.symbol!);
      this.#stack.pop();
      return found;
    }
    if (symbol.isChoice) return this.#choice(symbol);
    this.#open[symbol.id] = 1;
    this.#done[symbol.id] = 1;
    const found = this.#symbol(symbol);
    this.#open[symbol.id] = 0;
    return found;
  }

  /** `sym_check_choice_deps`: a choice and its members are one. */
  #choice(choice: KSymbol): KSymbol | null {
    this.#push(choice);
    const members = this.#members(choice);
    for (const member of members) {
      this.#open[member.id] = 1;
      this.#done[member.id] = 1;
    }
    this.#open[choice.id] = 1;
    this.#done[choice.id] = 1;
    let found = this.#symbol(choice);
    this.#open[choice.id] = 0;
    for (let i = 0; i < members.length && !found; i++) found = this.#symbol(members[i]!);
    for (const member of members) this.#open[member.id] = 0;
    if (found && found.choice?.symbol === choice) found = choice;
    this.#stack.pop();
    return found;
  }

  #members(choice: KSymbol): readonly KSymbol[] {
    const node = choice.nodes[0]!;
    if (this.#dialect.choices === 'symbol') return node.choiceMembers;
    const members: KSymbol[] = [];
    for (const child of children(node)) if (child.symbol) members.push(child.symbol);
    return members;
  }

  /** `sym_check_sym_deps`. */
  #symbol(symbol: KSymbol): KSymbol | null {
    const frame = this.#push(symbol);
    const dependencies = this.#dependencies;
    let found =
      this.#follow(frame, 'depends', dependencies.direct(symbol)) ??
      this.#follow(frame, 'selected', dependencies.reverse(symbol)) ??
      this.#follow(frame, 'implied', dependencies.implied(symbol));
    for (let i = 0; i < symbol.properties.length && !found; i++) {
      const property = symbol.properties[i]!;
      if (property.kind === 'select' || property.kind === 'imply') continue;
      frame.property = property;
      found = this.#follow(frame, 'visible', dependencies.visible(property));
      if (!found && property.kind === 'default' && !symbol.isChoice)
        found = this.#follow(frame, 'value', property.value);
    }
    this.#stack.pop();
    return found;
  }

  #follow(frame: Frame, link: Link, e: Expr | null): KSymbol | null {
    if (!e) return null;
    frame.link = link;
    return this.#expression(e);
  }

  #expression(e: Expr): KSymbol | null {
    if (e.op === OP.symbol) return this.#reached(e.sym!);
    if (e.op >= OP.equal) return this.#reached(e.sym!) ?? this.#reached(e.sym2!);
    return this.#expression(e.left!) ?? (e.right ? this.#expression(e.right) : null);
  }

  /** Most symbols were walked before. */
  #reached(symbol: KSymbol): KSymbol | null {
    return this.#done[symbol.id] === 1 && this.#open[symbol.id] === 0 ? null : this.check(symbol);
  }

  #push(symbol: KSymbol): Frame {
    const frame: Frame = { symbol, link: 'visible', property: null };
    this.#stack.push(frame);
    return frame;
  }

  /** `sym_check_print_recursive`. */
  #describe(last: KSymbol): void {
    const stack = [...this.#stack];
    let end = last;
    if (last.choice && !last.isChoice) {
      stack.push({ symbol: last, link: 'visible', property: null });
      end = last.choice.symbol!;
    }
    let start = stack.length - 1;
    while (start >= 0 && stack[start]!.symbol !== end) start--;
    if (start < 0) return;
    const frames = stack.slice(start);
    const lines = frames.map((frame, i) => this.#line(frame, frames[i + 1]?.symbol ?? end, i === 0));
    const text = `${lines.join('')}For a resolution refer to Documentation/kbuild/kconfig-language.rst\nsubsection "Kconfig recursive dependency limitations"\n\n`;
    this.loops.push({ at: place(frames[0]!), text });
  }

  #line(frame: Frame, next: KSymbol, first: boolean): string {
    const { file, line } = place(frame);
    const where = this.#dialect.positionsInLoops ? `${file}:${line}:` : '';
    const title = first ? `${where}error: recursive dependency detected!\n` : '';
    return `${title}${where}\t${this.#relation(frame, next)}\n`;
  }

  #relation(frame: Frame, next: KSymbol): string {
    const name = frame.symbol.name ?? '<choice>';
    const nextName = next.name ?? '<choice>';
    if (this.#dialect.positionsInLoops) {
      if (frame.symbol.isChoice) return `choice ${name} contains symbol ${nextName}`;
      if (frame.symbol.choice) return `symbol ${name} is part of choice ${nextName}`;
    } else if (next.isChoice) {
      const { file, line } = next.nodes[0]!.at;
      return `symbol ${name} is part of choice block at ${file}:${line}`;
    }
    switch (frame.link) {
      case 'depends':
        return `symbol ${name} depends on ${nextName}`;
      case 'selected':
        return `symbol ${name} is selected by ${nextName}`;
      case 'implied':
        return `symbol ${name} is implied by ${nextName}`;
      case 'value':
        return `symbol ${name} ${frame.property?.kind ?? 'unknown'} value contains ${nextName}`;
      default:
        return `symbol ${name} ${frame.property?.kind ?? 'unknown'} is visible depending on ${nextName}`;
    }
  }
}

/** Where conf places a link: the property, or the symbol's first definition. */
function place(frame: Frame): { file: string; line: number } {
  const { symbol } = frame;
  const own = symbol.isChoice || symbol.choice ? symbol.nodes[0]?.at : frame.property?.at;
  return own ?? symbol.nodes[0]?.at ?? { file: '<none>', line: 0 };
}
