import type { BisectState, Step, Verdict } from '../bisect/state.ts';
import { count, counted } from './count-text.ts';
import { formatDuration } from './duration-text.ts';
import { command, hanging, paint } from './styled-text.ts';

/** A commit that has its config. */
export interface StepReport {
  /** As `git describe` names the commit. */
  readonly name: string;
  readonly stage: BisectState['stage'];
  /** Which step of git's it is, from 1. */
  readonly number: number;
  /** How many commits can still be the first bad one; null where nobody knows. */
  readonly commits: number | null;
  /** Loaded modules of the machine that the config builds. */
  readonly built: number;
  /** Those that can be built here: of the rest the tree has no code. */
  readonly buildable: number;
  /** Those that the tree of this commit does not have. */
  readonly absent: readonly string[];
  /** Those that it has and the config does not build, with the reason. */
  readonly lost: readonly { readonly name: string; readonly note: string }[];
  /** Symbols whose values were asked for and do not hold at this commit, with the reason. */
  readonly unheld: readonly { readonly name: string; readonly note: string }[];
  /** What else does not hold of what a trim promises. */
  readonly broken: readonly { readonly promise: string; readonly name: string; readonly note: string }[];
  /** Words of `--keep` that mean nothing at this commit. */
  readonly unknownKeep: readonly string[];
  /** Symbols that differ from the config of the step before, as diffconfig names them; null for the first. */
  readonly changes: readonly string[] | null;
  /** On the clock, everything compiled anew. */
  readonly wallSeconds: number;
  readonly jobs: number;
}

const LABEL_WIDTH = 11;
const NAMES_SHOWN = 6;
const CHANGES_SHOWN = 3;

const label = (text: string): string => hanging(text.padEnd(LABEL_WIDTH));

const bisectCommand = (name: string): string => command(['kconfig-trim', 'bisect', name]);

/**
 * What a commit's config has, how it differs from the last one, and what to type: a few lines.
 * @param isManual whether a person goes on from here
 */
export function stepText(report: StepReport, isManual: boolean): string {
  const { built, buildable, absent, lost, unheld, broken, unknownKeep, changes, wallSeconds, jobs } = report;
  const missing = absent.length > 0 ? `; not in this tree: ${shortList(absent, NAMES_SHOWN)}` : '';
  const lines = [
    `${label('commit')}${report.name}, ${stageText(report)}`,
    `${label('modules')}${paint('bold', `${count(built)} of ${counted(buildable, 'loaded module')} built`)}${missing}`,
    ...lost.map(({ name, note }) => `${label('')}${paint('red', name)}: ${note}`),
    ...unheld.map(({ name, note }, at) => `${label(at === 0 ? 'set' : '')}${paint('red', name)}: ${note}`),
  ];
  lines.push(
    ...unknownKeep.map(
      (word, at) => `${label(at === 0 ? 'keep' : '')}${word}: no symbol, module or directory of this tree`,
    ),
    ...broken.map(({ promise, name, note }) => `${paint('red', label('BROKEN'))}${promise} ${name}: ${note}`),
  );
  if (changes !== null) lines.push(`${label('changed')}${changesText(changes)} since the last step`);
  lines.push(
    `${label('build')}about ${formatDuration(wallSeconds)} with -j${jobs} if nothing is built yet`,
    ...leftLines(report, report.wallSeconds),
  );
  if (isManual) {
    lines.push(
      `${label('next')}${bisectCommand('build')}`,
      `${label('')}boot it, then ${bisectCommand('good')}${report.stage === 'steps' ? ', bad or skip' : ' or bad'}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/**
 * How much is left, and how long that takes at most: kernels have units in common.
 * @param wallSeconds what one kernel takes; null where nobody knows
 */
function leftLines({ stage, commits }: Pick<StepReport, 'stage' | 'commits'>, wallSeconds: number | null): string[] {
  if (commits === null) return [];
  const kernels = stepsLeft(commits) + { 'bad-end': 2, 'good-end': 1, steps: 0, done: 0 }[stage];
  const ends = stage === 'bad-end' ? ' with both ends' : stage === 'good-end' ? ' with this end' : '';
  const time = wallSeconds === null ? '' : `: ${formatDuration(kernels * wallSeconds)} at most`;
  return [`${label('left')}${counted(commits, 'commit')}, about ${counted(kernels, 'kernel')}${ends}${time}`];
}

function stageText({ stage, number, commits }: StepReport): string {
  if (stage === 'bad-end') return 'the known bad end: it has to be bad with this config, too';
  if (stage === 'good-end') return 'the known good end: it has to be good with this config, too';
  return `step ${number}${commits === null ? '' : ` of about ${number - 1 + stepsLeft(commits)}`}`;
}

function changesText(changes: readonly string[]): string {
  if (changes.length === 0) return 'nothing';
  return `${counted(changes.length, 'symbol')} (${shortList(changes, CHANGES_SHOWN)})`;
}

function shortList(names: readonly string[], shown: number): string {
  return names.slice(0, shown).join(', ') + (names.length > shown ? ', …' : '');
}

/** How far a bisection is. */
export interface StatusReport {
  readonly state: BisectState;
  /** As `git describe` names what is checked out. */
  readonly head: string;
  /** The end that is to be tested, where it is not checked out. */
  readonly next: string | null;
  /** Whether what is checked out is to be tested and has no config yet. */
  readonly isWaiting: boolean;
  /** How many commits can still be the first bad one; null where nobody knows. */
  readonly commits: number | null;
  /** Commits that were found, with the first lines of their messages. */
  readonly found: readonly string[];
}

/** How many more steps a number of candidates takes, at most. */
function stepsLeft(candidates: number): number {
  return Math.ceil(Math.log2(Math.max(1, candidates)));
}

/** What was tested, what is left, and how long that takes. */
export function statusText({ state, head, next, isWaiting, commits, found }: StatusReport): string {
  const stage = state.stage === 'steps' ? '' : `, ${STAGES[state.stage]}`;
  const lines = [
    `${label('range')}good ${state.goodName} .. bad ${state.badName}`,
    ...(next === null
      ? [`${label('now')}${head}${stage}`]
      : [`${label('now')}${head}`, `${label('next')}${next}${stage}`]),
    ...(isWaiting ? [`${label('config')}none yet: ${bisectCommand('config')}`] : []),
  ];
  const wallSeconds = state.steps.findLast((step) => step.wallSeconds !== null)?.wallSeconds ?? null;
  const failed = failedEnd(state);
  if (state.stage === 'done') lines.push(...foundLines(found));
  else if (failed !== null) lines.push(`${label('failed')}${failed}`);
  else lines.push(...leftLines({ stage: state.stage, commits }, wallSeconds));
  lines.push(...state.steps.map((step, at) => `${label(at === 0 ? 'log' : '')}${stepLine(step)}`));
  return `${lines.join('\n')}\n`;
}

const STAGES: Readonly<Record<BisectState['stage'], string>> = {
  'bad-end': 'the known bad end',
  'good-end': 'the known good end',
  steps: 'a step',
  done: 'done',
};

/** What an end turned out to be that is not what it was said to be; null where none has. */
function failedEnd({ stage, steps }: BisectState): string | null {
  const verdict = steps.find((step) => step.stage === stage)?.verdict;
  if (stage === 'bad-end' && verdict === 'good') return 'the known bad end is good';
  return stage === 'good-end' && verdict === 'bad' ? 'the known good end is bad' : null;
}

function stepLine({ name, stage, verdict, config, built, absent, without }: Step): string {
  const end = stage === 'bad-end' || stage === 'good-end' ? ` (${STAGES[stage]})` : '';
  const head = `${(verdict ?? '…').padEnd(5)}${name}${end}: `;
  if (config === null) return `${head}no config ${verdict === null ? 'yet' : 'was made'}`;
  const missing = absent.length > 0 ? `, ${absent.length} not in this tree` : '';
  return `${head}${counted(built, 'loaded module')} configured${missing}${withoutText(without)}`;
}

const withoutText = (without: readonly string[]): string =>
  without.length === 0 ? '' : `, ${without.join(', ')} off: its code does not compile`;

/** The first bad commit, or those that can be it. */
function foundLines(found: readonly string[]): string[] {
  if (found.length === 1) return [`${label('first bad')}${paint('bold', found[0]!)}`];
  return found.map((each, at) => `${label(at === 0 ? 'one of' : '')}${each}`);
}

/** As `foundLines`, and what to type then. */
export function foundText(found: readonly string[]): string {
  const next = `${label('next')}${bisectCommand('report')}, then ${bisectCommand('reset')}`;
  return `${[...foundLines(found), next].join('\n')}\n`;
}

/** What a report to the kernel's developers needs of a bisection. */
export interface BisectReport extends StatusReport {
  /** Author and date of what was found, as git prints them. */
  readonly details: readonly string[];
  /** The output of `git bisect log`. */
  readonly log: string;
  /** SHA-256 of the full base config. */
  readonly baseDigest: string;
  readonly options: readonly string[];
  /** The files to attach. */
  readonly attachments: readonly string[];
}

/** What is known by now. */
function headLines({ state, found, details }: BisectReport): string[] {
  const lines = details.flatMap((each) => ['', ...each.trimEnd().split('\n')]);
  const failed = failedEnd(state);
  if (failed !== null) return [`There is no result: ${failed}`];
  if (state.stage !== 'done') {
    const { good, bad } = bounds(state);
    return ['The bisection is not done; so far:', '', `good ${good.name}, bad ${bad.name}`];
  }
  return [
    found.length > 1 ? 'Commits were skipped: each of these can be the first bad one' : 'The first bad commit',
    ...lines,
  ];
}

interface Bound {
  readonly commit: string;
  readonly name: string;
}

/** The last good commit and the last bad one, or the ends. */
function bounds({ steps, good, goodName, bad, badName }: BisectState): { readonly good: Bound; readonly bad: Bound } {
  const last = (verdict: Verdict, commit: string, name: string): Bound => {
    const step = steps.findLast((each) => each.verdict === verdict);
    return step === undefined || step.commit === commit ? { commit, name } : step;
  };
  return { good: last('good', good, goodName), bad: last('bad', bad, badName) };
}

/** Commits of one kind, for a mail. */
function stepLines(title: string, steps: readonly Step[]): string[] {
  if (steps.length === 0) return [];
  const lines = steps.map(({ name, commit, stage, verdict, config, without }) => {
    const named = commit.startsWith(name) ? '' : ` ${name}`;
    const end = stage === 'steps' ? '' : ` (${STAGES[stage]})`;
    const digest = config?.slice(0, 16) ?? 'no config';
    return `  ${(verdict ?? 'open').padEnd(5)} ${commit.slice(0, 12)}${named}${end} ${digest}${withoutText(without)}`;
  });
  return [title, ...lines, ''];
}

/**
 * The report, as plain text for a mail: what Documentation/admin-guide/reporting-regressions.rst asks for of a bisection.
 */
export function bisectReportText(report: BisectReport): string {
  const { state, log, baseDigest, options, attachments } = report;
  const { good, bad } = bounds(state);
  const introduced = state.found.length === 1 ? state.found[0]! : `${good.commit}..${bad.commit}`;
  const judged = state.steps.filter(({ verdict }) => verdict === 'good' || verdict === 'bad');
  return [
    ...headLines(report),
    '',
    ...(state.stage === 'done' ? [`#regzbot introduced: ${introduced}`, ''] : []),
    `Range: good ${state.good} (${state.goodName}), bad ${state.bad} (${state.badName})`,
    `Base config: ${state.base}, sha256 ${baseDigest}`,
    `Trimmed at each commit: kconfig-trim ${options.join(' ')}`.trimEnd(),
    '',
    ...stepLines(
      'Each kernel that was tested, with the digest of its config:',
      judged.filter(({ config }) => config !== null),
    ),
    ...stepLines(
      'Judged by hand, with a config that is not known:',
      judged.filter(({ config }) => config === null),
    ),
    ...stepLines(
      'Not tested:',
      state.steps.filter((step) => !judged.includes(step)),
    ),
    'To be attached:',
    ...attachments.map((path) => `  ${path}`),
    '',
    'git bisect log:',
    ...log
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    '',
  ].join('\n');
}
