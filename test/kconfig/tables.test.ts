import { expect, it } from 'vitest';
import { PROPERTY_KINDS, SYMBOL_TYPES } from '../../src/kconfig/symbol.ts';
import { KIND, TYPE } from '../../src/kconfig/tables.ts';

it('numbers types and kinds by their places in the lists', () => {
  expect(SYMBOL_TYPES.map((type) => TYPE[type])).toEqual([...SYMBOL_TYPES.keys()]);
  expect(PROPERTY_KINDS.map((kind) => KIND[kind])).toEqual([...PROPERTY_KINDS.keys()]);
});
