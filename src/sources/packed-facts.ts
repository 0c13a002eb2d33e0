import type { SourceFacts, SourceKind } from './source-facts.ts';

/** Facts about the units of a request, in their order: three numbers of each. */
export type PackedFacts = Float64Array;

const KINDS: readonly SourceKind[] = ['c', 'assembly', 'rust'];
/** How many numbers there are of each unit. */
export const NUMBERS = 3;
const TRACE_POINTS = 4;

/** The facts of one unit out of an answer. */
export function unpackFacts(numbers: PackedFacts, index: number): SourceFacts {
  const code = numbers[index * NUMBERS]!;
  return {
    kind: KINDS[code & ~TRACE_POINTS]!,
    bytes: numbers[index * NUMBERS + 1]!,
    includes: numbers[index * NUMBERS + 2]!,
    tracePoints: (code & TRACE_POINTS) !== 0,
  };
}

/** @param look finds the facts of a unit */
export function packFacts(units: readonly string[], look: (unit: string) => SourceFacts): PackedFacts {
  const numbers = noFacts(units.length);
  units.forEach((unit, index) => {
    packUnit(numbers, index, look(unit));
  });
  return numbers;
}

/** Room for the facts of so many units. */
export function noFacts(count: number): PackedFacts {
  return new Float64Array(count * NUMBERS);
}

/** Puts the facts of one unit where they belong. */
export function packUnit(numbers: PackedFacts, index: number, facts: SourceFacts): void {
  numbers[index * NUMBERS] = KINDS.indexOf(facts.kind) | (facts.tracePoints ? TRACE_POINTS : 0);
  numbers[index * NUMBERS + 1] = facts.bytes;
  numbers[index * NUMBERS + 2] = facts.includes;
}
