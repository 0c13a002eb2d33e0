import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY, readPages, type ShownOutput, shownOutputs } from '../../scripts/docs/pages.ts';
import { printedPage } from '../../scripts/docs/printed-pages.ts';
import { parseRecord } from '../../src/machine/record/read.ts';
import { formatRecord } from '../../src/machine/record/write.ts';
import { startHere } from '../helpers/start-here.ts';

/** What a report of a command has. */
const REPORT = /^(?:tree {7}Linux|base {7}|result {5}|config {5}|more {7}|written {4})/m;

describe('what the documentation shows of outputs', () => {
  const pages = readPages();
  // test/program has those that build or ask a toolchain, test/conformance those on Debian's kernel.
  const isLight = ({ command, scene }: ShownOutput): boolean => command.includes(' --no-exec') && scene !== 'debian';

  it.each(pages.filter(({ text }) => shownOutputs(text).some(isLight)))(
    'in $path is what is printed (npm run docs)',
    async (page) => {
      expect(await printedPage(page, isLight, startHere)).toBe(page.text);
    },
  );

  it('is the report of npm start in the README', () => {
    const [readme] = pages;
    expect(shownOutputs(readme!.text).map(({ command }) => command)).toContain('npm start');
    expect(readme!.text.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it('is never a block that no command has made', () => {
    for (const { path, text } of pages) {
      // What is no output names what it is: sh, yaml, ini, text for lists of files.
      const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
      const outputs = blocks.filter(
        ([, language, block]) => !language || REPORT.test(block!) || language === 'mermaid',
      );
      const made = shownOutputs(text).map((shown) => shown.text);
      expect([path, outputs.map(([, , block]) => block).filter((block) => !made.includes(block!))]).toEqual([path, []]);
    }
  });

  it('is a message that there is, where a trouble is known by its words', () => {
    const sources = ['src/report', 'src/cli', 'src/workspace', 'src/diagnostics']
      .flatMap((folder) =>
        readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
          join(REPOSITORY, folder, name),
        ),
      )
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    const quoted = pages.flatMap(({ text }) => [...text.matchAll(/\*\*"(.*?)"/g)].map(([, words]) => words!));
    expect(quoted.length).toBeGreaterThan(10);
    expect(quoted.filter((words) => !words.split('…').every((part) => sources.includes(part.trim())))).toEqual([]);
  });

  it('is a record as it is written', () => {
    const page = pages.find(({ path }) => path === 'docs/record.md')!.text;
    const [, example = ''] = /^```text\n(kconfig-trim-record [\s\S]*?)^```$/m.exec(page) ?? [];
    const { record, diagnostics } = parseRecord(example, 'docs/record.md');
    expect(diagnostics).toEqual([]);
    expect(formatRecord(record)).toBe(example);
  });

  it('says of deep trims what docs/deep-savings.md has', () => {
    const textOf = (name: string): string => pages.find(({ path }) => path === name)!.text;
    const [, machines = ''] = /^## Machines.*?$(.*?)^## /ms.exec(textOf('docs/deep-savings.md'))!;
    const rows = [...machines.matchAll(/^\| [\w.-]+ \| [\d.]+ \| ([\d.]+) \| ([\d.]+) \|/gm)];
    const range = (column: 1 | 2): string => {
      const shares = rows.map((row) => row[column]!).sort();
      return `${shares[0]} to ${shares.at(-1)}`;
    };
    expect(textOf('docs/deep.md').replaceAll('\n', ' ')).toContain(
      `On the modules of ${rows.length} machines, \`--deep --fast\` leaves ${range(1)} of the CPU time that a trim with ` +
        `\`--lean\` leaves, and \`--deep=bold --fast\` ${range(2)}: [deep-savings.md](deep-savings.md)`,
    );
  });

  it('names the version that it is of', () => {
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { version: string };
    for (const { path, text } of pages) {
      const pinned = [...text.matchAll(/kconfig-trim@v?([^\s<"]+)/g)].map(([, named]) => named);
      expect([path, [...new Set(pinned)].filter((named) => named !== version)]).toEqual([path, []]);
    }
    expect(pages[0]!.text).toContain(`kconfig-trim@${version}`);
  });
});
