import { createHash } from 'node:crypto';
import { stripControlCharacters } from '../plain-text.ts';
import { DATA_ID, type PageData } from './page-data.ts';
import { fittingData, MOST_BYTES } from './page-size.ts';

/** What a page is made of beside its data. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * A page as one file that asks nothing of a network. Its policy allows the one script and the one style sheet that are
 * in it, by their hashes, and nothing else. What would make it too large is left out, and it says so.
 * @returns HTML, for UTF-8; below `MOST_BYTES`
 */
export function renderPage(data: PageData, assets: PageAssets): string {
  const frameBytes = Buffer.byteLength(pageOf({ ...data, title: '' }, '', assets));
  const bytesOf = (each: PageData): number => Buffer.byteLength(embeddedJson(each) + escapeText(each.title));
  const fitting = fittingData(data, bytesOf, MOST_BYTES - 1 - frameBytes);
  return pageOf(fitting, embeddedJson(fitting), assets);
}

function pageOf({ title }: PageData, json: string, { script, style }: PageAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="kconfig-trim">
<title>${escapeText(stripControlCharacters(title))}</title>
<style>${style}</style>
</head>
<body>
<noscript><p>This page needs JavaScript to show its data. It loads nothing from anywhere.</p></noscript>
<script type="application/json" id="${DATA_ID}">${json}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** For a policy: the text between the tags, byte for byte. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}

/**
 * JSON that a script element may hold. `<` would begin a tag that ends it (`</script>`) or hides the end (`<!--`), and
 * what would drive or deceive a reader's screen is left out.
 */
export function embeddedJson(value: unknown): string {
  const json = JSON.stringify(value, (_, each) => (typeof each === 'string' ? stripControlCharacters(each) : each));
  return json.replaceAll('<', '\\u003c');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const escapeText = (text: string): string => text.replace(/[&<>]/g, (found) => ENTITIES[found]!);
