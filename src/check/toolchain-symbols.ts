import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { inputsOf } from '../values/dependency-graph.ts';
import { hasPrompt } from './config-file.ts';
import type { KconfigLines } from './kconfig-lines.ts';

/** Inputs of inputs that are followed: what the toolchain says is never far away. */
const MAX_DEPTH = 4;

/** Tells symbols whose values are answers of the toolchain, or follow from them alone. */
export class ToolchainSymbols {
  readonly #config: Configuration;
  readonly #lines: KconfigLines;
  readonly #changed: ReadonlySet<KSymbol>;

  /** @param changed symbols that have another value than the config says */
  constructor(config: Configuration, changed: ReadonlySet<KSymbol>, lines: KconfigLines) {
    this.#config = config;
    this.#changed = changed;
    this.#lines = lines;
  }

  /** Whether a symbol changed because the toolchain is another one, and no user can set it. */
  explains(symbol: KSymbol): boolean {
    return !(hasPrompt(symbol) && this.#config.hasUserValue(symbol)) && this.follows(symbol);
  }

  /** Whether a symbol's value, or that it can be seen, follows from what changed of the toolchain alone. */
  follows(symbol: KSymbol, depth = 0): boolean {
    if (this.#asks(symbol)) return true;
    if (depth === MAX_DEPTH) return false;
    const causes = [...inputsOf(symbol, this.#config.kconfig)].filter(
      (input) => input !== symbol && this.#changed.has(input),
    );
    return causes.length > 0 && causes.every((cause) => this.follows(cause, depth + 1));
  }

  /** Whether a line that decides about the symbol has a `$(…)`. */
  #asks(symbol: KSymbol): boolean {
    const places = [
      ...symbol.properties.filter(({ kind }) => kind === 'default').map(({ at }) => at),
      ...symbol.nodes.flatMap(({ clauses }) => clauses.map(({ at }) => at)),
    ];
    return places.some((at) => this.#lines.macroAt(at) !== null);
  }
}
