import type { Platform } from '../platform/platform.ts';
import { CALIBRATION_SOURCE_VERSION, calibrationSource } from './calibration-source.ts';
import { COST_MODEL } from './model-data.ts';
import type { BuildEstimate, Calibration } from './types.ts';

/** What self-calibration measured; plain data, for a cache. Valid for the same compiler and version only. */
export interface CalibrationRun {
  readonly version: number;
  readonly compiler: 'gcc' | 'clang';
  /** Shortest of the runs, in seconds on the clock. */
  readonly seconds: number;
  /** Relative difference between the two shortest runs: what the machine's load does to the figure. */
  readonly spread: number;
}

const RUNS = 2;
const TIMEOUT_MS = 60_000;
/** Machines differ by more than one number: cache, memory, clock under load. */
const MODEL_UNCERTAINTY = 0.1;

/**
 * Compiles a text of ours with the machine's compiler, twice, about a second each.
 * @param compiler program and leading arguments, as in `CC` ("gcc", "ccache clang")
 * @returns null where no program may be run or the compiler fails
 */
export function selfCalibrate(platform: Platform, compiler = 'gcc'): CalibrationRun | null {
  const { commands } = platform;
  const words = compiler
    .split(/\s+/)
    .filter((word) => word !== '' && !/(^|\/)(ccache|distcc|icecc|sccache)$/.test(word));
  const [program, ...leading] = words;
  if (!commands || program === undefined) return null;
  const options = { env: platform.env, timeoutMs: TIMEOUT_MS };
  const identity = commands.run(program, [...leading, '--version'], options);
  if (identity.status !== 0) return null;
  const input = calibrationSource();
  const args = [...leading, '-w', '-O2', '-ffreestanding', '-x', 'c', '-c', '-', '-o', '/dev/null'];
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = platform.now();
    if (commands.run(program, args, { ...options, input }).status !== 0) return null;
    times.push((platform.now() - start) / 1000);
  }
  times.sort((a, b) => a - b);
  const [seconds = 0, second = seconds] = times;
  if (seconds <= 0) return null;
  return {
    version: CALIBRATION_SOURCE_VERSION,
    compiler: /clang/i.test(identity.stdout) ? 'clang' : 'gcc',
    seconds,
    spread: second / seconds - 1,
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

/**
 * From a build that the user has timed (`--reference "13h"`): the one that was timed gets exactly that.
 * @param cpuSeconds what it took: time on the clock × jobs that really ran side by side
 * @param estimate of that same build, made without any calibration
 */
export function calibrationFromReference(cpuSeconds: number, estimate: BuildEstimate): Calibration {
  return { factor: cpuSeconds / estimate.cpuSeconds, uncertainty: 0.05, source: 'reference' };
}
