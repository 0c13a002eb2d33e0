import { type Diagnostic, InputError } from '../diagnostics/diagnostic.ts';
import { inHashOrder } from '../kconfig/hash-order.ts';
import type { KSymbol, Tristate } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { valueOfLine } from './line-value.ts';
import { type DotConfigLine, scanDotConfig } from './scan.ts';

export interface ReadOptions {
  /** Name for messages. */
  readonly file: string;
  /** `CONFIG_` of the environment; the default is `CONFIG_`. */
  readonly prefix?: string;
  /** Whether lines about symbols that the tree does not know are worth a warning. */
  readonly warnUnknown?: boolean;
}

/** Warnings about one file: one that makes more of them is no config, and conf would go on printing. */
const MAX_WARNINGS = 100_000;

/** What reading a .config found. */
export interface ReadResult {
  readonly diagnostics: readonly Diagnostic[];
  /** Names in the file that the tree does not know, in order. */
  readonly unknown: readonly string[];
}

/**
 * Loads a .config as the user values of a configuration and calculates it (`confdata.c:conf_read`). User values that
 * were there before are gone.
 * @throws InputError `config-too-many-warnings`
 */
export function readDotConfig(config: Configuration, text: string, options: ReadOptions): ReadResult {
  const result = loadUserValues(config, text, options);
  config.calculateAll();
  if (config.kconfig.dialect.transitional) config.adoptTransitional();
  if (config.kconfig.dialect.resetsUserValues) dropOutOfRange(config);
  return result;
}

/** Loads a file as user values, without what conf does to them afterwards (`confdata.c:conf_read_simple`). */
export function loadUserValues(config: Configuration, text: string, options: ReadOptions): ReadResult {
  return new Reader(config, options).read(text);
}

/**
 * Old trees: numbers that the ranges do not allow are dropped, one after the other in the order of conf's hash table.
 * Each is another bound for those behind it: with `range 2 256` on A and `range 1 A` on B, `A=8192` and `B=16` make B 2
 * where A comes first and has that by default. All else keeps the value that it had before.
 */
function dropOutOfRange(config: Configuration): void {
  const { symbols, dialect } = config.kconfig;
  const numbers = symbols.all.filter(
    (symbol) => (symbol.type === 'int' || symbol.type === 'hex') && config.hasUserValue(symbol),
  );
  for (const symbol of inHashOrder(numbers, dialect.symbolBuckets)) {
    if (config.isChoiceMember(symbol) || config.isWithinRange(symbol, config.userValue(symbol) as string)) continue;
    config.clearQuietly(symbol);
    config.invalidate(symbol);
  }
}

class Reader {
  readonly #config: Configuration;
  readonly #options: ReadOptions;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #unknown: string[] = [];
  readonly #oldChoices: boolean;
  /** Old trees: what the file said of choices so far; it counts also where their user value was refused. */
  readonly #choices = new Map<KSymbol, Tristate>();

  constructor(config: Configuration, options: ReadOptions) {
    this.#config = config;
    this.#options = options;
    this.#oldChoices = config.kconfig.dialect.choices === 'symbol';
  }

  read(text: string): ReadResult {
    const config = this.#config;
    const { dialect, symbols } = config.kconfig;
    config.clearAllQuietly();
    // What a file says of the members it says of the choice.
    if (this.#oldChoices) for (const symbol of symbols.all) if (symbol.isChoice) config.setQuietly(symbol, 0);
    config.invalidateAll();
    const style = dialect.strictDotConfigLines ? 'strict' : 'lenient';
    for (const line of scanDotConfig(text, this.#options.prefix ?? 'CONFIG_', style)) {
      if (line.kind === 'unexpected') this.#warn(line.line, 'config-unexpected-data', { text: line.text });
      else this.#line(line);
    }
    return { diagnostics: this.#diagnostics, unknown: this.#unknown };
  }

  #line(line: DotConfigLine & { readonly kind: 'value' }): void {
    const config = this.#config;
    const symbol = config.kconfig.symbols.find(line.name);
    if (!symbol || symbol.constant !== null) {
      this.#unknown.push(line.name);
      if (this.#options.warnUnknown) this.#warn(line.line, 'config-unknown-symbol', { symbol: line.name });
      return;
    }
    if (config.hasUserValue(symbol)) this.#warn(line.line, 'config-reassigned', { symbol: line.name });
    if (!this.#setValue(symbol, line)) return;
    if (!symbol.choice) return;
    if (this.#oldChoices) this.#oldChoice(symbol, line.line);
    else config.preferInChoice(symbol);
  }

  /** `confdata.c:conf_set_sym_val`; false when the value was refused. */
  #setValue(symbol: KSymbol, line: DotConfigLine & { readonly kind: 'value' }): boolean {
    const { value } = line;
    const taken = valueOfLine(symbol, value, this.#config);
    if (taken !== null) {
      this.#config.setQuietly(symbol, taken);
      return true;
    }
    // A text without quotes is passed over in silence.
    if (symbol.type === 'unknown' || (symbol.type === 'string' && value[0] !== '"')) return true;
    if (symbol.type === 'string') this.#warn(line.line, 'config-invalid-string', {});
    else this.#warn(line.line, 'config-invalid-value', { symbol: line.name, value });
    return false;
  }

  /** Old trees: a member's value becomes part of the choice's. */
  #oldChoice(symbol: KSymbol, line: number): void {
    const config = this.#config;
    const choice = symbol.choice!.symbol!;
    const before = this.#choices.get(choice) ?? 0;
    const value = (config.userValue(symbol) ?? 0) as Tristate;
    let refused = !config.hasUserValue(choice);
    if (value === 1 && before === 2) {
      this.#warn(line, 'config-inconsistent-choice', { symbol: symbol.name! });
      refused = true;
    }
    if (value === 2) {
      if (before !== 0) this.#warn(line, 'config-choice-changed', { symbol: symbol.name! });
      config.preferInChoice(symbol);
    }
    const after = Math.max(before, value) as Tristate;
    this.#choices.set(choice, after);
    if (refused) config.refuseQuietly(choice, after);
    else config.setQuietly(choice, after);
  }

  #warn(line: number, code: string, args: Record<string, string>): void {
    if (this.#diagnostics.length >= MAX_WARNINGS) {
      throw new InputError({
        code: 'config-too-many-warnings',
        args: { path: this.#options.file, limit: MAX_WARNINGS },
      });
    }
    this.#diagnostics.push({ code, severity: 'warning', at: { file: this.#options.file, line, column: 0 }, args });
  }
}
