import type { KSymbol } from '../kconfig/symbol.ts';
import type { Blocker } from '../trim/blocker.ts';
import { symbolBlockers } from '../trim/blockers.ts';
import { unseenMember } from '../trim/set-by.ts';
import type { SymbolLinks } from '../trim/symbol-links.ts';
import type { Configuration } from '../values/configuration.ts';
import { allFindings, type Cause, type CheckResult, type Finding } from './types.ts';

/** Steps from a condition that fails to the symbol that has it fail. */
const MAX_STEPS = 20;

/** Conditions that must hold. Where none fails, every `select` and default that there is does. */
const NEEDED: ReadonlySet<Blocker['kind']> = new Set(['depends', 'enclosing', 'prompt', 'builds']);
const WAYS: ReadonlySet<Blocker['kind']> = new Set(['select', 'default']);

/**
 * Names the symbol that each error comes from: of those at the root of its conditions the one that explains the most.
 */
export function withCauses(results: readonly CheckResult[], config: Configuration, links: SymbolLinks): CheckResult[] {
  const finder = new RootFinder(config, links);
  const roots = new Map<Finding, readonly KSymbol[]>();
  const explained = new Map<KSymbol, number>();
  for (const found of allFindings(results)) {
    if (found.severity !== 'error') continue;
    const own = finder.rootsOf(found);
    roots.set(found, own);
    for (const symbol of own) explained.set(symbol, (explained.get(symbol) ?? 0) + 1);
  }
  const caused = (found: Finding): Finding => {
    const [first, ...rest] = roots.get(found) ?? [];
    if (!first) return found;
    const best = rest.reduce((a, b) => (explained.get(b)! > explained.get(a)! ? b : a), first);
    return { ...found, cause: causeOf(best, config) };
  };
  return results.map((result) => ({
    ...result,
    cases: result.cases.map((each) => ({ ...each, findings: each.findings.map(caused) })),
  }));
}

function causeOf(symbol: KSymbol, config: Configuration): Cause {
  const [node] = symbol.nodes;
  return { symbol: symbol.name!, value: config.text(symbol), at: node ? { ...node.at, column: 0 } : null };
}

/** Follows conditions that fail to symbols of which nothing but a user's value is in the way. */
class RootFinder {
  readonly #config: Configuration;
  readonly #links: SymbolLinks;
  readonly #known = new Map<KSymbol, readonly KSymbol[]>();

  constructor(config: Configuration, links: SymbolLinks) {
    this.#config = config;
    this.#links = links;
  }

  rootsOf({ blockers, subject }: Finding): readonly KSymbol[] {
    const found = this.#behind(blockers.length > 0 ? blockers : this.#behindChoice(subject.name), 0);
    return found.filter(({ name }) => name !== subject.name);
  }

  /** Of a choice's member that is on in place of another: why that one is not. */
  #behindChoice(name: string): readonly Blocker[] {
    const symbol = this.#config.kconfig.symbols.find(name);
    const unseen = symbol ? unseenMember(symbol, this.#config) : null;
    return unseen ? symbolBlockers(unseen, this.#config, this.#links) : [];
  }

  #behind(blockers: readonly Blocker[], depth: number): KSymbol[] {
    const found = new Set<KSymbol>();
    const needed = blockers.filter(({ kind }) => NEEDED.has(kind));
    const ways = blockers.filter(({ kind }) => WAYS.has(kind));
    for (const { operands } of needed.length > 0 ? needed : ways) {
      for (const { symbol: name } of operands) {
        const symbol = this.#config.kconfig.symbols.find(name);
        if (symbol?.isDefined) for (const root of this.#rootsOfSymbol(symbol, depth)) found.add(root);
      }
    }
    return [...found];
  }

  #rootsOfSymbol(symbol: KSymbol, depth: number): readonly KSymbol[] {
    const known = this.#known.get(symbol);
    if (known) return known;
    // What leads back to itself ends here.
    this.#known.set(symbol, [symbol]);
    const isOff = this.#config.tristate(symbol) === 0;
    const behind =
      isOff && depth < MAX_STEPS ? this.#behind(symbolBlockers(symbol, this.#config, this.#links), depth + 1) : [];
    const roots = behind.length > 0 ? behind : [symbol];
    this.#known.set(symbol, roots);
    return roots;
  }
}
