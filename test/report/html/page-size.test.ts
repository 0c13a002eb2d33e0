import { describe, expect, it } from 'vitest';
import { embeddedJson, renderPage } from '../../../src/report/html/page.ts';
import type { PageData, Section, SymbolEntry } from '../../../src/report/html/page-data.ts';
import { fittingData, MOST_BYTES } from '../../../src/report/html/page-size.ts';
import { emptyPage } from './empty-page.ts';

const ASSETS = { script: 'document.title;', style: 'body{margin:0}' };
const NEEDLESS = 'No loaded module needs it.';

/** Every second symbol went for nothing, and has a module. */
function pageOf(count: number, more: Partial<PageData> = {}): PageData {
  const symbols = Array.from({ length: count }, (_, index): SymbolEntry => {
    const name = `SYMBOL_${index}`;
    return index % 2 ? [name, 'mn', 0] : [name, 'mm', ['', `a is built by ${name}`, 'Makefile:1']];
  });
  const modules = symbols.map(([name, values], index) => [name.toLowerCase(), values, index] as const);
  return emptyPage({ symbols: { symbols, modules: [['drivers', modules]], texts: [NEEDLESS] }, ...more });
}

const sizeOf = (data: PageData): number => Buffer.byteLength(embeddedJson(data));
const dataOf = (html: string): PageData => JSON.parse(/id="data">(.*?)<\/script>/s.exec(html)![1]!) as PageData;

describe('a page that would be too large', () => {
  it('leaves out first what went for nothing, and says so', () => {
    const whole = pageOf(100);
    expect(fittingData(whole, sizeOf, sizeOf(whole))).toBe(whole);
    const { symbols, notices } = fittingData(whole, sizeOf, sizeOf(whole) - 1);
    expect(symbols!.symbols).toEqual(whole.symbols!.symbols.filter(([, values]) => values === 'mm'));
    const [, modules] = symbols!.modules[0]!;
    expect(modules).toHaveLength(50);
    for (const [file, , place] of modules) expect(symbols!.symbols[place!]![0]).toBe(file.toUpperCase());
    expect(notices).toEqual([
      {
        level: 'note',
        text: `The search leaves out 50 symbols that went (“No loaded module needs it”), so that this page stays below 1 MB.`,
      },
    ]);
  });

  it('has rows cut then, with how many more there are', () => {
    const section = { id: 'a', heading: 'A', intro: 'All.', columns: [{ name: 'A' }] };
    const rows = Array.from({ length: 1500 }, (_, index) => [`row ${index}`]);
    const data = pageOf(100, { sections: [{ ...section, rows }] });
    const cut = fittingData(data, sizeOf, 16_000);
    expect(cut.symbols).toBeNull();
    expect([cut.sections[0]!.rows.length, cut.sections[0]!.intro]).toEqual([1000, 'All. And 500 more.']);
    expect(cut.notices.map(({ text }) => text.slice(0, 20))).toEqual([
      'The search leaves ou',
      'The reasons of symbo',
      'Tables have 1,000 ro',
    ]);
  });

  it('is below 1 MB whatever is in it', () => {
    const long = '<'.repeat(500);
    const line = { text: long, at: long };
    const row = [{ text: long, lines: Array.from({ length: 10 }, () => line) }, long, long, long, long, long];
    const section: Section = {
      ...{ id: 'a', heading: 'A', intro: long, columns: row.map(() => ({ name: 'A' })) },
      rows: Array.from({ length: 50 }, () => row),
    };
    const notices = Array.from({ length: 50 }, () => ({ level: 'note', text: long }) as const);
    const facts = Array.from({ length: 50 }, () => [long, long] as const);
    const sections = Array.from({ length: 2 }, () => section);
    const html = renderPage(pageOf(5000, { title: long, notices, facts, sections }), ASSETS);
    expect(Buffer.byteLength(html)).toBeLessThan(MOST_BYTES);
    expect(dataOf(html).notices.at(-1)!.text).toContain('stays below 1 MB');
  });
});
