import { InputError } from '../diagnostics/diagnostic.ts';
import {
  CalibrationCache,
  calibrationFrom,
  calibrationFromReference,
  isFree,
  isMismeasured,
  isUnderLoad,
  selfCalibrate,
} from '../estimate/calibrate.ts';
import { parseDuration } from '../estimate/duration.ts';
import { estimateBuild, REFERENCE_CALIBRATION, wallUncertainty } from '../estimate/estimate.ts';
import type { BuildCost, BuildEstimate, BuildInput, Calibration, EstimateBasis } from '../estimate/types.ts';
import { type Processors, readProcessors, wallSeconds } from '../estimate/wall-time.ts';
import type { BuildResult } from '../kbuild/index.ts';
import type { Sources } from '../sources/sources.ts';
import { kbuildLookup } from '../trim/lookup.ts';
import type { Configuration } from '../values/configuration.ts';
import type { Workspace } from './workspace.ts';

/** A config with what it builds. */
export interface Built {
  readonly config: Configuration;
  readonly build: BuildResult;
}

/** What of a build counts for what it costs. */
export function buildParts({
  units,
  modules,
  builtin,
}: BuildResult): Pick<BuildInput, 'units' | 'modules' | 'builtIn'> {
  return { units, modules: modules.length, builtIn: builtin.length };
}

/** What builds cost on the machine of this run. */
export class Estimating {
  /** `make -j` is taken to be given this number. */
  readonly jobs: number;
  readonly #workspace: Workspace;
  readonly #sources: Sources;
  readonly #processors: Processors | null;
  #calibration: Calibration = REFERENCE_CALIBRATION;
  #speeds: CalibrationCache | null = null;

  /**
   * @param sources the tree's
   * @param jobs as many as there are processors where it isn't given
   */
  constructor(workspace: Workspace, sources: Sources, jobs?: number) {
    const { fs } = workspace.platform;
    this.#workspace = workspace;
    this.#sources = sources;
    this.#processors = readProcessors(fs);
    this.jobs = jobs ?? this.#processors?.threads ?? 1;
  }

  /**
   * Takes this machine's speed from the cache, or measures it.
   * @param measuring called before each run of a measurement, which takes seconds: its number, and of how many; null to
   * take only what is cached
   */
  calibrate(measuring: ((run: number, of: number) => void) | null): void {
    const { platform } = this.#workspace;
    if (!platform.commands) return;
    const { CC = 'gcc', CC_VERSION_TEXT = '' } = this.#workspace.environment().env;
    const store = this.#workspace.cache();
    const cache = store && new CalibrationCache(store, platform.fs, `${CC} ${CC_VERSION_TEXT}`);
    this.#speeds = cache;
    let run = cache?.read() ?? null;
    if (measuring && (!run || (isUnderLoad(run) && isFree(platform.fs)))) {
      const again = selfCalibrate(platform, CC, measuring);
      // Under load a machine is slower than it is.
      if (again && (!run || again.seconds < run.seconds || !isUnderLoad(again))) {
        run = again;
        cache?.write(run);
      }
    }
    const calibration = run && calibrationFrom(run);
    if (calibration) this.#calibration = calibration;
  }

  /** Has this machine's speed measured again the next time, where a build shows that it is another. */
  compare(predictedSeconds: number, realSeconds: number): void {
    if (this.#calibration.source === 'self' && isMismeasured(predictedSeconds, realSeconds)) this.#speeds?.forget();
  }

  /**
   * Scales by a build that was timed on this machine.
   * @param text the time on the clock, as people write it
   * @throws InputError where it is none
   */
  scaleBy(text: string, built: Built): void {
    const seconds = parseDuration(text);
    if (seconds === null) throw new InputError({ code: 'duration-unreadable', args: { text } });
    this.#calibration = REFERENCE_CALIBRATION;
    const estimate = this.estimate(built);
    const cpuSeconds = estimate.cpuSeconds * (seconds / this.wall(estimate));
    this.#calibration = calibrationFromReference(cpuSeconds, estimate);
  }

  /** CPU seconds here for one of the reference machine. */
  get scale(): number {
    return this.#calibration.factor;
  }

  input({ config, build }: Built): BuildInput {
    const [lookup, sources, calibration] = [kbuildLookup(config), this.#sources, this.#calibration];
    return { ...buildParts(build), config: lookup, sources, calibration };
  }

  estimate(built: Built): BuildEstimate {
    return estimateBuild(this.input(built));
  }

  /**
   * Seconds on the clock.
   * @param cpuSeconds another figure than the estimate's own, such as its upper bound
   */
  wall(estimate: BuildEstimate, cpuSeconds = estimate.cpuSeconds): number {
    const serial = estimate.parts.kernel * (cpuSeconds / estimate.cpuSeconds);
    return wallSeconds(cpuSeconds, this.jobs, this.#processors ?? undefined, serial);
  }

  /** Seconds on the clock of work that jobs share. */
  shared(cpuSeconds: number): number {
    return wallSeconds(cpuSeconds, this.jobs, this.#processors ?? undefined);
  }

  /** For a report. */
  cost(estimate: BuildEstimate): BuildCost {
    const { objects, modules, cpuSeconds } = estimate;
    return { objects, modules, cpuSeconds, wallSeconds: this.wall(estimate) };
  }

  /** What the figures stand on, for a report. */
  basis(estimate: BuildEstimate): EstimateBasis {
    const source = this.#calibration.source === 'none' ? 'reference-machine' : this.#calibration.source;
    return { source, jobs: this.jobs, uncertainty: wallUncertainty(estimate) };
  }
}
