import { CacheEntry } from '../cache/cache-entry.ts';
import type { CacheStore, FileSystem, Platform } from '../platform/platform.ts';
import { CALIBRATION_SOURCE_VERSION, calibrationSource } from './calibration-source.ts';
import { childCpuSeconds } from './child-time.ts';
import { COST_MODEL } from './model-data.ts';
import type { BuildEstimate, Calibration } from './types.ts';
import { readProcessors } from './wall-time.ts';

/** What self-calibration measured; plain data, for a cache. Valid for the same compiler and version only. */
export interface CalibrationRun {
  readonly version: number;
  readonly compiler: 'gcc' | 'clang';
  /** Of the shortest run: CPU seconds, or seconds on the clock where the system doesn't tell CPU time. */
  readonly seconds: number;
  /** Relative difference between the two shortest runs: what the machine's load does to the figure. */
  readonly spread: number;
  /** Other work at the time: processes that wanted to run, for each processor; 0 where the system doesn't tell. */
  readonly load: number;
}

const RUNS = 2;
const TIMEOUT_MS = 60_000;
/** Machines differ by more than one number: cache, memory, clock under load. */
const MODEL_UNCERTAINTY = 0.1;
/** Not a sensible time for the text on any machine that builds kernels: such an entry is damaged. */
const LONGEST_SECONDS = 600;
const MOST_LOAD = 1e6;

/**
 * Compiles a text of ours with the machine's compiler, twice, about a second each.
 * @param compiler program and leading arguments, as in `CC` ("gcc", "ccache clang")
 * @param progress called before each run: its number from 1 on, and of how many
 * @returns null where no program may be run or the compiler fails
 */
export function selfCalibrate(
  platform: Platform,
  compiler = 'gcc',
  progress?: (run: number, of: number) => void,
): CalibrationRun | null {
  const { commands } = platform;
  const [program, ...leading] = withoutLaunchers(compiler);
  if (!commands || program === undefined) return null;
  const options = { env: platform.env, timeoutMs: TIMEOUT_MS };
  const identity = commands.run(program, [...leading, '--version'], options);
  if (identity.status !== 0) return null;
  const load = loadOf(platform.fs);
  const input = calibrationSource();
  const args = [...leading, '-w', '-O2', '-ffreestanding', '-x', 'c', '-c', '-', '-o', '/dev/null'];
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    progress?.(run + 1, RUNS);
    const start = stopwatch(platform);
    if (commands.run(program, args, { ...options, input }).status !== 0) return null;
    times.push(start());
  }
  times.sort((a, b) => a - b);
  const [seconds = 0, second = seconds] = times;
  if (seconds <= 0) return null;
  return {
    version: CALIBRATION_SOURCE_VERSION,
    compiler: /clang/i.test(identity.stdout) ? 'clang' : 'gcc',
    seconds,
    spread: second / seconds - 1,
    load,
  };
}

/** Other work, in processors, from which a measurement is not believed for ever, and what two runs may differ. */
const BUSY = 0.5;
const UNSTEADY = 0.15;

/** Whether something else had the machine work while its speed was measured. */
export function isUnderLoad({ load, spread }: CalibrationRun): boolean {
  return load > BUSY || spread > UNSTEADY;
}

/** Whether a machine is free enough now that measuring it once more can tell more than under load. */
export function isFree(fs: FileSystem): boolean {
  return loadOf(fs) <= BUSY;
}

/** Builds that take less say little: programs' starts count for too much, in CPU seconds. */
const SHORTEST_BUILD = 30;
const THIRD = 1 / 3;

/** Whether a build took so much more or less than was predicted that the machine's speed was likely measured wrong. */
export function isMismeasured(predictedSeconds: number, realSeconds: number): boolean {
  if (Math.min(predictedSeconds, realSeconds) < SHORTEST_BUILD) return false;
  return Math.abs(realSeconds / predictedSeconds - 1) > THIRD;
}

/** The load of the last minute, for each processor. */
function loadOf(fs: FileSystem): number {
  const load = Number(/^[\d.]+/.exec(fs.readText('/proc/loadavg') ?? '')?.[0] ?? 0);
  return load / (readProcessors(fs)?.threads ?? 1);
}

/** The compiler's own words: ccache and its like would answer from a store. */
function withoutLaunchers(compiler: string): string[] {
  return compiler.split(/\s+/).filter((word) => word !== '' && !/(^|\/)(ccache|distcc|icecc|sccache)$/.test(word));
}

/** Starts to measure; what it returns gives the seconds since. CPU time is the better one: others may use the machine. */
function stopwatch({ fs, monotonicMs }: Platform): () => number {
  const [cpu, clock] = [childCpuSeconds(fs), monotonicMs()];
  return () => {
    const after = childCpuSeconds(fs);
    return cpu === null || after === null ? (monotonicMs() - clock) / 1000 : after - cpu;
  };
}

/**
 * What a run of `selfCalibrate` says about this machine.
 * @returns null for a run made with another version of the text
 */
export function calibrationFrom(run: CalibrationRun): Calibration | null {
  if (run.version !== CALIBRATION_SOURCE_VERSION || !(run.seconds > 0)) return null;
  return {
    factor: run.seconds / COST_MODEL.calibrationSeconds[run.compiler],
    uncertainty: Math.hypot(MODEL_UNCERTAINTY, Math.max(0, run.spread) / 2),
    source: 'self',
  };
}

/** What `selfCalibrate` measured, cached for one machine and compiler. */
export class CalibrationCache {
  readonly #entry: CacheEntry;

  /**
   * @param compiler what tells the compiler from others: its program and version
   */
  constructor(store: CacheStore, fs: FileSystem, compiler: string) {
    // A home directory may be shared by several machines.
    const processor = /^(?:model name|cpu model|CPU part|uarch)\s*:\s*(.*)$/m.exec(fs.readText('/proc/cpuinfo') ?? '');
    const place = `${processor?.[1]?.trim() ?? ''} ${compiler}`;
    this.#entry = new CacheEntry(store, { kind: 'calibration', place, circumstances: `${CALIBRATION_SOURCE_VERSION}` });
  }

  /** Null where there is no entry, or one that is damaged or of another version. */
  read(): CalibrationRun | null {
    const content = (this.#entry.readJson() ?? {}) as Partial<CalibrationRun>;
    const { version, compiler, seconds, spread, load } = content;
    if (version !== CALIBRATION_SOURCE_VERSION || (compiler !== 'gcc' && compiler !== 'clang')) return null;
    if (!isBetween(seconds, 0.001, LONGEST_SECONDS) || !isBetween(spread, 0, LONGEST_SECONDS)) return null;
    if (!isBetween(load, 0, MOST_LOAD)) return null;
    return { version, compiler, seconds, spread, load };
  }

  write(run: CalibrationRun): void {
    this.#entry.writeJson(run, null);
  }

  /** Has the next run measure again. */
  forget(): void {
    this.#entry.writeJson(null, null);
  }
}

function isBetween(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && value >= low && value <= high;
}

/**
 * From a build that the user has timed (`--reference "13h"`): the one that was timed gets exactly that.
 * @param cpuSeconds what it took: time on the clock × jobs that really ran side by side
 * @param estimate of that same build, made without any calibration
 */
export function calibrationFromReference(cpuSeconds: number, estimate: BuildEstimate): Calibration {
  return { factor: cpuSeconds / estimate.cpuSeconds, uncertainty: 0.05, source: 'timed' };
}
