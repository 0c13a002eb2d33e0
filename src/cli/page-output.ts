import { resolve } from 'node:path';
import { NodeFileWriter } from '../platform/write-file.ts';
import { renderPage } from '../report/html/page.ts';
import type { PageData } from '../report/html/page-data.ts';
import type { CommandRun } from './command-run.ts';
import { utf8Bytes } from './data-output.ts';
import type { PageOptions } from './options.ts';

/** The page's script and style sheet, put in by the build. */
declare const KCONFIG_TRIM_PAGE_SCRIPT: string;
declare const KCONFIG_TRIM_PAGE_STYLE: string;

/** @throws InputError where the page of `--html` could not be written: better before the work than after it */
export function requirePageWritable({ platform }: CommandRun, { html }: PageOptions): void {
  if (html !== undefined) new NodeFileWriter().requireWritable(resolve(platform.cwd, html));
}

/**
 * Writes the page that `--html` asks for; without it nothing.
 * @param page asked for where it is written
 * @throws InputError where it cannot be written
 */
export function writePage({ platform }: CommandRun, { html }: PageOptions, page: () => PageData): void {
  if (html === undefined) return;
  const assets = { script: KCONFIG_TRIM_PAGE_SCRIPT, style: KCONFIG_TRIM_PAGE_STYLE };
  const text = renderPage(page(), assets);
  new NodeFileWriter().writeConfigAtomic(resolve(platform.cwd, html), utf8Bytes(text), false);
}
