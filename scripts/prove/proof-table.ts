/** The tables of docs/proof.md, to which every proof adds its line. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../test/helpers/built-program.ts';

const FILE = join(REPOSITORY, 'docs/proof.md');
/** Cells that say what was proved: a line with the same ones is replaced. */
const KEY_CELLS = 6;

/** @throws Error where the file has no such table */
export function addRow(table: 'proofs' | 'rehearsals', cells: readonly string[]): void {
  const row = `| ${cells.join(' | ')} |`;
  const key = row
    .split('|')
    .slice(0, KEY_CELLS + 1)
    .join('|');
  const lines = readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith(`${key}|`));
  const end = lines.indexOf(`<!-- end of the ${table} -->`);
  if (end < 0) throw new Error(`${FILE} has no table of the ${table}`);
  lines.splice(end, 0, row);
  writeFileSync(FILE, lines.join('\n'));
  process.stdout.write(`${row}\n`);
}
