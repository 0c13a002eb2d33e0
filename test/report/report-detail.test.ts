import { expect, it } from 'vitest';
import { ALL, lessDetail, listedNames, USUAL } from '../../src/report/report-detail.ts';

const NAMES = ['alpha', 'beta', 'gamma', 'delta'];

it('lists all names, a number of them, or as many as fit', () => {
  const [line] = lessDetail(40);
  expect(listedNames(NAMES, ALL, 2, 13)).toBe('alpha, beta, gamma, delta');
  expect(listedNames(NAMES, USUAL, 2, 13)).toBe('alpha, beta, and 2 more (-v)');
  expect(listedNames(NAMES, USUAL, 6, 13)).toBe('alpha, beta, gamma, delta');
  expect(listedNames(NAMES, line!, 2, 13)).toBe('alpha, beta, gamma, delta');
  expect(listedNames(NAMES, line!, 2, 16)).toBe('alpha, and 3 more (-v)');
});

it('names one at least, however little room there is', () => {
  const [line] = lessDetail(20);
  expect(listedNames(NAMES, line!, 2, 30)).toBe('alpha, and 3 more (-v)');
});
