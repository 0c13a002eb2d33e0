import { expect, it } from 'vitest';
import { Phases } from '../../src/cli/phases.ts';
import type { Platform, ProcessorTimes } from '../../src/platform/platform.ts';
import { Scope } from '../../src/platform/scope.ts';

it('says what each phase took on the clock, and of the processors who', async () => {
  let now = 0;
  let times: ProcessorTimes = { mainMs: 10, threadsMs: 0, engineMs: 5, programsMs: 0 };
  const platform = {
    monotonicMs: () => now,
    used: () => ({ processors: times, memoryBytes: 3 * 1024 ** 2 }),
  } as unknown as Platform;
  const phases = await Phases.start(false, platform, new Scope(), false);
  now = 20;
  phases.begin('read');
  now = 50;
  times = { mainMs: 30, threadsMs: 7, engineMs: 6, programsMs: 40 };
  phases.begin('match');
  now = 60;
  phases.begin('read');
  now = 61;
  phases.finish();
  expect(phases.text()).toBe(
    [
      'ms               clock      main   sources        V8  programs',
      'start             20.0      10.0       0.0       5.0       0.0',
      'read              31.0      20.0       7.0       1.0      40.0',
      'match             10.0       0.0       0.0       0.0       0.0',
      'keep               0.0       0.0       0.0       0.0       0.0',
      'total             61.0      30.0       7.0       6.0      40.0',
      'memory         3.0 MiB',
      '',
    ].join('\n'),
  );
});
