import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Page, REPOSITORY, readPages } from '../../scripts/docs/pages.ts';

const pages = readPages();

/** The page without its code. */
const prose = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');

/** Names that GitHub gives to the headings of a page. */
function anchors(text: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading]) => {
      const name = heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-');
      const count = seen.get(name) ?? 0;
      seen.set(name, count + 1);
      return count === 0 ? name : `${name}-${count}`;
    }),
  );
}

/** Why a link of a page leads nowhere; null where it leads somewhere. */
function fault(page: Page, link: string): string | null {
  const [path = '', anchor] = link.split('#') as [string, string?];
  const target = path === '' ? page.path : normalize(join(dirname(page.path), path));
  if (target.startsWith('..') || !existsSync(join(REPOSITORY, target))) return `${link}: no such file`;
  if (anchor === undefined) return null;
  return anchors(readFileSync(join(REPOSITORY, target), 'utf8')).has(anchor) ? null : `${link}: no such heading`;
}

describe('the documentation', () => {
  it('has no link that leads nowhere', () => {
    let count = 0;
    for (const page of pages) {
      const inline = [...prose(page.text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
      const links = inline.filter((link) => !/^\w+:/.test(link));
      count += links.length;
      expect([page.path, links.map((link) => fault(page, link)).filter(Boolean)]).toEqual([page.path, []]);
    }
    expect(count).toBeGreaterThan(30);
  });

  it('finds links that lead nowhere', () => {
    const [readme] = pages;
    expect(fault(readme!, 'docs/none.md')).toBe('docs/none.md: no such file');
    expect(fault(readme!, 'docs/trim.md#none')).toBe('docs/trim.md#none: no such heading');
    expect(fault(readme!, 'docs/trim.md#promises')).toBeNull();
  });

  it('is linked from the README, page by page', () => {
    const linked = new Set(
      pages.flatMap(({ path, text }) =>
        [...prose(text).matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => normalize(join(dirname(path), link!))),
      ),
    );
    expect(pages.map(({ path }) => path).filter((path) => path !== 'README.md' && !linked.has(path))).toEqual([]);
  });
});
