import { plainPath } from '../sources/unit-path.ts';
import { COSTLY_SYMBOLS } from './costly-symbols.ts';
import { savedBy } from './estimate.ts';
import type { BuildEstimate, BuildInput, ConfigLookup, Spender } from './types.ts';

/** With this share of what another has, the narrower of two says it better. */
const NEARLY_ALL = 0.95;

/**
 * Where the time goes, by directory: each with all below it, so that `drivers` has what `drivers/gpu` has. A directory
 * with hardly anything beside one that is in it is left out.
 * @param units as they were estimated
 * @param smallestShare directories below this share of the build are left out (0 to 1)
 * @returns the costliest first
 */
export function spendersByDirectory(
  units: readonly string[],
  estimate: BuildEstimate,
  smallestShare = 0.01,
): readonly Spender[] {
  const sums = new Map<string, { objects: number; cpuSeconds: number }>();
  for (const [index, path] of units.entries()) {
    const unit = plainPath(path);
    const seconds = estimate.unitSeconds[index] ?? 0;
    for (let end = unit.lastIndexOf('/'); end > 0; end = unit.lastIndexOf('/', end - 1)) {
      const directory = unit.slice(0, end);
      const sum = sums.get(directory) ?? { objects: 0, cpuSeconds: 0 };
      sums.set(directory, sum);
      sum.objects++;
      sum.cpuSeconds += seconds;
    }
  }
  const hollow = new Set<string>();
  for (const [directory, { cpuSeconds }] of sums) {
    const parent = directory.slice(0, Math.max(0, directory.lastIndexOf('/')));
    if (cpuSeconds >= NEARLY_ALL * (sums.get(parent)?.cpuSeconds ?? Number.POSITIVE_INFINITY)) hollow.add(parent);
  }
  for (const directory of hollow) sums.delete(directory);
  return ranked(sums, estimate.cpuSeconds, smallestShare);
}

/** What is no longer built without a symbol. */
export interface Gone {
  readonly units: Iterable<string>;
  /** How many modules. */
  readonly modules: number;
}

/**
 * What turning one symbol off would save. Of two that take nearly the same with them, only the narrower is named.
 * @param gone what is no longer built when the symbol goes, for each symbol in question; paths as in `units`
 * @param smallestShare symbols below this share of the build are left out (0 to 1)
 * @returns the costliest first
 */
export function spendersBySymbol(
  units: readonly string[],
  estimate: BuildEstimate,
  gone: ReadonlyMap<string, Gone>,
  smallestShare = 0.01,
): readonly Spender[] {
  const secondsOf = new Map<string, number>();
  for (const [index, unit] of units.entries()) secondsOf.set(unit, estimate.unitSeconds[index] ?? 0);
  const sums = new Map<string, { objects: number; cpuSeconds: number }>();
  for (const [symbol, { units: without, modules }] of gone) {
    const sum = { objects: 0, cpuSeconds: modules * estimate.moduleSeconds };
    for (const unit of new Set(without)) {
      const seconds = secondsOf.get(unit);
      if (seconds === undefined) continue;
      sum.objects++;
      sum.cpuSeconds += seconds;
    }
    sums.set(symbol, sum);
  }
  for (const [symbol, { units: own }] of gone) {
    const wide = new Set(own);
    const narrower = [...gone].some(
      ([other, { units: others }]) =>
        other !== symbol &&
        (sums.get(other)?.cpuSeconds ?? 0) < sums.get(symbol)!.cpuSeconds &&
        sums.get(other)!.cpuSeconds >= NEARLY_ALL * sums.get(symbol)!.cpuSeconds &&
        [...others].every((unit) => wide.has(unit)),
    );
    if (narrower) sums.get(symbol)!.cpuSeconds = 0;
  }
  return ranked(sums, estimate.cpuSeconds, smallestShare);
}

/**
 * What symbols cost that change how everything is compiled, such as DEBUG_INFO.
 * @param estimate of `input`
 * @param smallestShare as above
 * @returns those that the config has switched on and whose going would save time, the costliest first
 */
export function spendersByEffect(input: BuildInput, estimate: BuildEstimate, smallestShare = 0.01): readonly Spender[] {
  const sums = new Map<string, { objects: number; cpuSeconds: number }>();
  for (const { symbol, with: others } of COSTLY_SYMBOLS) {
    if (input.config(symbol) !== 'y') continue;
    const off = new Set([symbol, ...others]);
    const without: ConfigLookup = (name) => (off.has(name) ? 'n' : input.config(name));
    sums.set(symbol, { objects: 0, cpuSeconds: savedBy(input, estimate, without) });
  }
  return ranked(sums, estimate.cpuSeconds, smallestShare);
}

/** CPU seconds that a config would save without what makes everything dearer and changes no code that runs. */
export function savedByTimeSettings(input: BuildInput, estimate: BuildEstimate): number {
  const off = new Set(COSTLY_SYMBOLS.filter(({ sameCode }) => sameCode).flatMap((each) => [each.symbol, ...each.with]));
  return savedBy(input, estimate, (name) => (off.has(name) ? 'n' : input.config(name)));
}

function ranked(
  sums: ReadonlyMap<string, { objects: number; cpuSeconds: number }>,
  total: number,
  smallestShare: number,
): readonly Spender[] {
  const spenders: Spender[] = [];
  for (const [name, { objects, cpuSeconds }] of sums) {
    const share = total > 0 ? cpuSeconds / total : 0;
    if (share >= smallestShare && cpuSeconds > 0) spenders.push({ name, objects, cpuSeconds, share });
  }
  return spenders.sort((a, b) => b.cpuSeconds - a.cpuSeconds || (a.name < b.name ? -1 : 1));
}
