import { expect, it } from 'vitest';
import {
  type BisectTrim,
  newState,
  type Step,
  stepNumber,
  widened,
  withStep,
  withVerdict,
} from '../../src/bisect/state.ts';

it('a trim is made wider step by step, and keeps what was asked for beside', () => {
  const first: BisectTrim = { deep: 'bold', lean: true, fast: true, keep: ['A'] };
  const steps: BisectTrim[] = [];
  for (let trim = widened(first); trim; trim = widened(trim)) steps.push(trim);
  const rest = { keep: ['A'] };
  expect(steps).toEqual([
    { ...rest, deep: 'evidence', lean: true, fast: true },
    { ...rest, lean: true, fast: true },
    { ...rest, fast: true },
    rest,
  ]);
});

it('a commit that gets its config once more stays the step that it was', () => {
  const ends = { good: 'a', bad: 'z', goodName: 'a', badName: 'z' };
  const start = newState({ ...ends, origin: 'main', base: 'config', listings: ['a'], trim: {}, stage: 'steps' });
  const step = (commit: string, built: number): Step => ({
    ...{ commit, built, name: commit, stage: 'steps', config: 'digest', absent: [], without: [], verdict: null },
    wallSeconds: 60,
  });
  const state = [step('b', 1), step('c', 1), step('b', 2)].reduce(withStep, start);
  expect(state.steps).toEqual([step('b', 2), step('c', 1)]);
  expect(['b', 'c', 'd'].map((commit) => stepNumber(state, commit))).toEqual([1, 2, 3]);
});

it('an end that no config was made for gets its verdict', () => {
  const ends = { good: 'a', bad: 'z', goodName: 'a', badName: 'z' };
  const start = newState({ ...ends, origin: 'main', base: 'config', listings: ['a'], trim: {}, stage: 'bad-end' });
  const state = withVerdict(start, 'z', 'v1-2', 'bad');
  expect(state.steps).toMatchObject([{ commit: 'z', name: 'v1-2', stage: 'bad-end', config: null, verdict: 'bad' }]);
});
