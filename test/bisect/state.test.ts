import { expect, it } from 'vitest';
import { type BisectTrim, widened } from '../../src/bisect/state.ts';

it('a trim is made wider step by step, and keeps what was asked for beside', () => {
  const first: BisectTrim = { deep: 'bold', lean: true, fast: true, keep: ['A'], exec: true, cache: true };
  const steps: BisectTrim[] = [];
  for (let trim = widened(first); trim; trim = widened(trim)) steps.push(trim);
  const rest = { keep: ['A'], exec: true, cache: true };
  expect(steps).toEqual([
    { ...rest, deep: 'evidence', lean: true, fast: true },
    { ...rest, lean: true, fast: true },
    { ...rest, fast: true },
    rest,
  ]);
});
