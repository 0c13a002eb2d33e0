import { expect, it } from 'vitest';
import { UnitOrder } from '../../src/kbuild/unit-order.ts';
import fc from '../helpers/fast-check.ts';

it('puts in order what is asked for, whatever was asked for before', () => {
  const asked = fc.record({
    texts: fc.uniqueArray(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 30 }),
    rounds: fc.array(fc.array(fc.nat({ max: 29 })), { maxLength: 5 }),
  });
  fc.assert(
    fc.property(asked, ({ texts, rounds }) => {
      let order = new UnitOrder();
      for (const round of rounds) {
        const numbers = new Set(round.filter((number) => number < texts.length));
        const marked = Uint8Array.from(texts, (_, number) => (numbers.has(number) ? 1 : 0));
        const sorted = [...numbers].map((number) => texts[number]!).sort();
        expect(order.sorted(marked, numbers.size, (number) => texts[number]!)).toEqual(sorted);
        order = new UnitOrder(order.references);
      }
    }),
  );
});

it('compares nothing that is in order already', () => {
  const texts = ['b', 'c', 'a'];
  const order = new UnitOrder();
  order.sorted(Uint8Array.of(1, 1, 1), 3, (number) => texts[number]!);
  const { references } = order;
  expect(order.sorted(Uint8Array.of(1, 0, 1), 2, (number) => texts[number]!)).toEqual(['a', 'b']);
  expect(order.references).toBe(references);
});
