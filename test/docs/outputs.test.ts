import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY, readPages, type ShownOutput, shownOutputs } from '../../scripts/docs/pages.ts';
import { printedPage } from '../../scripts/docs/printed-pages.ts';
import { startHere } from '../helpers/start-here.ts';

describe('what the documentation shows of outputs', () => {
  const pages = readPages();
  // test/program has those that build or ask a toolchain, test/conformance those on Debian's kernel.
  const isLight = ({ command, scene }: ShownOutput): boolean => command.includes(' --no-exec') && scene !== 'debian';

  it.each(pages.filter(({ text }) => shownOutputs(text).some(isLight)))(
    'in $path is what is printed (npm run docs)',
    async (page) => {
      expect(await printedPage(page, isLight, startHere)).toBe(page.text);
    },
  );

  it('is the report of npm start in the README', () => {
    const [readme] = pages;
    expect(shownOutputs(readme!.text).map(({ command }) => command)).toContain('npm start');
    expect(readme!.text.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it('is never a block that no command has made', () => {
    for (const { path, text } of pages) {
      const byHand = [...text.matchAll(/(<!-- .*? -->\n+)?^```\n([\s\S]*?)^```$/gm)].filter(
        ([, marker, block]) => !marker && /^(?:tree {7}Linux|result {5}|config {5})/m.test(block!),
      );
      expect([path, byHand.map(([block]) => block)]).toEqual([path, []]);
    }
  });

  it('names the version that it is of', () => {
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { version: string };
    for (const { path, text } of pages) {
      const pinned = [...text.matchAll(/kconfig-trim@v?([^\s<"]+)/g)].map(([, named]) => named);
      expect([path, [...new Set(pinned)].filter((named) => named !== version)]).toEqual([path, []]);
    }
    expect(pages[0]!.text).toContain(`kconfig-trim@${version}`);
  });
});
