import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PageData } from '../../src/report/html/page-data.ts';
import { pageData } from '../helpers/page.ts';
import { copyExample, run } from './run.ts';

// biome-ignore lint/suspicious/noExplicitAny: what a program printed
type Json = any;

const EXAMPLE = ['-C', 'tree', '-c', 'config', '--no-exec'];
const TRIM = ['trim', ...EXAMPLE, '-l', 'lsmod.txt'];

describe('trim --html', () => {
  it('writes a page of the same results, beside the report', async () => {
    const cwd = copyExample();
    const without = await run([...TRIM, '-o', 'out', '--json'], { cwd });
    const { status, stdout, stderr } = await run([...TRIM, '-o', 'out', '--json', '--html', 'page.html'], { cwd });
    expect({ status, stderr }).toEqual({ status: 0, stderr: without.stderr });
    const report = JSON.parse(stdout);
    expect(report.loaded).toEqual(JSON.parse(without.stdout).loaded);
    const page = pageData(join(cwd, 'page.html'));
    const section = (id: string) => page.sections.find((each) => each.id === id)!;
    expect(section('loaded').rows).toHaveLength(report.loaded.length);
    expect(section('kept').rows).toHaveLength(report.kept.length);
    expect(section('features').rows).toHaveLength(report.features.length);
    expect(page.figures.map(({ before, after }) => [before, after])).toEqual([
      ['68', '47'],
      ['153', '127'],
      ['74 s', '60 s'],
    ]);
    expect(Object.fromEntries(page.facts)).toMatchObject({ 'Base config': 'config', Written: join(cwd, 'out') });
    const heron = page.symbols!.symbols.find(([name]) => name === 'HERON')!;
    expect(heron[1]).toBe('mm');
    expect(Object.fromEntries(page.symbols!.modules)['drivers/net/ethernet/heron']![0]!.slice(0, 2)).toEqual([
      'heron',
      'mm',
    ]);
  });

  it('changes no file where the page cannot be written, and is no output for data', async () => {
    const cwd = copyExample();
    const failed = await run([...TRIM, '-o', 'out', '--html', 'none/page.html'], { cwd });
    expect(failed).toMatchObject({ status: 2, stdout: '' });
    expect(failed.stderr).toContain('none/page.html: its directory does not exist');
    expect(existsSync(join(cwd, 'out'))).toBe(false);
    const data = await run([...TRIM, '-o', '-', '--html', '-'], { cwd });
    expect(data).toMatchObject({ status: 2, stdout: '' });
    expect(data.stderr).toContain('Standard output has the report');
  });

  it('is written in a dry run as well, and leaves no other file', async () => {
    const cwd = copyExample();
    const { status } = await run([...TRIM, '--dry-run', '-q', '--html', 'page.html'], { cwd });
    expect(status).toBe(0);
    expect(statSync(join(cwd, 'page.html')).size).toBeLessThan(100_000);
    expect(readFileSync(join(cwd, 'page.html'), 'utf8')).not.toMatch(/https?:/);
  });
});

describe('--html of other commands', () => {
  const pageOf = async (words: readonly string[]): Promise<{ status: number | null; page: PageData; report: Json }> => {
    const cwd = copyExample();
    const { status, stdout } = await run([...words, ...EXAMPLE, '--json', '--html', 'page.html'], { cwd });
    return { status, page: pageData(join(cwd, 'page.html')), report: JSON.parse(stdout) };
  };
  const rowsOf = (page: PageData, id: string) => page.sections.find((each) => each.id === id)!.rows;

  it('estimate: time by directory, and what costs the most', async () => {
    const { status, page, report } = await pageOf(['estimate']);
    expect(status).toBe(0);
    expect(page.time!.names).toEqual(['CPU time']);
    expect(rowsOf(page, 'symbols').map(([name]) => name)).toEqual(
      report.spenders.symbols.map(({ name }: { name: string }) => name),
    );
  });

  it('estimate of two configs: both, before and after', async () => {
    const { page } = await pageOf(['estimate', 'config', 'config']);
    expect(page.time!.names).toEqual(['Before', 'After']);
    expect(page.figures[0]).toEqual({ name: 'Modules', before: '68', after: '68', share: 1 });
  });

  it('check: findings with what they say, and each check', async () => {
    const { status, page, report } = await pageOf(['check', '-l', 'lsmod.txt']);
    expect(status).toBe(1);
    expect(page.summary).toBe('The config is not sound: 3 errors, 1 warning.');
    expect(rowsOf(page, 'findings-1')).toHaveLength(report.findings.length);
    expect(rowsOf(page, 'checks-1')).toHaveLength(report.checks.length);
  });

  it('check of several configs: each by its name', async () => {
    const { page } = await pageOf(['check', '-c', 'config']);
    expect(page.sections.map(({ id, heading }) => `${id}: ${heading}`)).toEqual([
      'findings-1: config: Findings',
      'checks-1: config: Checks',
      'findings-2: config: Findings',
      'checks-2: config: Checks',
    ]);
  });

  it('why: the answer with its lines, and the trim that it explains', async () => {
    const { status, page } = await pageOf(['why', 'LEDS_CLASS', '-l', 'lsmod.txt']);
    expect(status).toBe(0);
    expect(rowsOf(page, 'answer-1')).toEqual([
      ['value', 'set in config', ''],
      ['trim', 'stays m:', ''],
      ['', 'mac80211 has the feature MAC80211_LEDS', 'net/mac80211/Makefile:5'],
      ['', 'MAC80211_LEDS depends on LEDS_CLASS=y || LEDS_CLASS=MAC80211', 'net/mac80211/Kconfig:12'],
    ]);
    expect(page.sections.map(({ id }) => id)).toEqual(['answer-1', 'loaded', 'kept', 'features']);
    expect(page.symbols!.symbols.length).toBeGreaterThan(100);
  });

  it('why a name that there is none of: no page', async () => {
    const cwd = copyExample();
    const { status } = await run(['why', 'NO_SUCH_SYMBOL', ...EXAMPLE, '--html', 'page.html'], { cwd });
    expect(status).toBe(2);
    expect(existsSync(join(cwd, 'page.html'))).toBe(false);
  });
});
