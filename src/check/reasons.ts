import { letterOf } from '../dotconfig/line-value.ts';
import { unquoted } from '../dotconfig/quoted.ts';
import type { Buildable } from '../kbuild/index.ts';
import type { KSymbol, Tristate } from '../kconfig/symbol.ts';
import type { Blocker } from '../trim/blocker.ts';
import { symbolBlockers } from '../trim/blockers.ts';
import { hindrances } from '../trim/no-way.ts';
import { setBy } from '../trim/set-by.ts';
import { SymbolLinks } from '../trim/symbol-links.ts';
import { type WaySearch, wayToModule, wayToSymbol } from '../trim/way-on.ts';
import { wayToValue } from '../trim/way-to-value.ts';
import type { Hindrance, SetBy } from '../trim/why-types.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';
import { type ConfigFile, heldValue, isSwitch } from './config-file.ts';
import type { KconfigLines } from './kconfig-lines.ts';
import type { Finding } from './types.ts';

/** Ways that are looked for in one run: each takes some milliseconds, and nobody reads hundreds of them. */
const MAX_WAYS = 40;

const LETTERS = ['n', 'm', 'y'] as const;

/** Why a value does not hold. */
type Reason = Pick<Finding, 'held' | 'setBy' | 'blockers' | 'remedy' | 'hindrances'>;

/** What would make something hold, or what is in the way. */
type Way = Pick<Finding, 'remedy' | 'hindrances'>;

/** Says why a value does not hold, and what would make it. */
export class Reasons {
  readonly #config: Configuration;
  readonly #file: ConfigFile;
  readonly #lines: KconfigLines;
  readonly links: SymbolLinks;
  #scratch: Configuration | null = null;
  #waysLeft = MAX_WAYS;

  /** @param file what the configuration was read from */
  constructor(config: Configuration, file: ConfigFile, lines: KconfigLines) {
    this.#config = config;
    this.#file = file;
    this.#lines = lines;
    this.links = new SymbolLinks(config);
  }

  /** Lets ways be searched for that were given up before. @param ways how many */
  searchOn(ways: number): void {
    this.#waysLeft = ways;
  }

  /**
   * Why a symbol has not the value that was wanted: what set the one that it has, the conditions that fail, and the
   * cheapest way to it.
   * @param wanted as a .config has it
   * @param wantsWay whether to look for a way
   */
  why(symbol: KSymbol, wanted: string, wantsWay = true): Reason {
    const config = this.#config;
    const found = { held: heldValue(config, symbol), setBy: this.#setBy(symbol), remedy: null, hindrances: [] };
    if (!isSwitch(symbol)) {
      const blockers = this.withMacros(symbolBlockers(symbol, config, this.links));
      const text = wantsWay && config.visibility(symbol) === 0 ? textOf(symbol, wanted, config) : null;
      if (text === null) return { ...found, blockers };
      const search = (scratch: Configuration): WaySearch => wayToValue(scratch, symbol, text);
      return { ...found, blockers, ...this.#way(symbol.name!, search, { goal: symbol, blame: [] }) };
    }
    const level = levelOf(symbol, wanted);
    if (config.tristate(symbol) >= level) return { ...found, blockers: this.#modulesOff(wanted) };
    const blockers = this.withMacros(symbolBlockers(symbol, config, this.links, level));
    if (!wantsWay) return { ...found, blockers };
    const isOff = config.tristate(symbol) === 0;
    const way = this.#way(symbol.name!, (scratch) => wayToSymbol(scratch, symbol, level), {
      goal: symbol,
      blame: isOff ? [symbol] : [],
    });
    // What a condition says that fails need not be said again.
    const isNew = ({ kind, symbol: name }: Hindrance): boolean =>
      kind === 'not-searched' || name !== symbol.name || blockers.length === 0;
    return { ...found, blockers, remedy: way.remedy, hindrances: way.hindrances.filter(isNew) };
  }

  /**
   * What turns a module on, or why no way was searched for to its end.
   * @param name as it was asked for
   */
  wayToModule(name: string, entries: readonly Buildable[]): Way {
    return this.#way(name, (scratch) => wayToModule(scratch, entries), { goal: null, blame: [] });
  }

  /** Conditions that fail; where one is an answer of the toolchain, with the question in its place. */
  withMacros(blockers: readonly Blocker[]): Blocker[] {
    return blockers.map((blocker) => {
      const macro = blocker.at && this.#lines.macroAt(blocker.at);
      if (!macro) return blocker;
      const operands = blocker.operands.map((operand) =>
        operand.symbol === 'n' ? { ...operand, text: macro, symbol: macro } : operand,
      );
      return { ...blocker, operands };
    });
  }

  /** What set it; where that is the config, with the line. */
  #setBy(symbol: KSymbol): SetBy {
    const set = setBy(symbol, this.#config, this.links);
    const entry = set.kind === 'config' ? this.#file.entries.get(symbol.name!) : undefined;
    return entry ? { kind: 'config', by: [{ text: `${entry.name}=${entry.value}`, at: entry.at }] } : set;
  }

  /** Without modules, what was asked for as one is built in. */
  #modulesOff(wanted: string): Blocker[] {
    const { modules } = this.#config.kconfig.symbols;
    if (wanted !== 'm' || !modules?.nodes[0] || this.#config.tristate(modules) !== 0) return [];
    const name = modules.name!;
    const at = { ...modules.nodes[0].at, column: 0 };
    const operands = [{ text: name, symbol: name, value: 'n' }];
    return [{ kind: 'depends', of: name, condition: name, at, operands }];
  }

  /**
   * @param goal the symbol that is to be on; null for a module
   * @param blame symbols of which is said what is to blame where there is no way
   */
  #way(
    name: string,
    find: (scratch: Configuration) => WaySearch,
    { goal, blame }: { readonly goal: KSymbol | null; readonly blame: readonly KSymbol[] },
  ): Way {
    const nothing = { condition: '', at: null };
    if (--this.#waysLeft < 0) {
      return { remedy: null, hindrances: [{ kind: 'not-searched', symbol: name, ...nothing }] };
    }
    this.#scratch ??= this.#config.clone();
    const search = find(this.#scratch);
    const { way } = search;
    if (way && way.size > 0 && ![...way].some((change) => isTooDear(change, goal))) {
      const changes = [...way].map(([symbol, value]) => ({
        symbol: symbol.name!,
        value: typeof value === 'number' ? LETTERS[value] : value,
      }));
      return { remedy: { changes, loses: [] }, hindrances: [] };
    }
    const found = hindrances(blame, this.#config, this.links, { tree: this.#lines, search, isGoal: goal !== null });
    const isSilent = search.isGivenUp && found.length === 0;
    return { remedy: null, hindrances: isSilent ? [{ kind: 'given-up', symbol: '', ...nothing }] : found };
  }
}

/** How far a symbol has to be on for a value: a bool that was asked for as `m` is meant to be on. */
function levelOf(symbol: KSymbol, wanted: string): Tristate {
  const level = LETTERS.indexOf(letterOf(wanted) as 'n' | 'm' | 'y');
  return symbol.type === 'bool' && level === 1 ? 2 : (Math.max(level, 0) as Tristate);
}

/** A value of a number or text as the engine has it; null for what is none. */
function textOf(symbol: KSymbol, wanted: string, config: Configuration): string | null {
  const text = symbol.type === 'string' ? unquoted(wanted) : wanted;
  return text !== null && config.isValidText(symbol, text) ? text : null;
}

/**
 * Nobody wants something else off for the sake of one value; but of a choice the member that is on has to go, and a number
 * may be what it is because of what is on.
 */
function isTooDear([symbol, value]: readonly [KSymbol, UserValue], goal: KSymbol | null): boolean {
  if (value !== 0 || (goal !== null && !isSwitch(goal))) return false;
  return symbol.choice === null || symbol.choice !== goal?.choice;
}
