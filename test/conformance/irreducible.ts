/**
 * Whether one more symbol could go from a deep trim (G8). Another judge than the trim: the kernel's conf says what goes
 * with a symbol that is not set, and each thing in the way is looked for in what conf writes.
 */
import { readDotConfig } from '../../src/dotconfig/read.ts';
import { containsSymbol } from '../../src/kconfig/expression.ts';
import type { KSymbol } from '../../src/kconfig/symbol.ts';
import type { MachineRecord } from '../../src/machine/record/format.ts';
import type { Sources } from '../../src/sources/sources.ts';
import { floorOf } from '../../src/trim/deep/floor.ts';
import { UnitUses } from '../../src/trim/deep/unit-use.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import { TrimBase as Found } from '../../src/trim/trim-base.ts';
import type { HeldSymbol, TrimResult } from '../../src/trim/types.ts';
import { Configuration } from '../../src/values/configuration.ts';
import { configValues } from './config-values.ts';
import type { TrimBase } from './trim-engine.ts';
import { olddefconfig } from './trim-judge.ts';

/** What the rule itself leaves on, whatever goes with it: its own code is used, or it is on the floor. */
const BY_RULE =
  /^floor: |^hardening of |^it decides over the whole kernel$|^no record tells of |: it is there$| may use it$|^announces itself nowhere/;
/** Symbols that come by default where another one goes are not set either; those of these again. */
const ROUNDS = 4;

/** Tries symbols of one trim. */
export class ReductionJudge {
  readonly #base: TrimBase;
  readonly #result: TrimResult;
  readonly #before: ReadonlyMap<string, string>;
  readonly #uses: UnitUses;
  readonly #floor: ReadonlySet<string>;
  readonly #needed: readonly string[];
  /** Symbols that decide on needed modules: what depends on one of them is a feature of it (G4). */
  readonly #kept: readonly KSymbol[];
  /** By unit, the path of the module that it is a part of. */
  readonly #moduleOf: ReadonlyMap<string, string>;

  /** @param record that the trim was made with */
  constructor(base: TrimBase, result: TrimResult, record: MachineRecord, sources: Sources) {
    this.#base = base;
    this.#result = result;
    this.#before = configValues(result.text);
    const found = new Found(base.config, base.kbuild, sources);
    this.#uses = new UnitUses({ kind: 'record', record }, found.providers, kbuildLookup(base.config), base.kbuild);
    this.#moduleOf = new Map(
      result.build.modules.flatMap(({ path, objects }) => objects.map((object) => [object, path] as const)),
    );
    const held = result.deep!.stays.filter(({ by }) => BY_RULE.test(by)).map(({ symbol }) => symbol);
    this.#floor = new Set([...floorOf(record).keys(), ...held]);
    const kept = [...result.loaded, ...result.recorded].filter(({ status }) => status === 'kept');
    this.#needed = kept.flatMap(({ path }) => (path === null ? [] : [path]));
    const names = new Set(kept.flatMap(({ symbols }) => symbols));
    this.#kept = [...names].flatMap((name) => base.kconfig.symbols.find(name) ?? []);
  }

  /** The symbols that stay because of what goes or changes with them. */
  get candidates(): HeldSymbol[] {
    return this.#result.deep!.stays.filter(({ by, symbol }) => !BY_RULE.test(by) && !this.#isUsed(symbol));
  }

  /** Whether the code that a symbol alone decides on is used. */
  #isUsed(symbol: string): boolean {
    const { by } = this.#result.deep!.stays.find((each) => each.symbol === symbol)!;
    return this.#result.build.units.some((unit) => {
      const use = this.#uses.of(unit);
      return use.kind === 'used' && use.by === by;
    });
  }

  /** What stands in the way of a symbol that is not set; null where nothing does. */
  obstacle(name: string): string | null {
    const off = new Set([name]);
    for (let round = 0; ; round++) {
      const text = this.#without(off);
      const values = configValues(text);
      const by = this.#obstacleIn(text, values, off);
      if (by !== null) return by;
      // What comes by default in the place of something is not set either, but of a choice one has to be.
      const came = [...values].flatMap(([each, value]) => (isOn(value) && !isOn(this.#before.get(each)) ? [each] : []));
      const chosen = came.find((each) => this.#isOtherChoice(each));
      if (chosen !== undefined) return `${chosen} would be chosen`;
      const news = came.filter((each) => !off.has(each));
      if (news.length === 0) return null;
      if (round === ROUNDS) return `${news[0]} comes`;
      for (const each of news) off.add(each);
    }
  }

  /** Whether a symbol would be chosen instead of what the base config has chosen. */
  #isOtherChoice(name: string): boolean {
    const { kconfig, config } = this.#base;
    const members = kconfig.symbols.find(name)?.choice?.choiceMembers ?? [];
    return members.some((member) => isOn(this.#before.get(member.name!)) && config.tristate(member) === 2);
  }

  #obstacleIn(text: string, values: ReadonlyMap<string, string>, off: ReadonlySet<string>): string | null {
    const { kernel, kconfig, kbuild } = this.#base;
    const [name] = off;
    if (isOn(values.get(name!))) return 'conf leaves it on';
    const after = new Configuration(kconfig);
    readDotConfig(after, text, { file: kernel.version });
    const changed = this.#change(name!, values, after);
    if (changed !== null) return changed;
    const build = kbuild.build(kbuildLookup(after));
    const built = new Set(build.units);
    const gone = this.#result.build.units.filter((unit) => !built.has(unit));
    if (gone.length === 0) return 'no unit goes';
    const modules = new Set(build.modules.map(({ path }) => path));
    const lost = this.#needed.find((path) => !modules.has(path) && !built.has(`${path}.o`));
    if (lost !== undefined) return `${lost} is lost`;
    for (const unit of gone) {
      const part = this.#partOf(unit, modules);
      if (part !== null) return part;
    }
    return null;
  }

  /** The config that conf makes where symbols are not set. */
  #without(off: ReadonlySet<string>): string {
    const lines = this.#result.text.split('\n').filter((line) => !off.has(/^CONFIG_(\w+)=/.exec(line)?.[1] ?? ''));
    return olddefconfig(this.#base.kernel, `${lines.join('\n')}${[...off].map(notSet).join('')}`);
  }

  /** Why a unit may not go; null where it may. */
  #partOf(unit: string, modules: ReadonlySet<string>): string | null {
    const module = this.#moduleOf.get(unit);
    if (module !== undefined) return modules.has(module) ? `${module} loses ${unit}` : null;
    const use = this.#uses.of(unit);
    if (use.kind === 'used' || use.kind === 'present') return `${unit} is used: ${use.by}`;
    return use.kind === 'unseen' ? `${unit}: no record tells of ${use.what}` : null;
  }

  /** What changes that a person can set, or that is to stay; what comes is not counted. */
  #change(name: string, values: ReadonlyMap<string, string>, after: Configuration): string | null {
    const before = this.#result.config;
    for (const symbol of before.kconfig.symbols.all) {
      const each = symbol.name;
      if (each === null || each === name || symbol.constant !== null || symbol.isChoice) continue;
      const [was, is] = [this.#before.get(each), values.get(each)];
      if (was === is || !isOn(was)) continue;
      if (this.#floor.has(each)) return `${each} would go`;
      const isFeature = this.#kept.some((kept) => kept !== symbol && containsSymbol(symbol.directDependency, kept));
      if (isFeature && each !== name && !isOn(is)) return `the feature ${each} would go`;
      const isSettable = before.visibility(symbol) > 0 && after.visibility(symbol) > 0;
      if (isSettable && isOn(is)) return `${each} would change`;
    }
    return null;
  }
}

const notSet = (name: string): string => `# CONFIG_${name} is not set\n`;
const isOn = (value: string | undefined): boolean => value !== undefined && value !== 'n';
