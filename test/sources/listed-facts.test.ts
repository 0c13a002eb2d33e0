import { expect, it } from 'vitest';
import { ListedFacts } from '../../src/sources/listed-facts.ts';
import { noFacts, unpackFacts } from '../../src/sources/packed-facts.ts';

const UNITS = ['a.o', 'b.o', 'c.o', 'd.o'];
/** Kind, bytes and includes of each. */
const FACTS = Float64Array.from(UNITS.flatMap((_, index) => [0, 100 + index, index]));

it.each([
  ['in the order of the list', UNITS],
  ['in the order of the list, many times', Array.from({ length: 20 }, () => ['a.o', 'c.o', 'd.o']).flat()],
  ['backwards', Array.from({ length: 20 }, () => ['d.o', 'c.o', 'b.o', 'a.o']).flat()],
  ['in another order', ['d.o', 'b.o', 'a.o', 'c.o']],
  ['of some, and several times', ['b.o', 'd.o', 'b.o', 'b.o', 'c.o']],
])('copies facts %s', (_, asked) => {
  const found = noFacts(asked.length);
  expect(new ListedFacts(UNITS, FACTS).copy(asked, found)).toEqual([]);
  expect(asked.map((_, index) => unpackFacts(found, index).bytes)).toEqual(
    asked.map((unit) => 100 + UNITS.indexOf(unit)),
  );
});

it('knows nothing of other units, and goes on after one', () => {
  const asked = ['a.o', 'other.o', 'b.o', 'z.o'];
  const found = noFacts(asked.length);
  expect(new ListedFacts(UNITS, FACTS).copy(asked, found)).toEqual([1, 3]);
  expect(asked.map((_, index) => unpackFacts(found, index).bytes)).toEqual([100, 0, 101, 0]);
});

it('copies those that are wanted alone', () => {
  const asked = ['a.o', 'other.o', 'b.o', 'c.o'];
  const found = noFacts(asked.length);
  expect(new ListedFacts(UNITS, FACTS).copy(asked, found, [1, 3])).toEqual([1]);
  expect(asked.map((_, index) => unpackFacts(found, index).bytes)).toEqual([0, 0, 0, 102]);
});
