import { expect, it } from 'vitest';
import { Guards } from '../../src/evidence/guard.ts';
import { evaluateCondition, printCondition } from '../../src/kbuild/index.ts';

const lookup = (on: Readonly<Record<string, string>>) => (name: string) => on[name];

it.each<[string, Record<string, string>, boolean]>([
  ['defined(CONFIG_A)', { A: 'y' }, true],
  ['defined(CONFIG_A)', { A: 'm' }, false],
  ['defined CONFIG_A', { A: 'y' }, true],
  ['IS_ENABLED(CONFIG_A)', { A: 'm' }, true],
  ['defined(CONFIG_A_MODULE)', { A: 'm' }, true],
  ['!(defined(CONFIG_A) || defined(CONFIG_B))', { B: 'y' }, false],
  ['(!defined(CONFIG_A)) && (IS_BUILTIN(CONFIG_B) || X > 3)', {}, true],
  ['!(defined(CONFIG_A) && defined(X))', { A: 'y' }, true],
  ['defined(CONFIG_A) && defined(X)', {}, false],
])('%s with %j', (text, on, expected) => {
  const condition = new Guards().condition(text);
  expect(condition === null || evaluateCondition(condition, lookup(on))).toBe(expected);
});

it.each(['', 'defined(X)', 'defined(CONFIG_A) || X', '((((', 'CONFIG_A > 2', ')'])(
  '%j says nothing that counts',
  (text) => {
    expect(new Guards().condition(text)).toBeNull();
  },
);

it('has one condition for equal guards', () => {
  const guards = new Guards();
  expect(guards.condition('defined(CONFIG_A)')).toBe(guards.condition('defined(CONFIG_A)'));
  expect(printCondition(guards.condition('defined(CONFIG_A)')!)).toBe('A=y');
});
