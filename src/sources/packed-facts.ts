import type { SourceFacts, SourceKind } from './source-facts.ts';

/** Facts about the units of a request, in their order: three numbers of each. */
export type PackedFacts = Float64Array;

const KINDS: readonly SourceKind[] = ['c', 'assembly', 'rust'];
const NUMBERS = 3;
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
  const numbers = new Float64Array(units.length * NUMBERS);
  units.forEach((unit, index) => {
    const facts = look(unit);
    numbers[index * NUMBERS] = KINDS.indexOf(facts.kind) | (facts.tracePoints ? TRACE_POINTS : 0);
    numbers[index * NUMBERS + 1] = facts.bytes;
    numbers[index * NUMBERS + 2] = facts.includes;
  });
  return numbers;
}
