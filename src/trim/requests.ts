/** Values that must hold in the result of a trim: `--set`, `--unset` and `--fragment`. */

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { nearNames } from '../diagnostics/near-names.ts';
import { fitsInLine, letterOf, letterTaken, valueOfLine } from '../dotconfig/line-value.ts';
import { unquoted } from '../dotconfig/quoted.ts';
import type { Buildable } from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import type { KSymbol, Tristate } from '../kconfig/symbol.ts';
import type { Configuration, UserValue } from '../values/configuration.ts';
import { asWritten, type KconfigText } from './as-written.ts';
import { symbolBlockers } from './blockers.ts';
import { applyChanges, Planner } from './plan.ts';
import type { Requirement } from './requirements.ts';
import { setBy } from './set-by.ts';
import { SymbolLinks } from './symbol-links.ts';
import type { RequestReport, ValueRequest, Violation } from './types.ts';
import { type WaySearch, wayToSymbol } from './way-on.ts';
import { unprompted, wayToOff, wayToValue } from './way-to-value.ts';
import { wholeKernelConditions } from './whole-kernel.ts';

/** Rounds over the requests that do not hold yet: one may need what another one brings. */
const MAX_ROUNDS = 3;
/** Names that are offered for one that the tree does not have. */
const NEAR = 3;
const LETTERS = ['n', 'm', 'y'] as const;

/** A request, and what was found of it. */
interface Sought {
  readonly request: ValueRequest;
  /** Null where the tree has no such symbol. */
  readonly symbol: KSymbol | null;
  /** As the engine has it; null where it is no value of the symbol's type. */
  readonly value: UserValue | null;
  readonly from: string;
  /** What was set beside it. */
  readonly way: Map<KSymbol, UserValue>;
  /** Conditions of the whole kernel that would have followed: it was not set for them. */
  moved: readonly KSymbol[];
}

/** Requests that were applied to a config as far as that goes. */
export class AppliedRequests {
  readonly #sought: readonly Sought[];
  readonly #kept: readonly Buildable[];
  /** That modules are switched off; null where nobody asks for it, or they are. */
  readonly #end: Sought | null;

  private constructor(sought: readonly Sought[], kept: readonly Buildable[], { kconfig }: Configuration) {
    this.#sought = sought;
    this.#kept = kept;
    const { modules } = kconfig.symbols;
    this.#end = sought.find(({ symbol, value, from }) => symbol === modules && value === 0 && from === 'y') ?? null;
  }

  /**
   * Gives a config the values, and what they need: the cheapest that does it. Nothing that decides over the whole kernel
   * changes that was not asked for by its name. That modules are switched off is left for `endModules`.
   * @param requests of one symbol the last one counts
   * @param config changed in place
   * @param kept what has to be built afterwards as well, where a value is not what takes it away
   */
  static apply(requests: readonly ValueRequest[], config: Configuration, kept: readonly Buildable[]): AppliedRequests {
    const last = new Map(requests.filter(({ flawed }) => !flawed).map((request) => [request.symbol, request]));
    const all = [...last.values(), ...requests.filter(({ flawed }) => flawed)];
    const sought = all.map((request) => seek(request, config));
    const applied = new AppliedRequests(sought, kept, config);
    applied.#fulfil(
      sought.filter((each) => each !== applied.#end),
      config,
    );
    return applied;
  }

  /** Whether modules are to be switched off, by `endModules`. */
  get endsModules(): boolean {
    return this.#end !== null;
  }

  /** Whether nothing is asked for but that modules are switched off. */
  get onlyEndsModules(): boolean {
    return this.#end !== null && this.#sought.length === 1;
  }

  /**
   * Switches modules off. Before the trim, all modules of the base config would be built in, and nothing would go.
   * @param config trimmed, with what stays built in; changed in place
   */
  endModules(config: Configuration): void {
    this.#fulfil(this.#sought, config);
  }

  #fulfil(sought: readonly Sought[], config: Configuration): void {
    const guard = new WholeKernelGuard(config, sought);
    for (const each of sought) setPlainly(each, config, guard);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const open = sought.filter((each) => each.value !== null && !holds(each, config));
      const turned = open.filter((each) => findWay(each, config, this.#kept, guard));
      if (turned.length === 0) break;
    }
  }

  /** What the trim must not take back. */
  requirements(): Requirement[] {
    return this.#sought.flatMap(({ request, symbol, value }): Requirement[] => {
      if (!symbol || value === null) return [];
      return [
        {
          kind: 'set',
          name: request.symbol,
          holds: (config) => hasValue(symbol, value, config),
          symbols: [symbol],
          needed: value === 0 || typeof value === 'string' ? [] : [symbol],
          deciding: [],
          ways: [],
        },
      ];
    });
  }

  /** Whether a symbol was asked for by its name. */
  names(symbol: KSymbol): boolean {
    return this.#sought.some((each) => each.symbol === symbol);
  }

  /** Why a symbol changed that nobody asked for; null where none of the requests needs it. */
  because(symbol: KSymbol): string | null {
    const needing = this.#sought.filter(({ way }) => way.has(symbol)).map(({ request }) => request);
    if (needing.length === 0) return null;
    return `${needing.map(({ symbol: name, value }) => `${name}=${value}`).join(', ')} cannot be without it`;
  }

  /** What became of the requests. @param config the result */
  reports(config: Configuration): RequestReport[] {
    return this.#sought.map((each) => ({
      symbol: each.request.symbol,
      value: each.request.value,
      source: each.request.source,
      from: each.from,
      to: each.symbol ? config.text(each.symbol) : '',
      holds: each.symbol ? each.value !== null && holds(each, config) : isHarmless(each.request),
      needs: [...each.way]
        .filter(([symbol]) => symbol !== each.symbol)
        .map(([symbol, value]) => ({ symbol: symbol.name!, value: textOf(value) })),
    }));
  }

  /**
   * G9: what was asked for and does not hold.
   * @param config the result
   * @param tree for the text of lines
   */
  violations(config: Configuration, tree: KconfigText): Violation[] {
    const links = new SymbolLinks(config);
    return this.#sought.flatMap((each): Violation[] => {
      const { symbol, request, value } = each;
      const violation = { promise: 'G9', name: request.symbol, at: null, blockers: [] } as const;
      const asked = `${request.value || '""'} was asked for (${request.source})`;
      if (request.flawed !== undefined) return [{ ...violation, note: `${asked}, but ${request.flawed}` }];
      if (!symbol) {
        if (isHarmless(request)) return [];
        const known = config.kconfig.symbols.all.flatMap(({ name, isDefined }) => (isDefined && name ? [name] : []));
        const near = nearNames(request.symbol, known, NEAR);
        const hint = near.length > 0 ? `; near it: ${near.join(', ')}` : '';
        return [{ ...violation, note: `${asked}, and this tree has no such symbol${hint}` }];
      }
      if (value === null) {
        return [
          { ...violation, note: `${asked}, which is no value for it: it is of type ${typeText(symbol, request)}` },
        ];
      }
      if (holds(each, config)) return [];
      const note = `${asked}, it is ${config.text(symbol) || 'empty'}${whyNot(each, config, links, tree)}`;
      // No condition that fails keeps a symbol on.
      const isTooHigh = typeof value === 'number' && value < config.tristate(symbol);
      const level = typeof value === 'number' && value > 0 ? value : 1;
      const blockers = isTooHigh ? [] : symbolBlockers(symbol, config, links, level);
      return [{ ...violation, note, blockers: asWritten(blockers, tree) }];
    });
  }
}

/** What it would have to be given. */
function typeText({ type }: KSymbol, { value, isNamed }: ValueRequest): string {
  const isUnquoted = type === 'string' && !isNamed && !value.startsWith('"');
  return isUnquoted ? `${type}, which is in quotes` : type;
}

/** Of a symbol that the tree does not have: a line of a fragment may say that it is off, as of `conf merge`. */
const isHarmless = ({ value, flawed, isNamed }: ValueRequest): boolean =>
  letterOf(value) === 'n' && !flawed && !isNamed;

const textOf = (value: UserValue): string => (typeof value === 'number' ? LETTERS[value] : value);

function seek(request: ValueRequest, config: Configuration): Sought {
  const found = config.kconfig.symbols.find(request.symbol);
  const symbol = found?.isDefined && found.constant === null ? found : null;
  const value = symbol && request.flawed === undefined ? valueFor(symbol, request, config) : null;
  return { request, symbol, value, from: symbol ? config.text(symbol) : '', way: new Map(), moved: [] };
}

/** A line counts as conf takes it. By hand texts may do without quotes, and no letter stands for a word. */
function valueFor(symbol: KSymbol, { value, isNamed }: ValueRequest, config: Configuration): UserValue | null {
  if (!fitsInLine(value)) return null;
  if (!isNamed) return valueOfLine(symbol, value, config);
  if (symbol.type === 'string') return value.startsWith('"') ? unquoted(value) : value;
  return letterTaken(symbol, value) === null ? valueOfLine(symbol, value, config) : null;
}

/** Of lines that asked for a value: where conf takes its first letter alone. */
export function letterDiagnostics(requests: readonly ValueRequest[], { symbols }: Kconfig): Diagnostic[] {
  const counting = new Map(requests.map((request) => [request.symbol, request]));
  return [...counting.values()].flatMap(({ symbol: name, value, source, flawed, isNamed }): Diagnostic[] => {
    const symbol = symbols.find(name);
    const letter = isNamed || flawed || !symbol?.isDefined ? null : letterTaken(symbol, value);
    if (letter === null) return [];
    return [{ code: 'value-letter', severity: 'warning', args: { source, name, value, type: symbol!.type, letter } }];
  });
}

function hasValue(symbol: KSymbol, value: UserValue, config: Configuration): boolean {
  return typeof value === 'number' ? config.tristate(symbol) === value : config.text(symbol) === value;
}

const holds = ({ symbol, value }: Sought, config: Configuration): boolean =>
  symbol !== null && value !== null && hasValue(symbol, value, config);

/** Sees to it that what decides over the whole kernel stays, but for what was asked for by its name. */
class WholeKernelGuard {
  readonly #config: Configuration;
  readonly #before: readonly (readonly [KSymbol, Tristate])[];
  readonly #fixed: ReadonlySet<KSymbol>;

  constructor(config: Configuration, sought: readonly Sought[]) {
    this.#config = config;
    this.#fixed = wholeKernelConditions(config.kconfig);
    const named = new Set(sought.map(({ symbol }) => symbol));
    this.#before = [...this.#fixed]
      .filter((symbol) => !named.has(symbol))
      .map((symbol) => [symbol, config.tristate(symbol)] as const);
  }

  /** Makes changes for a symbol; takes them back where others of the whole kernel would follow. */
  change(symbol: KSymbol, changes: ReadonlyMap<KSymbol, UserValue>): readonly KSymbol[] {
    const before = this.#before.map(([each]) => this.#config.tristate(each));
    const undo = applyChanges(this.#config, changes);
    // Where one of them was asked for, others follow it (`X86_32` follows `64BIT`).
    if (this.#fixed.has(symbol)) return [];
    const moved = this.#before.filter(([each], at) => this.#config.tristate(each) !== before[at]);
    if (moved.length > 0) undo();
    return moved.map(([each]) => each);
  }
}

/** Sets a value as a config that says so would. */
function setPlainly(sought: Sought, config: Configuration, guard: WholeKernelGuard): void {
  const { symbol, value } = sought;
  if (!symbol || value === null || holds(sought, config)) return;
  sought.moved = guard.change(symbol, new Map([[symbol, value]]));
}

/** Turns on what a value needs. @returns whether anything was changed */
function findWay(sought: Sought, config: Configuration, kept: readonly Buildable[], guard: WholeKernelGuard): boolean {
  const symbol = sought.symbol!;
  const value = sought.value!;
  const search = searchWay(symbol, value, config, kept);
  const { way } = search;
  if (!way || way.size === 0) {
    sought.moved = search.moved;
    return false;
  }
  const moved = guard.change(symbol, way);
  if (moved.length > 0) {
    sought.moved = moved;
    return false;
  }
  for (const [each, to] of way) sought.way.set(each, to);
  sought.moved = [];
  return true;
}

function searchWay(
  symbol: KSymbol,
  value: UserValue,
  config: Configuration,
  kept: readonly Buildable[],
): Pick<WaySearch, 'way' | 'moved'> {
  if (typeof value === 'string') return wayToValue(config, symbol, value, kept);
  if (value > config.tristate(symbol)) return wayToSymbol(config, symbol, value, kept);
  const plan = new Planner(config, 'prompt', symbol).exactly(symbol, value);
  return plan ? { way: plan.changes, moved: [] } : wayToOff(config, symbol, kept);
}

/** What stands in the way, where no condition says it. */
function whyNot(
  { symbol, value, moved }: Sought,
  config: Configuration,
  links: SymbolLinks,
  tree: KconfigText,
): string {
  if (moved.length > 0) {
    const names = moved.map(({ name }) => name).join(', ');
    return `: ${names} would change with it, which decides over the whole kernel; ask for that by name as well`;
  }
  if (typeof value === 'string' && !config.isWithinRange(symbol!, value)) {
    const { low, high } = config.activeRange(symbol!)!;
    return `: not within ${config.text(low!)} to ${config.text(high!)}`;
  }
  const { kind, by } = asWritten(setBy(symbol!, config, links), tree);
  const names = by.map(({ text }) => text).join(', ');
  const words = { select: 'selected by', imply: 'implied by', choice: 'choice', default: 'by default' };
  const why = kind in words && names !== '' ? `: ${words[kind as keyof typeof words]} ${names}` : '';
  return `${why}${typeof value === 'string' || kind === 'default' ? unpromptedText(symbol!, config) : ''}`;
}

/** What a symbol can be that no user sets, and what somebody meant to set, maybe. */
function unpromptedText(symbol: KSymbol, config: Configuration): string {
  const fixed = unprompted(symbol, config);
  if (!fixed) return '';
  const { values, followers } = fixed;
  const can = values.length > 0 ? `; by its defaults it is one of ${values.join(', ')}` : '';
  const meant = followers.length > 0 ? `; which can be set and has it by default: ${followers.join(', ')}` : '';
  return `; no prompt sets it${can}${meant}`;
}
