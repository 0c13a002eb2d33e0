/** Reads the measurements in data/, for the fit and for the tests of its error. What each file holds: data/README.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFacts, SourceKind } from '../../src/sources/source-facts.ts';

/**
 * CPU seconds of the calibration text on the reference machine when nothing else runs there, by compiler. The machine:
 * a virtual one with two cores of an AMD EPYC of the Zen 4 generation (family 25, model 17), gcc 12.2, clang 14.0.6.
 */
export const CALIBRATION_SECONDS = { gcc: 0.75, clang: 0.8 } as const;

/** One measured translation unit; seconds are CPU seconds on the reference machine when nothing else runs on it. */
export interface MeasuredUnit {
  /** Config or variant that it was measured with. */
  readonly tag: string;
  readonly unit: string;
  /** As the model sees the source; bytes are -1 where the build made it. */
  readonly facts: SourceFacts;
  /** Compiler, objtool, symbol versions and fixdep. */
  readonly seconds: number;
  /** Of these, the symbol versions. */
  readonly versions: number;
}

/** The path of a file in data/. */
export const dataFile = (name: string): string => join(import.meta.dirname, 'data', name);

export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

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

/**
 * What the model sees of measured sources.
 * @param file name in data/
 */
export function readSources(file = 'sources.csv'): Map<string, SourceFacts> {
  return new Map(
    readRows(dataFile(file)).map((row) => [
      row['source']!,
      {
        kind: row['kind'] as SourceKind,
        bytes: Number(row['bytes']),
        includes: Number(row['includes']),
        tracePoints: row['tracePoints'] === '1',
      },
    ]),
  );
}

/**
 * Units of a file that measure.ts or measure-effects.ts wrote; those where a command failed are left out.
 * @param file name in data/
 * @param sourcesFile as list-sources.ts wrote it for the tree
 */
export function readUnits(file: string, sourcesFile?: string): MeasuredUnit[] {
  const rows = readRows(dataFile(file));
  const sources = readSources(sourcesFile);
  const units: MeasuredUnit[] = [];
  for (const tag of new Set(rows.map((row) => row['tag']!))) {
    const own = rows.filter((row) => row['tag'] === tag);
    const load = loadFactors(
      own.map((row) => Number(row['reference'])),
      CALIBRATION_SECONDS[tag.startsWith('clang') ? 'clang' : 'gcc'],
    );
    for (const [index, row] of own.entries()) {
      const [compile = 0, objtool = 0, versions = 0, fixdep = 0] = ['compile', 'objtool', 'symversions', 'fixdep'].map(
        (name) => Number(row[name]) / load[index]!,
      );
      const seconds = compile + objtool + versions + fixdep;
      if (Number.isNaN(seconds)) continue;
      const facts = sources.get(row['source']!) ?? { kind: 'c', bytes: -1, includes: 0, tracePoints: false };
      units.push({ tag, unit: row['unit']!, facts, seconds, versions });
    }
  }
  return units;
}
