import { expect, it } from 'vitest';
import { NumberLists } from '../../src/conditions/number-lists.ts';
import fc from '../helpers/fast-check.ts';

function nodeOf(lists: NumberLists, root: number, numbers: readonly number[]): number {
  return numbers.reduce((node, number) => lists.next(node, number), root);
}

it('gives equal lists one number and different lists different ones', () => {
  const list = fc.array(fc.nat(50), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(1, 2), list), { maxLength: 100 }), (drawn) => {
      const lists = new NumberLists(2);
      const byText = new Map<string, number>();
      for (const [root, numbers] of [...drawn, ...drawn]) {
        const node = nodeOf(lists, root, numbers);
        const text = `${root}:${numbers}`;
        expect(byText.get(text) ?? node).toBe(node);
        byText.set(text, node);
      }
      expect(new Set(byText.values()).size).toBe(byText.size);
    }),
  );
});

it('finds every list again after it has grown', () => {
  const lists = new NumberLists(1);
  const nodes = Array.from({ length: 20_000 }, (_, i) => lists.next(1, i * 7));
  expect(new Set(nodes).size).toBe(nodes.length);
  expect(Math.min(...nodes)).toBe(2);
  expect(nodes.map((_, i) => lists.next(1, i * 7))).toEqual(nodes);
});
