/** test/README.md says of every test what it is for and how it is run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../scripts/docs/pages.ts';

/** `a/{b,c}`: `a/b`, `a/c`. */
function expanded(words: string): string[] {
  const [, head, list, tail] = /^(.*?)\{(.*?)\}(.*)$/.exec(words) ?? [];
  return list === undefined ? [words] : list.split(',').flatMap((each) => expanded(`${head}${each}${tail}`));
}

const [table = ''] = readFileSync(join(REPOSITORY, 'test/README.md'), 'utf8').split('## What helps');
const cells = [...table.matchAll(/^\|[^|]+\|([^|]+)\|/gm)].map(([, cell]) => cell!);
const rows = cells.flatMap((cell) => [...cell.matchAll(/`(test\/[^`]+)`/g)]).flatMap(([, where]) => expanded(where!));

const isIn = (path: string) => (row: string) => path === row || path.startsWith(`${row}/`);
const tests = readdirSync(join(REPOSITORY, 'test'), { recursive: true, encoding: 'utf8' })
  .map((name) => `test/${name}`)
  .filter((path) => path.endsWith('.test.ts'));

describe('the table of tests', () => {
  it('has a row for every test', () => {
    expect(tests.length).toBeGreaterThan(200);
    expect(tests.filter((path) => !rows.some(isIn(path)))).toEqual([]);
  });

  it('names what there is', () => {
    expect(rows.filter((row) => !existsSync(join(REPOSITORY, row)))).toEqual([]);
  });
});
