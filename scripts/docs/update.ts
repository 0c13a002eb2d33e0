/**
 * npm run docs
 *
 * Writes into README.md and docs/*.md what their commands print now. Those on Debian's kernel need `npm run setup:kernel`
 * (or KCONFIG_TRIM_KERNELS); without it they stay. Draws the chart of the table in docs/comparison.md.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparisonChart, withTotals } from './comparison.ts';
import { REPOSITORY, readPages } from './pages.ts';
import { printedPage } from './printed-pages.ts';
import { hasKernels, startProgram } from './scenes.ts';

const pages = readPages();
const comparison = pages.find(({ path }) => path === 'docs/comparison.md')!.text;
writeFileSync(join(REPOSITORY, 'docs/comparison.svg'), comparisonChart(comparison));
for (const page of pages) {
  const printed = await printedPage(page, ({ scene }) => scene !== 'debian' || hasKernels(), startProgram);
  const text = withTotals(printed, comparison);
  if (text === page.text) continue;
  writeFileSync(join(REPOSITORY, page.path), text);
  process.stdout.write(`${page.path}\n`);
}
