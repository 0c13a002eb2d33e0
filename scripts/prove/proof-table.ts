/** The tables of docs/proof.md, to which every proof adds its line. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../test/helpers/built-program.ts';

const FILE = join(REPOSITORY, 'docs/proof.md');
/** Cells that say what was proved: a line with the same ones is replaced. */
const KEY_CELLS = { records: 4, proofs: 6, rehearsals: 6 };

/** @throws Error where the file has no such table */
export function addRow(table: 'records' | 'proofs' | 'rehearsals', cells: readonly string[]): void {
  const row = `| ${cells.join(' | ')} |`;
  const key = row
    .split('|')
    .slice(0, KEY_CELLS[table] + 1)
    .join('|');
  const lines = readFileSync(FILE, 'utf8').split('\n');
  const end = lines.indexOf(`<!-- end of the ${table} -->`);
  if (end < 0) throw new Error(`${FILE} has no table of the ${table}`);
  const begin = lines.slice(0, end).findLastIndex((line) => !line.startsWith('|')) + 1;
  const others = lines.slice(begin, end).filter((line) => !line.startsWith(`${key}|`));
  lines.splice(begin, end - begin, ...others, row);
  writeFileSync(FILE, lines.join('\n'));
  process.stdout.write(`${row}\n`);
}
