import { InputError } from '../diagnostics/diagnostic.ts';
import type { StateFolder } from '../platform/platform.ts';
import type { Git } from './git.ts';
import { isSameStart, newVerdicts, verdictsIn, withGitLog } from './git-log.ts';
import { halfCheckout } from './half-checkout.ts';
import {
  type BisectState,
  type BisectTrim,
  GIT_LOG,
  readState,
  readText,
  type Step,
  type Verdict,
  widened,
  withVerdict,
  writeState,
  writeText,
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
   * Takes over what git has by now, as far as this object: nothing is stored, and nothing is checked out. Another command
   * may be at work.
   * @returns notes on what was done by hand since the last command here
   */
  look(): string[] {
    const { git } = this;
    const { state, notes } = this.#seen();
    this.#state = state;
    if (state.stage === 'steps' && !git.isBisecting() && !this.isEndedByHand && !this.folder.isLocked()) {
      return [...notes, 'git bisect has not begun: the next command here does that'];
    }
    if (state.stage === 'done' || (state.stage === 'steps' && !git.isBisecting()) || this.folder.isLocked()) {
      return notes;
    }
    const to = this.wanted;
    const head = git.head();
    if (to !== null && to !== head && halfCheckout(git, to)) {
      return [...notes, `the checkout of ${git.describe(to)} was interrupted: the next command here does it again`];
    }
    if (to !== null && to !== head && (state.stage !== 'steps' || this.#isLeftAt(head, to))) {
      return [...notes, `${git.describe(to)} is not checked out: the next command here does that`];
    }
    return [...notes, ...this.#checkoutNotes()];
  }

  /** The commit that is to be checked out; null where git has not chosen one. */
  get wanted(): string | null {
    const { stage, good, bad } = this.#state;
    if (stage === 'done') return null;
    return stage === 'steps' ? this.git.expected() : stage === 'bad-end' ? bad : good;
  }

  /**
   * Whether the commit that is to be tested is checked out and waits for its config: nobody has tested it. What was
   * checked out by hand needs none.
   */
  get isWaiting(): boolean {
    const { wanted } = this;
    return wanted !== null && wanted === this.git.head() && !this.#hasConfig(wanted);
  }

  /** The commit that is to be tested waits for its config again. */
  forgetConfig(): void {
    const { state, wanted } = this;
    const isIt = ({ commit, stage }: Step): boolean => commit === wanted && stage === state.stage;
    this.set({ ...state, steps: state.steps.map((step) => (isIt(step) ? { ...step, config: null } : step)) });
  }

  #hasConfig(wanted: string): boolean {
    const { stage, steps } = this.#state;
    return steps.some((step) => step.commit === wanted && step.stage === stage && step.config !== null);
  }

  /** Whether git bisect has taken the verdict on what is checked out, and could not check out what comes next. */
  #isLeftAt(head: string, next: string): boolean {
    const { good, bad } = this.git.bounds();
    const isJudged = head === bad || good.includes(head) || verdictsIn(this.git.bisectLog()).has(head);
    return isJudged && !this.#hasConfig(next);
  }

  /**
   * Undoes a checkout that was killed in the middle: of the commit that is wanted, or of what was checked out before.
   * @returns whether there was one
   * @throws InputError `bisect-git-busy`, `bisect-git`
   */
  #undoCheckout(): boolean {
    const { git, state } = this;
    const head = git.head();
    const { wanted } = this;
    const isChanged = wanted !== head || git.changedFiles().length > 0;
    for (const to of isChanged ? [wanted, git.commit(state.origin)] : []) {
      const half = to === null || to === head ? null : halfCheckout(git, to);
      if (half === null) continue;
      git.undo(half);
      return true;
    }
    return false;
  }

  /** Whether `git bisect` was ended before its end, and not from here. */
  get isEndedByHand(): boolean {
    return this.#state.stage === 'steps' && !this.git.isBisecting() && this.#storedLog !== null;
  }

  /** The output of `git bisect log`; where git bisect was ended, what it was after the last command here. */
  get log(): string {
    return this.git.bisectLog() || (this.#storedLog ?? '');
  }

  get #storedLog(): string | null {
    return readText(this.folder, GIT_LOG);
  }

  /**
   * Checks out the commit that is to be tested now. After `start`, and after an interruption: each move is stored before
   * it is made.
   * @returns notes on what was found otherwise than it was left
   * @throws InputError `bisect-ended-by-hand`, `bisect-git`
   */
  settle(): string[] {
    const { git } = this;
    const { state, notes, isNew } = this.#seen();
    if (isNew) this.#store(state);
    if (state.stage === 'done') return notes;
    const { wanted } = this;
    if (this.#undoCheckout() && wanted !== null) git.detachAt(wanted);
    if (state.stage !== 'steps') return [...notes, ...this.#checkOutEnd()];
    if (!git.isBisecting()) {
      // Both ends are known, and git has not begun.
      if (this.isEndedByHand) throw new InputError({ code: 'bisect-ended-by-hand', args: { path: this.logPath } });
      git.bisect('start', state.bad, state.good);
      this.#noteLog();
      return [];
    }
    this.#completeMove();
    return this.#state.stage === 'done' ? notes : [...notes, ...this.#checkoutNotes()];
  }

  /** Where it is stored, for `git bisect replay`. */
  get logPath(): string {
    return `${this.folder.path}/${GIT_LOG}`;
  }

  /** What is known with what git has: verdicts may have been given by hand. */
  #seen(): { readonly state: BisectState; readonly notes: string[]; readonly isNew: boolean } {
    const { git, state } = this;
    const log = git.bisectLog();
    const stored = this.#storedLog;
    const unchanged = { state, notes: [], isNew: false };
    if (log === '' || log === stored) return unchanged;
    // One that was begun by hand counts once git has both ends; after the end another one can be begun.
    if (state.stage === 'done' ? !isSameStart(log, stored ?? '') : state.stage !== 'steps' && !this.#hasBounds()) {
      return unchanged;
    }
    const now = withGitLog(state, log, (commit) => git.describe(commit));
    const taken = newVerdicts(state, now);
    const what = taken.length === 0 ? 'going on from what git has' : `taken over: ${shortList(taken)}`;
    const note = `git bisect was used by hand, or a command here was interrupted; ${what}`;
    return { state: now, notes: this.folder.isLocked() ? [] : [note], isNew: true };
  }

  #hasBounds(): boolean {
    const { good, bad } = this.git.bounds();
    return bad !== null && good.length > 0;
  }

  #checkOutEnd(): string[] {
    const { git, state } = this;
    const wanted = this.wanted!;
    const head = git.head();
    if (head === wanted) return [];
    git.detachAt(wanted);
    // Before it has its config, nobody but this program has been here.
    const isByHand = state.steps.some(({ commit, stage }) => commit === wanted && stage === state.stage);
    return isByHand ? [`${git.describe(head)} was checked out by hand; now it is ${git.describe(wanted)} again`] : [];
  }

  /** git bisect may have been killed before it knew both ends, or before it checked the next commit out. */
  #completeMove(): void {
    const { git, state } = this;
    const { good, bad } = git.bounds();
    const expected = git.expected();
    const isJudged = expected !== null && verdictsIn(git.bisectLog()).has(expected);
    if (bad !== null && good.length > 0 && expected !== null && !isJudged) {
      const head = git.head();
      if (head !== expected && this.#isLeftAt(head, expected)) git.detachAt(expected);
      return;
    }
    if (bad === null) git.bisect('bad', state.bad);
    if (good.length === 0) git.bisect('good', state.good);
    if (bad !== null && good.length > 0) git.bisect('next');
    this.#noteLog();
  }

  /** What is otherwise in the checkout than git left it. */
  #checkoutNotes(): string[] {
    const { git, state } = this;
    const notes: string[] = [];
    const expected = state.stage === 'steps' ? git.expected() : null;
    const head = git.head();
    if (expected !== null && expected !== head) {
      notes.push(
        `git bisect chose ${git.describe(expected)}, checked out is ${git.describe(head)}: that is what is tested`,
      );
    }
    const [changed, ...more] = git.changedFiles();
    if (changed !== undefined) {
      const others = more.length === 0 ? '' : ` and ${more.length} more`;
      const are = more.length === 0 ? 'is' : 'are';
      notes.push(`${changed}${others} in the checkout ${are} changed: what is built is not the commit alone`);
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
    if (stage === 'done') return { kind: 'found', commits: this.#state.found };
    const commit = this.git.head();
    if (stage === 'steps') return this.#judgeStep(commit, verdict);
    this.set(withVerdict(this.#state, commit, this.git.describe(commit), verdict));
    return stage === 'bad-end' ? this.#judgeBadEnd(verdict) : this.#judgeGoodEnd(verdict);
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
      // With another trim it is another kernel, which waits for its config.
      const steps = this.#state.steps.map((step) => ({ ...step, verdict: null }));
      this.set({ ...this.#state, trim, steps });
      this.forgetConfig();
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

  #judgeStep(commit: string, verdict: Verdict): Outcome {
    this.#requirePossible(commit, verdict);
    try {
      this.git.bisect(verdict);
    } finally {
      // A verdict counts also where the next commit cannot be checked out.
      this.#noteLog();
    }
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

  /** Stores what git's own log says. */
  #noteLog(): void {
    this.#store(withGitLog(this.#state, this.git.bisectLog(), (commit) => this.git.describe(commit)));
  }

  /** @param state with what git has. The log is stored last: until then what git has counts as new. */
  #store(state: BisectState): void {
    this.set(state);
    writeText(this.folder, GIT_LOG, this.git.bisectLog());
  }

  /** Ends it: what was checked out before is so again, and what was stored is gone. */
  reset(): void {
    const { git, state } = this;
    this.#undoCheckout();
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

/** Verdicts that a note names. */
const NAMES_SHOWN = 4;

function shortList(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return names.slice(0, NAMES_SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
