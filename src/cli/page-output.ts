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

/** A page that was written. */
export interface WrittenPage {
  /** Absolute. */
  readonly path: string;
  /** Where the file of before is; null where there was none. */
  readonly backup: string | null;
}

/**
 * Writes the page that `--html` asks for; without it nothing.
 * @param page asked for where it is written
 * @throws InputError where it cannot be written
 */
export function writePage({ platform }: CommandRun, { html }: PageOptions, page: () => PageData): WrittenPage | null {
  if (html === undefined) return null;
  const assets = { script: KCONFIG_TRIM_PAGE_SCRIPT, style: KCONFIG_TRIM_PAGE_STYLE };
  const text = renderPage(page(), assets);
  const path = resolve(platform.cwd, html);
  return { path, backup: new NodeFileWriter().writeConfigAtomic(path, utf8Bytes(text)).backup };
}

/** Says where the page is, for reports that have no line for it. Beside JSON it is said where a file had to move. */
export function sayPage(command: CommandRun, page: WrittenPage | null): void {
  if (page === null || (command.options.json && page.backup === null)) return;
  command.warn(`page written to ${page.path}${page.backup === null ? '' : `, what was there is ${page.backup}`}`);
}
