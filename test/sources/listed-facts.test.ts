import { expect, it } from 'vitest';
import { ListedFacts } from '../../src/sources/listed-facts.ts';

const UNITS = ['a.o', 'b.o', 'c.o', 'd.o'];
/** Kind, bytes and includes of each. */
const FACTS = Float64Array.from(UNITS.flatMap((_, index) => [0, index * 100, index]));

it.each([
  ['in the order of the list', UNITS],
  ['in the order of the list, many times', Array.from({ length: 20 }, () => ['a.o', 'c.o', 'd.o']).flat()],
  ['backwards', Array.from({ length: 20 }, () => ['d.o', 'c.o', 'b.o', 'a.o']).flat()],
  ['in another order', ['d.o', 'b.o', 'a.o', 'c.o']],
  ['of some, and several times', ['b.o', 'd.o', 'b.o', 'b.o', 'c.o']],
])('tells facts %s', (_, asked) => {
  const told = new ListedFacts(UNITS, FACTS);
  expect(asked.map((unit) => told.of(unit)?.bytes)).toEqual(asked.map((unit) => UNITS.indexOf(unit) * 100));
});

it('knows nothing of other units, and goes on after one', () => {
  const told = new ListedFacts(UNITS, FACTS);
  expect(['a.o', 'other.o', 'b.o'].map((unit) => told.of(unit)?.includes)).toEqual([0, undefined, 1]);
});
