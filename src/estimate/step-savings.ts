import { estimateBuild } from './estimate.ts';
import type { BuildInput, ConfigLookup } from './types.ts';

/** Values that one step of several gave to symbols; empty for what a .config does not have. */
export type StepChanges = readonly { readonly symbol: string; readonly to: string }[];

/** What one step saved. */
export interface StepSavings {
  readonly objects: number;
  readonly cpuSeconds: number;
}

/** What a configuration builds. */
export type BuildOf = (config: ConfigLookup) => Pick<BuildInput, 'units' | 'modules' | 'builtIn'>;

/**
 * What each of several steps saved, one after the other: together as much as lies between the first configuration and
 * the last.
 * @param input before the first step
 */
export function stepSavings(input: BuildInput, steps: readonly StepChanges[], buildOf: BuildOf): StepSavings[] {
  const values = new Map<string, string>();
  let before = { objects: input.units.length, cpuSeconds: estimateBuild(input).cpuSeconds };
  return steps.map((changes) => {
    for (const { symbol, to } of changes) values.set(symbol, to);
    const config: ConfigLookup = (name) => {
      const own = values.get(name);
      return own === undefined ? input.config(name) : own === 'n' || own === '' ? undefined : own;
    };
    const built = buildOf(config);
    const after = { objects: built.units.length, cpuSeconds: estimateBuild({ ...input, ...built, config }).cpuSeconds };
    const saved = { objects: before.objects - after.objects, cpuSeconds: before.cpuSeconds - after.cpuSeconds };
    before = after;
    return saved;
  });
}
