import { expect, it } from 'vitest';
import { percentText } from '../../src/report/percent-text.ts';

it.each([
  [0, '0 %'],
  [0.00001, '0.1 %'],
  [0.0032, '0.3 %'],
  [0.006, '1 %'],
  [0.126, '13 %'],
  [0.994, '99 %'],
  [1 - 30 / 6105, '99.5 %'],
  [0.99999, '99.9 %'],
  [1, '100 %'],
  [1.004, '100 %'],
  [2.5, '250 %'],
  [-0.003, '-0.3 %'],
  [-0.12, '-12 %'],
])('%d is %s', (share, text) => {
  expect(percentText(share)).toBe(text);
});
