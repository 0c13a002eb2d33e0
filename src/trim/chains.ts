import { isModuleBuilt, type KbuildTree, type ModuleEntry } from '../kbuild/index.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import type { Feature } from './features.ts';
import { kbuildLookup } from './lookup.ts';
import { buildLink, featureLink, neededByModule } from './module-links.ts';
import type { SymbolLinks } from './symbol-links.ts';
import type { Link } from './why-types.ts';

/** What a chain may start from. */
export interface ChainRoots {
  /** Loaded modules that the configuration builds, in order of name. */
  readonly modules: readonly ModuleEntry[];
  /** Features of theirs. */
  readonly features: readonly Feature[];
}

/**
 * The shortest chains from loaded modules to symbols and modules of a configuration. What loaded modules need or turn
 * on is searched first; features count only for what is reached in no other way, and then the built-ins that a trim
 * leaves alone.
 */
export class Chains {
  readonly #kbuild: KbuildTree;
  readonly #config: Configuration;
  readonly #lookup;
  readonly #links: SymbolLinks;
  /** For each symbol that was reached the last link to it and where that comes from; null: from a module. */
  readonly #reached = new Map<KSymbol, { readonly link: Link; readonly before: KSymbol | null }>();

  /** Links to what is on by default and needs more than was reached. */
  readonly #delayed: { readonly to: KSymbol; readonly link: Link; readonly before: KSymbol }[] = [];

  constructor(config: Configuration, kbuild: KbuildTree, links: SymbolLinks, roots: ChainRoots) {
    this.#config = config;
    this.#kbuild = kbuild;
    this.#links = links;
    this.#lookup = kbuildLookup(config);
    const first: KSymbol[] = [];
    for (const entry of roots.modules) {
      for (const name of neededByModule(entry, this.#lookup)) {
        this.#start(config.kconfig.symbols.find(name), () => buildLink(entry, name, kbuild), first);
      }
    }
    this.#spread(first);
    const second: KSymbol[] = [];
    for (const feature of roots.features) {
      this.#start(feature.symbol, () => featureLink(feature, kbuild, config.kconfig), second);
    }
    this.#spread(second);
    this.#spread(this.#builtins());
    // What it needs is there for something else, and no chain leads to it from here.
    for (const { to, link, before } of this.#delayed) this.#reach(to, link, before);
  }

  /** The chain to a symbol, from its start; null where none leads there. */
  toSymbol(symbol: KSymbol): Link[] | null {
    const chain: Link[] = [];
    let step = this.#reached.get(symbol);
    if (!step) return null;
    for (; step; step = step.before ? this.#reached.get(step.before) : undefined) chain.unshift(step.link);
    return chain;
  }

  /**
   * The chain to a module that the configuration builds although it is not loaded, by a symbol that builds it; null where
   * none leads there.
   */
  toModule(entry: ModuleEntry): Link[] | null {
    if (!isModuleBuilt(entry, this.#lookup)) return null;
    const needed = neededByModule(entry, this.#lookup);
    const own = needed.filter((name) => entry.decidingSymbols.includes(name));
    return this.#through(entry, own);
  }

  /** The same by a symbol that only has to be on for the module, as that of a directory above it. */
  toGate(entry: ModuleEntry): Link[] | null {
    return isModuleBuilt(entry, this.#lookup) ? this.#through(entry, neededByModule(entry, this.#lookup)) : null;
  }

  #through(entry: ModuleEntry, names: readonly string[]): Link[] | null {
    let best: Link[] | null = null;
    for (const name of names) {
      const symbol = this.#config.kconfig.symbols.find(name);
      const chain = symbol ? this.toSymbol(symbol) : null;
      if (!chain || (best && best.length <= chain.length)) continue;
      const link = buildLink(entry, name, this.#kbuild);
      const kind = link.kind === 'builds' ? 'built-by' : 'gates';
      best = [...chain, { ...link, kind, from: name, to: entry.name }];
    }
    return best;
  }

  /** Built-ins that are not reached otherwise: what they turn on stays with them. */
  #builtins(): KSymbol[] {
    const found: KSymbol[] = [];
    for (const symbol of this.#config.kconfig.symbols.all) {
      if (symbol.constant !== null || symbol.isChoice || this.#config.tristate(symbol) !== 2) continue;
      const at = symbol.nodes[0] ? { ...symbol.nodes[0].at, column: 0 } : null;
      this.#start(symbol, () => ({ kind: 'stays', from: '', to: symbol.name!, condition: '', at }), found);
    }
    return found;
  }

  #start(symbol: KSymbol | undefined, link: () => Link, queue: KSymbol[]): void {
    if (!symbol?.isDefined || this.#reached.has(symbol)) return;
    this.#reached.set(symbol, { link: link(), before: null });
    queue.push(symbol);
  }

  /**
   * Breadth first, so that the first link to a symbol is the last of a shortest chain. What is on by default is reached with
   * the last thing that it needs: from the first one a chain would lead over it to what has to be on before.
   */
  #spread(queue: KSymbol[]): void {
    for (const symbol of queue) {
      for (const { to, link, needed } of this.#links.from(symbol)) {
        if (needed?.every((each) => this.#reached.has(each)) ?? true) queue.push(...this.#reach(to, link, symbol));
        else this.#delayed.push({ to, link, before: symbol });
      }
    }
  }

  /** @returns the symbol where it was not reached before */
  #reach(to: KSymbol, link: Link, before: KSymbol): KSymbol[] {
    if (this.#reached.has(to)) return [];
    this.#reached.set(to, { link, before });
    return [to];
  }
}
