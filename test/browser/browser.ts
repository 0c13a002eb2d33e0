import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { findProgram } from '../../src/toolchain/environment.ts';

/** Debian's chromium, or the one that CHROMIUM names; null where there is none. */
export function findChromium(): string | null {
  return findProgram(new NodeFileSystem(), process.env['CHROMIUM'] || 'chromium', process.env, process.cwd());
}

/** Starts it. A container's root cannot have its sandbox. */
export function startChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A page that was opened, and what its console and network had to say: a good page is silent. */
export interface OpenedPage {
  readonly page: Page;
  readonly complaints: string[];
}

/** Opens a file. */
export async function openPage(
  browser: Browser,
  file: string,
  options: BrowserContextOptions = { viewport: { width: 1280, height: 900 } },
): Promise<OpenedPage> {
  const page = await (await browser.newContext(options)).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(`asks for ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  await page.waitForSelector('footer');
  return { page, complaints };
}
