import { expect, it } from 'vitest';
import { Packer, Unpacker } from '../../src/cache/packed.ts';
import { ConditionTable } from '../../src/conditions/condition-table.ts';
import { ROOT, Snapshot } from '../../src/kbuild/snapshot.ts';

function packed(snapshot: Snapshot): Snapshot {
  const out = new Packer();
  snapshot.pack(out);
  out.text('another');
  return Snapshot.unpack(new Unpacker(out.bytes()), () => 'tristate')!;
}

it('gives equal texts one number', () => {
  const snapshot = new Snapshot(new ConditionTable());
  expect(snapshot.text(ROOT)).toBe('.');
  expect(snapshot.reference('a')).toBe(snapshot.reference('a'));
  expect(snapshot.text(snapshot.reference('b'))).toBe('b');
});

it('has what it had after it was packed, and goes on from there', () => {
  const table = new ConditionTable(() => 'tristate');
  const snapshot = new Snapshot(table);
  const condition = table.and(table.is('A', 'm'), table.is('B', 'y'));
  const [a, place] = [snapshot.reference('a'), snapshot.push(1, -2, condition.id)];
  const again = packed(snapshot);
  expect([again.reference('a'), again.text(a), again.length]).toEqual([a, 'a', snapshot.length]);
  expect([...again.ints.subarray(place, place + 2)]).toEqual([1, -2]);
  expect(again.condition(again.ints[place + 2]!)).toEqual(condition);
  const next = again.push(7);
  expect([next, again.ints[next], again.ints[place]]).toEqual([snapshot.length, 7, 1]);
  expect(again.text(again.reference('new'))).toBe('new');
  expect(packed(again).text(again.reference('new'))).toBe('new');
});

it('writes data with conditions as text', () => {
  const table = new ConditionTable();
  const snapshot = new Snapshot(table);
  const data = [
    { when: table.is('A', 'y'), text: 'x\ue000' },
    { when: table.not(table.is('A', 'y')), text: '' },
  ];
  expect(snapshot.readJson(snapshot.writeJson(data))).toEqual(data);
});
