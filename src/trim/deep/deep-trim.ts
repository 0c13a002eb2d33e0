import { evaluateCondition, isModuleBuilt, type ModuleEntry } from '../../kbuild/index.ts';
import type { Expr, KSymbol } from '../../kconfig/symbol.ts';
import type { Configuration } from '../../values/configuration.ts';
import { type DependencyGraph, dependencyGraph } from '../../values/dependency-graph.ts';
import { kbuildLookup } from '../lookup.ts';
import { type RequirementSet, requirementText } from '../requirements.ts';
import { settlingChanges } from '../settle.ts';
import { SymbolLinks } from '../symbol-links.ts';
import { type Changes, Trials } from '../trials.ts';
import type { DeepScope } from '../types.ts';
import { Ground, type Users } from './ground.ts';
import { shared } from './shares.ts';
import type { GatedUnit, UnitGates } from './unit-gates.ts';
import type { UnitUse, UnitUses } from './unit-use.ts';

/** What saves less is left alone: then the code that stays is what it was. In CPU seconds of the reference machine. */
const LEAST_SECONDS = 0.2;
/** Each pass but the last turned something off; three are many on a real kernel. */
const MAX_PASSES = 12;
const SELECTORS_SHOWN = 3;

/** What a deep trim works on. */
export interface DeepInput {
  /** What modules and settings left; changed in place. */
  readonly config: Configuration;
  /** The base config: who used what before. */
  readonly base: Configuration;
  readonly requirements: RequirementSet;
  readonly gates: UnitGates;
  readonly uses: UnitUses;
  readonly scope: DeepScope;
  /** Paths of the modules that are required. */
  readonly needed: ReadonlySet<string>;
  /** Why symbols stay that nobody may turn off; null for one that may go. */
  readonly fixed: (symbol: KSymbol) => string | null;
}

/** A symbol that was turned off. */
export interface Departure {
  readonly symbol: KSymbol;
  readonly ground: Ground;
  /** All symbols that changed with it, itself among them. */
  readonly changed: readonly KSymbol[];
  readonly units: readonly GatedUnit[];
}

/** A symbol with code in vmlinux that stays. */
export interface StayingSymbol {
  readonly symbol: KSymbol;
  readonly by: string;
  readonly seconds: number;
  /** Whether no use of its code is shown. */
  readonly isIdle: boolean;
}

export interface DeepOutcome {
  readonly departures: readonly Departure[];
  /** The dearest first. */
  readonly stays: readonly StayingSymbol[];
}

/** What a trial came to: the units that went, or what stands in the way. */
type Verdict = { readonly units: readonly GatedUnit[] } | { readonly by: string };

/**
 * Turns off, in a configuration, built-ins that a machine shows no use of (DESIGN: G8), with the exact engine: each trial
 * that would take something with it that is needed, used or a person's to set is taken back. Groups are halved until only
 * what cannot go is left; passes go on until nothing changes.
 */
export class DeepTrim {
  readonly #in: DeepInput;
  readonly #config: Configuration;
  readonly #trials: Trials;
  readonly #lookup;
  readonly #graph: DependencyGraph;
  readonly #symbols: readonly KSymbol[];
  readonly #isBuilt: Set<GatedUnit>;
  /** Units that were parts of modules at the start. */
  readonly #wasModule: ReadonlyMap<GatedUnit, ModuleEntry>;
  readonly #departures: Departure[] = [];
  /** Symbols that went because of what a machine shows, and modules of the base that nobody has loaded. */
  readonly #goneByEvidence = new Set<KSymbol>();
  readonly #refused = new Map<KSymbol, string>();
  /** How far each symbol could be set before the trial at hand, and its value. */
  readonly #visible: Uint8Array;
  readonly #value: Uint8Array;
  readonly #text = new Map<KSymbol, string>();
  #links: SymbolLinks | null = null;

  constructor(input: DeepInput) {
    const { config } = input;
    this.#in = input;
    this.#config = config;
    this.#trials = new Trials(config);
    this.#lookup = kbuildLookup(config);
    this.#graph = dependencyGraph(config.kconfig);
    this.#symbols = config.kconfig.symbols.all;
    this.#isBuilt = new Set(input.gates.all);
    this.#wasModule = new Map(
      input.gates.all.flatMap((unit) => {
        const module = this.#moduleOf(unit);
        return module ? [[unit, module] as const] : [];
      }),
    );
    this.#visible = new Uint8Array(this.#symbols.length);
    this.#value = new Uint8Array(this.#symbols.length);
  }

  /** Turns off what may go. */
  run(): DeepOutcome {
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      this.#trials.do(settlingChanges(this.#config), () => false);
      this.#noteValues();
      const before = this.#departures.length;
      this.#refused.clear();
      this.#turnOff(this.#candidates((ground) => ground.kind !== 'infrastructure'));
      for (const symbol of this.#candidates((ground) => ground.kind === 'infrastructure')) this.#turnOff([symbol]);
      if (this.#departures.length === before) break;
    }
    return { departures: this.#departures, stays: this.#stays() };
  }

  /** Symbols that could be turned off and whose own code allows it, the dearest first. */
  #candidates(wants: (ground: Ground) => boolean): KSymbol[] {
    const found: { symbol: KSymbol; seconds: number }[] = [];
    for (const symbol of this.#symbols) {
      if (!this.#isOpen(symbol) || this.#in.fixed(symbol) !== null) continue;
      const ground = this.#ground(symbol);
      if (!ground.isEnough || !wants(ground)) continue;
      const seconds = secondsOf(this.#unitsOf(symbol));
      if (seconds < LEAST_SECONDS && ground.kind !== 'infrastructure') continue;
      found.push({ symbol, seconds });
    }
    found.sort((a, b) => b.seconds - a.seconds || (a.symbol.name! < b.symbol.name! ? -1 : 1));
    return found.map(({ symbol }) => symbol);
  }

  /** Whether a user's `n` would count, and the symbol is one that a person sets. */
  #isOpen(symbol: KSymbol): boolean {
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return false;
    if (symbol.constant !== null || symbol.isChoice || symbol.choice) return false;
    const config = this.#config;
    return config.tristate(symbol) !== 0 && config.visibility(symbol) > 0 && config.reverseDependency(symbol) === 0;
  }

  /** The units that a symbol decides on and that are built. */
  #unitsOf({ name }: KSymbol): GatedUnit[] {
    return this.#in.gates.ownedBy(name!).filter((unit) => this.#isBuilt.has(unit));
  }

  #ground(symbol: KSymbol): Ground {
    const { scope, uses } = this.#in;
    const own = this.#unitsOf(symbol).map((unit) => this.#useOf(unit, symbol));
    return Ground.of(own, scope, uses.from !== 'listing', () => this.#usersOf(symbol));
  }

  /**
   * Whether a unit is used. Of modules the listing tells; one that stays for another module stays whole.
   * @param asked the symbol that would take it
   */
  #useOf(unit: GatedUnit, asked: KSymbol): UnitUse {
    const module = this.#moduleOf(unit);
    if (!module) return this.#in.uses.of(unit.path);
    const isWhole = asked.type === 'tristate' && module.decidingSymbols.includes(asked.name!);
    if (!isWhole || this.#in.needed.has(module.path)) return { kind: 'used', by: `part of ${module.name}` };
    return { kind: 'unused', evidence: [`no line module ${module.name}`] };
  }

  /** The module that a unit is a part of; null where it is part of vmlinux. */
  #moduleOf({ places }: GatedUnit): ModuleEntry | null {
    const module = places.find((place) => place.module !== null)?.module ?? null;
    return module && !evaluateCondition(module.whenBuiltin, this.#lookup) ? module : null;
  }

  /** Who used a symbol's code in the base: what selects it or reads it. Of those that stay, what has code of its own. */
  #usersOf(symbol: KSymbol): Users {
    const { base, gates } = this.#in;
    const users = [...this.#readersOf(symbol), ...symbolsIn(symbol.reverseDependency)].filter(
      (user) => user !== symbol && base.tristate(user) !== 0,
    );
    const isGone = (user: KSymbol): boolean => this.#config.tristate(user) === 0;
    return {
      gone: users.filter((user) => isGone(user) && (this.#goneByEvidence.has(user) || base.tristate(user) === 1)),
      left: users.filter((user) => !isGone(user) && gates.ownedBy(user.name ?? '').length > 0),
    };
  }

  /** The symbols whose values depend directly on a symbol's. */
  #readersOf({ id }: KSymbol): KSymbol[] {
    const { unitOf, start, dependents, firstMember, members } = this.#graph;
    const readers: KSymbol[] = [];
    for (let i = start[unitOf[id]!]!; i < start[unitOf[id]! + 1]!; i++) {
      const unit = dependents[i]!;
      for (let j = firstMember[unit]!; j < firstMember[unit + 1]!; j++) readers.push(this.#symbols[members[j]!]!);
    }
    return readers;
  }

  /** Turns symbols off, or as many of them as can go. */
  #turnOff(symbols: readonly KSymbol[]): void {
    // What went before may have taken a symbol's code, and its ground with it.
    const grounds = new Map(
      symbols
        .filter((symbol) => this.#isOpen(symbol))
        .map((symbol) => [symbol, this.#ground(symbol)] as const)
        .filter(([, ground]) => ground.isEnough),
    );
    const open = [...grounds.keys()];
    if (open.length === 0) return;
    const changed = this.#trials.run(new Map(open.map((symbol) => [symbol, 0])) as Changes, (symbol) =>
      this.#appeared(symbol),
    );
    const verdict = this.#judge(new Set(open), changed);
    if ('units' in verdict) {
      this.#trials.keep();
      this.#note(grounds, changed, verdict.units);
      return;
    }
    this.#trials.takeBack();
    if (open.length === 1) {
      this.#refused.set(open[0]!, verdict.by);
      return;
    }
    const half = open.length >> 1;
    this.#turnOff(open.slice(0, half));
    this.#turnOff(open.slice(half));
  }

  /** Whether a symbol that was off came on by a default. It stays off: a trim adds nothing. */
  #appeared(symbol: KSymbol): boolean {
    return this.#value[symbol.id] === 0 && this.#isOpen(symbol);
  }

  /** What stands in the way of a trial. */
  #judge(off: ReadonlySet<KSymbol>, changed: readonly KSymbol[]): Verdict {
    const { requirements, fixed } = this.#in;
    const different = [...new Set(changed)].filter((symbol) => this.#isDifferent(symbol));
    for (const symbol of different) {
      if (off.has(symbol)) continue;
      const held = fixed(symbol);
      const change = this.#config.tristate(symbol) === 0 ? 'go' : 'change';
      const by = held === null ? this.#outside(symbol, off) : `${symbol.name} would ${change}, ${held}`;
      if (by !== null) return { by };
    }
    const broken = requirements.broken(this.#config, this.#lookup, changed);
    if (broken.length > 0) return { by: `${requirementText(broken[0]!)} needs it` };
    const units = this.#gone(different);
    for (const unit of units) {
      const by = this.#usedBy(unit);
      if (by !== null) return { by };
    }
    return secondsOf(units) < LEAST_SECONDS ? { by: 'it takes no code with it' } : { units };
  }

  /** What shows that a unit that would go is used. */
  #usedBy(unit: GatedUnit): string | null {
    const module = this.#wasModule.get(unit);
    if (module) return this.#isCut(unit, module) ? `part of ${module.name}` : null;
    const use = this.#in.uses.of(unit.path);
    if (use.kind === 'used') return use.by;
    if (use.kind === 'present') return `${use.by}: somebody may open it`;
    return use.kind === 'unseen' ? `no record tells of ${use.what} (${unit.path})` : null;
  }

  /** Whether a module stays without a part that a person can switch. */
  #isCut({ owners }: GatedUnit, module: ModuleEntry): boolean {
    if (!isModuleBuilt(module, this.#lookup)) return false;
    const symbols = owners.flatMap((name) => this.#config.kconfig.symbols.find(name) ?? []);
    return symbols.some((owner) => this.#isDifferent(owner) && this.#visible[owner.id] !== 0);
  }

  /** Why a symbol must not change as it does: a person can set it, and it does not go. */
  #outside(symbol: KSymbol, off: ReadonlySet<KSymbol>): string | null {
    if (symbol.isChoice || symbol.name === null) return null;
    const isGone = this.#config.tristate(symbol) === 0 && !this.#config.isWritten(symbol);
    if (this.#visible[symbol.id] === 0 || this.#config.visibility(symbol) === 0 || isGone) return null;
    if ((symbol.type === 'bool' || symbol.type === 'tristate') && this.#config.tristate(symbol) === 0) return null;
    if (this.#isNextChoice(symbol, off)) return null;
    return `${symbol.name} would change`;
  }

  /**
   * Whether a choice takes another member because the chosen one is about code that is shown not to be used, or is no
   * person's either: what went before had taken the one of the base.
   */
  #isNextChoice({ choice }: KSymbol, off: ReadonlySet<KSymbol>): boolean {
    const chosen = choice?.choiceMembers.find((member) => this.#value[member.id] === 2);
    if (!chosen || this.#config.visibility(chosen) !== 0) return false;
    if (this.#in.base.tristate(chosen) !== 2) return true;
    const conditions = [chosen.directDependency, ...chosen.properties.map(({ visible }) => visible)];
    const about = conditions.flatMap((each) => symbolsIn(each)).filter((symbol) => off.has(symbol));
    return about.some((symbol) => this.#isShown(this.#unitsOf(symbol)));
  }

  #isDifferent(symbol: KSymbol): boolean {
    if (symbol.type === 'bool' || symbol.type === 'tristate') {
      return this.#config.tristate(symbol) !== this.#value[symbol.id];
    }
    return this.#textOf(symbol) !== this.#text.get(symbol);
  }

  /** A number or text as a .config has it. */
  #textOf(symbol: KSymbol): string {
    return this.#config.isWritten(symbol) ? this.#config.text(symbol) : '';
  }

  /** The units that are no longer built. */
  #gone(changed: readonly KSymbol[]): GatedUnit[] {
    const gated = new Set(changed.flatMap(({ name }) => (name === null ? [] : this.#in.gates.gatedBy(name))));
    return [...gated].filter((unit) => this.#isBuilt.has(unit) && !this.#in.gates.isBuilt(unit, this.#lookup));
  }

  #note(grounds: ReadonlyMap<KSymbol, Ground>, changed: readonly KSymbol[], units: readonly GatedUnit[]): void {
    // A number whose value is the same but that a .config has no more is not among what changed.
    const different = [...new Set([...changed, ...this.#text.keys()])].filter((symbol) => this.#isDifferent(symbol));
    const shares = shared([...grounds.keys()], different, units);
    for (const [symbol, ground] of grounds) {
      this.#departures.push({ symbol, ground, ...shares.get(symbol)! });
      if (ground.kind !== 'silent') this.#goneByEvidence.add(symbol);
    }
    for (const symbol of changed) {
      if (this.#config.tristate(symbol) === 0 && this.#isShown(this.#unitsOf(symbol))) {
        this.#goneByEvidence.add(symbol);
      }
    }
    for (const unit of units) this.#isBuilt.delete(unit);
    this.#noteValues();
  }

  /** Whether units announce themselves and none of them is used. */
  #isShown(units: readonly GatedUnit[]): boolean {
    const own = units.map((unit) =>
      this.#wasModule.has(unit) ? ('unused' as const) : this.#in.uses.of(unit.path).kind,
    );
    return own.includes('unused') && !own.includes('used') && !own.includes('unseen');
  }

  /** Whether units could go by the scope, as far as it is up to them. */
  #isIdle(units: readonly GatedUnit[]): boolean {
    if (this.#isShown(units)) return true;
    return this.#in.scope === 'bold' && units.every(({ path }) => this.#in.uses.of(path).kind === 'silent');
  }

  #noteValues(): void {
    for (const symbol of this.#symbols) {
      if (symbol.type === 'bool' || symbol.type === 'tristate') this.#value[symbol.id] = this.#config.tristate(symbol);
      else if (symbol.constant === null && symbol.type !== 'unknown') this.#text.set(symbol, this.#textOf(symbol));
      this.#visible[symbol.id] = this.#config.visibility(symbol);
    }
  }

  #stays(): StayingSymbol[] {
    const stays: StayingSymbol[] = [];
    for (const symbol of this.#symbols) {
      if (symbol.constant !== null || symbol.name === null || this.#config.tristate(symbol) === 0) continue;
      // What stays as a module stays for others: the trim says which.
      const units = this.#unitsOf(symbol).filter((unit) => !this.#wasModule.has(unit));
      const seconds = secondsOf(units);
      if (seconds < LEAST_SECONDS) continue;
      stays.push({ symbol, by: this.#holderOf(symbol), seconds, isIdle: this.#isIdle(units) });
    }
    return stays.sort((a, b) => b.seconds - a.seconds || (a.symbol.name! < b.symbol.name! ? -1 : 1));
  }

  #holderOf(symbol: KSymbol): string {
    const known = this.#in.fixed(symbol) ?? this.#refused.get(symbol);
    if (known !== undefined) return known;
    const ground = this.#ground(symbol);
    if (!ground.isEnough) return ground.text;
    if (this.#config.reverseDependency(symbol) !== 0) return `selected by ${this.#selectors(symbol)}`;
    return this.#config.visibility(symbol) === 0 ? 'it has no prompt' : 'a member of a choice';
  }

  #selectors(symbol: KSymbol): string {
    this.#links ??= new SymbolLinks(this.#config);
    const names = new Set(this.#links.active(symbol, 'select').map(({ node }) => node.symbol!.name!));
    return [...names].sort().slice(0, SELECTORS_SHOWN).join(', ');
  }
}

const secondsOf = (units: readonly GatedUnit[]): number => units.reduce((sum, { seconds }) => sum + seconds, 0);

function symbolsIn(e: Expr | null): KSymbol[] {
  if (!e) return [];
  const own = [e.sym, e.sym2].filter((symbol) => symbol !== null && symbol !== undefined && symbol.constant === null);
  return [...(own as KSymbol[]), ...symbolsIn(e.left), ...symbolsIn(e.right)];
}
