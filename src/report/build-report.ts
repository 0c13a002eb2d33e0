import type { Failure } from '../build/failure.ts';
import type { LostRequirement } from '../build/goals.ts';
import type { TurnedOn } from '../build/turned-on.ts';
import type { BuildWarning } from '../build/warnings.ts';

/**
 * How a build came out. `missing`: make was content, but something is not there. `lost`: make was not started, because
 * this config does not build what is required.
 */
export type BuildOutcome = 'built' | 'failed' | 'missing' | 'lost' | 'interrupted';

/** A failure with what was found out about it. */
export interface ExplainedFailure extends Failure {
  /** The command that failed; null where it could not be found out. */
  readonly command: string | null;
  /** What has the target built; null where no Kbuild file lists it. */
  readonly turnedOn: TurnedOn | null;
  /** Whether it failed again when it was made alone; null where that was not tried. */
  readonly failsAlone: boolean | null;
}

/** Everything that `kconfig-trim build` says. */
export interface BuildReport {
  readonly tree: { readonly version: string; readonly arch: string };
  /** The config's path. */
  readonly config: string;
  /** make and its arguments; null where it was not started. */
  readonly command: readonly string[] | null;
  readonly jobs: number;
  readonly log: string | null;
  /** Which part of the units was compiled alone; null where all were built. */
  readonly sample: {
    readonly units: number;
    readonly of: number;
    readonly seed: number;
    /** Seeds from 1 to this number are all units. */
    readonly rounds: number;
  } | null;
  readonly outcome: BuildOutcome;
  /** The signal that ended it. */
  readonly interruptedBy: string | null;
  readonly units: {
    /** That the targets consist of, by the Kbuild files. */
    readonly predicted: number;
    /** Of these: make compiled them in this run, to their ends. */
    readonly compiled: number;
    /** Of these: had an object before; make compiled them again where something had changed. */
    readonly present: number;
    /** Of these: have no object now. */
    readonly missing: readonly string[];
    /** Compiled and not predicted. */
    readonly unpredicted: readonly string[];
  };
  /** On the clock. */
  readonly seconds: {
    readonly predicted: number;
    /** As a share of `predicted`; about nine of ten cases lie within. */
    readonly uncertainty: number;
    readonly real: number;
    /** Of all processes together; null where it is not known. */
    readonly cpu: { readonly predicted: number; readonly real: number | null };
  };
  readonly warnings: { readonly count: number; readonly first: readonly BuildWarning[] };
  readonly modules: {
    /** Without suffix. */
    readonly paths: readonly string[];
    readonly missing: readonly string[];
  };
  readonly files: { readonly present: readonly string[]; readonly missing: readonly string[] };
  readonly lost: readonly LostRequirement[];
  readonly failure: ExplainedFailure | null;
  readonly notes: readonly string[];
}
