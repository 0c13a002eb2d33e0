/** What fixtures/kconfig expects is what the kernel's conf answers. */
import { describe, expect, it } from 'vitest';
import { messageSet } from '../helpers/conf-messages.ts';
import { CASE_ENV, CASE_TARGETS, caseText, fixtureCases } from '../kconfig/cases.ts';
import { describeKernels } from './describe-kernels.ts';
import { dialectOf } from './random-trees.ts';
import { judgeAll } from './small-judge.ts';

describeKernels('fixtures/kconfig', (kernels) => {
  describe.each(kernels)('$version', (kernel) => {
    const { choices, conditionalDependencies } = dialectOf(kernel);
    const era = choices === 'symbol' ? 'old/' : conditionalDependencies ? 'next/' : 'new/';
    it.each(fixtureCases().filter(({ name }) => name.startsWith(era)))('$name', ({ directory, input, expected }) => {
      const runs = CASE_TARGETS.map((target) => ({ directory, target, input, env: CASE_ENV }));
      const answers = judgeAll(kernel.conf, runs).map((result, i) => ({ ...result, target: CASE_TARGETS[i]! }));
      expect(caseText(answers, messageSet)).toBe(expected);
    });
  });
});
