import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { embeddedJson, renderPage } from '../../../src/report/html/page.ts';
import { emptyPage } from './empty-page.ts';

const ASSETS = { script: 'document.title;', style: 'body{margin:0}' };
const hash = (text: string): string => createHash('sha256').update(text).digest('base64');

describe('a page', () => {
  it('allows its own script and style sheet, and nothing else', () => {
    const html = renderPage(emptyPage({}), ASSETS);
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)!;
    expect(policy!.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash(ASSETS.script)}'`,
      `style-src 'sha256-${hash(ASSETS.style)}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(html).toContain(`<script>${ASSETS.script}</script>`);
    expect(html).toContain(`<style>${ASSETS.style}</style>`);
  });

  it('is not ended by a name', () => {
    const name = '</script><script>alert(1)</script><!--';
    const html = renderPage(emptyPage({ title: name, facts: [[name, name]] }), ASSETS);
    expect(html.match(/<\/script>/gi)).toHaveLength(2);
    expect(html).not.toContain('<!--');
    expect(html).toContain('<title>&lt;/script&gt;');
  });

  it('has names as they are, without what would drive a screen', () => {
    expect(JSON.parse(embeddedJson({ name: '</script>&"\u2028\u001b[31m\u202e' }))).toEqual({
      name: '</script>&"[31m',
    });
  });
});
