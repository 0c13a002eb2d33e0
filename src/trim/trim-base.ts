import type { BuildResult, KbuildTree } from '../kbuild/index.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Sources } from '../sources/sources.ts';
import type { Configuration } from '../values/configuration.ts';
import { Costs } from './cost.ts';
import { LoadedResolver } from './loaded.ts';
import { kbuildLookup } from './lookup.ts';

/** A base config with all that is found out about it once, whatever is trimmed from it. */
export class TrimBase {
  readonly kbuild: KbuildTree;
  /** Written and read again it is the same; not changed. */
  readonly config: Configuration;
  readonly build: BuildResult;
  /** The symbols that are `m`. */
  readonly modular: readonly KSymbol[];
  readonly resolver: LoadedResolver;
  readonly sources: Sources | undefined;
  #costs: Costs | null = null;

  constructor(config: Configuration, kbuild: KbuildTree, sources?: Sources) {
    this.sources = sources;
    this.kbuild = kbuild;
    this.config = config;
    this.build = kbuild.build(kbuildLookup(config));
    sources?.announce(this.build.units);
    this.modular = config.kconfig.symbols.all.filter(
      (symbol) => symbol.type === 'tristate' && symbol.constant === null && config.tristate(symbol) === 1,
    );
    this.resolver = new LoadedResolver(kbuild, config, this.build, sources);
  }

  /** What symbols cost. */
  get costs(): Costs {
    this.#costs ??= new Costs(this.config, this.kbuild, this.build);
    return this.#costs;
  }
}
