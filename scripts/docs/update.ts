/**
 * npm run docs
 *
 * Writes into README.md and docs/*.md what their commands print now. Those on Debian's kernel need `npm run setup:kernel`
 * (or KCONFIG_TRIM_KERNELS); without it they stay.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, readPages } from './pages.ts';
import { printedPage } from './printed-pages.ts';
import { hasKernels, startProgram } from './scenes.ts';

for (const page of readPages()) {
  const text = await printedPage(page, ({ scene }) => scene !== 'debian' || hasKernels(), startProgram);
  if (text === page.text) continue;
  writeFileSync(join(REPOSITORY, page.path), text);
  process.stdout.write(`${page.path}\n`);
}
