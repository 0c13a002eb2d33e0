import { type BisectState, type Step, stepWithout, type Verdict } from './state.ts';

/**
 * The verdicts in the output of `git bisect log`, by commit: of one commit the last counts. Those of the ends are in it
 * where `git bisect start` was not given them.
 */
export function verdictsIn(log: string): ReadonlyMap<string, Verdict> {
  const lines = log.matchAll(/^git bisect (good|bad|skip) ([0-9a-f]{40,64})$/gm);
  return new Map([...lines].map(([, verdict, commit]) => [commit!, verdict as Verdict]));
}

/**
 * In the output of `git bisect log`: the first bad commit, or all that can be it where commits were skipped; none where a
 * verdict came after that.
 */
export function foundIn(log: string): string[] {
  const end = log.slice(Math.max(0, log.lastIndexOf('\ngit bisect ')));
  const found = end.matchAll(/^# (?:possible )?first bad commit: \[([0-9a-f]{40,64})\]/gm);
  return [...new Set([...found].map(([, commit]) => commit!))];
}

/** Whether two logs are of one bisection: it began with the same ends. */
export function isSameStart(log: string, other: string): boolean {
  const startOf = (text: string): string | undefined => /^git bisect start.*$/m.exec(text)?.[0];
  return startOf(log) === startOf(other);
}

/**
 * The state with what git has: its verdicts, whoever gave them, and what it found.
 * @param log the output of `git bisect log`
 * @param nameOf names a commit as `git describe` does
 */
export function withGitLog(state: BisectState, log: string, nameOf: (commit: string) => string): BisectState {
  const verdicts = verdictsIn(log);
  const known = state.steps.map((step): Step => {
    const verdict = verdicts.get(step.commit) ?? null;
    // git was asked only after the ends, and may not have been given them by a verdict.
    return step.stage === 'steps' ? { ...step, verdict } : { ...step, verdict: step.verdict ?? verdict };
  });
  const named = new Set([state.good, state.bad, ...known.map(({ commit }) => commit)]);
  const others = [...verdicts]
    .filter(([commit]) => !named.has(commit))
    .map(([commit, verdict]) => ({ ...stepWithout(commit, nameOf(commit), 'steps'), verdict }));
  const found = foundIn(log);
  return { ...state, steps: [...known, ...others], found, stage: found.length > 0 ? 'done' : 'steps' };
}

/** The verdicts that one state has and another had not, for a person: `good v6.2-rc1`. */
export function newVerdicts(before: BisectState, now: BisectState): string[] {
  const wordOf = ({ verdict, name }: Step): string => `${name} ${verdict ?? 'open'}`;
  const had = new Set(before.steps.map((step) => `${step.stage} ${wordOf(step)}`));
  return now.steps.filter((step) => !had.has(`${step.stage} ${wordOf(step)}`)).map(wordOf);
}
