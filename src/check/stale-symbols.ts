import type { KbuildTree } from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import { heirsOf } from '../trim/heirs.ts';
import { PromptlessNames, SimilarNames } from './alike.ts';
import type { ArchDefinitions } from './arch-definitions.ts';
import { hasPrompt } from './config-file.ts';
import { NamedObjects } from './named-objects.ts';
import type { SymbolSuccessor } from './types.ts';

/** Tells what may have become of symbols that the tree does not have. */
export class StaleSymbols {
  readonly #kconfig: Kconfig;
  readonly #elsewhere: ArchDefinitions;
  readonly #srcarch: string;
  #names: SimilarNames | null = null;
  #promptless: PromptlessNames | null = null;
  readonly #kbuild: () => KbuildTree;
  #objects: NamedObjects | null = null;
  /** What was found of a name: many configs lack the same symbols. */
  readonly #sure = new Map<string, readonly SymbolSuccessor[]>();
  readonly #alike = new Map<string, readonly string[]>();
  readonly #meant = new Map<string, readonly string[]>();

  /** @param kbuild what the tree builds; asked for where a symbol is gone */
  constructor(kconfig: Kconfig, elsewhere: ArchDefinitions, srcarch: string, kbuild: () => KbuildTree) {
    this.#kconfig = kconfig;
    this.#elsewhere = elsewhere;
    this.#srcarch = srcarch;
    this.#kbuild = kbuild;
  }

  /** Whether nobody could ever set a symbol that is gone, by what the tree's own symbols of such names are. */
  isPromptless(name: string): boolean {
    const { symbols } = this.#kconfig;
    this.#promptless ??= new PromptlessNames(
      symbols.all.flatMap((symbol) =>
        symbol.isDefined && symbol.name !== null ? [{ name: symbol.name, hasPrompt: hasPrompt(symbol) }] : [],
      ),
    );
    return this.#promptless.includes(name);
  }

  /**
   * What a symbol may be now: those that take its value over (`transitional`), the same of another architecture, what
   * builds an object of its name, or a symbol with a name like it; the surest kind only, and none rather than a wrong one.
   * @param beside symbols that have lines of their own beside the one that is gone: they are others
   */
  successors(name: string, beside: ReadonlyMap<string, unknown>): readonly SymbolSuccessor[] {
    const sure = this.#sure.get(name) ?? this.#sureSuccessors(name);
    this.#sure.set(name, sure);
    if (sure.length > 0) return sure;
    const { symbols } = this.#kconfig;
    const found = this.#alike.get(name) ?? this.#similar.alike(name);
    this.#alike.set(name, found);
    const alike = found.filter((near) => !beside.has(near));
    return alike.length === 1 ? [successor(symbols.find(alike[0]!)!, 'name')] : [];
  }

  /** Those that do not depend on what else a config sets. */
  #sureSuccessors(name: string): readonly SymbolSuccessor[] {
    const old = this.#kconfig.symbols.find(name);
    const heirs = old ? heirsOf(old, this.#kconfig) : [];
    if (heirs.length > 0) return heirs.map((symbol) => successor(symbol, 'tree'));
    const at = this.#elsewhere.find(name, this.#srcarch);
    if (at) return [{ name, evidence: 'architecture', symbols: [], at }];
    this.#objects ??= new NamedObjects(this.#kbuild());
    const built = this.#objects.find(name);
    return built ? [built] : [];
  }

  /**
   * The symbol that a name was meant to be which the tree does not have, by a slip of a finger in it; empty where there
   * are several, or none. It is no successor.
   * @param beside symbols that have lines of their own beside it: they are others
   */
  near(name: string, beside: ReadonlyMap<string, unknown>): string {
    const found = this.#meant.get(name) ?? this.#similar.mistyped(name);
    this.#meant.set(name, found);
    const [only = '', ...more] = found.filter((other) => !beside.has(other));
    return more.length > 0 ? '' : only;
  }

  /** Of symbols that a user can set: of all others the value says nothing of what somebody wanted. */
  get #similar(): SimilarNames {
    this.#names ??= new SimilarNames(
      this.#kconfig.symbols.all.flatMap(({ name, isChoice, properties }) =>
        name !== null && !isChoice && properties.some(({ text }) => text !== null) ? [name] : [],
      ),
    );
    return this.#names;
  }
}

function successor(symbol: KSymbol, evidence: 'tree' | 'name'): SymbolSuccessor {
  const at = symbol.nodes[0] ? { ...symbol.nodes[0].at, column: 0 } : null;
  return { name: symbol.name!, evidence, symbols: [], at };
}
