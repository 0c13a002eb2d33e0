import { ProviderMap } from '../evidence/provider-map.ts';
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
  #providers: ProviderMap | null = null;
  #moduleProviders: ProviderMap | null = null;

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

  /** What facts of a record stand on, of all that the config builds. */
  get providers(): ProviderMap {
    this.#providers ??= this.#providersOf(this.build.units);
    return this.#providers;
  }

  /** The same of all modules of the tree, whatever the config builds. */
  get moduleProviders(): ProviderMap {
    this.#moduleProviders ??= this.#providersOf(this.kbuild.names.moduleUnits.paths());
    return this.#moduleProviders;
  }

  #providersOf(units: readonly string[]): ProviderMap {
    const { kbuild, config, sources = kbuild.sources() } = this;
    return new ProviderMap({ kbuild, sources, units, lookup: kbuildLookup(config) });
  }

  /** What symbols cost. */
  get costs(): Costs {
    this.#costs ??= new Costs(this.config, this.kbuild, this.build);
    return this.#costs;
  }
}
