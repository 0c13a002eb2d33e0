/**
 * The configs of a bisection from one real kernel to another and back, judged by conf and GNU make: a config that was
 * trimmed at home and carried by `make olddefconfig`, as most scripts do, and the full config trimmed anew at each end.
 */
import { basename } from 'node:path';
import { symbolsOn } from '../../src/dotconfig/scan.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { Sources } from '../../src/sources/sources.ts';
import type { TrimInput, TrimResult } from '../../src/trim/types.ts';
import { judgeBuild } from './kbuild-make-judge.ts';
import type { Kernel } from './kernels.ts';
import { recordOfMachine } from './machine-records.ts';
import { isBuilt, type JudgedBase } from './promises.ts';
import { trimTo } from './trim-engine.ts';
import { loadedNames, modulesNamed, olddefconfig } from './trim-judge.ts';

/** A full config as two kernels have it: the one that it was made for, and the one at the other end. */
export interface BisectEnds {
  readonly home: JudgedBase;
  readonly there: JudgedBase;
}

/** What was lost at one commit of what the full config, brought there, builds. */
export interface BisectStop {
  /** The versions that the config went through: `6.1 → 6.12`. */
  readonly way: string;
  /** Loaded modules that the full config builds. */
  readonly needed: number;
  /** Paths of those that are lost by the config that was carried, and by the one that was trimmed anew. */
  readonly carried: readonly string[];
  readonly ours: readonly string[];
}

/** A machine's way, by one kind of trim. */
export interface BisectRow {
  /** The listing's name. */
  readonly machine: string;
  readonly options: BisectOptions;
  readonly stops: readonly BisectStop[];
}

/** The options of the trims, by how they are typed. */
export const BISECT_OPTIONS = {
  plain: {},
  '--lean': { lean: true },
  '--deep --fast': { deep: 'evidence', fast: true },
} as const satisfies Readonly<Record<string, Partial<TrimInput>>>;

export type BisectOptions = keyof typeof BISECT_OPTIONS;

const sources = new Map<Kernel, Sources>();

/**
 * The trim of a full config as `kconfig-trim bisect config` makes it at a commit.
 * @param last the config of the step before
 */
export function stepTrim(
  base: JudgedBase,
  names: ReadonlySet<string>,
  options: BisectOptions,
  last: string | null = null,
): TrimResult {
  const { kernel } = base;
  const read = sources.get(kernel) ?? new Sources(new NodeFileSystem(), kernel.tree);
  sources.set(kernel, read);
  const input = BISECT_OPTIONS[options];
  const record = 'deep' in input ? recordOfMachine([...names]) : null;
  const previous = last === null ? null : symbolsOn(last);
  return trimTo(base, names, { ...input, record, previous, sources: read, enable: true });
}

/** Takes a config there and back. @param listing path */
export function bisectStops({ home, there }: BisectEnds, listing: string, options: BisectOptions): BisectStop[] {
  const names = loadedNames(listing);
  const trimmed = stepTrim(home, names, options).text;
  const anew = stepTrim(there, names, options, trimmed).text;
  const anewBack = stepTrim(home, names, options, anew).text;
  const carried = olddefconfig(there.kernel, trimmed);
  const way = `${home.kernel.version} → ${there.kernel.version}`;
  return [
    stopOf(way, there, names, { carried, anew }),
    stopOf(`${way} → ${home.kernel.version}`, home, names, {
      carried: olddefconfig(home.kernel, carried),
      anew: anewBack,
    }),
  ];
}

/** @param configs the one that was carried as conf wrote it, which conf would only write again */
function stopOf(
  way: string,
  base: JudgedBase,
  names: ReadonlySet<string>,
  { carried, anew }: { readonly carried: string; readonly anew: string },
): BisectStop {
  const needed = modulesNamed(base.build, names);
  const lostBy = (config: string): string[] => {
    const build = judgeBuild(base.kernel.tree, base.arch.arch, config, needed);
    return needed.filter((path) => !isBuilt(base, build, path));
  };
  const ours = lostBy(olddefconfig(base.kernel, anew));
  return { way, needed: needed.length, carried: lostBy(carried), ours };
}

/** A listing's name, which is the kind of machine. */
export const machineOf = (listing: string): string =>
  basename(listing).replace(/\.(?:sorted\.|proc-modules\.)?txt$/, '');
