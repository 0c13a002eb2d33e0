import { expect, it } from 'vitest';
import { foundIn, isSameStart, newVerdicts, verdictsIn, withGitLog } from '../../src/bisect/git-log.ts';
import { newState, stepNumber, stepWithout } from '../../src/bisect/state.ts';

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(40)) as [string, string, string, string];
const START = `# bad: [${D}] last\n# good: [${A}] first\ngit bisect start '${D}' '${A}'\n`;
const judged = (verdict: string, commit: string): string =>
  `# ${verdict}: [${commit}] a subject\ngit bisect ${verdict} ${commit}\n`;

const ends = { good: A, bad: D, goodName: 'first', badName: 'last' };
const start = newState({ ...ends, origin: 'main', base: 'config', listings: ['a'], trim: {}, stage: 'steps' });
const nameOf = (commit: string): string => `v1-${commit[0]}`;

it('of the verdicts of a log the last on a commit counts', () => {
  const log = START + judged('good', B) + judged('skip', C) + judged('bad', B);
  expect([...verdictsIn(log)]).toEqual([
    [B, 'bad'],
    [C, 'skip'],
  ]);
  expect(verdictsIn(START).size).toBe(0);
});

it('what a log says to be found counts until the next verdict', () => {
  const skipped = `# only skipped commits left to test\n# possible first bad commit: [${B}] b\n# possible first bad commit: [${C}] c\n`;
  const found = `# first bad commit: [${C}] a subject with "# first bad commit: [${A}]"\n`;
  expect(foundIn(START + judged('skip', B) + skipped)).toEqual([B, C]);
  expect(foundIn(START + judged('skip', B) + skipped + judged('good', B))).toEqual([]);
  expect(foundIn(START + judged('skip', B) + skipped + judged('good', B) + found + found)).toEqual([C]);
  expect(foundIn(START + found)).toEqual([C]);
});

it('two logs are of one bisection where they began with the same ends', () => {
  expect(isSameStart(START, START + judged('good', B))).toBe(true);
  expect(isSameStart(START, START.replaceAll(A, B))).toBe(false);
  expect(isSameStart(START, '')).toBe(false);
});

it('the state has the verdicts of git, whoever gave them, and no others', () => {
  const tested = { ...stepWithout(B, 'v1-b', 'steps'), config: 'digest', built: 6 };
  const before = { ...start, steps: [tested] };
  const now = withGitLog(before, START + judged('good', B) + judged('skip', C), nameOf);
  expect(now.steps).toEqual([
    { ...tested, verdict: 'good' },
    { ...stepWithout(C, 'v1-c', 'steps'), verdict: 'skip' },
  ]);
  expect(newVerdicts(before, now)).toEqual(['v1-b good', 'v1-c skip']);
  expect(newVerdicts(now, now)).toEqual([]);
  // A commit without a config is no step that is counted.
  expect(stepNumber(now, D)).toBe(2);
  const undone = withGitLog(now, START, nameOf);
  expect(undone.steps.map(({ verdict }) => verdict)).toEqual([null, null]);
  expect(newVerdicts(now, undone)).toEqual(['v1-b open', 'v1-c open']);
});

it('the ends have the verdicts that they were tested with, or those of git', () => {
  const tested = { ...stepWithout(D, 'last', 'bad-end'), config: 'digest', verdict: 'bad' } as const;
  const open = { ...stepWithout(A, 'first', 'good-end'), config: 'digest' };
  const before = { ...start, stage: 'good-end', steps: [tested, open] } as const;
  const byHand = `git bisect start\n${judged('bad', D)}${judged('good', A)}`;
  const now = withGitLog(before, byHand, nameOf);
  expect(now.stage).toBe('steps');
  expect(now.steps.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['last', 'bad'],
    ['first', 'good'],
  ]);
  // The ends of a bisection whose ends were trusted are no steps.
  expect(withGitLog(start, byHand, nameOf).steps).toEqual([]);
});

it('is done where git has found the first bad commit, and goes on where that was taken back', () => {
  const log = `${START}${judged('bad', B)}# first bad commit: [${B}] b\n`;
  const done = withGitLog(start, log, nameOf);
  expect(done).toMatchObject({ stage: 'done', found: [B] });
  expect(withGitLog(done, START, nameOf)).toMatchObject({ stage: 'steps', found: [] });
});
