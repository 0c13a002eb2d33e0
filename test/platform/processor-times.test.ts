import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { processorTimes, threadMs } from '../../src/platform/processor-times.ts';

const ownMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

it('tells the main thread from others, and from programs', () => {
  const before = processorTimes(ownMs(), 0);
  spawnSync('/bin/sh', ['-c', 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done']);
  const after = processorTimes(ownMs(), 0);
  expect(after.programsMs - before.programsMs).toBeGreaterThanOrEqual(30);
  const start = threadMs(process.pid)!;
  while (threadMs(process.pid)! < start + 50);
  const { mainMs, engineMs, threadsMs } = processorTimes(ownMs(), 0);
  expect(mainMs - after.mainMs).toBeGreaterThanOrEqual(50);
  expect(threadsMs).toBe(0);
  expect(engineMs).toBeGreaterThanOrEqual(0);
});

it('has all for the main thread where a thread is not known', () => {
  expect(threadMs(0)).toBeNull();
});
