import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPage } from '../../src/report/html/page.ts';
import { copyExample, run } from '../cli/run.ts';
import { pageAssets, pageData } from '../helpers/page.ts';
import { emptyPage } from '../report/html/empty-page.ts';
import { findChromium, type OpenedPage, openPage, startChromium } from './browser.ts';

const executable = findChromium();
if (executable === null) {
  process.stderr.write('SKIPPED: no chromium here (apt-get install chromium): the page of --html is not tested\n');
}

/** Would run if any of it were taken for HTML. */
const HOSTILE = '</script><img src=x onerror="document.title=1"><!--';

describe.skipIf(executable === null)('the page of a trim', () => {
  let browser: Browser;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    browser = await startChromium(executable!);
    folder = copyExample();
    cpSync(join(folder, 'config'), join(folder, 'c<img src=x onerror="document.title=1">'));
    file = join(folder, 'page.html');
    const words = ['-C', 'tree', '-c', 'c<img src=x onerror="document.title=1">', '-l', 'lsmod.txt', '--no-exec'];
    const { status } = await run(['trim', ...words, '--dry-run', '--html', file], { cwd: folder });
    expect(status).toBe(0);
  });
  afterAll(() => browser?.close());

  const open = (options?: Parameters<typeof openPage>[2]): Promise<OpenedPage> => openPage(browser, file, options);

  /** What tiles show, and the areas that they have. */
  const tilesOf = (page: Page): Promise<{ path: string; seconds: number; area: number }[]> =>
    page.locator('.tile').evaluateAll((tiles) =>
      tiles.map((tile) => {
        const { width, height } = tile.getBoundingClientRect();
        return {
          path: tile.getAttribute('data-path')!,
          seconds: Number(tile.getAttribute('data-seconds')),
          area: width * height,
        };
      }),
    );
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

  it.each([
    { width: 1280, colorScheme: 'light' },
    { width: 1280, colorScheme: 'dark' },
    { width: 400, colorScheme: 'light' },
    { width: 400, colorScheme: 'dark' },
  ] as const)('is silent and fits: $width pixels, $colorScheme', async ({ width, colorScheme }) => {
    const { page, complaints } = await open({ viewport: { width, height: 800 }, colorScheme });
    expect(await page.locator('h1').textContent()).toBe('Trim of Linux 6.12.0-example, x86');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const dark = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(dark).toBe(colorScheme === 'dark' ? 'rgb(17, 20, 24)' : 'rgb(251, 251, 250)');
    expect(complaints).toEqual([]);
  });

  it('shows names as text', async () => {
    const { page } = await open();
    await expect(page.locator('#facts').textContent()).resolves.toContain('c<img src=x onerror="document.title=1">');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Trim of Linux 6.12.0-example, x86');
  });

  it('has areas that are the CPU time, and add up to all of it, before and after', async () => {
    const { page } = await open();
    const { figures } = pageData(file);
    for (const [label, figure] of [
      ['Before', figures[2]!.before],
      ['After', figures[2]!.after],
    ] as const) {
      await page.locator('.choice label', { hasText: label }).click();
      const tiles = await tilesOf(page);
      const seconds = sum(tiles.map((tile) => tile.seconds));
      expect(`${Math.round(seconds)} s`).toBe(figure);
      const { width, height } = (await page.locator('.tiles').boundingBox())!;
      expect(sum(tiles.map(({ area }) => area))).toBeCloseTo(width * height, -2);
      for (const tile of tiles) {
        expect(Math.abs(tile.area / (width * height) - tile.seconds / seconds)).toBeLessThan(0.002);
      }
    }
  });

  it('goes into a directory and out again, by mouse and by keyboard', async () => {
    const { page, complaints } = await open();
    const top = await tilesOf(page);
    const drivers = top.find(({ path }) => path === 'drivers')!;
    await page.locator('.tile[data-path="drivers"]').click();
    const below = await tilesOf(page);
    expect(below.every(({ path }) => path.startsWith('drivers/'))).toBe(true);
    expect(sum(below.map(({ seconds }) => seconds))).toBeCloseTo(drivers.seconds, 1);
    await page.getByRole('button', { name: 'Kernel' }).click();
    expect(await tilesOf(page)).toEqual(top);

    await page.locator('.tile[data-path="drivers"]').focus();
    await page.keyboard.press('Enter');
    expect(await tilesOf(page)).toEqual(below);
    const focused = 'document.activeElement.getAttribute("data-path")';
    expect(await page.evaluate(focused)).toBe(below[0]!.path);
    await page.keyboard.press('ArrowRight');
    const right = await page.evaluate(focused);
    expect(right).not.toBe(below[0]!.path);
    await page.keyboard.press('ArrowLeft');
    expect(await page.evaluate(focused)).not.toBe(right);
    await page.keyboard.press('Escape');
    expect(await page.evaluate(focused)).toBe('drivers');
    expect(complaints).toEqual([]);
  });

  it('has the same figures as a table', async () => {
    const { page } = await open();
    await page.getByText('The same as a table').click();
    const first = await page.locator('.as-table tbody tr').first().locator('th, td').allTextContents();
    expect(first).toEqual(['All of it', '74 s', '60 s', '14 s']);
    expect(await page.locator('.as-table tbody tr').count()).toBe((await tilesOf(page)).length + 1);
  });

  it('finds symbols and modules, and says why', async () => {
    const { page, complaints } = await open();
    const search = page.getByRole('searchbox');
    const results = page.locator('.results');
    await search.fill('CONFIG_LEDS_CLASS');
    await expect(results.locator('details[open] li').allTextContents()).resolves.toEqual([
      'mac80211 has the feature MAC80211_LEDS net/mac80211/Makefile:5',
      'MAC80211_LEDS depends on LEDS_CLASS=y || LEDS_CLASS=MAC80211 net/mac80211/Kconfig:12',
    ]);
    await search.fill('heron');
    expect(await results.textContent()).toContain('heron module stays m');
    await search.fill('nvidia');
    expect(await results.textContent()).toContain('not in this tree');
    await search.fill('there is no such thing');
    expect(await page.getByRole('status').textContent()).toContain('Nothing found');
    await search.press('Escape');
    expect(await search.inputValue()).toBe('');
    expect(complaints).toEqual([]);
  });

  it('shows the chain of a kept symbol', async () => {
    const { page } = await open();
    const row = page.locator('#kept tr', { hasText: 'LEDS_CLASS' }).first();
    await page
      .getByRole('button', { name: /^Show \d+ more$/ })
      .last()
      .click();
    await row.locator('summary').click();
    // Browsers send `toggle` after the click, when they come to it.
    await row.getByText('MAC80211_LEDS depends on LEDS_CLASS').waitFor();
  });

  it('is for those who do not see it, too', async () => {
    const { page } = await open();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.locator('h1').count()).toBe(1);
    for (const landmark of ['banner', 'main', 'contentinfo', 'search'] as const) {
      expect(await page.getByRole(landmark).count()).toBe(1);
    }
    const unnamed = await page
      .locator('button, input, a, summary')
      .evaluateAll((all) =>
        all.filter((each) => !(each.textContent || each.ariaLabel || each.id || each.closest('label'))),
      );
    expect(unnamed).toEqual([]);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the report');
  });

  it('prints all rows, on a light ground', async () => {
    const { page } = await open({ colorScheme: 'dark' });
    await page.evaluate('window.dispatchEvent(new Event("beforeprint"))');
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    const { rows } = pageData(file).sections.find(({ id }) => id === 'loaded')!;
    expect(await page.locator('#loaded tbody tr').count()).toBe(rows.length);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('takes a symbol that is called </script> for a name', async () => {
    const hostile = join(folder, 'hostile.html');
    const data = emptyPage({
      title: HOSTILE,
      notices: [{ level: 'warning', text: HOSTILE }],
      facts: [[HOSTILE, HOSTILE]],
      figures: [{ name: HOSTILE, before: HOSTILE, after: HOSTILE, share: 0.5 }],
      time: { names: [HOSTILE, 'After'], root: ['', [0, 0], [[HOSTILE, [500, 100], []]]] },
      sections: [
        {
          id: 'kept',
          heading: HOSTILE,
          intro: HOSTILE,
          columns: [{ name: HOSTILE }],
          rows: [[{ text: HOSTILE, chain: HOSTILE }]],
        },
      ],
      symbols: {
        symbols: [[HOSTILE, 'mm', ['', HOSTILE, HOSTILE]]],
        modules: [[HOSTILE, [[HOSTILE, 'mm', 0]]]],
        texts: [],
      },
    });
    writeFileSync(hostile, renderPage(data, pageAssets(file)));
    const { page, complaints } = await openPage(browser, hostile);
    await page.getByRole('searchbox').fill('</script>');
    await page.locator('#kept summary').click();
    expect(await page.locator('#kept li').textContent()).toBe(`${HOSTILE} ${HOSTILE}`);
    expect(await page.locator('.results summary').first().textContent()).toContain(HOSTILE);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe(HOSTILE);
    expect(complaints).toEqual([]);
  });
});

/** A name that is wider than a narrow page, and has no place where a line is broken. */
const LONG = 'config.amd64_none_cloud_of_a_distribution_with_a_long_name';

describe.skipIf(executable === null)('pages of the other commands', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium(executable!);
  });
  afterAll(() => browser?.close());

  it.each([
    ['estimate', ['estimate'], 'CFG80211'],
    ['estimate of two', ['estimate', LONG, 'config'], 'CFG80211'],
    ['check', ['check', '-l', 'lsmod.txt'], 'zram'],
    ['why', ['why', 'LEDS_CLASS', '-l', 'lsmod.txt'], 'LEDS_CLASS'],
    ['why without a listing', ['why', 'LEDS_CLASS', '-l', '/dev/null', '--force'], 'LEDS_CLASS'],
  ] as const)('%s: silent, fits, and finds', async (_, words, name) => {
    const cwd = copyExample();
    const file = join(cwd, 'page.html');
    cpSync(join(cwd, 'config'), join(cwd, LONG));
    await run([...words, '-C', 'tree', '-c', LONG, '--no-exec', '--html', file], { cwd });
    for (const width of [1280, 400]) {
      const { page, complaints } = await openPage(browser, file, { viewport: { width, height: 800 } });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await page.getByRole('searchbox').fill(name);
      expect(await page.locator('.results').textContent()).toContain(name);
      expect(complaints).toEqual([]);
    }
  });
});
