/**
 * npm run docs:picture
 *
 * Takes the picture of the page that a trim of the example writes, docs/html.png. Needs chromium (`npm run setup:browser`).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium, openPage, startChromium } from '../../test/browser/browser.ts';
import { REPOSITORY } from './pages.ts';
import { startProgram } from './scenes.ts';

/** Pixels. */
const SIZE = { width: 1280, height: 1160 };
/** What the search is asked for. */
const ASKED = 'LEDS_CLASS';

const executable = findChromium();
if (executable === null) throw new Error('there is no chromium: npm run setup:browser');
const folder = mkdtempSync(join(tmpdir(), 'kconfig-trim-page-'));
const browser = await startChromium(executable);
try {
  const example = 'fixtures/example';
  const inputs = ['-C', `${example}/tree`, '-c', `${example}/config`, '-l', `${example}/lsmod.txt`, '--arch', 'x86'];
  const file = join(folder, 'page.html');
  const { PATH = '' } = process.env;
  await startProgram(['trim', ...inputs, '--no-exec', '--no-cache', '--dry-run', '--html', file], {
    cwd: REPOSITORY,
    env: { PATH },
  });
  const { page } = await openPage(browser, file, { viewport: SIZE, colorScheme: 'light' });
  await page.getByRole('searchbox').fill(ASKED);
  await page.screenshot({ path: join(REPOSITORY, 'docs/html.png') });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
