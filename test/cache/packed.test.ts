import { expect, it } from 'vitest';
import { Packer, Unpacker } from '../../src/cache/packed.ts';
import fc from '../helpers/fast-check.ts';

const value = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.string(), fc.string({ unit: 'binary' }));

it('gives back numbers and texts, at any alignment', () => {
  fc.assert(
    fc.property(fc.array(value), fc.integer({ min: 0, max: 7 }), (values, offset) => {
      const packer = new Packer();
      for (const each of values) typeof each === 'number' ? packer.int(each) : packer.text(each);
      const bytes = packer.bytes();
      const moved = new Uint8Array(bytes.length + offset);
      moved.set(bytes, offset);
      const unpacker = new Unpacker(moved.subarray(offset));
      expect(values.map((each) => (typeof each === 'number' ? unpacker.int() : unpacker.text()))).toEqual(values);
    }),
  );
});

it('grows', () => {
  const packer = new Packer();
  const count = 200_000;
  for (let i = 0; i < count; i++) packer.int(i);
  const unpacker = new Unpacker(packer.bytes());
  let sum = 0;
  for (let i = 0; i < count; i++) sum += unpacker.int();
  expect(sum).toBe((count * (count - 1)) / 2);
});

it('refuses bytes that break off', () => {
  const packer = new Packer();
  for (let i = 0; i < 20; i++) packer.text(`text ${i}`);
  const bytes = packer.bytes();
  for (let length = 0; length < bytes.length; length++) {
    expect(() => new Unpacker(bytes.subarray(0, length))).toThrow(RangeError);
  }
});

it('reads the bytes of a Buffer at any alignment', () => {
  const packer = new Packer();
  packer.int(7);
  const bytes = Buffer.concat([Buffer.from('x'), packer.bytes()]);
  expect(new Unpacker(bytes.subarray(1)).int()).toBe(7);
});

it('finds places again, blocks of numbers, and texts by their references', () => {
  const packer = new Packer();
  packer.int(0);
  packer.ints([1, packer.reference('two'), 3]);
  packer.set(0, packer.place);
  packer.text('end');
  const unpacker = new Unpacker(packer.bytes());
  const end = unpacker.int();
  const block = unpacker.ints();
  expect([block[0], unpacker.textOf(block[1]!), block[2]]).toEqual([1, 'two', 3]);
  expect(unpacker.place).toBe(end);
  expect(unpacker.text()).toBe('end');
  unpacker.seek(end);
  expect(unpacker.text()).toBe('end');
  expect(unpacker.intAt(0)).toBe(end);
});

it('gives back blocks of bytes, whatever their length', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9 })), (blocks) => {
      const packer = new Packer();
      for (const block of blocks) packer.octets(block);
      packer.int(7);
      const unpacker = new Unpacker(packer.bytes());
      for (const block of blocks) expect([...unpacker.octets()]).toEqual([...block]);
      expect(unpacker.int()).toBe(7);
    }),
  );
});
