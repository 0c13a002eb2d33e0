import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { comparisonChart, totalsTable, ways, withTotals } from '../../scripts/docs/comparison.ts';
import { REPOSITORY } from '../../scripts/docs/pages.ts';

const read = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');
const page = read('docs/comparison.md');

it('the README and the chart show the sums of the table (npm run docs)', () => {
  expect(withTotals(read('README.md'), page)).toBe(read('README.md'));
  expect(read('README.md')).toContain(totalsTable(page));
  expect(read('docs/comparison.svg')).toBe(comparisonChart(page));
});

it("the sums are those of the table's last line", () => {
  const [, ...cells] = page
    .match(/^\| all \|(.*)$/m)![1]!
    .split('|')
    .map((cell) => Number(cell));
  expect(ways(page).map(({ lost }) => lost)).toEqual([cells[1], cells[5], null]);
});
