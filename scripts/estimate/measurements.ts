/** Reads the measurements in data/estimate, for the fit and for the test of its error. */
import { readFileSync } from 'node:fs';
import type { SourceKind } from '../../src/estimate/source-sizes.ts';

/** The calibration text on the reference machine when nothing else runs there, in seconds, by compiler. */
export const CALIBRATION_SECONDS = { gcc: 0.75, clang: 0.78 } as const;

/** One measured translation unit; seconds are CPU seconds on the reference machine when nothing else runs on it. */
export interface MeasuredUnit {
  /** Config or variant that it was measured with. */
  readonly tag: string;
  readonly unit: string;
  readonly kind: SourceKind;
  /** Bytes of the source. */
  readonly bytes: number;
  readonly compile: number;
  /** Compiler, objtool, symbol versions and fixdep. */
  readonly seconds: number;
}

/** Rows of a comma-separated file, by the names in its first line. */
export function readRows(file: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(file, 'latin1').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index]!, cell])));
}

/**
 * What the load of the machine did to each row: the time of the calibration text around it, against that of the quiet
 * machine. Rows must be in the order of measuring; the median over neighbours keeps one bad reading out.
 */
export function loadFactors(references: readonly number[], quiet: number): number[] {
  const readings: { at: number; value: number }[] = [];
  for (const [at, value] of references.entries()) {
    if (readings.at(-1)?.value !== value) readings.push({ at, value });
  }
  let current = 0;
  return references.map((_, row) => {
    while (current + 1 < readings.length && readings[current + 1]!.at <= row) current++;
    const near = readings.slice(Math.max(0, current - 1), current + 2).map((reading) => reading.value);
    near.sort((a, b) => a - b);
    const middle =
      near.length % 2 ? near[(near.length - 1) / 2]! : (near[near.length / 2 - 1]! + near[near.length / 2]!) / 2;
    return middle / quiet;
  });
}

/** Units of a file that measure.ts wrote; those where a command failed are left out. */
export function readUnits(file: string): MeasuredUnit[] {
  const rows = readRows(file);
  const quiet = (row: Record<string, string> | undefined): number =>
    row?.['tag']?.includes('clang') ? CALIBRATION_SECONDS.clang : CALIBRATION_SECONDS.gcc;
  const units: MeasuredUnit[] = [];
  for (const tag of new Set(rows.map((row) => row['tag']!))) {
    const own = rows.filter((row) => row['tag'] === tag);
    const factors = loadFactors(
      own.map((row) => Number(row['reference'])),
      quiet(own[0]),
    );
    for (const [index, row] of own.entries()) {
      const load = factors[index]!;
      const compile = Number(row['compile']) / load;
      const rest = (Number(row['objtool']) + Number(row['symversions']) + Number(row['fixdep'])) / load;
      if (Number.isNaN(compile + rest)) continue;
      const source = row['source']!;
      units.push({
        tag,
        unit: row['unit']!,
        kind: source.endsWith('.c') ? 'c' : source.endsWith('.rs') ? 'rust' : 'assembly',
        bytes: Number(row['bytes']),
        compile,
        seconds: compile + rest,
      });
    }
  }
  return units;
}
