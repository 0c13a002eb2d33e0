/** The table of docs/proof.md, to which every proof adds its line. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../test/helpers/built-program.ts';
import type { Differences } from './differences.ts';

/** What one proof measured. */
export interface Proof {
  readonly commit: string;
  readonly kernel: string;
  readonly machine: string;
  /** `--deep --fast` or `--deep=bold --fast`. */
  readonly options: string;
  readonly objects: number;
  readonly modules: number;
  readonly cpuSeconds: {
    readonly predicted: number;
    /** Null where a part came out of ccache. */
    readonly measured: number | null;
  };
  readonly vmlinuxBytes: number;
  readonly uses: { readonly before: number; readonly after: number };
  readonly differences: Differences;
}

const FILE = join(REPOSITORY, 'docs/proof.md');
const END = '<!-- end of the table -->';

/** Adds a line; it replaces the one of the same machine, options and commit. */
export function addRow(proof: Proof): string {
  const row = rowOf(proof);
  if (!existsSync(FILE)) throw new Error(`${FILE} is missing`);
  const text = readFileSync(FILE, 'utf8');
  const key = row.split('|').slice(1, 6).join('|');
  const lines = text.split('\n').filter((line) => !line.startsWith(`|${key}|`));
  const end = lines.indexOf(END);
  if (end < 0) throw new Error(`${FILE} has no line ${END}`);
  lines.splice(end, 0, row);
  writeFileSync(FILE, lines.join('\n'));
  return row;
}

function rowOf({
  commit,
  kernel,
  machine,
  options,
  objects,
  modules,
  cpuSeconds,
  vmlinuxBytes,
  uses,
  differences,
}: Proof): string {
  const { predicted, measured } = cpuSeconds;
  const { state, failedUnits, errors, missing } = differences;
  const cells = [
    new Date().toISOString().slice(0, 10),
    commit,
    kernel,
    machine,
    `\`${options}\``,
    `${objects.toLocaleString('en')} / ${modules}`,
    `${Math.round(predicted).toLocaleString('en')}`,
    measured === null ? '–' : Math.round(measured).toLocaleString('en'),
    `${Math.round(vmlinuxBytes / 1e6)} MB`,
    state,
    failedUnits.join(', ') || 'none',
    `${uses.after} of ${uses.before}`,
    errors.length === 0 ? 'none' : `${errors.length}`,
    missing.join(', ') || 'nothing missing',
  ];
  return `| ${cells.join(' | ')} |`;
}
