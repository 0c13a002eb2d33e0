import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { type KSymbol, type MenuNode, nextNode, type Tristate } from '../kconfig/symbol.ts';
import { Configuration } from '../values/configuration.ts';
import { unmetDependencyText } from '../values/unmet.ts';
import { loadUserValues, type ReadOptions, readDotConfig } from './read.ts';
import { formatDefconfig, formatDotConfig, formatNewSymbols } from './write.ts';

/** What conf can be asked for without a conversation. */
export const CONF_TARGETS = [
  'olddefconfig',
  'allnoconfig',
  'allyesconfig',
  'allmodconfig',
  'alldefconfig',
  'defconfig',
  'savedefconfig',
  'listnewconfig',
  'yes2modconfig',
  'mod2yesconfig',
  'mod2noconfig',
] as const;
export type ConfTarget = (typeof CONF_TARGETS)[number];

/** The targets that start from nothing, or from the seed that `KCONFIG_ALLCONFIG` names; null leaves the defaults. */
const SEEDED: Partial<Record<ConfTarget, Tristate | null>> = {
  allnoconfig: 0,
  allmodconfig: 1,
  allyesconfig: 2,
  alldefconfig: null,
};
const REWRITES: Partial<Record<ConfTarget, readonly [from: Tristate, to: Tristate]>> = {
  yes2modconfig: [2, 1],
  mod2yesconfig: [1, 2],
  mod2noconfig: [1, 0],
};

/** Whether a target takes its input as the seed of an otherwise uniform config. */
export function isSeeded(target: ConfTarget): boolean {
  return target in SEEDED;
}

/** What a target of conf makes of a tree and an input. */
export interface TargetAnswer {
  readonly config: Configuration;
  /** The .config, the defconfig, or the list of new symbols. */
  readonly text: string;
  /** What was found in the input. */
  readonly diagnostics: readonly Diagnostic[];
  /** conf's warnings of unmet direct dependencies, those of an earlier calculation as well; each once. */
  readonly unmet: readonly string[];
}

/**
 * Does what conf does for a target, without touching files (`conf.c:main`).
 * @param input the .config, defconfig or seed, Latin-1; null where there is none
 */
export function runTarget(
  kconfig: Kconfig,
  target: ConfTarget,
  input: string | null,
  options: ReadOptions,
): TargetAnswer {
  const config = new Configuration(kconfig);
  const seeded = isSeeded(target);
  const read = input === null ? null : (seeded ? loadUserValues : readDotConfig)(config, input, options);
  const all = SEEDED[target];
  if (all !== undefined && all !== null) setAllNewSymbols(config, all);
  const rewrite = REWRITES[target];
  // These calculate once more, perhaps with other values of old choices: what conf said of the first ones is said.
  const isTwice = read !== null && (rewrite || target === 'defconfig' || target === 'savedefconfig');
  const unmet = isTwice ? unmetTexts(config) : [];
  const isOld = kconfig.dialect.choices === 'symbol';
  if (isOld && (target === 'defconfig' || target === 'alldefconfig')) config.adoptRefused();
  else if (target === 'defconfig') config.invalidateAsConf();
  if (rewrite) rewriteTristates(config, ...rewrite);
  if (target === 'savedefconfig') config.invalidateAsConf();
  const format =
    target === 'savedefconfig' ? formatDefconfig : target === 'listnewconfig' ? formatNewSymbols : formatDotConfig;
  const text = format(config, options.prefix);
  return { config, text, diagnostics: read?.diagnostics ?? [], unmet: [...new Set([...unmet, ...unmetTexts(config)])] };
}

function unmetTexts(config: Configuration): string[] {
  return config.unmetDependencies().map((symbol) => unmetDependencyText(config, symbol));
}

/**
 * Gives every bool and tristate that has no user value yet the same one, as allnoconfig, allmodconfig and
 * allyesconfig do (`conf.c:conf_set_all_new_symbols`).
 */
export function setAllNewSymbols(config: Configuration, value: Tristate): void {
  const { symbols, root, dialect } = config.kconfig;
  const isTristate = (symbol: KSymbol): boolean => symbol.type === 'bool' || symbol.type === 'tristate';
  if (dialect.setsPromptedOnly) {
    for (let node: MenuNode | null = root; node; node = nextNode(node)) {
      const { symbol } = node;
      if (!symbol || !node.prompt || !isTristate(symbol) || config.hasUserValue(symbol)) continue;
      if (symbol.isChoice || config.isChoiceMember(symbol)) continue;
      config.setQuietly(symbol, value);
    }
  } else {
    for (const symbol of symbols.all) {
      if (symbol.constant === null && isTristate(symbol) && !config.hasUserValue(symbol)) {
        config.setQuietly(symbol, value === 0 && symbol.isOnInAllnoconfig ? 2 : value);
      }
    }
  }
  config.invalidateAll();
}

/** Changes every tristate that the user gave one value to another (`conf.c:conf_rewrite_tristates`). */
export function rewriteTristates(config: Configuration, from: Tristate, to: Tristate): void {
  const changed = config.kconfig.symbols.all.filter(
    (symbol) => config.userValue(symbol) === from && config.effectiveType(symbol) === 'tristate',
  );
  for (const symbol of changed) config.setQuietly(symbol, to);
  config.invalidateAsConf();
}
