import { InputError } from '../diagnostics/diagnostic.ts';
import type { StateFolder } from '../platform/platform.ts';
import type { DeepScope, ValueRequest } from '../trim/types.ts';

/** What a commit turned out to be. */
export type Verdict = 'good' | 'bad' | 'skip';

/**
 * Where a bisection is: the known bad end has to be seen bad with the trimmed config, then the good one good, then git
 * chooses the commits. `done` where the first bad commit is known, or no commit is left that can be tested.
 */
export type Stage = 'bad-end' | 'good-end' | 'steps' | 'done';

/** The options of the trims, as the command line has them; of `--set`, `--unset` and `--fragment` the values. */
export interface BisectTrim {
  readonly arch?: string;
  readonly objtree?: string;
  readonly keep?: readonly string[];
  readonly requests?: readonly ValueRequest[];
  readonly force?: boolean;
  readonly lean?: boolean;
  readonly builtin?: boolean;
  readonly deep?: DeepScope;
  readonly fast?: boolean;
  readonly debugInfo?: boolean;
}

/** A commit that got a config. */
export interface Step {
  readonly commit: string;
  /** As `git describe` names it. */
  readonly name: string;
  readonly stage: Stage;
  /** SHA-256 of the config; null where none could be made. */
  readonly config: string | null;
  /** Loaded modules that the config builds, and those that the tree of this commit does not have. */
  readonly built: number;
  readonly absent: readonly string[];
  /** Symbols that are off since their code does not compile at this commit. */
  readonly without: readonly string[];
  /** How long it takes to build all of it, by the estimate, on the clock; null where there is no config. */
  readonly wallSeconds: number | null;
  /** Null until it was tested. */
  readonly verdict: Verdict | null;
}

/** A source file of a module. */
export interface Source {
  /** Relative to the tree. */
  readonly file: string;
  readonly commit: string;
}

/** A bisection, as it is stored beside what git stores of its own. */
export interface BisectState {
  readonly format: typeof FORMAT;
  /** What was checked out before: a branch, or a commit. */
  readonly origin: string;
  /** Commits, and as they were named. */
  readonly good: string;
  readonly bad: string;
  readonly goodName: string;
  readonly badName: string;
  /** Where the base config came from. Its text is `BASE`. */
  readonly base: string;
  /** The listings as they were named; their texts are in `listingNames`. */
  readonly listings: readonly string[];
  readonly trim: BisectTrim;
  /** The compiler of the configs so far, as it calls itself; null where none is known. */
  readonly compiler: string | null;
  readonly stage: Stage;
  readonly steps: readonly Step[];
  /** Sources of loaded modules, by the modules' names, and a commit that has each. */
  readonly sources: Readonly<Record<string, Source>>;
  /** The first bad commit, or those that can be it where commits had to be skipped. */
  readonly found: readonly string[];
  /** Releases (`uname -r`) that `bisect install` was asked to install. */
  readonly installed: readonly string[];
}

const FORMAT = 3;
const STATE = 'state.json';

/** The files beside it: the full base config, the last trimmed one, that of the step before, `.config` as it was before. */
export const BASE = 'base.config';
export const LAST = 'last.config';
export const PREVIOUS = 'previous.config';
export const BEFORE = 'before.config';
/** The output of `git bisect log` after the last command here, for `git bisect replay`. */
export const GIT_LOG = 'git-bisect.log';

/** The output of the last build. */
export const BUILD_LOG = 'build.log';

/** The files of the listings. @param count how many there are */
export function listingNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `listing-${index}`);
}

/**
 * The bisection that goes on; null where there is none.
 * @throws InputError `bisect-state-broken`
 */
export function readState(folder: StateFolder): BisectState | null {
  const text = readText(folder, STATE);
  if (text === null) return null;
  const state = parsed(text);
  if (state === null) throw new InputError({ code: 'bisect-state-broken', args: { path: folder.path } });
  return state;
}

function parsed(text: string): BisectState | null {
  try {
    const state = JSON.parse(text) as Partial<BisectState> | null;
    const isWhole =
      state?.format === FORMAT &&
      [state.origin, state.good, state.bad].every((each) => typeof each === 'string') &&
      [state.listings, state.steps, state.found, state.installed].every(Array.isArray) &&
      [state.trim, state.sources].every((each) => typeof each === 'object');
    return isWhole ? (state as BisectState) : null;
  } catch {
    return null;
  }
}

/** @throws InputError `write-…` */
export function writeState(folder: StateFolder, state: BisectState): void {
  writeText(folder, STATE, `${JSON.stringify(state, null, 2)}\n`);
}

/** The text of a file of the state that is UTF-8; null where there is none. */
export function readText(folder: StateFolder, name: string): string | null {
  const bytes = folder.read(name);
  return bytes === null ? null : Buffer.from(bytes, 'latin1').toString();
}

/** @throws InputError `write-…` */
export function writeText(folder: StateFolder, name: string, text: string): void {
  folder.write(name, Buffer.from(text).toString('latin1'));
}

/** A new bisection. */
export function newState(
  given: Omit<BisectState, 'format' | 'compiler' | 'steps' | 'sources' | 'found' | 'installed'>,
): BisectState {
  return { format: FORMAT, ...given, compiler: null, steps: [], sources: {}, found: [], installed: [] };
}

/** The state with a step more; one that its commit has at this stage already is replaced in its place. */
export function withStep(state: BisectState, step: Step): BisectState {
  const at = state.steps.findIndex(({ commit, stage }) => commit === step.commit && stage === step.stage);
  return { ...state, steps: at < 0 ? [...state.steps, step] : state.steps.map((each, i) => (i === at ? step : each)) };
}

/** Which of git's steps with a config a commit is, from 1: the one that it was, or else the next. */
export function stepNumber({ steps }: BisectState, commit: string): number {
  const all = steps.filter(({ stage, config }) => stage === 'steps' && config !== null);
  const at = all.findIndex((step) => step.commit === commit);
  return (at < 0 ? all.length : at) + 1;
}

/** The state with the verdict on a commit, which may have no config. @param name as `git describe` names it */
export function withVerdict(state: BisectState, commit: string, name: string, verdict: Verdict): BisectState {
  const known = state.steps.find((step) => step.commit === commit && step.stage === state.stage);
  return withStep(state, { ...(known ?? stepWithout(commit, name, state.stage)), verdict });
}

/** A commit that got no config and no verdict. */
export function stepWithout(commit: string, name: string, stage: Stage): Step {
  return { commit, name, stage, config: null, built: 0, absent: [], without: [], wallSeconds: null, verdict: null };
}

/**
 * The next wider trim, for where a trim has taken the bug away: fewer built-ins go, then none, then the features of
 * drivers stay, then settings that cost build time. Null for the widest.
 */
export function widened(trim: BisectTrim): BisectTrim | null {
  const { deep, lean, fast, debugInfo, ...rest } = trim;
  const settings = { ...(fast && { fast }), ...(debugInfo !== undefined && { debugInfo }) };
  if (deep === 'bold') return { ...trim, deep: 'evidence' };
  if (deep) return { ...rest, ...settings, ...(lean && { lean }) };
  if (lean) return { ...rest, ...settings };
  return fast || debugInfo === false ? rest : null;
}
