import { readFileSync } from 'node:fs';
import type { PageAssets } from '../../src/report/html/page.ts';
import type { PageData } from '../../src/report/html/page-data.ts';

/** What a page of `--html` shows. */
export function pageData(file: string): PageData {
  return JSON.parse(between(readFileSync(file, 'utf8'), '<script type="application/json" id="data">', '</script>'));
}

/** The script and the style sheet of a page, as the build made them. */
export function pageAssets(file: string): PageAssets {
  const html = readFileSync(file, 'utf8');
  return { script: between(html, '<script>', '</script>'), style: between(html, '<style>', '</style>') };
}

function between(text: string, begin: string, end: string): string {
  const at = text.indexOf(begin) + begin.length;
  return text.slice(at, text.indexOf(end, at));
}
