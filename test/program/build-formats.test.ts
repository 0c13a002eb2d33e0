import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BuildTree, copyBuildTree } from '../cli/build-tree.ts';
import { junitErrors } from '../cli/junit-schema.ts';

/** A build that writes every format to a file, and the files. */
async function inAllFormats(tree: BuildTree, args: readonly string[] = [], env: Record<string, string> = {}) {
  const path = (format: string): string => join(tree.objtree, `report.${format}`);
  const formats = ['junit', 'github', 'summary'].flatMap((format) => ['--format', `${format}=${path(format)}`]);
  const { status, stdout, stderr } = await tree.build(['-j1', ...formats, ...args], env);
  const read = (format: string): string => readFileSync(path(format), 'utf8');
  return { status, stdout, stderr, junit: read('junit'), github: read('github'), summary: read('summary') };
}

describe('a build in the formats of CI', () => {
  it('that goes well: a test for each module and file', async () => {
    const { status, stdout, junit, github, summary } = await inAllFormats(copyBuildTree());
    expect(status).toBe(0);
    expect(stdout).toContain('built      9 of 9 units');
    expect(await junitErrors(junit)).toEqual([]);
    expect(junit).not.toContain('<failure');
    for (const path of ['drivers/alpha/alpha', 'drivers/beta/beta', 'drivers/gamma/gamma']) {
      expect(junit).toContain(`<testcase classname="kconfig-trim.build.modules" name="${path}" time="0"/>`);
    }
    expect(junit).toContain('name="arch/x86/boot/bzImage"');
    expect(github).toBe('');
    expect(summary).toMatch(
      /^### kconfig-trim build: built 9 of 9 units, 3 of 3 modules, vmlinux, arch\/x86\/boot\/bzImage in /,
    );
  });

  it('that fails: the first error at its line, and what else failed', async () => {
    const tree = copyBuildTree();
    tree.direct('drivers/beta/ring.c', 'error 4:9 100% <wrong>\\\\n::set-env');
    tree.direct('drivers/gamma/gamma.c', 'error 2:1 too');
    tree.direct('lib/sort.c', 'warning 4:2 odd');
    const env = { GITHUB_WORKSPACE: tree.tree };
    const { status, junit, github, summary } = await inAllFormats(tree, ['--', '-k'], env);
    expect(status).toBe(1);
    expect(await junitErrors(junit)).toEqual([]);
    expect([...junit.matchAll(/<testcase[^>]* name="([^"]*)"[^>]*>\s*<failure/g)].map(([, name]) => name)).toEqual([
      'drivers/beta/ring.o',
      'drivers/gamma/gamma.o',
    ]);
    const [error, other, warning, ...more] = github.trimEnd().split('\n');
    expect(error).toMatch(
      /^::error file=drivers\/beta\/ring\.c,line=4,title=kconfig-trim build%3A make::100%25 <wrong>.*%0A.*turned on by BETA=m, part of drivers\/beta\/beta\.ko {2}drivers\/beta\/Makefile:2%0A/,
    );
    expect(other).toContain('::drivers/gamma/gamma.o failed too');
    expect(warning).toMatch(/^::warning file=lib\/sort\.c,line=4,title=[^:]*::odd$/);
    expect(more).toEqual([]);
    expect(summary).toContain('### kconfig-trim build: failed at drivers/beta/ring.o');
  });

  it('of which something is missing, or that is not started', async () => {
    const missing = await inAllFormats(copyBuildTree(), ['LOSE=drivers/beta/beta']);
    expect(missing.status).toBe(1);
    expect(await junitErrors(missing.junit)).toEqual([]);
    expect(missing.github).toBe('::error title=kconfig-trim build%3A modules::drivers/beta/beta is missing\n');
    const lost = await inAllFormats(copyBuildTree(), ['--keep', 'delta']);
    expect(lost.status).toBe(1);
    expect(await junitErrors(lost.junit)).toEqual([]);
    expect(lost.github).toContain('::delta is not built by this config%0Adrivers/delta');
  });

  it('annotates by itself in GitHub Actions, and lets nothing else be a command', async () => {
    const tree = copyBuildTree();
    const summary = join(tree.objtree, 'summary.md');
    writeFileSync(summary, 'before\n');
    tree.direct('lib/sort.c', String.raw`print lib/sort.c:1:2: error: bad\n::stop-commands::x`);
    tree.direct('lib/sort.c', 'error 4:9 bad');
    tree.direct('drivers/beta/ring.c', 'print ::add-mask::warning: secret');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: tree.tree, GITHUB_STEP_SUMMARY: summary };
    const { status, stdout, stderr } = await tree.build(['-j1', '-v'], env);
    expect(status).toBe(1);
    expect(stdout).not.toMatch(/^\s*::/m);
    expect(stderr.split('\n').filter((line) => line.trimStart().startsWith('::'))).toEqual([
      expect.stringMatching(/^::error file=lib\/sort\.c,line=\d,title=kconfig-trim build%3A make::bad/),
    ]);
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n### kconfig-trim build: failed at lib\/sort\.o/);
  });

  it.each([
    [['--format', 'yaml'], '--format yaml: write it as FORMAT or FORMAT=FILE'],
    [['--format', 'junit', '--json'], 'only one of junit, json can be printed'],
  ])('%j is refused before anything runs', async (args, message) => {
    const done = await copyBuildTree().build(args);
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(done.stderr).toContain(message);
  });
});
