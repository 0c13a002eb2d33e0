import type { FileSystem } from '../platform/platform.ts';
import type { BuildEstimate } from './types.ts';

/** A pause longer than this between two outputs ends one run of make and starts another, in milliseconds. */
const LONGEST_PAUSE_MS = 10 * 60_000;

/** What the object directory of a build tells of its course. */
export interface ActualBuild {
  /** Of the given units, how many have an object. */
  readonly objectsFound: number;
  /** Of these, how many the last run of make wrote; fewer than `objectsFound` where it went on with an older build. */
  readonly objects: number;
  /**
   * Seconds on the clock from the start of that run to its last output. The start is when the config was synchronised,
   * or else the first object: then what came before it is missing, a few seconds. Outputs are known by the end of
   * their making alone, so time that the machine slept or stood still for less than ten minutes is counted too.
   */
  readonly wallSeconds: number;
  /** From the start to the last object of a unit; what follows is links, modpost, BTF and the image. */
  readonly unitWallSeconds: number;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  /** The last run made (nearly) everything: its time can be held against an estimate from nothing. */
  readonly complete: boolean;
}

/**
 * Reads from a build's object directory how long it took. There is no record of processor time in it: only when each
 * file was last written, to the file system's precision (well under a second).
 * @param objdir the `O=` directory, or the tree where it was built in place
 * @param units as given to `estimateBuild`; sources are looked up as the objects made from them
 * @param modules paths of modules without suffix, relative to the tree
 * @returns null where nothing of it was built
 */
export function actualFromBuild(
  fs: FileSystem,
  objdir: string,
  units: readonly string[],
  modules: readonly string[] = [],
): ActualBuild | null {
  const at = (path: string): number | null => fs.stat(`${objdir}/${path}`)?.mtimeMs ?? null;
  const written = (paths: readonly string[]): number[] => paths.map(at).filter((time) => time !== null);
  const objects = written(units.map((unit) => unit.replace(/\.(c|S|rs)$/, '.o')));
  if (objects.length === 0) return null;
  const links = written([...modules.map((module) => `${module}.ko`), 'vmlinux', 'vmlinux.o', 'System.map']);
  const times = Float64Array.from([...objects, ...links]).sort();
  let first = times.length - 1;
  while (first > 0 && times[first]! - times[first - 1]! <= LONGEST_PAUSE_MS) first--;
  const firstOutput = times[first]!;
  const endMs = times[times.length - 1]!;
  const startMs = earliestStart(firstOutput, written(['include/config/auto.conf', 'include/generated/autoconf.h']));
  const own = objects.filter((time) => time >= firstOutput);
  return {
    objectsFound: objects.length,
    objects: own.length,
    wallSeconds: (endMs - startMs) / 1000,
    unitWallSeconds: own.length === 0 ? 0 : (latest(own) - startMs) / 1000,
    startMs,
    endMs,
    complete: own.length >= 0.98 * units.length,
  };
}

/** The config is synchronised right before the first object is compiled, if it had changed. */
function earliestStart(firstOutput: number, candidates: readonly number[]): number {
  const before = candidates.filter((time) => time <= firstOutput && firstOutput - time <= LONGEST_PAUSE_MS);
  return Math.min(firstOutput, ...before);
}

function latest(times: readonly number[]): number {
  return times.reduce((a, b) => Math.max(a, b), 0);
}

/** A prediction beside what happened. */
export interface PredictedAgainstActual {
  readonly predictedSeconds: number;
  readonly actualSeconds: number;
  /** Predicted by actual: above 1 the build was faster than predicted. */
  readonly ratio: number;
  /** The actual time lies between the estimate's `low` and `high`. */
  readonly withinBounds: boolean;
}

/**
 * Holds an estimate against a finished build.
 * @param wallOf the time on the clock for CPU seconds, with the jobs that the build ran with (`wallSeconds`)
 * @returns null where the directory's last run of make built only a part
 */
export function compareWithActual(
  estimate: BuildEstimate,
  actual: ActualBuild,
  wallOf: (cpuSeconds: number) => number,
): PredictedAgainstActual | null {
  if (!actual.complete || actual.wallSeconds <= 0) return null;
  const predictedSeconds = wallOf(estimate.cpuSeconds);
  return {
    predictedSeconds,
    actualSeconds: actual.wallSeconds,
    ratio: predictedSeconds / actual.wallSeconds,
    withinBounds: actual.wallSeconds >= wallOf(estimate.low) && actual.wallSeconds <= wallOf(estimate.high),
  };
}
