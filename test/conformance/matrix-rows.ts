/**
 * The rows of a run that was cut off: the next one over the same source takes them, and goes on where it was. They lie beside
 * what make's walks came to, one file for each row.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sourceDigest } from '../../scripts/source-digest.mjs';
import { KERNELS } from './kernels.ts';
import type { MatrixRow, ModuleSet } from './matrix-cases.ts';
import type { JudgedBase } from './promises.ts';

const FOLDER = join(KERNELS, 'judge/matrix');
/** As it was when this run loaded it. */
const SOURCE = sourceDigest();

/** The row of a trim; made where no earlier run of this source did. Only a row without a fault is taken again. */
export function rowOnce(name: string, { kernel, text }: JudgedBase, set: ModuleSet, make: () => MatrixRow): MatrixRow {
  const parts = [SOURCE, kernel.version, name, text, set.name, [...set.modules].sort().join(' ')];
  const key = createHash('sha256').update(parts.join('\0'), 'latin1').digest('hex').slice(0, 32);
  const path = join(FOLDER, `${key}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as MatrixRow;
  const row = make();
  if (row.lost.length === 0 && row.fixpoint && row.unsound.length === 0) write(path, JSON.stringify(row));
  return row;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
}
