import { InputError } from '../diagnostics/diagnostic.ts';
import type { StateFolder } from '../platform/platform.ts';
import type { Git } from './git.ts';
import {
  type BisectState,
  type BisectTrim,
  readState,
  type Verdict,
  widened,
  withVerdict,
  writeState,
} from './state.ts';

/** The folder of the state, among what git stores of a checkout. */
export const FOLDER = 'kconfig-trim-bisect';

/** What a verdict leads to. */
export type Outcome =
  /** Another commit, or the same one with a wider trim, waits for its config. */
  | { readonly kind: 'next'; readonly notes: readonly string[] }
  /** The known bad end is good with the trimmed config: a wider trim of it comes next. */
  | { readonly kind: 'widened'; readonly notes: readonly string[] }
  /** An end is not what it was said to be, and no trim is to blame. */
  | { readonly kind: 'end-wrong'; readonly end: 'good' | 'bad' }
  | { readonly kind: 'found'; readonly commits: readonly string[] };

/** A bisection in a checkout: it moves git, and stores how far it is before and after each move. */
export class Bisection {
  readonly git: Git;
  readonly folder: StateFolder;
  #state: BisectState;

  private constructor(git: Git, folder: StateFolder, state: BisectState) {
    this.git = git;
    this.folder = folder;
    this.#state = state;
  }

  /**
   * The one that goes on.
   * @throws InputError `bisect-none`, `bisect-state-broken`
   */
  static open(git: Git, folder: StateFolder): Bisection {
    const state = readState(folder);
    if (!state) throw new InputError({ code: 'bisect-none', args: {} });
    return new Bisection(git, folder, state);
  }

  /** Stores a new one. Nothing has been checked out yet. */
  static start(git: Git, folder: StateFolder, state: BisectState): Bisection {
    writeState(folder, state);
    return new Bisection(git, folder, state);
  }

  /** How far it is. */
  get state(): BisectState {
    return this.#state;
  }

  /** Stores how far it is. @throws InputError `write-…` */
  set(state: BisectState): void {
    writeState(this.folder, state);
    this.#state = state;
  }

  /**
   * Checks out the commit that is to be tested now. After `start`, and after an interruption: each move is stored before
   * it is made.
   * @returns notes on what was found otherwise than it was left
   */
  settle(): string[] {
    const { git, state } = this;
    if (state.stage === 'done') return [];
    if (state.stage !== 'steps') {
      const wanted = state.stage === 'bad-end' ? state.bad : state.good;
      const head = git.head();
      if (head === wanted) return [];
      git.detachAt(wanted);
      // Before it has its config, nobody but this program has been here.
      const isByHand = state.steps.some(({ commit, stage }) => commit === wanted && stage === state.stage);
      return isByHand ? [`${git.describe(head)} was checked out by hand; now it is ${git.describe(wanted)} again`] : [];
    }
    if (!git.isBisecting()) {
      // Both ends are known, and git has not begun.
      if (state.verdicts > 0) throw new InputError({ code: 'bisect-ended-by-hand', args: {} });
      git.bisect('start', state.bad, state.good);
      this.#noteLog();
      return [];
    }
    return this.#notesByHand();
  }

  /** What somebody did by hand since the last command here. */
  #notesByHand(): string[] {
    const { git, state } = this;
    const notes: string[] = [];
    if (verdictCount(git.bisectLog()) !== state.verdicts) {
      notes.push('git bisect was used by hand, or a command here was interrupted: going on from what git has');
      this.#noteLog();
      if (this.#state.stage === 'done') return notes;
    }
    const expected = git.expected();
    const head = git.head();
    if (expected !== null && expected !== head) {
      notes.push(
        `git bisect chose ${git.describe(expected)}, checked out is ${git.describe(head)}: that is what is tested`,
      );
    }
    const [changed, ...more] = git.changedFiles();
    if (changed !== undefined) {
      const others = more.length === 0 ? '' : ` and ${more.length} more`;
      notes.push(`${changed}${others} in the checkout is changed: what is built is not the commit alone`);
    }
    return notes;
  }

  /**
   * Takes the verdict on the commit that is checked out, and goes on to the next.
   * @throws InputError `bisect-end-skipped`, `bisect-contradicts` and nothing has changed; `bisect-git`
   */
  judge(verdict: Verdict): Outcome {
    const { stage } = this.#state;
    if (verdict === 'skip' && (stage === 'bad-end' || stage === 'good-end')) {
      throw new InputError({ code: 'bisect-end-skipped', args: { end: stage.slice(0, -'-end'.length) } });
    }
    const commit = this.git.head();
    if (stage === 'steps') this.#requirePossible(commit, verdict);
    this.set(withVerdict(this.#state, commit, this.git.describe(commit), verdict));
    switch (this.#state.stage) {
      case 'bad-end':
        return this.#judgeBadEnd(verdict);
      case 'good-end':
        return this.#judgeGoodEnd(verdict);
      case 'steps':
        return this.#judgeStep(verdict);
      case 'done':
        return { kind: 'found', commits: this.#state.found };
    }
  }

  /** git takes a verdict down before it finds that no history fits it, and goes on from that. */
  #requirePossible(commit: string, verdict: Verdict): void {
    const { git } = this;
    const contradicts = (relation: string, other: string) =>
      new InputError({
        code: 'bisect-contradicts',
        args: { commit: git.describe(commit), verdict, relation, other: git.describe(other) },
      });
    const { good, bad } = git.bounds();
    if (verdict === 'good' && bad !== null && commit === bad) throw contradicts('is-bad', bad);
    if (verdict === 'good' && bad !== null && !git.isAncestor(commit, bad)) throw contradicts('not-before-bad', bad);
    const later = verdict === 'bad' ? good.find((each) => git.isAncestor(commit, each)) : undefined;
    if (later !== undefined) throw contradicts(later === commit ? 'is-good' : 'before-good', later);
  }

  #judgeBadEnd(verdict: Verdict): Outcome {
    if (verdict === 'good') {
      const trim = widened(this.#state.trim);
      if (trim === null) return { kind: 'end-wrong', end: 'bad' };
      const notes = [wideningNote(this.#state.trim)];
      this.set({ ...this.#state, trim });
      return { kind: 'widened', notes };
    }
    this.set({ ...this.#state, stage: 'good-end' });
    return this.#next();
  }

  #judgeGoodEnd(verdict: Verdict): Outcome {
    if (verdict === 'bad') return { kind: 'end-wrong', end: 'good' };
    this.set({ ...this.#state, stage: 'steps' });
    return this.#next();
  }

  #judgeStep(verdict: Verdict): Outcome {
    this.git.bisect(verdict);
    this.#noteLog();
    return this.#next();
  }

  #next(): Outcome {
    const notes = this.settle();
    const { stage, found } = this.#state;
    return stage === 'done' ? { kind: 'found', commits: found } : { kind: 'next', notes };
  }

  /** How many commits can still be the first bad one; null where nobody knows, or it is found. */
  commitsLeft(): number | null {
    const { stage, good, bad } = this.#state;
    if (stage === 'done') return null;
    return stage === 'steps' ? this.git.candidates() : this.git.count([good], bad);
  }

  /** Takes over what git's own log says. */
  #noteLog(): void {
    const log = this.git.bisectLog();
    const found = foundIn(log);
    this.set({ ...this.#state, verdicts: verdictCount(log), found, stage: found.length > 0 ? 'done' : 'steps' });
  }

  /** Ends it: what was checked out before is so again, and what was stored is gone. */
  reset(): void {
    const { git, state } = this;
    if (git.isBisecting()) git.bisect('reset', state.origin);
    else if (git.branchOrHead() !== state.origin) git.checkOut(state.origin);
    this.folder.remove();
  }
}

/** @param before the trim that was too narrow */
function wideningNote(before: BisectTrim): string {
  const now =
    before.deep === 'bold'
      ? 'with --deep alone'
      : before.deep
        ? 'with all built-ins'
        : before.lean
          ? 'with the features of drivers'
          : 'with debug information and the like';
  return `the known bad end is good with this config, so the trim may be to blame: it is made wider, ${now}`;
}

/** The verdicts in the output of `git bisect log`. */
function verdictCount(log: string): number {
  return log.split('\n').filter((line) => /^git bisect (?:start|good|bad|skip)\b/.test(line)).length;
}

/** In the output of `git bisect log`: the first bad commit, or all that can be it where commits were skipped; else none. */
function foundIn(log: string): string[] {
  return [...log.matchAll(/^# (?:possible )?first bad commit: \[([0-9a-f]{40,64})\]/gm)].map(([, commit]) => commit!);
}
