import { expect, it } from 'vitest';
import { afterwards, doAfterwards } from '../../src/workspace/afterwards.ts';

it('does what was put off once, in order, whatever fails', () => {
  const done: number[] = [];
  afterwards(() => done.push(1));
  afterwards(() => {
    throw new Error('no');
  });
  afterwards(() => done.push(2));
  expect(done).toEqual([]);
  doAfterwards();
  doAfterwards();
  expect(done).toEqual([1, 2]);
});
