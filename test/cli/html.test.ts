import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageData } from '../helpers/page.ts';
import { copyExample, run } from './run.ts';

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
    expect(page.symbols!.modules.map(([path]) => path)).toContain('drivers/net/ethernet/heron/heron');
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
